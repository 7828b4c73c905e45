import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'ledger', element: lazy(() => import('./LedgerPage')), menu: { group: '存证', label: '存证核验', order: 10, posts: ['supervisor', 'auditor'] } },
  { path: 'ledger/checks/:id', element: lazy(() => import('./CheckPage')) },
] satisfies Feature[];
