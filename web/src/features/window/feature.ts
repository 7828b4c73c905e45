import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'window', element: lazy(() => import('./MatterList')), menu: { group: '窗口', label: '异议与投诉', order: 50, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'window' } },
  { path: 'window/new', element: lazy(() => import('./NewMatter')) },
  { path: 'window/:id', element: lazy(() => import('./MatterPage')) },
] satisfies Feature[];
