import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'supplements', element: lazy(() => import('./SupplementList')), menu: { group: '材料', label: '补充材料', order: 30, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'supplement' } },
  { path: 'supplements/:id', element: lazy(() => import('./SupplementPage')) },
] satisfies Feature[];
