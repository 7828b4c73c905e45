import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Shown } from './Shown';
import './handin.css';

type View = Schema<'HandInView'>;
type Slot = Schema<'HandInSlot'>;

/** What a person sent over the net: looked at, received piece by piece or returned. */
export default function HandInPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['hand-ins', id], queryFn: () => readTagged(api.GET('/api/v1/hand-ins/{id}', { params: { path: { id } } })), refetchOnWindowFocus: false });
  return <Answer query={query}>{({ value, etag }) => <Submission v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

interface Entry { maker: string; year: number | null; month: number | null; day: number | null; pages: number }

function Submission({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [slot, setSlot] = useState<Slot>();
  const [entry, setEntry] = useState<Entry>({ maker: '', year: null, month: null, day: null, pages: 1 });
  const [returning, setReturning] = useState(false);
  const [why, setWhy] = useState('');
  const invalidates = [['hand-ins', v.id], ['collections'], ['dossiers'], ['materials']];
  const take = useAct({
    etag,
    invalidates,
    done: '已接收，登记为收到的材料',
    run: (headers: ActHeaders, item: string) =>
      read(api.POST('/api/v1/hand-ins/{id}/take', { params: { path: { id: v.id } }, headers, body: { item, maker: entry.maker, year: entry.year ?? 0, month: entry.month ?? 0, day: entry.day ?? 0, pages: entry.pages } })),
    onDone: () => setSlot(undefined),
  });
  const back = useAct({
    etag,
    invalidates,
    done: v.unit ? '已退回，单位登录后看到原因' : '已退回，新的链接随消息发给本人',
    run: (headers: ActHeaders) => read(api.POST('/api/v1/hand-ins/{id}/return', { params: { path: { id: v.id } }, headers, body: { why } })),
    onDone: () => setReturning(false),
  });
  const receive = (s: Slot) => {
    take.reset();
    setEntry({ maker: v.unit ?? '', year: null, month: null, day: null, pages: Math.max(1, s.files.reduce((n, f) => n + f.pages, 0)) });
    setSlot(s);
  };
  const first = v.slots.find((s) => !s.materialId);
  const can = v.possible.find((p) => p.action === 'material.receive');
  const outside = slot || returning ? undefined : take.problem ?? back.problem;
  const told = v.whys.find((w) => w.key === why)?.text;
  return (
    <>
      <PageHead
        title={`网上交件：${v.personName}`}
        heading={v.personName}
        person
        sub={<>{v.no}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>}
        crumbs={[{ label: '材料收集', to: '/collections' }, { label: v.collectionNo, to: `/collections/${v.collectionId}` }, { label: '网上交件' }]}
      />
      <Split
        label="办理"
        aside={<NowPossible possible={v.possible} on={{ 'material.receive': () => first && receive(first), 'hand_in.return': () => { back.reset(); setWhy(''); setReturning(true); } }} />}
      >
        <div className="page-body">
          <ProblemView problem={outside} onRetry={outside?.kind === 'conflict' ? () => { take.reset(); back.reset(); reload(); } : undefined} />
          <Facts
            items={[
              { label: '档案', value: <Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link> },
              { label: '通知单', value: <Link className="text-link" to={`/collections/${v.collectionId}`}>{v.collectionNo}</Link> },
              { label: '提交', value: `${logTime(v.sentAt)}　${v.files} 个文件，${v.sender ? `${v.unit ?? '本人'}登录提交${v.unit ? `，经办人 ${v.sender}` : ''}` : '凭一次性链接'}` },
              { label: '退回', value: v.state === 'returned' ? `${v.why ?? ''}　${v.endedBy ?? ''}` : undefined },
            ]}
          />
          <p className="meta">接收之前不进入档案。接收后登记为{v.unit ? '形成单位交来的复制件：归档前须核对原件' : '本人交来的复制件：归档前须核对原件，并向形成单位核实'}（第十三条、第十四条）。</p>
          <div className="handed-in">
            {v.slots.map((s) => (
              <section key={s.item} aria-label={s.title}>
                <SectionHead n={s.files.length}>{s.title}</SectionHead>
                {s.files.map((f) => <Shown key={f.no} path={`/api/v1/hand-ins/${v.id}/files/${f.no}`} file={f} />)}
                {s.materialId ? <p className="meta">已接收　<Link className="text-link" to={`/dossiers/${v.dossierId}`}>见档案的待归档材料</Link></p> : can?.allowed && <Button onClick={() => receive(s)}>接收《{s.title}》</Button>}
              </section>
            ))}
          </div>
        </div>
      </Split>
      {slot && (
        <Confirm open title={`接收《${slot.title}》`} verb="接收" clause="第十四条" busy={take.isPending} problem={take.problem} fields={['maker', 'formed', 'pages']} onConfirm={() => take.mutate(slot.item)} onCancel={() => setSlot(undefined)}>
          <Form layout="vertical" requiredMark={false}>
            <Form.Item label="形成单位（照落款）" htmlFor="h-maker" {...fieldError(take.problem, 'maker')}><Input id="h-maker" value={entry.maker} maxLength={80} onChange={(e) => { take.reset(); setEntry({ ...entry, maker: e.target.value }); }} /></Form.Item>
            <Form.Item label="形成日期（不明的留空）" {...fieldError(take.problem, 'formed')}>
              <InputNumber aria-label="年" value={entry.year} min={1900} max={2200} onChange={(year) => setEntry({ ...entry, year })} /> 年{' '}
              <InputNumber aria-label="月" value={entry.month} min={1} max={12} onChange={(month) => setEntry({ ...entry, month })} /> 月{' '}
              <InputNumber aria-label="日" value={entry.day} min={1} max={31} onChange={(day) => setEntry({ ...entry, day })} /> 日
            </Form.Item>
            <Form.Item label="页数" htmlFor="h-pages" {...fieldError(take.problem, 'pages')}><InputNumber id="h-pages" value={entry.pages} min={1} max={9999} onChange={(n) => setEntry({ ...entry, pages: n ?? 1 })} /></Form.Item>
          </Form>
        </Confirm>
      )}
      {returning && (
        <Confirm open title="退回这次提交？" verb="退回" clause="第十三条" busy={back.isPending} problem={back.problem} fields={['why']} onConfirm={() => back.mutate(undefined)} onCancel={() => setReturning(false)}>
          <p className="dense ink2">还没有接收的材料退回{v.unit ? '单位' : '本人'}重交；已经接收的不受影响。{v.unit ? '单位登录后看到原因，可以重新提交；登记了联系方式的经办人同时收到消息。' : '本人登记了联系方式的，同时收到新的一次性链接。'}</p>
          <Form layout="vertical" requiredMark={false}>
            <Form.Item label="原因" {...fieldError(back.problem, 'why')}><Radio.Group value={why} onChange={(e) => setWhy(e.target.value as string)} options={v.whys.map((w) => ({ value: w.key, label: w.name }))} /></Form.Item>
          </Form>
          {told && <p className="dense">{v.unit ? '单位' : '本人'}看到：{told}</p>}
        </Confirm>
      )}
    </>
  );
}
