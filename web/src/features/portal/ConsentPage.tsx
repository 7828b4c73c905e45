import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import { longDate, moment } from '../../shared/dates';
import { Status, type Tone } from '../../shared/status';
import { Outside, Trouble } from './frame';

type View = Schema<'ConsentView'>;

const tones: Record<string, Tone> = { yes: 'done', no: 'bad', not_recorded: 'plain' };

/** One verification: who asks what for what purpose; the person's yes, no, or taking back; what was answered. */
export default function ConsentPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['portal', 'consent', id], queryFn: () => read(api.GET('/api/v1/portal/consents/{id}', { params: { path: { id } } })), retry: false, refetchOnWindowFocus: false });
  const problem = query.error ? problemOf(query.error) : undefined;
  return (
    <Outside title="同意核验" back>
      <div aria-live="polite">{query.isLoading && <p className="say">正在打开…</p>}</div>
      {problem && <section><Trouble problem={problem} />{problem.kind === 'signin' && <p><Link className="text-link" to="/portal">去登录</Link></p>}</section>}
      {query.data && <Consent key={query.data.version} v={query.data} />}
    </Outside>
  );
}

function Consent({ v }: { v: View }) {
  const client = useQueryClient();
  const [days, setDays] = useState(v.days);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const may = (action: string) => v.possible.some((p) => p.action === action && p.allowed);
  const act = async (what: 'grant' | 'decline' | 'revoke') => {
    setBusy(true);
    setProblem(undefined);
    const at = { params: { path: { id: v.id } }, headers: { 'Idempotency-Key': newKey(), 'If-Match': `"${v.version}"` } };
    try {
      const after = what === 'grant' ? await read(api.POST('/api/v1/portal/consents/{id}/grant', { ...at, body: { days } })) : what === 'decline' ? await read(api.POST('/api/v1/portal/consents/{id}/decline', at)) : await read(api.POST('/api/v1/portal/consents/{id}/revoke', at));
      client.setQueryData(['portal', 'consent', v.id], after);
      void client.invalidateQueries({ queryKey: ['portal', 'consents'] });
      window.scrollTo({ top: 0 });
    } catch (e) {
      setProblem(problemOf(e));
    }
    setBusy(false);
  };
  const choices = [7, 15, 30, 60, 90].filter((d) => d < v.days).concat(v.days);
  return (
    <>
      <section className="who">
        <h2>{v.requester}</h2>
        <p>统一社会信用代码 {v.requesterUscc}</p>
        <p>目的：<strong>{v.purposeName}</strong>，{v.matter}</p>
        <p><Status tone={v.tone as Tone}>{v.stateName}</Status>{v.state === 'asked' && `　等您答复到${longDate(v.askUntil)}`}{v.validUntil && v.state === 'granted' && `　同意到${longDate(v.validUntil)}为止`}</p>
      </section>
      <section aria-labelledby="asked">
        <h2 id="asked">{v.answeredAt ? '问了什么，答复了什么' : '想核验这些'}</h2>
        <ol className="consent-asked">
          {v.questions.map((q) => <li key={q.kind}><span>{q.text}</span>{q.answer && <Status tone={tones[q.answer] ?? 'plain'}>{q.answerName}</Status>}</li>)}
        </ol>
        {v.answeredAt ? <p className="note">{moment(v.answeredAt)}答复，存证条目 {v.entry}</p> : <p className="note">对方每个问题只得到“是”“否”或者“未见记载”，看不到档案，也得不到您的生日、学校等内容。</p>}
      </section>
      {(v.possible.length > 0 || problem) && (
        <section>
          <Trouble problem={problem} />
          {may('consent.grant') && (
            <>
              <fieldset className="oneof">
                <legend>同意几天</legend>
                {choices.map((d) => <label key={d} className={days === d ? 'on' : undefined}><input type="radio" name="days" checked={days === d} onChange={() => setDays(d)} />{d}天{d === v.days && <small>对方要求的天数</small>}</label>)}
              </fieldset>
              <div className="sure">
                <button type="button" className="go wide" disabled={busy} onClick={() => void act('grant')}>同意这{v.questions.length}个问题</button>
                <button type="button" className="wide" disabled={busy} onClick={() => void act('decline')}>不同意</button>
              </div>
              <p className="note">同意以后随时可以撤回，撤回后不再答复。不认识这个单位，或者没有请它核验的，请选“不同意”。</p>
            </>
          )}
          {may('consent.revoke') && (
            <>
              <button type="button" className="wide" disabled={busy} onClick={() => void act('revoke')}>撤回同意</button>
              <p className="note">撤回后对方不能再取答复；已经取走的答复收不回来。</p>
            </>
          )}
        </section>
      )}
    </>
  );
}
