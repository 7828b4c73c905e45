import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'whereabouts', element: lazy(() => import('./WhereaboutsPage')), menu: { group: '窗口', label: '查档去向', order: 10, posts: ['clerk', 'head'] } },
] satisfies Feature[];
