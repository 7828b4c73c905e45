import { lazy } from 'react';
import { office, type Feature } from '../../app/features';

export default [
  { path: 'registers', element: lazy(() => import('./RegisterPage')), menu: { group: '查询', label: '业务台账', order: 10, posts: [...office, 'supervisor'] } },
  { path: 'registers/:key', element: lazy(() => import('./RegisterPage')) },
] satisfies Feature[];
