import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'requesters', element: lazy(() => import('./RequestersPage')), menu: { group: '系统维护', label: '核验单位', order: 25, posts: ['supervisor', 'secadmin'], count: 'consent' } },
] satisfies Feature[];
