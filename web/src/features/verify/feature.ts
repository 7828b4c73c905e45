import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [{ path: 'verify', element: lazy(() => import('./VerifyPage')), frame: 'public' }] satisfies Feature[];
