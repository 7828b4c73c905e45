import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [{ path: 'account', element: lazy(() => import('./AccountPage')) }] satisfies Feature[];
