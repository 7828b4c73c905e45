import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'found', element: lazy(() => import('./FoundList')), menu: { group: '窗口', label: '个人手中档案', order: 30, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'found' } },
  { path: 'found/new', element: lazy(() => import('./NewFound')) },
  { path: 'found/:id', element: lazy(() => import('./FoundPage')) },
] satisfies Feature[];
