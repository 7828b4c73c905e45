import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { longDate } from '../../shared/dates';
import '../verify/verify.css';
import '../handin/handin.css';
import './notice.css';

type Signed = Schema<'NoticeSigned'>;

/** The page behind a one-time link: the notice, read and accepted by the person (12a); it names nobody. */
export default function SignPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const [large, setLarge] = useState(false);
  const [signed, setSigned] = useState<Signed>();
  const query = useQuery({ queryKey: ['notice-link', token], queryFn: () => read(api.GET('/api/v1/notice-link', { params: { header: { 'Link-Token': token } } })), retry: false, staleTime: Infinity, refetchOnWindowFocus: false });
  useEffect(() => {
    document.title = '存档须知';
  }, []);
  const problem = query.error ? problemOf(query.error) : undefined;
  return (
    <div className={large ? 'verify handin large' : 'verify handin'}>
      <header>
        <h1>存档须知</h1>
        <button type="button" aria-pressed={large} onClick={() => setLarge(!large)}>大字</button>
      </header>
      <main>
        <div aria-live="polite">
          {query.isLoading && <p className="say">正在打开…</p>}
          {problem && <div className="outcome bad" role="alert"><div><h2>{problem.title}</h2><p>{problem.detail}</p></div></div>}
          {signed && (
            <>
              <div className="outcome"><div><h2>已接受</h2><p>须知 {signed.noticeNo}，{longDate(signed.on)}</p></div></div>
              <section><p>机构已据此出具存档须知文书，可以到窗口领取。链接已经失效，可以关闭本页。</p></section>
            </>
          )}
        </div>
        {query.data && !signed && <Read page={query.data} token={token} onSigned={setSigned} />}
      </main>
      <footer>本服务不收取任何费用{query.data?.hotline ? `　咨询 ${query.data.hotline}` : ''}</footer>
    </div>
  );
}

function Read({ page, token, onSigned }: { page: Schema<'NoticePage'>; token: string; onSigned: (s: Signed) => void }) {
  const [name, setName] = useState('');
  const [idTail, setIdTail] = useState('');
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const sign = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      onSigned(await read(api.POST('/api/v1/notice-link', { params: { header: { 'Link-Token': token } }, body: { noticeNo: page.no, name, idTail, agreed } })));
    } catch (x) {
      setProblem(problemOf(x));
    }
    setBusy(false);
  };
  return (
    <>
      <section className="asks">
        <h2>{page.agency}</h2>
        <p>您的档案由本机构保管。请阅读《{page.name}》（{page.no}），同意的在下面接受。链接 <strong>{longDate(page.until)}</strong> 前有效，只用一次。</p>
      </section>
      <section aria-label={page.name}>{page.text.split('\n').map((line) => <p key={line}>{line}</p>)}</section>
      <form onSubmit={(e) => void sign(e)}>
        <label htmlFor="s-name">本人姓名</label>
        <input id="s-name" value={name} maxLength={60} autoComplete="name" onChange={(e) => setName(e.target.value)} />
        <label htmlFor="s-tail">居民身份证号码后四位</label>
        <input id="s-tail" value={idTail} maxLength={4} autoComplete="off" onChange={(e) => setIdTail(e.target.value)} />
        <label className="agree"><input type="checkbox" checked={agreed} onChange={(e) => setAgreed(e.target.checked)} />已阅读并接受</label>
        {problem && <div role="alert" className="trouble"><strong>{problem.reasons?.[0]?.message ?? problem.title}</strong> {problem.reasons?.[0]?.next ?? problem.detail}</div>}
        <button type="submit" className="go wide" disabled={busy}>{busy ? '正在提交…' : '接受须知'}</button>
        <p className="note">不同意或有疑问的，请与机构联系；档案照常保管，不会退回。</p>
      </form>
    </>
  );
}
