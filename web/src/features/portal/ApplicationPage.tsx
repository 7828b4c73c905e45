import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import { longDate, moment } from '../../shared/dates';
import { upload } from '../../shared/files';
import { Status, type Tone } from '../../shared/status';
import { Text } from './fields';
import { Outside, Trouble, useHome } from './frame';
import { Photos, useChosen } from './photos';

type View = Schema<'PortalApplicationView'>;

/** One application as its sender follows it: where it stands, what is asked for, its papers. */
export default function ApplicationPage() {
  const { id = '' } = useParams();
  const home = useHome();
  const query = useQuery({ queryKey: ['portal', 'application', id], queryFn: () => read(api.GET('/api/v1/portal/applications/{id}', { params: { path: { id } } })), retry: false, refetchOnWindowFocus: false });
  const problem = query.error ? problemOf(query.error) : undefined;
  return (
    <Outside title="我的申请" back hotline={query.data?.hotline}>
      <div aria-live="polite">{query.isLoading && <p className="say">正在打开…</p>}</div>
      {problem && <section><Trouble problem={problem} />{problem.kind === 'signin' && <p><Link className="text-link" to="/portal">去登录</Link></p>}</section>}
      {query.data && <Application key={`${query.data.stateName}${query.data.files.length}`} v={query.data} unit={home.data?.visitor?.kind === 'unit'} />}
    </Outside>
  );
}

const marks: Record<Schema<'PortalStep'>['state'], string> = { done: '✓', now: '●', todo: '○', stopped: '✕' };
const marked: Record<Schema<'PortalStep'>['state'], string> = { done: '已完成', now: '正在办理', todo: '未到', stopped: '已终止' };

function Application({ v, unit }: { v: View; unit: boolean }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const changed = (after: View) => {
    client.setQueryData(['portal', 'application', v.id], after);
    void client.invalidateQueries({ queryKey: ['portal', 'applications'] });
    window.scrollTo({ top: 0 });
  };
  const withdraw = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      changed(await read(api.POST('/api/v1/portal/applications/{id}/withdraw', { params: { path: { id: v.id } }, headers: { 'Idempotency-Key': newKey() } })));
    } catch (e) {
      setProblem(problemOf(e));
    }
    setBusy(false);
  };
  const refused = v.steps.some((s) => s.state === 'stopped') && v.asked.length > 0;
  return (
    <>
      <section className="who">
        <h2>{v.kind}</h2>
        <p><Status tone={v.tone as Tone}>{v.stateName}</Status></p>
        <p>{unit && `${v.personName}　`}{v.agencyName}　编号 {v.no}</p>
      </section>
      {v.asked.length > 0 && (
        <section aria-labelledby="asked" className={v.answers ? 'asked wait' : 'asked'}>
          <h2 id="asked">{v.answers ? `请在 ${longDate(v.dueOn ?? '')} 前补正` : refused ? '没有办理的原因' : '已经告知的补正内容'}</h2>
          <ol>{v.asked.map((r, i) => <li key={i}>{r.message}{v.answers && <small>{r.next}</small>}</li>)}</ol>
        </section>
      )}
      {v.rate && <section><p>这件申请已经办结，请您<Link className="text-link" to={`/portal/rate?n=${encodeURIComponent(v.rate.number)}&c=${encodeURIComponent(v.rate.code)}`}>评价这次服务</Link>。</p></section>}
      {v.answers && <Answer v={v} changed={changed} />}
      <section aria-labelledby="steps">
        <h2 id="steps">办到哪一步</h2>
        <ol className="progress">
          {v.steps.map((s, i) => <li key={i} className={s.state}><span aria-label={marked[s.state]}>{marks[s.state]}</span>{s.name}{s.on && <small>{longDate(s.on)}</small>}</li>)}
        </ol>
      </section>
      <section aria-labelledby="said">
        <h2 id="said">申请的内容</h2>
      </section>
      <dl className="lines">{v.said.map((x, i) => <div key={i}><dt>{x.label}</dt><dd>{x.value}</dd></div>)}</dl>
      {v.files.length > 0 && <section><p>已附 {v.files.length} 个文件：{[...new Set(v.files.map((f) => f.paper))].join('、')}</p>{v.answer && <p>补正说明：{v.answer}</p>}</section>}
      {v.papers.length > 0 && (
        <section aria-labelledby="papers">
          <h2 id="papers">文书</h2>
          <ul className="sent">
            {v.papers.map((p) => <li key={p.number}><p><strong>{p.name}</strong>　{moment(p.at)}</p><p>{p.number}　<Link className="text-link" to={`/verify?n=${encodeURIComponent(p.number)}&c=${encodeURIComponent(p.code)}`}>查验</Link></p></li>)}
          </ul>
          <p className="note">纸质文书可到窗口领取。</p>
        </section>
      )}
      {v.withdraw && (
        <section>
          <Trouble problem={problem} />
          {asking ? (
            <div className="sure" role="group" aria-label="确认撤回">
              <p>撤回后这件申请不再办理，需要时可以重新申请。确定撤回吗？</p>
              <button type="button" className="wide" disabled={busy} onClick={() => void withdraw()}>{busy ? '正在撤回…' : '确定撤回'}</button>
              <button type="button" className="go wide" disabled={busy} onClick={() => setAsking(false)}>不撤回</button>
            </div>
          ) : <button type="button" className="wide" onClick={() => setAsking(true)}>撤回申请</button>}
        </section>
      )}
    </>
  );
}

/** What was asked for: in words and photos, once for all. */
function Answer({ v, changed }: { v: View; changed: (after: View) => void }) {
  const choosing = useChosen(v.fileSize);
  const [text, setText] = useState('');
  const [session] = useState(newKey);
  const [sending, setSending] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const busy = choosing.arranging ? '正在整理照片…' : sending;
  const send = async () => {
    setProblem(undefined);
    setSending('正在提交…');
    try {
      changed(await upload<View>(`/api/v1/portal/applications/${v.id}/answer`, choosing.form({ name: 'answer', value: text }), { headers: { 'Page-Session': session }, onProgress: (n, all) => setSending(`正在提交 ${Math.floor((n * 100) / all)}%`) }));
    } catch (e) {
      setProblem(problemOf(e));
    }
    setSending('');
  };
  return (
    <form className="apply" onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <Text name="answer" label="补正说明" hint="补了什么；只交文件的可以不写" rows={3} max={2000} value={text} set={setText} problem={problem} />
      <section className="slot" aria-label="补正材料"><Photos of={choosing} item="more" label="补正材料" n={1} busy={busy !== ''} /></section>
      <div className="end">
        <Trouble problem={choosing.problem ?? problem} />
        <button type="submit" className="go wide" disabled={busy !== '' || (text.trim() === '' && choosing.chosen.length === 0)}>{busy || '提交补正'}</button>
      </div>
    </form>
  );
}
