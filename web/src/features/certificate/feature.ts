import { lazy } from 'react';
import type { Feature } from '../../app/features';

export default [
  { path: 'certificates', element: lazy(() => import('./CertificateList')), menu: { group: '业务', label: '出具证明', order: 40, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'certificate' } },
  { path: 'certificates/new', element: lazy(() => import('./NewCertificate')), acts: { 'certificate.open': 'certificates/new?dossier=:dossier' }, start: { label: '出具证明', order: 50, posts: ['clerk'] } },
  { path: 'certificates/:id', element: lazy(() => import('./CertificatePage')) },
  { path: 'certificate-wordings', element: lazy(() => import('./WordingsPage')), menu: { group: '系统维护', label: '证明用语', order: 31, posts: ['supervisor', 'sysadmin'] } },
] satisfies Feature[];
