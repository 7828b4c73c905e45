import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'units', element: lazy(() => import('./UnitList')), menu: { group: '档案', label: '集体户', order: 32, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'account' } },
  { path: 'units/new', element: lazy(() => import('./NewUnit')) },
  { path: 'units/:id', element: lazy(() => import('./UnitPage')) },
  { path: 'units/:id/settle', element: lazy(() => import('./UnitSettle')) },
] satisfies Feature[];
