import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { figure, longDate } from '../../shared/dates';
import { upload } from '../../shared/files';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { say } from '../../shared/say';
import { Answer, Empty, LongWork } from '../../shared/states';
import './feed.css';
import { signatureOf } from './words';

type Preview = Schema<'FeedPreview'>;

/** 导入数据: source, file and signature; what stands in it is shown before any of it is kept. */
export default function NewFeed() {
  const sources = useQuery({ queryKey: ['feeds', 'sources'], queryFn: () => read(api.GET('/api/v1/feed-sources')) });
  return (
    <>
      <PageHead title="导入部门数据" crumbs={[{ label: '部门数据', to: '/feeds' }, { label: '导入' }]} sub="先核对签名、预检各行；导入后逐行与本机构的档案核对，新情况开出收集通知" />
      <div className="page-body">
        <Answer query={sources}>
          {(v) => {
            const usable = v.items.filter((s) => s.usable);
            return usable.length === 0 ? <Empty>本机构没有可用的数据来源。请先在<Link className="text-link" to="/feed-sources">数据来源</Link>登记来源单位的公钥，由负责人确认。</Empty> : <Upload sources={usable} />;
          }}
        </Answer>
      </div>
    </>
  );
}

function Upload({ sources }: { sources: Schema<'FeedSource'>[] }) {
  const go = useNavigate();
  const client = useQueryClient();
  const [source, setSource] = useState(sources.length === 1 ? (sources[0]?.id ?? '') : '');
  const [file, setFile] = useState<File>();
  const [signature, setSignature] = useState<{ name: string; text: string }>();
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState<Problem>();
  const [sent, setSent] = useState<{ done: number; total: number }>();
  const stop = useRef<AbortController>(undefined);
  const send = async <T,>(path: string, f: File, sig: string): Promise<T | undefined> => {
    stop.current = new AbortController();
    setProblem(undefined);
    setSent({ done: 0, total: f.size });
    try {
      const query = `source=${encodeURIComponent(source)}&name=${encodeURIComponent(f.name)}&signature=${encodeURIComponent(sig)}`;
      return await upload<T>(`${path}?${query}`, f, { onProgress: (done, total) => setSent({ done, total }), signal: stop.current.signal });
    } catch (error) {
      setProblem(problemOf(error));
      return undefined;
    } finally {
      setSent(undefined);
    }
  };
  const check = async () => {
    if (!file) return;
    const p = await send<Preview>('/api/v1/feed-previews', file, signature?.text ?? '');
    if (p) setPreview(p);
  };
  const bring = async () => {
    if (!file) return;
    const v = await send<Schema<'FeedView'>>('/api/v1/feeds', file, signature?.text ?? '');
    if (!v) return;
    say(v.again ? `该文件已于 ${longDate(v.importedAt)}导入，没有再做一遍` : `已导入 ${figure(v.lines)} 行，正在核对`);
    void client.invalidateQueries({ queryKey: ['feeds'] });
    void go(`/feeds/${v.id}`);
  };
  const changed = () => { setPreview(undefined); setProblem(undefined); };
  return (
    <>
      <div className="feed-form">
        <label htmlFor="feed-source">来源单位</label>
        <Select id="feed-source" aria-label="来源单位" value={source || undefined} placeholder="选择来源单位" onChange={(v: string) => { setSource(v); changed(); }} options={sources.map((s) => ({ value: s.id, label: `${s.name}（${s.kindName}）` }))} getPopupContainer={() => document.querySelector('main') ?? document.body} />
        <span className="label">数据文件</span>
        <Pick label="选择数据文件" accept=".csv,.xlsx" name={file?.name} hint="UTF-8 的 CSV 或 XLSX，列名见“数据来源”" onPick={(f) => { setFile(f); changed(); }} />
        <span className="label">签名文件</span>
        <Pick label="选择签名文件" accept="" name={signature?.name} hint="来源单位随数据送来的签名（.sig）" onPick={(f) => { changed(); void signatureOf(f).then((text) => setSignature({ name: f.name, text })); }} />
      </div>
      {!preview && <div className="feed-acts"><Button type="primary" disabled={!file || !source} loading={sent !== undefined} onClick={() => void check()}>核对签名并预检</Button><span className="meta">预检不留存文件，也不与档案比对</span></div>}
      {sent && <LongWork label="正在上传" done={sent.done} total={sent.total} onCancel={() => stop.current?.abort()} />}
      <ProblemView problem={problem} />
      {preview && <Result p={preview} busy={sent !== undefined} onImport={() => void bring()} />}
    </>
  );
}

function Pick({ label, accept, name, hint, onPick }: { label: string; accept: string; name?: string; hint: string; onPick: (f: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="feed-pick">
      <Button onClick={() => input.current?.click()}>{label}</Button>
      <span className={name ? '' : 'meta'}>{name ?? hint}</span>
      <input ref={input} type="file" accept={accept || undefined} className="hidden-text" tabIndex={-1} aria-label={label.replace('选择', '')} onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) onPick(f); }} />
    </div>
  );
}

function Result({ p, busy, onImport }: { p: Preview; busy: boolean; onImport: () => void }) {
  return (
    <section aria-label="预检结果">
      <p className="notice">签名与“{p.sourceName}”的公钥相符，文件没有改动过。</p>
      {p.beforeNo && <p className="notice" role="note">该文件已于 <strong>{longDate(p.beforeAt)}</strong> 导入，编号 <Link className="text-link" to={`/feeds/${p.beforeId}`}>{p.beforeNo}</Link>，不需要再导入；结果见该编号。</p>}
      <div className="feed-figures">
        <span><b>{figure(p.lines)}</b>行</span>
        <span><b className="green">{figure(p.lines - p.wrong)}</b>可采用，{figure(p.events)} 项情况</span>
        <span><b className={p.wrong > 0 ? 'red' : ''}>{figure(p.wrong)}</b>有误，不采用</span>
      </div>
      <div className="feed-acts">
        {!p.beforeNo && <Button type="primary" loading={busy} disabled={p.lines === p.wrong} onClick={onImport}>导入 {figure(p.lines)} 行</Button>}
        <span className="meta">SHA-256 <span className="feed-print">{p.digest.slice(0, 16)}…</span></span>
      </div>
      {p.findings.length > 0 && (
        <>
          <SectionHead n={figure(p.wrong)} note={p.wrong > p.findings.length ? `列出前 ${p.findings.length} 行` : undefined}>有误的行</SectionHead>
          <table className="plain feed-rows"><thead><tr><th scope="col" className="num">行号</th><th scope="col">问题</th></tr></thead><tbody>{p.findings.map((f) => <tr key={f.row}><td className="num">{figure(f.row)}</td><td className="feed-problems">{f.problems}</td></tr>)}</tbody></table>
        </>
      )}
      {p.rows.length > 0 && (
        <>
          <SectionHead note={p.lines - p.wrong > p.rows.length ? `列出前 ${p.rows.length} 行` : undefined}>读出的内容</SectionHead>
          <div className="scroll-x">
            <table className="plain feed-rows">
              <thead><tr><th scope="col" className="num">行号</th><th scope="col">姓名</th><th scope="col">公民身份号码</th><th scope="col">单位或院校</th><th scope="col">情况</th></tr></thead>
              <tbody>{p.rows.map((r) => <tr key={r.row}><td className="num">{figure(r.row)}</td><td className="nowrap">{r.name}</td><td className="nowrap ink2">{r.idNo}</td><td>{r.unit}</td><td>{r.events.join('；')}</td></tr>)}</tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
