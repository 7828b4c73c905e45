import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'settings', element: lazy(() => import('./SettingsPage')), menu: { group: '系统维护', label: '全市参数', order: 20, posts: ['supervisor', 'secadmin', 'sysadmin', 'auditor'] } },
] satisfies Feature[];
