import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { problemOf, fetchOrThrow, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import { longDate, moment } from '../../shared/dates';
import { upload } from '../../shared/files';
import { Shoot } from '../../shared/Shoot';
import { redrawn } from './photo';
import '../verify/verify.css';
import './handin.css';

type Page = Schema<'HandInPage'>;
type Sent = Schema<'HandInSent'>;

interface Chosen {
  key: string;
  slot: number;
  blob: Blob;
  url?: string;
  name: string;
}

/** What only this page knows, of one link: the same page sends once, however often an answer is lost. */
function session(token: string): string {
  const key = `hand-in ${token.slice(-6)}`; // not the link itself: it is nobody else's to find in the browser
  const known = sessionStorage.getItem(key);
  if (known) return known;
  const made = newKey();
  sessionStorage.setItem(key, made);
  return made;
}

/** The page behind a one-time link: large and plain, names nobody, shows nothing of a dossier. */
export default function SendPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const [large, setLarge] = useState(false);
  const [sent, setSent] = useState<Sent>();
  const query = useQuery({
    queryKey: ['hand-in', token],
    queryFn: async () => (await (await fetchOrThrow('/api/v1/hand-in', { headers: { 'Link-Token': token, 'Link-Session': session(token) } })).json()) as Page,
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  useEffect(() => {
    document.title = '提交材料';
  }, []);
  const problem = query.error ? problemOf(query.error) : undefined;
  const done = sent ?? query.data?.sent;
  return (
    <div className={large ? 'verify handin large' : 'verify handin'}>
      <header>
        <h1>提交材料</h1>
        <button type="button" aria-pressed={large} onClick={() => setLarge(!large)}>大字</button>
      </header>
      <main>
        <div aria-live="polite">
          {query.isLoading && <p className="say">正在打开…</p>}
          {problem && <Outcome tone="bad" title={problem.title} text={problem.detail ?? ''} />}
          {done && (
            <>
              <Outcome tone="" title="已提交" text={`${done.files} 个文件，${moment(done.at)}`} />
              <section>
                <p>提交编号 {done.no}。</p>
                <p>工作人员查看后，接收或退回都会再通知您。请保留材料原件：归档前要核对原件。</p>
                <p>链接已经失效，可以关闭本页。</p>
              </section>
            </>
          )}
        </div>
        {query.data && !done && <Send page={query.data} token={token} onSent={setSent} />}
      </main>
      <footer>本服务不收取任何费用{query.data?.hotline ? `　咨询 ${query.data.hotline}` : ''}</footer>
    </div>
  );
}

function Send({ page, token, onSent }: { page: Page; token: string; onSent: (s: Sent) => void }) {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const add = async (slot: number, files: File[]) => {
    setProblem(undefined);
    setBusy('正在整理照片…');
    const more: Chosen[] = [];
    for (const file of files) {
      try {
        const blob = await redrawn(file);
        if (blob.size > page.fileSize) throw new RangeError('large');
        more.push({ key: newKey(), slot, blob, url: blob.type === 'image/jpeg' ? URL.createObjectURL(blob) : undefined, name: file.name });
      } catch (e) {
        setProblem({ title: '这个文件不能提交', status: 0, kind: 'invalid', detail: e instanceof RangeError ? `${file.name}：文件太大，请分成几个文件。` : `${file.name}：打不开。请直接用手机拍照，或选择 PDF。` });
      }
    }
    setBusy('');
    setChosen((before) => [...before, ...more]);
  };
  const remove = (key: string) =>
    setChosen((before) => before.filter((c) => {
      if (c.key === key && c.url) URL.revokeObjectURL(c.url);
      return c.key !== key;
    }));
  const send = async () => {
    const form = new FormData();
    for (const c of chosen) form.append(String(c.slot), c.blob, 'file');
    setProblem(undefined);
    setBusy('正在提交…');
    try {
      onSent(await upload<Sent>('/api/v1/hand-in', form, { headers: { 'Link-Token': token, 'Link-Session': session(token) }, onProgress: (n, all) => setBusy(`正在提交 ${Math.floor((n * 100) / all)}%`) }));
    } catch (e) {
      setProblem(problemOf(e));
    }
    setBusy('');
  };
  const tooMany = chosen.length > page.files;
  return (
    <>
      <section className="asks">
        <h2>{page.agency}</h2>
        <p>请您提交下列材料的照片或 PDF。{page.until && <>链接 <strong>{longDate(page.until)}</strong> 前有效，只能提交一次。</>}</p>
        {page.why && <p className="why" role="note">上次提交已退回：{page.why}</p>}
      </section>
      {page.kinds.map((kind, slot) => {
        const mine = chosen.filter((c) => c.slot === slot);
        return (
          <section key={`${kind}-${slot}`} aria-labelledby={`slot-${slot}`} className="slot">
            <h2 id={`slot-${slot}`}>{page.kinds.length > 1 && `${slot + 1}. `}{kind}</h2>
            <p>名称见通知单上的第 {slot + 1} 项，每页拍一张，四边都拍进去。</p>
            {mine.length > 0 && (
              <ul>
                {mine.map((c, i) => (
                  <li key={c.key}>
                    {c.url ? <img src={c.url} alt={`第 ${i + 1} 张照片`} /> : <span className="pdf">PDF</span>}
                    <button type="button" disabled={busy !== ''} onClick={() => remove(c.key)} aria-label={`去掉第 ${slot + 1} 项的第 ${i + 1} 个文件`}>去掉</button>
                  </li>
                ))}
              </ul>
            )}
            <label className="pick">
              {mine.length > 0 ? '再加一张' : '拍照或选择文件'}
              <input type="file" accept="image/*,application/pdf" multiple disabled={busy !== ''} onChange={(e) => { const files = [...(e.target.files ?? [])]; e.target.value = ''; void add(slot, files); }} />
            </label>
            <Shoot name={kind} disabled={busy !== ''} onTaken={(file) => void add(slot, [file])} desk />
          </section>
        );
      })}
      <section>
        {problem && <div role="alert" className="trouble"><strong>{problem.reasons?.[0]?.message ?? problem.title}</strong> {problem.reasons?.[0]?.next ?? problem.detail}</div>}
        {tooMany && <p role="alert" className="trouble">最多 {page.files} 个文件，请去掉一些。</p>}
        <button type="button" className="go wide" disabled={chosen.length === 0 || busy !== '' || tooMany} onClick={() => void send()}>{busy || `确认提交${chosen.length > 0 ? ` ${chosen.length} 个文件` : ''}`}</button>
        <p className="note">提交后不能再改，也看不到已交的内容。缺哪一份可以先不交，以后另行提交。</p>
      </section>
    </>
  );
}

function Outcome({ tone, title, text }: { tone: '' | 'bad'; title: string; text: string }) {
  return (
    <div className={`outcome ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <svg width="48" height="48" viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="24" fill={tone === 'bad' ? '#b3261e' : '#256a48'} />
        <path d={tone === 'bad' ? 'M16 16l16 16M32 16L16 32' : 'M13 25l8 8 14-16'} fill="none" stroke="#fff" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
    </div>
  );
}
