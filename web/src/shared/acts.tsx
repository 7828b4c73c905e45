import { Button } from 'antd';
import type { ReactNode } from 'react';
import type { Reason } from '../api/client';
import { ClauseChip } from './status';

/** What the API says about one act on an aggregate. */
export interface Possible {
  action: string;
  label: string;
  allowed: boolean;
  primary?: boolean;
  reasons?: Reason[] | null;
}

interface ActButtonsProps {
  possible: Possible[] | null | undefined;
  /** Opens or does the act; acts without a hand here are not drawn. */
  on: Record<string, (() => void) | undefined>;
  /** Action that is running. */
  busy?: string;
}

/** 现在可办: the next act filled, the others in two columns. */
export function ActButtons({ possible, on, busy }: ActButtonsProps) {
  const list = (possible ?? []).filter((p) => p.allowed && on[p.action]);
  const first = list.find((p) => p.primary);
  const rest = list.filter((p) => p !== first);
  if (list.length === 0) return <p className="dense ink2">现在没有可办的事项。</p>;
  return (
    <div>
      {first && <Button type="primary" block loading={busy === first.action} onClick={on[first.action]}>{first.label}</Button>}
      {rest.length > 0 && (
        <div className="acts-grid">
          {rest.map((p) => <Button key={p.action} loading={busy === p.action} onClick={on[p.action]}>{p.label}</Button>)}
        </div>
      )}
    </div>
  );
}

/** 现在不可办: never hidden, every reason with its clause and the way on. */
export function Hindrances({ possible }: { possible: Possible[] | null | undefined }) {
  const list = (possible ?? []).filter((p) => !p.allowed && (p.reasons?.length ?? 0) > 0);
  return (
    <ul>
      {list.map((p) => (
        <li className="hindrance" key={p.action}>
          <div className="top">
            <span className="what">不可{p.label}</span>
            {p.reasons?.[0]?.clause && <ClauseChip>{p.reasons[0].clause}</ClauseChip>}
          </div>
          {p.reasons && p.reasons.length > 1 ? (
            <ul>{p.reasons.map((r) => <li key={r.rule + r.slug}>{r.message}</li>)}</ul>
          ) : (
            <p>{p.reasons?.[0]?.message}</p>
          )}
          <p className="next">{[...new Set(p.reasons?.map((r) => r.next).filter(Boolean))].join('')}</p>
        </li>
      ))}
    </ul>
  );
}

/** Both, as the aside of a detail page. */
export function NowPossible({ possible, on, busy, children }: ActButtonsProps & { children?: ReactNode }) {
  const against = (possible ?? []).filter((p) => !p.allowed && (p.reasons?.length ?? 0) > 0).length;
  return (
    <>
      <div className="section-head"><h2>现在可办</h2></div>
      <ActButtons possible={possible} on={on} busy={busy} />
      {against > 0 && (
        <>
          <div className="section-head"><h2>现在不可办</h2><span className="n">{against}</span></div>
          <Hindrances possible={possible} />
        </>
      )}
      {children}
    </>
  );
}
