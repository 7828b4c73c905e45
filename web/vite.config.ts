import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The pages are embedded by internal/web, which puts a nonce for every answer
// where __CSP_NONCE__ stands: Vite and antd give it to the styles they add.
export default defineConfig({
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../internal/web/dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
