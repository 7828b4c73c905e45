import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'holds', element: lazy(() => import('./HoldList')), menu: { group: '档案', label: '限制转出', order: 50, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'hold' } },
  { path: 'holds/new', element: lazy(() => import('./NewHold')), acts: { 'hold.ask': 'holds/new?dossier=:dossier' } },
  { path: 'holds/:id', element: lazy(() => import('./HoldPage')) },
] satisfies Feature[];
