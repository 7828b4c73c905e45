import { lazy } from 'react';
import { office, type Feature } from '../../app/features';

export default [
  { path: 'inbox', element: lazy(() => import('./InboxPage')), menu: { group: '', label: '收件箱', order: 5, posts: office, count: 'inbox' } },
  { path: 'messages', element: lazy(() => import('./MessageList')), menu: { group: '窗口', label: '消息告知', order: 60, posts: ['clerk', 'reviewer', 'head', 'supervisor'], count: 'message' } },
  { path: 'messages/contact', element: lazy(() => import('./ContactPage')), acts: { 'message.contact': 'messages/contact?dossier=:dossier' } },
  { path: 'message-templates', element: lazy(() => import('./TemplatesPage')), menu: { group: '系统维护', label: '消息用语', order: 30, posts: ['supervisor', 'sysadmin'] } },
] satisfies Feature[];
