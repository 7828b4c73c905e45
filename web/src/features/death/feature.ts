import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'deaths', element: lazy(() => import('./DeathList')), menu: { group: '业务', label: '死亡档案', order: 60, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'death' } },
  { path: 'deaths/new', element: lazy(() => import('./NewDeath')), acts: { 'death.report': 'deaths/new?dossier=:dossier' } },
  { path: 'deaths/data', element: lazy(() => import('./DeathData')) },
  { path: 'deaths/lists', element: lazy(() => import('./Handovers')) },
  { path: 'deaths/lists/:id', element: lazy(() => import('./HandoverPage')) },
  { path: 'deaths/:id', element: lazy(() => import('./DeathPage')) },
] satisfies Feature[];
