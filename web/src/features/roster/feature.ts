import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'rosters', element: lazy(() => import('./RosterList')), menu: { group: '系统维护', label: '花名册导入', order: 10, posts: ['clerk', 'head'], count: 'roster' } },
  { path: 'rosters/:id', element: lazy(() => import('./RosterPage')) },
] satisfies Feature[];
