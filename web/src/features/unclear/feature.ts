import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'unclear', element: lazy(() => import('./UnclearList')), menu: { group: '库房', label: '身份待核', order: 30, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'unclear' } },
  { path: 'unclear/:id', element: lazy(() => import('./UnclearPage')) },
] satisfies Feature[];
