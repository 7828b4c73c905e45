import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'account-notices/waiting', element: lazy(() => import('./OwedList')), menu: { group: '档案', label: '须知待接受', order: 40, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'notice' } },
  { path: 'personal-accounts/:id', element: lazy(() => import('./PersonalPage')) },
  { path: 'notice', element: lazy(() => import('./SignPage')), frame: 'public' },
] satisfies Feature[];
