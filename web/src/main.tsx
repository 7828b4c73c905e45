import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import './shared/styles.css';
import './shared/print.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
