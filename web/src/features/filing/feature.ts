import { lazy } from 'react';
import { clerks, type Feature } from '../../app/features';

export default [
  { path: 'filing', element: lazy(() => import('./FilingPage')), menu: { group: '材料', label: '收集归档', order: 10, posts: ['clerk', 'reviewer', 'head'], count: 'dossier' } },
  { path: 'filing/receive', element: lazy(() => import('./ReceivePage')), start: { label: '收材料', order: 30, posts: clerks } },
  { path: 'filing/receive/:id', element: lazy(() => import('./ReceivePage')), acts: { 'material.receive': 'filing/receive/:dossier' } },
  { path: 'filing/sitting', element: lazy(() => import('./SittingDesk')), start: { label: '整批收材料', order: 31, posts: clerks } },
  { path: 'filing/sittings/:id', element: lazy(() => import('./SittingPage')) },
  { path: 'filing/backlog', element: lazy(() => import('./BacklogPage')), menu: { group: '监督检查', label: '逾期归档', order: 30, posts: ['supervisor', 'head'] } },
  { path: 'filing/catalog/:id', element: lazy(() => import('./CatalogEntryPage')), acts: { 'material.enter_catalog': 'filing/catalog/:dossier' } },
  { path: 'filing/print/:id', element: lazy(() => import('./PrintPage')), acts: { 'dossier.print_catalog': 'filing/print/:dossier', 'dossier.export_catalog': 'filing/print/:dossier' } },
  { path: 'filing/rearrange/:id', element: lazy(() => import('./RearrangePage')), acts: { 'material.rearrange': 'filing/rearrange/:dossier' } },
  { path: 'filing/batches/:id', element: lazy(() => import('./BatchPage')) },
  { path: 'materials/:id', element: lazy(() => import('./MaterialPage')), acts: { 'material.open': 'materials/:material' } },
] satisfies Feature[];
