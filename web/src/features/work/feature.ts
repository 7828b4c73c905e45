import { lazy } from 'react';
import { admins, office, type Feature } from '../../app/features';

export default [
  { path: '', element: lazy(() => import('./WorkPage')), menu: { group: '', label: '我的工作', order: 0, posts: [...office, 'supervisor', ...admins], count: 'work' } },
] satisfies Feature[];
