import { lazy } from 'react';
import { clerks, type Feature } from '../../app/features';

export default [
  { path: 'transfers', element: lazy(() => import('./TransferList')), menu: { group: '业务', label: '转递', order: 10, posts: ['clerk', 'reviewer', 'keeper', 'head', 'supervisor'], count: 'transfer' } },
  { path: 'transfers/new', element: lazy(() => import('./NewTransfer')), start: { label: '开调档函', order: 20, posts: clerks } },
  { path: 'transfers/outside', element: lazy(() => import('./OutsideLetter')), acts: { 'transfer.register': 'transfers/outside?dossier=:dossier' } },
  { path: 'transfers/lists', element: lazy(() => import('./ListsPage')) },
  { path: 'transfers/lists/new', element: lazy(() => import('./NewList')), start: { label: '登记一函多人', order: 25, posts: clerks } },
  { path: 'transfers/lists/:id', element: lazy(() => import('./ListPage')) },
  { path: 'transfers/tally', element: lazy(() => import('./TallyPage')), menu: { group: '监督检查', label: '转递时限', order: 35, posts: ['supervisor', 'head'] } },
  { path: 'strays', element: lazy(() => import('./StraysPage')) },
  { path: 'strays/:id', element: lazy(() => import('./StrayPage')) },
  { path: 'transfers/:id', element: lazy(() => import('./TransferPage')) },
  { path: 'transfers/:id/check', element: lazy(() => import('./CheckPage')) },
] satisfies Feature[];
