import { lazy } from 'react';
import { inspectors, type Feature } from '../../app/features';
import { readers } from '../../app/session';

export default [
  { path: 'oversight', element: lazy(() => import('./FiguresPage')), menu: { group: '监督检查', label: '监督概览', order: 5, posts: inspectors } },
  { path: 'oversight/refusals', element: lazy(() => import('./RefusalsPage')), menu: { group: '监督检查', label: '不予办理', order: 40, posts: readers } },
  { path: 'oversight/changes', element: lazy(() => import('./ChangesPage')), menu: { group: '监督检查', label: '机构变动', order: 45, posts: readers } },
  { path: 'oversight/registers', element: lazy(() => import('./RegistersPage')), menu: { group: '监督检查', label: '台账条数', order: 50, posts: readers } },
] satisfies Feature[];
