import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import './rate.css';

type Taken = Schema<'RatingTaken'>;

/** A face for a grade: the corners of the mouth say which. */
function Face({ grade }: { grade: number }) {
  const bend = (grade - 3) * 4.5;
  return (
    <svg viewBox="0 0 40 40" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round">
      <circle cx="20" cy="20" r="17" />
      <path d="M13.5 15.5v1.5M26.5 15.5v1.5" />
      <path d={`M12 ${26 - bend / 3}Q20 ${26 + bend} 28 ${26 - bend / 3}`} />
    </svg>
  );
}

/** 评价 (28): five grades, reasons, own words, nameless if wished; once. at: window on the second screen, portal signed in. */
export function RateForm({ slip, at, onTaken }: { slip: { number: string; code: string }; at: 'window' | 'code' | 'portal'; onTaken: (taken: Taken) => void }) {
  const choices = useQuery({ queryKey: ['rating-choices'], queryFn: () => read(api.GET('/api/v1/rating-choices')), staleTime: Infinity });
  const [grade, setGrade] = useState<number>();
  const [reasons, setReasons] = useState<string[]>([]);
  const [text, setText] = useState('');
  const [nameless, setNameless] = useState(false);
  const [contact, setContact] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey()); // the same rating sent again counts once
  if (!choices.data) return <p className="say">正在打开…</p>;
  const bad = choices.data.grades.find((g) => g.grade === grade)?.bad;
  const tags = bad ? choices.data.reasons : choices.data.praises;
  const send = async () => {
    if (grade === undefined) return;
    setBusy(true);
    setProblem(undefined);
    const body = { ...slip, grade, reasons, text, nameless, contact: nameless || !bad ? '' : contact, at };
    const headers = { 'Idempotency-Key': key.current };
    try {
      onTaken(await read(at === 'portal' ? api.POST('/api/v1/portal/ratings', { headers, body }) : api.POST('/api/v1/ratings', { headers, body })));
    } catch (e) {
      key.current = newKey();
      setProblem(problemOf(e));
    }
    setBusy(false);
  };
  return (
    <form className="rate" onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <fieldset>
        <legend>您对这次服务满意吗</legend>
        <div className="grades">
          {choices.data.grades.map((g) => (
            <label key={g.grade}>
              <input type="radio" name="grade" checked={grade === g.grade} onChange={() => { if (g.bad !== bad) setReasons([]); setGrade(g.grade); }} />
              <Face grade={g.grade} />
              {g.name}
            </label>
          ))}
        </div>
      </fieldset>
      {grade !== undefined && (
        <>
          <fieldset>
            <legend>{bad ? '哪里不满意（可选多项）' : '满意在哪里（可不选）'}</legend>
            <div className="tags">
              {tags.map((t) => (
                <label key={t.key}>
                  <input type="checkbox" checked={reasons.includes(t.key)} onChange={(e) => { setProblem(undefined); setReasons(e.target.checked ? [...reasons, t.key] : reasons.filter((r) => r !== t.key)); }} />
                  {t.name}
                </label>
              ))}
            </div>
          </fieldset>
          <div>
            <label htmlFor="rate-text">想说的话（选填）</label>
            <textarea id="rate-text" value={text} maxLength={500} onChange={(e) => setText(e.target.value)} />
          </div>
          <label className="own"><input type="checkbox" checked={nameless} onChange={(e) => setNameless(e.target.checked)} /><span>匿名评价：机构不知道是谁、评的是哪一件{bad && '，也就不能回访您'}</span></label>
          {bad && !nameless && (
            <div>
              <label htmlFor="rate-contact">回访电话（不填的，按登记的电话联系）</label>
              <input id="rate-contact" value={contact} maxLength={60} inputMode="tel" autoComplete="off" onChange={(e) => setContact(e.target.value)} />
            </div>
          )}
          <p className="note">{bad && !nameless ? '由没有经手的工作人员回访核实，结果会告诉您。经办人看不到是谁评的。' : '机构只看到汇总的数字，看不到是谁评的。'}一件申请评价一次，提交后不能修改。</p>
          {problem && (
            <div role="alert" className="trouble">
              {(problem.reasons ?? []).length === 0 ? <><strong>{problem.title}</strong> {problem.detail}</> : problem.reasons?.map((r) => <p key={r.slug}><strong>{r.message}</strong> {r.next}</p>)}
            </div>
          )}
          <button type="submit" className="go" disabled={busy}>{busy ? '正在提交…' : '提交评价'}</button>
        </>
      )}
    </form>
  );
}
