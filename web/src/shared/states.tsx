import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { problemOf } from '../api/client';
import { figure } from './dates';
import { ProblemView } from './problem';

/** Skeleton rows, not before 300 ms. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div role="status" aria-label="正在载入">
      {Array.from({ length: rows }, (_, i) => <div className="skeleton-row" key={i} />)}
    </div>
  );
}

/** A sentence and, where there is one, the act. */
export function Empty({ children, act }: { children: ReactNode; act?: { label: string; onClick: () => void } }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {act && <Button onClick={act.onClick}>{act.label}</Button>}
    </div>
  );
}

/** A query's states in one place: skeleton, problem with 重试, or its data. */
export function Answer<T>({ query, children, rows }: { query: UseQueryResult<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    return (
      <div className="page-body narrow">
        <ProblemView problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return <div className="page-body"><Loading rows={rows} /></div>;
}

/** Long work: how far, how many, and 取消 as long as it can be stopped. */
export function LongWork({ label, done, total, onCancel, note }: { label: string; done: number; total?: number; onCancel?: () => void; note?: ReactNode }) {
  const percent = total ? Math.min(100, Math.floor((done / total) * 100)) : undefined;
  return (
    <div className="notice" role="status">
      <div className="section-head">
        <h3>{label}</h3>
        <span className="n">{figure(done)}{total ? ` / ${figure(total)}` : ''}</span>
        {onCancel && <span className="end"><Button size="small" onClick={onCancel}>取消</Button></span>}
      </div>
      {percent !== undefined && <Progress percent={percent} size="small" aria-label={label} />}
      {note && <p className="meta">{note}</p>}
    </div>
  );
}
