import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'consultations', element: lazy(() => import('./ConsultationList')), menu: { group: '业务', label: '查阅', order: 30, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'access' } },
  { path: 'consultations/new', element: lazy(() => import('./ApplicationPage')), acts: { 'consultation.apply': 'consultations/new?dossier=:dossier' }, start: { label: '受理查阅', order: 40, posts: ['clerk'] } },
  { path: 'consultations/:id', element: lazy(() => import('./ConsultationPage')) },
  { path: 'consultations/:id/edit', element: lazy(() => import('./ApplicationPage')) },
  { path: 'consultations/:id/reading', element: lazy(() => import('./ReadingPage')), frame: 'bare' },
] satisfies Feature[];
