import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'collections', element: lazy(() => import('./CollectionList')), menu: { group: '材料', label: '材料收集', order: 20, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'collect' } },
  { path: 'collections/new', element: lazy(() => import('./NewCollection')), acts: { 'collection.open': 'collections/new?dossier=:dossier' } },
  { path: 'collections/:id', element: lazy(() => import('./CollectionPage')) },
] satisfies Feature[];
