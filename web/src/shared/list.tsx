import { keepPreviousData, useQuery, type QueryKey } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { figure } from './dates';
import { useShortcut } from './keys';

/** One page as every list of the API answers it. */
export interface ListPage<T> {
  items: T[];
  next?: string | null;
  total?: number | null;
}

interface KeysetOptions<T> {
  /** Room and filters; a change starts at the first page again. */
  key: QueryKey;
  fetch: (after: string | undefined, limit: number) => Promise<ListPage<T>>;
  limit?: number;
  enabled?: boolean;
}

/** A list read page by page with cursors: no page numbers, a way back. */
export function useKeyset<T>({ key, fetch, limit: first = 20, enabled = true }: KeysetOptions<T>) {
  const [limit, setLimit] = useState(first);
  const printed = JSON.stringify([key, limit]);
  const [at, setAt] = useState<{ printed: string; cursors: string[] }>({ printed, cursors: [] });
  const cursors = at.printed === printed ? at.cursors : [];
  const after = cursors[cursors.length - 1];
  const query = useQuery({ queryKey: [...key, { limit, after }], queryFn: () => fetch(after, limit), placeholderData: keepPreviousData, enabled });
  const next = query.data?.next ?? undefined;
  return {
    query,
    items: query.data?.items ?? [],
    total: query.data?.total ?? undefined,
    limit,
    setLimit,
    hasPrevious: cursors.length > 0,
    hasNext: next !== undefined,
    previous: () => setAt({ printed, cursors: cursors.slice(0, -1) }),
    next: () => next !== undefined && setAt({ printed, cursors: [...cursors, next] }),
  };
}

export type Keyset = Omit<ReturnType<typeof useKeyset>, 'query' | 'items'> & { items: readonly unknown[] };

/** The bar below a list. unit is the measure word: 卷, 件, 份; total is the count where the list itself carries none. */
export function PagingBar({ list, unit, total = list.total === undefined ? undefined : figure(list.total), note, sizes = [20, 50, 100] }: { list: Keyset; unit: string; total?: string; note?: string; sizes?: number[] }) {
  return (
    <div className="stickybar">
      <span className="ink2">
        {total !== undefined && `符合条件 ${total} ${unit}，`}本页 {list.items.length} {unit}
      </span>
      {note && <span className="meta">{note}</span>}
      <span className="end">
        <Select aria-label="每页数量" size="small" value={list.limit} onChange={list.setLimit} options={sizes.map((n) => ({ value: n, label: `每页 ${n} ${unit}` }))} style={{ width: 112 }} />
        <Button size="small" disabled={!list.hasPrevious} onClick={list.previous}>上一页</Button>
        <Button size="small" disabled={!list.hasNext} onClick={list.next}>下一页</Button>
      </span>
    </div>
  );
}

/** J and K move through rows, Enter opens the current one. Returns the current row. */
export function useRowKeys(count: number, open: (index: number) => void, start = -1): [number, (index: number) => void] {
  const [row, setRow] = useState(start);
  const current = row >= count ? count - 1 : row;
  const go = (to: number) => {
    setRow(to);
    requestAnimationFrame(() => {
      const el = document.querySelector<HTMLElement>('[data-current-row="true"], tr.current');
      if (!el) return;
      el.scrollIntoView({ block: 'nearest' });
      // The focus goes along: else Enter would be that of the tab or link last clicked.
      el.tabIndex = -1;
      el.focus({ preventScroll: true });
    });
  };
  useShortcut('j', () => go(Math.min(count - 1, current + 1)));
  useShortcut('k', () => go(Math.max(0, current - 1)));
  useShortcut('Enter', () => {
    if (current >= 0) open(current);
  });
  return [current, setRow];
}
