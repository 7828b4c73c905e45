import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'graduates', element: lazy(() => import('./GraduateList')), menu: { group: '业务', label: '毕业生接收', order: 20, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'graduate' } },
  { path: 'graduates/desk', element: lazy(() => import('./DeskPage')), start: { label: '接收毕业生档案', order: 45, posts: ['clerk'] } },
  { path: 'graduates/lists', element: lazy(() => import('./ListsPage')) },
  { path: 'graduates/batches/:id', element: lazy(() => import('./BatchPage')) },
  { path: 'graduates/:id', element: lazy(() => import('./GraduatePage')) },
] satisfies Feature[];
