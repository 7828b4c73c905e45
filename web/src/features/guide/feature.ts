import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [{ path: 'guide', element: lazy(() => import('./GuidePage')), frame: 'public' }] satisfies Feature[];
