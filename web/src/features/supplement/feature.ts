import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'supplements', element: lazy(() => import('./SupplementList')), menu: { group: '业务', label: '补充材料', order: 11, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'supplement' } },
  { path: 'supplements/:id', element: lazy(() => import('./SupplementPage')) },
] satisfies Feature[];
