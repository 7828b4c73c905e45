import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'standing', element: lazy(() => import('./StandingList')), menu: { group: '档案', label: '变更与并档', order: 20, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'standing' } },
  { path: 'standing/new/:id', element: lazy(() => import('./StandingNew')), acts: { 'standing.apply': 'standing/new/:dossier' } },
  { path: 'standing/:id', element: lazy(() => import('./StandingPage')) },
] satisfies Feature[];
