import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, problemOf, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { columnDate, figure, logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { Facts, PageHead, SectionHead, Segments, Split, ViewTabs } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty, Loading } from '../../shared/states';
import { Status } from '../../shared/status';
import '../transfer/transfer.css';

type Packet = Schema<'PacketView'>;
type Line = Schema<'PullLineView'>;
type State = 'asked' | 'out' | 'back';

const places = [{ value: 'arranging', label: '整理室' }, { value: 'reading', label: '阅档室' }, { value: 'window', label: '窗口' }];

/** 出入库交接: scan a dossier's number, pull it or put it back; every movement is on record. */
export default function CustodyPage() {
  const [params, setParams] = useSearchParams();
  const no = params.get('no') ?? '';
  const state = (params.get('state') ?? 'asked') as State;
  const set = (change: Record<string, string>) => {
    const next = new URLSearchParams(params);
    for (const [k, v] of Object.entries(change)) if (v) next.set(k, v); else next.delete(k);
    setParams(next, { replace: true });
  };
  const list = useKeyset<Line>({ key: ['custody', 'requests', state], fetch: (after, limit) => read(api.GET('/api/v1/custody/requests', { params: { query: { state, after: after ?? '', limit } } })) });
  const page = list.query.data as Schema<'PullPage'> | undefined;
  const count = (state: string) => page && figure(page.counts[state] ?? 0, page.more);
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && set({ no: list.items[i].dossierNo }));
  return (
    <>
      <PageHead title="出入库交接" sub="每次出库、交接、入库逐次登记">
        <ViewTabs label="提档单" value={state} onChange={(s) => set({ state: s === 'asked' ? '' : s })} views={[{ key: 'asked', label: '待提档', n: count('asked') }, { key: 'back', label: '待入库', n: count('back') }, { key: 'out', label: '已提出', n: count('out') }]} />
      </PageHead>
      <Split label="扫描办理" width={400} aside={<Desk no={no} onScan={(n) => set({ no: n })} />}>
        <div className="page-body">
          <Answer query={list.query}>
            {() => list.items.length === 0 ? <Empty>{state === 'asked' ? '没有待提的档案。' : state === 'back' ? '没有等待入库的档案。' : '没有已提出的档案。'}</Empty> : (
              <div className="scroll-x">
                <table className="plain list">
                  <thead><tr><th scope="col">档案编号</th><th scope="col">姓名</th><th scope="col">库位</th><th scope="col">现在何处</th><th scope="col">用途</th><th scope="col">提出人</th><th scope="col">提出时间</th></tr></thead>
                  <tbody>
                    {list.items.map((l, i) => (
                      <tr key={l.id} className={`rowlink${i === current || l.dossierNo === no ? ' current' : ''}`} data-current-row={i === current} onClick={() => set({ no: l.dossierNo })}>
                        <td className="nowrap"><button type="button" className="bare" onClick={(e) => { e.stopPropagation(); set({ no: l.dossierNo }); }}>{l.dossierNo}</button></td>
                        <td className="subject">{l.name}</td><td className="nowrap">{l.shelfmark}</td><td>{l.place}</td><td>{l.purpose}</td><td>{l.askedByName}</td><td className="nowrap ink2">{logTime(l.askedAt)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Answer>
        </div>
        <PagingBar list={list} unit="件" />
      </Split>
    </>
  );
}

/** The scanner types the number and Enter, as a keyboard does. */
function Desk({ no, onScan }: { no: string; onScan: (no: string) => void }) {
  const [typed, setTyped] = useState('');
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current = document.querySelector<HTMLInputElement>('#scan');
    box.current?.focus();
  }, []);
  const query = useQuery({ queryKey: ['custody', 'scan', no], enabled: no !== '', queryFn: () => readTagged(api.GET('/api/v1/custody/scan', { params: { query: { no } } })), retry: false });
  return (
    <>
      <SectionHead>扫描档案编号</SectionHead>
      <form onSubmit={(e) => { e.preventDefault(); const n = typed.trim(); if (n) onScan(n.toUpperCase()); setTyped(''); }}>
        <Input id="scan" aria-label="扫描或输入档案编号" placeholder="扫描或输入后回车" value={typed} onChange={(e) => setTyped(e.target.value)} autoComplete="off" />
      </form>
      <div aria-live="polite" style={{ marginTop: 14 }}>
        {no && query.isPending && <Loading rows={3} />}
        {no && query.error && <div style={{ marginTop: 12 }}><ProblemView problem={problemOf(query.error)} /></div>}
        {query.data && <Card key={query.data.value.dossierId + query.data.etag} packet={query.data.value} etag={query.data.etag} reload={() => void query.refetch()} onDone={() => document.getElementById('scan')?.focus()} />}
      </div>
      {!no && <p className="meta" style={{ marginTop: 8 }}>也可以在左侧选择一件。J、K 上下移动，回车打开。</p>}
    </>
  );
}

function Card({ packet, etag, reload, onDone }: { packet: Packet; etag: string; reload: () => void; onDone: () => void }) {
  const [to, setTo] = useState(packet.goes || (packet.place === 'arranging' ? 'reading' : 'arranging'));
  const [shelfmark, setShelfmark] = useState(packet.shelfmark);
  const [seal, setSeal] = useState<'intact' | 'broken'>('intact');
  /** Requests that taking it to the chosen room serves; what staff does may also be done at the window. */
  const served = packet.requests.filter((r) => r.state === 'asked' && (r.room === to || (to === 'window' && r.room === 'arranging'))).length;
  const act = useAct({
    etag,
    invalidates: [['custody'], ['transfers'], ['dossiers']],
    done: (_, kind: 'pull' | 'put-back' | 'handover') => (kind === 'pull' ? `${packet.name} 已出库` : kind === 'put-back' ? `${packet.name} 已入库` : `${packet.name} 已交接`),
    run: (headers: ActHeaders, kind: 'pull' | 'put-back' | 'handover') => {
      const params = { path: { id: packet.dossierId } };
      if (kind === 'pull') return read(api.POST('/api/v1/custody/dossiers/{id}/pull', { params, headers, body: { to: to as 'arranging', packet: seal } }));
      if (kind === 'put-back') return read(api.POST('/api/v1/custody/dossiers/{id}/put-back', { params, headers, body: { shelfmark, packet: seal } }));
      return read(api.POST('/api/v1/custody/dossiers/{id}/handover', { params, headers, body: { to: to as 'arranging', packet: seal } }));
    },
    onDone,
  });
  const may = (action: string) => packet.possible.some((p) => p.action === action && p.allowed);
  const pull = may('custody.pull'), back = may('custody.put_back'), hand = may('custody.handover');
  const blocked = packet.possible.filter((p) => !p.allowed);
  return (
    <>
      <SectionHead end={<Link to={`/dossiers/${packet.dossierId}`}>{packet.dossierNo}</Link>}>{packet.name}</SectionHead>
      <Facts
        items={[
          { label: '状态', value: <Status kind="dossier">{packet.stateName}</Status> }, { label: '现在', value: packet.placeName }, { label: '库位', value: packet.shelfmark || '未登记' },
          { label: '限制', value: packet.hold && <span className="red">{packet.hold}</span> },
          { label: '提档单', value: packet.requests.length > 0 && packet.requests.map((r) => <div key={r.id}>{r.purpose}・{r.state === 'asked' ? `待送${r.roomName}` : r.stateName}・{r.askedByName}</div>) },
        ]}
      />
      {(pull || back || hand) && (
        <div style={{ marginTop: 12, display: 'grid', gap: 8 }}>
          <Segments label="封存情况" value={seal} onChange={setSeal} options={[{ key: 'intact', label: '封存完好' }, { key: 'broken', label: '封存有损' }]} />
          {pull && (
            <div className="form-end" style={{ marginTop: 0 }}>
              <Select aria-label="送往" value={to} onChange={setTo} options={places} style={{ width: 120 }} getPopupContainer={() => document.querySelector('main') ?? document.body} />
              <Button type="primary" loading={act.isPending} onClick={() => act.mutate('pull')}>提档出库{served > 1 ? `（${served} 件提档单）` : ''}</Button>
            </div>
          )}
          {back && (
            <form className="form-end" style={{ marginTop: 0 }} onSubmit={(e) => { e.preventDefault(); act.mutate('put-back'); }}>
              <Input aria-label="库位" placeholder="01-A-012-03-5-08" value={shelfmark} onChange={(e) => setShelfmark(e.target.value)} style={{ width: 190 }} status={fieldError(act.problem, 'shelfmark').validateStatus} />
              <Button type={pull ? 'default' : 'primary'} htmlType="submit" loading={act.isPending}>归还入库</Button>
            </form>
          )}
          {hand && !pull && (
            <div className="form-end" style={{ marginTop: 0 }}>
              <Select aria-label="交往" value={to} onChange={setTo} options={places.filter((p) => p.value !== packet.place)} style={{ width: 120 }} getPopupContainer={() => document.querySelector('main') ?? document.body} />
              <Button loading={act.isPending} onClick={() => act.mutate('handover')}>室间交接</Button>
            </div>
          )}
        </div>
      )}
      <div style={{ marginTop: 10 }}><ProblemView problem={act.problem} onRetry={reload} /></div>
      {blocked.length > 0 && (
        <details className="other-acts">
          <summary>现在不可办 {blocked.length} 项</summary>
          <Hindrances possible={blocked} />
        </details>
      )}
      <SectionHead n={packet.chain.length}>保管记录</SectionHead>
      <ol className="log">
        {[...packet.chain].reverse().map((e, n) => (
          <li key={n}>
            <time dateTime={e.at}>{columnDate(e.at)}</time>
            <span>{e.kind}：{e.from ? `${e.from} → ` : ''}{e.to}{e.packet === 'broken' && <span className="red">，封存有损</span>}<span className="meta" style={{ display: 'block' }}>{e.by}・{e.agency}{e.note && `・${e.note}`}</span></span>
          </li>
        ))}
      </ol>
    </>
  );
}
