import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'retirements', element: lazy(() => import('./RetirementList')), menu: { group: '业务', label: '退休送审', order: 50, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'retirement' } },
  { path: 'retirements/new/:dossier', element: lazy(() => import('./NewRetirement')), acts: { 'retirement.open': 'retirements/new/:dossier' } },
  { path: 'retirements/ages', element: lazy(() => import('./AgesPage')) },
  { path: 'retirements/lists', element: lazy(() => import('./ReviewLists')) },
  { path: 'retirements/lists/:id', element: lazy(() => import('./ReviewListPage')) },
  { path: 'retirements/:id/return', element: lazy(() => import('./ReturnPage')) },
  { path: 'retirements/:id', element: lazy(() => import('./RetirementPage')) },
] satisfies Feature[];
