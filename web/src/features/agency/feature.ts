import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'agencies', element: lazy(() => import('./AgencyTree')), menu: { group: '监督检查', label: '机构管理', order: 10, posts: ['supervisor', 'statistician', 'organization', 'archives', 'head', 'sysadmin', 'secadmin', 'auditor'] } },
  { path: 'agencies/new', element: lazy(() => import('./NewAgency')) },
  { path: 'agencies/:code', element: lazy(() => import('./AgencyPage')) },
] satisfies Feature[];
