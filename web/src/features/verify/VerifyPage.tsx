import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, problemOf, read, type Schema } from '../../api/client';
import { longDate, moment } from '../../shared/dates';
import './verify.css';

type Checked = Schema<'CheckView'>;

/** What each state of a paper means to the person who holds it. */
const outcomes: Record<Checked['state'], { tone: '' | 'bad' | 'wait'; title: string; text: string }> = {
  valid: { tone: '', title: '文书有效', text: '请核对下面各项与手中文书一致' },
  expired: { tone: 'wait', title: '文书属实，已过有效期', text: '如仍需使用，请向出具机构重新申请' },
  void: { tone: 'bad', title: '文书已作废', text: '请勿采信，可向出具机构电话核实' },
  superseded: { tone: 'bad', title: '文书已被新的替代', text: '请以更正后的文书为准' },
  damaged: { tone: 'bad', title: '暂不能确认', text: '系统保存的原件核对不符，请向出具机构电话核实' },
};

/** 档案文书验证 (forms.md 19.6): number and code in, true or not out; nothing of a person's dossier. */
export default function VerifyPage() {
  const [params, setParams] = useSearchParams();
  const asked = { number: params.get('n') ?? '', code: params.get('c') ?? '' };
  const [number, setNumber] = useState(asked.number);
  const [code, setCode] = useState(asked.code);
  const [large, setLarge] = useState(false);
  const query = useQuery({
    queryKey: ['verify', asked.number, asked.code],
    queryFn: () => read(api.GET('/api/v1/verify', { params: { query: asked } })),
    enabled: asked.number !== '' && asked.code !== '',
    retry: false,
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = '档案文书验证';
  }, []);
  const problem = query.error ? problemOf(query.error) : undefined;
  return (
    <div className={large ? 'verify large' : 'verify'}>
      <header>
        <Mark />
        <h1>档案文书验证</h1>
        <button type="button" aria-pressed={large} onClick={() => setLarge(!large)}>大字</button>
      </header>
      <main>
        <form onSubmit={(e) => { e.preventDefault(); setParams({ n: number.trim(), c: code.trim() }); }}>
          <label htmlFor="number">文书编号</label>
          <input id="number" value={number} maxLength={80} required autoComplete="off" onChange={(e) => setNumber(e.target.value)} />
          <label htmlFor="code">验证码</label>
          <div className="row">
            <input id="code" value={code} maxLength={20} required autoComplete="off" autoCapitalize="characters" onChange={(e) => setCode(e.target.value)} />
            <button type="submit" className="go">{query.isFetching ? '验证中' : '验证'}</button>
          </div>
        </form>
        <div aria-live="polite">
          {query.data && <Answer checked={query.data} code={asked.code} />}
          {problem && (
            <div className="outcome bad" role="alert">
              <Sign tone="bad" />
              <div>
                <h2>{problem.title}</h2>
                <p>{problem.detail}</p>
              </div>
            </div>
          )}
        </div>
        {!query.data && (
          <section>
            <h2>怎样验证</h2>
            <p>编号在文书标题下方，验证码在页脚二维码旁。用手机扫二维码，编号和验证码会自动填好。</p>
          </section>
        )}
      </main>
      <footer>本服务不收取任何费用{query.data?.hotline ? `　咨询 ${query.data.hotline}` : ''}</footer>
    </div>
  );
}

function Answer({ checked, code }: { checked: Checked; code: string }) {
  const outcome = outcomes[checked.state];
  return (
    <>
      <div className={`outcome ${outcome.tone}`}>
        <Sign tone={outcome.tone} />
        <div>
          <h2>{outcome.title}</h2>
          <p>{outcome.text}</p>
        </div>
      </div>
      <dl>
        <div><dt>种类</dt><dd>{checked.kind}</dd></div>
        <div><dt>编号</dt><dd>{checked.number}</dd></div>
        {checked.idTail && <div><dt>身份证号</dt><dd>末四位 {checked.idTail}</dd></div>}
        <div><dt>出具机构</dt><dd>{checked.agency}</dd></div>
        <div><dt>出具日期</dt><dd>{longDate(checked.issuedOn)}</dd></div>
        {checked.validUntil && (
          <div><dt>有效期至</dt><dd>{longDate(checked.validUntil)}{checked.state === 'valid' && checked.validDays !== undefined && <small>还有 {checked.validDays} 天</small>}</dd></div>
        )}
      </dl>
      {checked.progress && checked.progress.length > 0 && (
        <section aria-labelledby="progress">
          <h2 id="progress">办理进度：{checked.progressState}</h2>
          <ol className="progress">
            {checked.progress.map((s) => (
              <li key={s.name} className={s.state} aria-current={s.state === 'now' ? 'step' : undefined}>
                <span aria-hidden="true">{s.state === 'done' ? '✓' : s.state === 'stopped' ? '×' : s.state === 'now' ? '●' : '○'}</span>
                {s.name}
                <small>{s.state === 'done' || s.state === 'stopped' ? s.on && longDate(s.on) : s.state === 'now' ? '正在办理' : ''}</small>
              </li>
            ))}
          </ol>
        </section>
      )}
      {checked.rating && (
        <section>
          <h2>服务评价</h2>
          {checked.rating === 'open' ? <><p>这件申请已经办结，请您评价这次服务。</p><p><Link className="text-link" to={`/rate?n=${encodeURIComponent(checked.number)}&c=${encodeURIComponent(code)}`}>去评价</Link></p></> : <p>这件申请已经评价过，谢谢。</p>}
        </section>
      )}
      {checked.state !== 'damaged' && (
        <section>
          <h2>没有被改动</h2>
          <p>系统保存的原件已于 {moment(checked.checkedAt)} 重新核对，与出具时一致。手中的电子件可用公开的核验证书自行核验，不依赖本系统。</p>
          <p><a href="/api/v1/verify/trust" download>下载核验证书</a></p>
        </section>
      )}
    </>
  );
}

function Sign({ tone }: { tone: '' | 'bad' | 'wait' }) {
  const fill = tone === 'bad' ? '#b3261e' : tone === 'wait' ? '#8a5a00' : '#256a48';
  return (
    <svg width="48" height="48" viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="24" fill={fill} />
      <path d={tone === 'bad' ? 'M16 16l16 16M32 16L16 32' : tone === 'wait' ? 'M24 12v14M24 33v2' : 'M13 25l8 8 14-16'} fill="none" stroke="#fff" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
      <rect width="26" height="26" rx="3" fill="#b3321f" />
      <rect x="2.5" y="2.5" width="21" height="21" rx="1.5" fill="none" stroke="#fff" strokeWidth="1" />
      <text x="13" y="18.5" fontSize="14" textAnchor="middle" fill="#fff">档</text>
    </svg>
  );
}
