import { lazy } from 'react';
import { admins, inspectors, office, type Feature } from '../../app/features';

export default [
  { path: '', element: lazy(() => import('./WorkPage')), menu: { group: '', label: '我的工作', order: 0, posts: [...office, ...inspectors, ...admins], count: 'work' } },
] satisfies Feature[];
