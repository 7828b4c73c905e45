import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'secrecy', element: lazy(() => import('./ChangeList')), menu: { group: '档案', label: '定密变更', order: 60, posts: ['clerk', 'reviewer', 'keeper', 'head'], count: 'secrecy' } },
  { path: 'secrecy/zones', element: lazy(() => import('./ZonesPage')) },
  { path: 'secrecy/:id', element: lazy(() => import('./ChangePage')) },
  { path: 'dossiers/:id/secrecy', element: lazy(() => import('./SheetPage')), acts: { 'secrecy.raise': 'dossiers/:dossier/secrecy' } },
] satisfies Feature[];
