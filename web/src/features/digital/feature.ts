import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'deliveries', element: lazy(() => import('./DeliveryList')), menu: { group: '材料', label: '数字化', order: 40, posts: ['scanner', 'reviewer', 'clerk', 'head'], count: 'digital' } },
  { path: 'deliveries/:id', element: lazy(() => import('./DeliveryPage')) },
  { path: 'deliveries/:id/sample', element: lazy(() => import('./SamplePage')), frame: 'bare' },
  { path: 'dossiers/:id/digital', element: lazy(() => import('./VolumePage')), frame: 'bare', acts: { 'digital.open': 'dossiers/:dossier/digital' } },
] satisfies Feature[];
