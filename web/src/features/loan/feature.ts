import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'loans', element: lazy(() => import('./LoanList')), menu: { group: '业务', label: '借阅', order: 31, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'loan' } },
  { path: 'loans/new', element: lazy(() => import('./LoanForm')), acts: { 'loan.apply': 'loans/new?dossier=:dossier' } },
  { path: 'loans/:id', element: lazy(() => import('./LoanPage')) },
  { path: 'loans/:id/edit', element: lazy(() => import('./LoanForm')) },
  { path: 'loans/:id/return', element: lazy(() => import('./ReturnPage')) },
] satisfies Feature[];
