import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'custody', element: lazy(() => import('./CustodyPage')), menu: { group: '库房', label: '出入库交接', order: 10, posts: ['keeper', 'clerk', 'reviewer', 'head'], count: 'custody' } },
] satisfies Feature[];
