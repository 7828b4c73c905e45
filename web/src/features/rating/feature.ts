import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'rate', element: lazy(() => import('./RatePage')), frame: 'public' },
  { path: 'ratings', element: lazy(() => import('./RatingList')), menu: { group: '窗口', label: '好差评', order: 55, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'rating' } },
  { path: 'ratings/:id', element: lazy(() => import('./RatingPage')) },
] satisfies Feature[];
