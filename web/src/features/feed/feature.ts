import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'feeds', element: lazy(() => import('./FeedList')), menu: { group: '材料', label: '部门数据', order: 50, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'feed' } },
  { path: 'feeds/new', element: lazy(() => import('./NewFeed')) },
  { path: 'feeds/:id', element: lazy(() => import('./FeedPage')) },
  { path: 'feed-sources', element: lazy(() => import('./SourcesPage')) },
] satisfies Feature[];
