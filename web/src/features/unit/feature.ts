import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'units', element: lazy(() => import('./UnitList')), menu: { group: '档案', label: '集体户', order: 30, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'account' } },
  { path: 'units/new', element: lazy(() => import('./NewUnit')) },
  { path: 'account-notices', element: lazy(() => import('./Notices')), menu: { group: '系统维护', label: '权利义务须知', order: 22, posts: ['clerk', 'supervisor', 'head'] } },
  { path: 'account-notices/accept/:id', element: lazy(() => import('./AcceptNotice')), acts: { 'account.accept': 'account-notices/accept/:dossier' } },
  { path: 'units/:id', element: lazy(() => import('./UnitPage')) },
  { path: 'units/:id/settle', element: lazy(() => import('./UnitSettle')) },
] satisfies Feature[];
