import { Input } from 'antd';
import { useState } from 'react';
import type { Problem } from '../api/client';
import { Confirm } from './confirm';

/** 500***********4229 of a full or an already masked number. */
export function mask(idNo: string): string {
  return idNo.length === 18 ? `${idNo.slice(0, 3)}***********${idNo.slice(-4)}` : idNo;
}

interface MaskedIdProps {
  masked: string;
  /** Asks the API for the full number; the reason goes on record. */
  reveal?: (reason: string) => Promise<string>;
  problemOf?: (error: unknown) => Problem;
}

/** Identity number 3+4; the whole one by 显示 with a reason. */
export function MaskedId({ masked, reveal, problemOf }: MaskedIdProps) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [full, setFull] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const ask = async () => {
    if (!reveal) return;
    setBusy(true);
    setProblem(undefined);
    try {
      setFull(await reveal(reason));
      setAsking(false);
    } catch (error) {
      setProblem(problemOf?.(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="nowrap">
      {full ?? mask(masked)}
      {reveal && !full && <> <button type="button" className="bare dense" onClick={() => setAsking(true)}>显示<span className="hidden-text">完整身份证号</span></button></>}
      {full && <> <button type="button" className="bare dense" onClick={() => setFull(undefined)}>隐藏</button></>}
      <Confirm open={asking} title="显示完整身份证号" verb="显示" busy={busy} problem={problem} disabled={reason.trim().length < 2} onConfirm={() => void ask()} onCancel={() => setAsking(false)}>
        <label htmlFor="reveal-reason">事由（记入存证）</label>
        <Input id="reveal-reason" value={reason} maxLength={100} onChange={(e) => setReason(e.target.value)} onPressEnter={() => reason.trim().length >= 2 && void ask()} />
      </Confirm>
    </span>
  );
}
