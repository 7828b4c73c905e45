import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'staff', element: lazy(() => import('./StaffList')), menu: { group: '系统维护', label: '工作人员', order: 10, posts: ['sysadmin', 'secadmin', 'auditor', 'supervisor', 'head'] } },
  { path: 'staff/:id', element: lazy(() => import('./StaffPage')) },
  { path: 'account/kin', element: lazy(() => import('./KinPage')), menu: { group: '系统维护', label: '亲属申报', order: 90, posts: ['clerk', 'reviewer', 'keeper', 'scanner', 'head', 'supervisor', 'sysadmin', 'secadmin', 'auditor'] } },
] satisfies Feature[];
