import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'intakes', element: lazy(() => import('./IntakeList')), menu: { group: '窗口', label: '网上申请与补正', order: 40, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'intake' } },
  { path: 'intakes/:id', element: lazy(() => import('./IntakePage')) },
] satisfies Feature[];
