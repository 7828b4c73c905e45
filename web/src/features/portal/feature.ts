import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'portal', element: lazy(() => import('./HomePage')), frame: 'public' },
  { path: 'portal/callback', element: lazy(() => import('./CallbackPage')), frame: 'public' },
  { path: 'portal/requests/:id', element: lazy(() => import('./RequestPage')), frame: 'public' },
  { path: 'portal/apply/:matter', element: lazy(() => import('./ApplyPage')), frame: 'public' },
  { path: 'portal/applications/:id', element: lazy(() => import('./ApplicationPage')), frame: 'public' },
  { path: 'portal/consents/:id', element: lazy(() => import('./ConsentPage')), frame: 'public' },
  { path: 'portal/rate', element: lazy(() => import('./RatePage')), frame: 'public' },
] satisfies Feature[];
