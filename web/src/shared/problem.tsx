import { Button } from 'antd';
import { lazy, Suspense, useId, useState, type ReactNode } from 'react';
import type { Problem, Reason } from '../api/client';
import { ClauseChip } from './status';

const LikelyDouble = lazy(() => import('./double'));

/** One reason: fact, clause chip, text to unfold, 下一步. */
export function ReasonView({ reason, extra }: { reason: Reason; extra?: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="reason">
      <p className="fact">{reason.message}</p>
      {reason.clause && (
        <div className="clause-line">
          <ClauseChip>{reason.clause}</ClauseChip>
          {reason.text && (
            <button type="button" className="bare text-link dense" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
              {open ? '收起条文' : '查看条文'}
            </button>
          )}
        </div>
      )}
      {reason.text && open && (
        <p id={id} className="law">
          {reason.text}
        </p>
      )}
      {(reason.next || extra) && (
        <p className="next">
          <b>下一步</b>
          {reason.next}
          {extra}
        </p>
      )}
      {reason.slug === 'likely_double' && reason.facts && <Suspense><LikelyDouble facts={reason.facts} /></Suspense>}
    </div>
  );
}

export interface ProblemViewProps {
  problem?: Problem;
  /** 重试 or 重新载入, where there is something to do again. */
  onRetry?: () => void;
  /** A way on for one reason, such as “改为机要通信”. */
  wayOn?: (reason: Reason) => ReactNode;
  /** Fields that say their own reasons beside themselves (see fieldErrors). */
  fields?: string[];
}

/**
 * Everything the API can say instead of doing it: an input that can't be right,
 * papers to be completed (补正), 不予办理, a conflict, something absent, a failure.
 */
export function ProblemView({ problem, onRetry, wayOn, fields }: ProblemViewProps) {
  if (!problem) return null;
  if (problem.kind === 'conflict') {
    return (
      <div className="refusal wait" role="alert">
        <p className="fact">{problem.title}</p>
        <p className="next">{problem.detail}</p>
        {onRetry && <Button size="small" onClick={onRetry}>重新载入</Button>}
      </div>
    );
  }
  const reasons = (problem.reasons ?? []).filter((r) => !(problem.kind === 'invalid' && r.field && fields?.includes(r.field)));
  if (problem.kind === 'invalid' && (problem.reasons?.length ?? 0) > 0 && reasons.length === 0) return null;
  if (reasons.length > 0) {
    return (
      <div className={problem.kind === 'refused' ? 'refusal' : 'refusal wait'} role="alert">
        {problem.kind === 'incomplete' && <p className="meta">需要补正，共 {reasons.length} 项，一次告知</p>}
        {reasons.map((r) => <ReasonView key={`${r.rule}/${r.slug}/${r.field ?? ''}`} reason={r} extra={wayOn?.(r)} />)}
      </div>
    );
  }
  return (
    <div className={problem.kind === 'error' ? 'refusal' : 'refusal wait'} role="alert">
      <p className="fact">{problem.title}</p>
      {problem.detail && <p className="next">{problem.detail}</p>}
      {problem.number && <p className="meta">出错编号 <span className="hash">{problem.number}</span></p>}
      {onRetry && <Button size="small" onClick={onRetry}>重试</Button>}
    </div>
  );
}

/** Help text and state of an antd Form.Item whose field the API found wrong: <Form.Item {...fieldError(problem, 'name')}>. */
export function fieldError(problem: Problem | undefined, field: string): { validateStatus?: 'error'; help?: ReactNode } {
  if (problem?.kind !== 'invalid') return {};
  const found = (problem.reasons ?? []).filter((r) => r.field === field);
  if (found.length === 0) return {};
  return { validateStatus: 'error', help: found.map((r) => `${r.message}${r.next}`).join('') };
}
