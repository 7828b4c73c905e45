import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'mandates', element: lazy(() => import('./MandateList')), menu: { group: '窗口', label: '委托代办', order: 20, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'mandate' } },
  { path: 'mandates/:id', element: lazy(() => import('./MandatePage')) },
] satisfies Feature[];
