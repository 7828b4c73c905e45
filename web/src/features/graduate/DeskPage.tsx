import { useQuery } from '@tanstack/react-query';
import { Button, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { logTime } from '../../shared/dates';
import { upload } from '../../shared/files';
import { useShortcut } from '../../shared/keys';
import { PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { SignedBy } from './BatchPage';
import './graduate.css';

type Item = Schema<'GraduateItem'>;
type Batch = Schema<'GraduateBatchView'>;

/** 接收台: scan, Enter, put it on the pile; one signature for all. The hands stay on scanner and keyboard. */
export default function DeskPage() {
  const query = useQuery({ queryKey: ['graduates', 'open-batch'], queryFn: () => read(api.GET('/api/v1/graduate-batches/open')) });
  const [signed, setSigned] = useState<Batch>();
  return (
    <Answer query={query}>
      {({ batch }) => (
        <Split label="点数签收" width={360} aside={<Sign key={batch?.id ?? 'none'} batch={batch ?? undefined} signed={signed} onSigned={setSigned} />}>
          <PageHead title="接收毕业生档案" sub="扫描袋面条码，看清封存，一批一次签收" crumbs={[{ label: '毕业生接收', to: '/graduates' }, { label: '接收台' }]} />
          <div className="page-body">
            <Scan key={signed?.id ?? ''} />
            <SectionHead n={batch?.packets ?? 0}>本批已扫描</SectionHead>
            {!batch || batch.lines.length === 0 ? <Empty>本批还没有档案袋。</Empty> : <Lines batch={batch} />}
          </div>
        </Split>
      )}
    </Answer>
  );
}

/** What the next key goes to; the hands do not leave the keyboard. */
const focus = (to: { focus: () => void } | null) => to?.focus();

function Scan() {
  const input = useRef<InputRef>(null);
  const [number, setNumber] = useState('');
  const [found, setFound] = useState<Item[]>();
  const [broken, setBroken] = useState(false);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [last, setLast] = useState('');
  const clear = () => {
    setNumber('');
    setFound(undefined);
    setBroken(false);
    setNote('');
    requestAnimationFrame(() => input.current?.focus());
  };
  const act = useAct({
    invalidates: [['graduates']],
    run: (headers, body: { number: string; seal: 'intact' | 'broken'; note?: string }) => read(api.POST('/api/v1/graduate-scans', { headers, body })),
    onDone: (line) => {
      setLast(`本批第 ${line.seq} 袋：${line.graduate.name}　${line.graduate.transferNo}`);
      clear();
    },
  });
  const look = async () => {
    setProblem(undefined);
    act.reset();
    setFound(undefined);
    setBroken(false);
    if (number.trim() === '') return;
    try {
      const { items } = await read(api.GET('/api/v1/graduate-packets', { params: { query: { number } } }));
      if (items.length === 0) {
        // The refusal says the way out, and is on record.
        act.mutate({ number, seal: 'intact' });
        input.current?.select();
        return;
      }
      setFound(items);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const one = found?.length === 1 ? found[0] : undefined;
  useEffect(() => input.current?.focus(), []);
  useShortcut('Escape', clear);
  useShortcut('2', (e) => {
    if (!one || broken) return;
    e.preventDefault();
    setBroken(true);
  });
  return (
    <section aria-label="扫描" className="graduate-scan">
      <form className="row" onSubmit={(e) => { e.preventDefault(); void look(); }}>
        <label htmlFor="g-number" className="nowrap">袋面条码</label>
        <Input ref={input} id="g-number" autoComplete="off" maxLength={64} value={number} placeholder="转递编号、机要号，或刷身份证" onChange={(e) => setNumber(e.target.value)} />
        <Button htmlType="submit">查找</Button>
      </form>
      <div role="status" className="meta">{last}</div>
      {found && found.length > 1 && (
        <>
          <p>这个号码下有 {found.length} 人，请选这一袋，或改扫转递编号。</p>
          <ul className="lines">{found.map((g, i) => <li key={g.id}><button type="button" className="bare" ref={i === 0 ? focus : undefined} onClick={() => { setNumber(g.transferNo); setFound([g]); }}>{g.name}</button><div className="meta">{g.transferNo}　{g.stateName}</div></li>)}</ul>
        </>
      )}
      {one && (
        <div className="notice">
          <div className="graduate-person">{one.name}</div>
          <p>{one.idNo}　{one.school}　{one.transferNo}　<Status tone={one.tone as Tone}>{one.stateName}</Status></p>
          {broken ? (
            <form className="row" style={{ display: 'flex', gap: 8 }} onSubmit={(e) => { e.preventDefault(); act.mutate({ number: one.transferNo, seal: 'broken', note }); }}>
              <Input ref={focus} aria-label="封存有损的情况" maxLength={200} value={note} placeholder="写明破损、拆封的情况" onChange={(e) => setNote(e.target.value)} />
              <Button type="primary" htmlType="submit" loading={act.isPending}>放入本批</Button>
            </form>
          ) : (
            <div className="graduate-filter">
              <Button ref={focus} type="primary" loading={act.isPending} onClick={() => act.mutate({ number: one.transferNo, seal: 'intact' })}>封存完好，放入本批（回车）</Button>
              <Button onClick={() => setBroken(true)}>封存有损（按 2）</Button>
              <Button onClick={clear}>取消（Esc）</Button>
            </div>
          )}
        </div>
      )}
      <ProblemView problem={problem ?? act.problem} />
    </section>
  );
}

function Lines({ batch }: { batch: Batch }) {
  const act = useAct({
    invalidates: [['graduates']],
    done: '已从本批取出',
    run: (headers: ActHeaders, graduate: string) => read(api.POST('/api/v1/graduate-batches/{id}/drop', { params: { path: { id: batch.id } }, headers, body: { graduate } })),
  });
  return (
    <>
      <ProblemView problem={act.problem} />
      <table className="plain">
        <thead><tr><th scope="col" className="num">序号</th><th scope="col">姓名</th><th scope="col">毕业院校</th><th scope="col">转递编号</th><th scope="col">封存</th><th scope="col">扫描</th><th scope="col"><span className="hidden-text">取出</span></th></tr></thead>
        <tbody>
          {[...batch.lines].reverse().map((l) => (
            <tr key={l.graduate.id}>
              <td className="num">{l.seq}</td><td className="subject">{l.graduate.name}</td><td>{l.graduate.school}</td><td className="nowrap">{l.graduate.transferNo}</td>
              <td>{l.seal === 'broken' ? `有损：${l.note}` : '完好'}</td><td className="nowrap ink2">{logTime(l.scannedAt)}</td>
              <td><Button size="small" aria-label={`取出${l.graduate.name}`} onClick={() => act.mutate(l.graduate.id)}>取出</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Sign({ batch, signed, onSigned }: { batch?: Batch; signed?: Batch; onSigned: (b: Batch) => void }) {
  const [count, setCount] = useState('');
  const act = useAct({
    invalidates: [['graduates'], ['dossiers']],
    done: (b: Batch) => `已接收 ${b.packets} 袋`,
    onDone: onSigned,
    run: (headers) => read(api.POST('/api/v1/graduate-batches/{id}/sign', { params: { path: { id: batch?.id ?? '' } }, headers, body: { packets: Number(count) } })),
  });
  return (
    <>
      <form className="graduate-form" onSubmit={(e) => { e.preventDefault(); if (batch) act.mutate(); }}>
        <SectionHead>点数签收</SectionHead>
        <p className="dense ink2">点清桌上的档案袋，与扫描数相同才能签收。签收后即由本机构保管，登记待认领。</p>
        <label htmlFor="g-count">点数（袋）</label>
        <Input id="g-count" inputMode="numeric" value={count} maxLength={4} autoComplete="off" onChange={(e) => setCount(e.target.value.replace(/\D/g, ''))} />
        {batch && batch.packets > 0 && <Pad batch={batch} />}
        <ProblemView problem={act.problem} />
        <Button type="primary" block htmlType="submit" loading={act.isPending} disabled={!batch || batch.packets === 0 || count === ''}>签收本批</Button>
      </form>
      {signed && (
        <>
          <SectionHead>刚签收的一批</SectionHead>
          <p><Link to={`/graduates/batches/${signed.id}`}>{signed.number}</Link>，{signed.packets} 袋{signed.signature && '，已在签名板签名'}</p>
          <Papers of={`GraduateBatch:${signed.id}`} state={signed.state} />
        </>
      )}
    </>
  );
}

/** The signature for this batch as the signing pad gives it: a file to the page. */
function Pad({ batch }: { batch: Batch }) {
  const file = useRef<HTMLInputElement>(null);
  const act = useAct({
    invalidates: [['graduates']],
    done: '签名已上传',
    run: (headers: ActHeaders, chosen: File) => upload<Batch>(`/api/v1/graduate-batches/${batch.id}/signature`, chosen, { headers }),
  });
  const s = batch.signature;
  return (
    <div role="group" aria-label="签名板签名">
      {s && <div style={{ marginBottom: 8 }}><SignedBy batch={batch} /></div>}
      {s?.stale && <p className="dense" role="status">签名以后这一批又有变动（签名时 {s.packets} 袋，现在 {batch.packets} 袋），请重新签名后上传。</p>}
      <input ref={file} type="file" accept=".png,.jpg,.jpeg,.pdf" className="hidden-text" tabIndex={-1} aria-label="本批的签名文件" onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) act.mutate(f); }} />
      <Button block loading={act.isPending} onClick={() => file.current?.click()}>{s ? '重新上传签名' : '上传签名板的签名'}</Button>
      <ProblemView problem={act.problem} />
    </div>
  );
}
