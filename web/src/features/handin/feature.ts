import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'hand-in', element: lazy(() => import('./SendPage')), frame: 'public' },
  { path: 'hand-ins/:id', element: lazy(() => import('./HandInPage')) },
] satisfies Feature[];
