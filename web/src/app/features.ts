import type { ComponentType, LazyExoticComponent } from 'react';
import { readers, type Post } from './session';

/** Groups of the menu, in order. */
export const groups = ['', '窗口', '档案', '材料', '业务', '库房', '监督检查', '存证', '统计', '查询', '系统维护'] as const;

export const clerks: Post[] = ['clerk'];
export const office: Post[] = ['clerk', 'reviewer', 'keeper', 'scanner', 'head'];
export const inspectors: Post[] = ['supervisor', ...readers];
export const admins: Post[] = ['sysadmin', 'secadmin', 'auditor'];

export interface MenuEntry {
  group: (typeof groups)[number];
  label: string;
  /** Within the group, ascending. */
  order: number;
  posts: Post[];
  /** Key of session.menuCounts shown at the right. */
  count?: string;
}

/** One page: its path, what draws it, and its line in the menu. */
export interface Feature {
  /** react-router path without leading slash, such as "transfers/:id". */
  path: string;
  element: LazyExoticComponent<ComponentType>;
  menu?: MenuEntry;
  /** A button on the first page that begins something here: 登记收档, 开调档函. */
  start?: { label: string; order: number; posts: Post[] };
  /**
   * Acts that a dossier's page offers (action of `possible`) and this page does:
   * { 'transfer.register': 'transfers/new?dossier=:dossier' }. The act
   * `material.open` makes the titles of the catalog links (with :material).
   */
  acts?: Record<string, string>;
  /** shell: header and menu (default); bare: signed in, the whole window (viewer); public: without sign-in. */
  frame?: 'shell' | 'bare' | 'public';
}
