import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'dossiers', element: lazy(() => import('./DossierList')), menu: { group: '档案', label: '档案查询', order: 10, posts: ['clerk', 'reviewer', 'keeper', 'scanner', 'head', 'supervisor'] } },
  { path: 'dossiers/:id', element: lazy(() => import('./DossierPage')) },
  { path: 'dossiers/:id/facts', element: lazy(() => import('./ComparisonPage')), acts: { 'dossier.determine': 'dossiers/:dossier/facts', 'dossier.compare': 'dossiers/:dossier/facts' } },
] satisfies Feature[];
