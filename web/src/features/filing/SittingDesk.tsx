import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Select, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { newKey, useAct } from '../../shared/act';
import { figure } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import './filing.css';
import { formed, useClassOptions } from './parts';
import { AsideLines, PieceLines } from './sittings';
import { PrintSittingReceipt } from './receipt';

type Sitting = Schema<'SittingPageView'>;
type Piece = Schema<'SittingPiece'>;
type Pile = Schema<'PileBody'>;

const openKey = ['sittings', 'open'];

/** 整批收: one kind, one maker, one day; scan, Enter, next. The hands stay on scanner and keyboard, one signature for all. */
export default function SittingDesk() {
  const query = useQuery({ queryKey: openKey, queryFn: () => read(api.GET('/api/v1/material-sittings/open')) });
  const [signed, setSigned] = useState<Sitting>();
  return (
    <Answer query={query}>
      {({ sitting }) => (
        <Split label="点数签收" width={340} aside={<Sign key={sitting?.id ?? 'none'} sitting={sitting ?? undefined} signed={signed} onSigned={setSigned} />}>
          <PageHead title="整批收材料" sub="同一种材料、同一形成单位、同一日期，逐份扫描，一次签收" crumbs={[{ label: '收集归档', to: '/filing' }, { label: '整批收材料' }]} />
          <div className="page-body">{sitting ? <Desk s={sitting} /> : <PileForm onDone={() => setSigned(undefined)} />}</div>
        </Split>
      )}
    </Answer>
  );
}

function Desk({ s }: { s: Sitting }) {
  const [changing, setChanging] = useState(false);
  const aside = s.lines.filter((l) => l.state === 'aside');
  const ready = s.lines.filter((l) => l.state === 'ready');
  if (changing) return <PileForm of={s} onDone={() => setChanging(false)} onCancel={() => setChanging(false)} />;
  return (
    <>
      <Facts items={[
        { label: '批次', value: s.no },
        { label: '材料', value: `${s.class}　${s.title}` },
        { label: '形成', value: `${s.maker}　${formed(s)}` },
        { label: '每份', value: `${s.copies} 份 ${s.pages} 页${s.isCopy ? `·复制件，${s.compared} 核对` : ''}` },
      ]} />
      <p style={{ margin: '4px 0 12px' }}><button type="button" className="bare text-link dense" onClick={() => setChanging(true)}>更改这些内容</button></p>
      <Scanner s={s} />
      {aside.length > 0 && (
        <>
          <SectionHead n={`${aside.length} 份`} note="另放，不随本批签收">已搁置</SectionHead>
          <AsideLines id={s.id} lines={aside} />
        </>
      )}
      <SectionHead n={`${ready.length} 份`}>本批已扫描</SectionHead>
      {ready.length === 0 ? <Empty>还没有扫描。扫条码，或输入号码后按 Enter。</Empty> : <PieceLines id={s.id} lines={ready} />}
    </>
  );
}

/** Scans wait their turn: the next one can be read while the one before is on its way. */
function Scanner({ s }: { s: Sitting }) {
  const client = useQueryClient();
  const input = useRef<InputRef>(null);
  const queue = useRef<{ number: string; key: string }[]>([]);
  const running = useRef(false);
  const [number, setNumber] = useState('');
  const [waiting, setWaiting] = useState(0);
  const [last, setLast] = useState<Piece>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => input.current?.focus(), []);

  const came = (piece: Piece, pieces: number, aside: number) => {
    setLast(piece);
    client.setQueryData<Schema<'OpenSitting'>>(openKey, (old) => (old?.sitting ? { ...old, sitting: { ...old.sitting, pieces, aside, lines: [piece, ...old.sitting.lines] } } : old));
  };
  const send = async () => {
    if (running.current) return;
    running.current = true;
    setProblem(undefined);
    while (queue.current.length > 0) {
      const { number, key } = queue.current[0]!;
      try {
        const r = await read(api.POST('/api/v1/material-sittings/{id}/scan', { params: { path: { id: s.id } }, body: { number }, headers: { 'Idempotency-Key': key } }));
        came(r.piece, r.pieces, r.aside);
      } catch (error) {
        const p = problemOf(error);
        setLast(undefined);
        setProblem(p);
        if (p.status >= 500 || p.status === 0 || p.kind === 'signin') break; // it is still to be sent
      }
      queue.current.shift();
      setWaiting(queue.current.length);
    }
    running.current = false;
  };
  const add = (numbers: string[]) => {
    queue.current.push(...numbers.map((n) => ({ number: n, key: newKey() })));
    setWaiting(queue.current.length);
    setNumber('');
    void send();
  };
  const done = s.pieces + s.aside;
  return (
    <section aria-label="扫描" className="sitting-scan">
      <form className="row" onSubmit={(e) => { e.preventDefault(); const n = number.trim(); if (n) add([n]); }}>
        <label htmlFor="piece-number" className="nowrap">第 {done + waiting + 1} 份</label>
        <Input ref={input} id="piece-number" autoComplete="off" maxLength={64} value={number} placeholder="扫条码，或输入身份证号、档案编号、转递编号" onChange={(e) => setNumber(e.target.value)}
          onPaste={(e) => {
            const many = e.clipboardData.getData('text').split(/[\s,，;；]+/).filter(Boolean);
            if (many.length < 2) return;
            e.preventDefault();
            add(many.slice(0, 200));
          }} />
        <Button htmlType="submit">扫入</Button>
      </form>
      <div className="progress">
        <progress aria-label="本批进度" max={s.expected || Math.max(done, 1)} value={done} />
        <span role="status">已扫 {figure(s.pieces)}{s.expected ? ` / ${figure(s.expected)}` : ''} 份{s.aside > 0 && `，搁置 ${figure(s.aside)} 份`}{waiting > 0 && `，正在登记 ${waiting} 份`}</span>
      </div>
      {last && last.state !== 'aside' && <p className="sitting-last">{last.name}<span className="meta">　{last.idNo}　{last.dossierNo}</span></p>}
      {last?.state === 'aside' && (
        <div className="refusal wait" role="alert">
          <p className="fact">{last.number}：{last.why}</p>
          <p className="next"><b>下一步</b>这一份另放，接着扫下一份。{last.next}</p>
        </div>
      )}
      <ProblemView problem={problem} onRetry={waiting > 0 ? () => void send() : undefined} />
    </section>
  );
}

function Sign({ sitting, signed, onSigned }: { sitting?: Sitting; signed?: Sitting; onSigned: (s: Sitting) => void }) {
  const [count, setCount] = useState('');
  const act = useAct({
    invalidates: [['sittings'], ['materials'], ['batches'], ['dossiers']],
    done: (s: Sitting) => `已收 ${s.pieces} 份，待另一人审核`,
    onDone: onSigned,
    run: (headers) => read(api.POST('/api/v1/material-sittings/{id}/sign', { params: { path: { id: sitting?.id ?? '' } }, headers, body: { pieces: Number(count) } })),
  });
  return (
    <>
      <form className="sitting-sign" onSubmit={(e) => { e.preventDefault(); if (sitting) act.mutate(); }}>
        <SectionHead>点数签收</SectionHead>
        <p className="dense ink2">点清桌上这一摞（不含搁置的），与扫描数相同才能签收。一次签收，全部收下或一份不收；每份自今日起两个月内归档。</p>
        <label htmlFor="sitting-count">点数（份）</label>
        <Input id="sitting-count" inputMode="numeric" value={count} maxLength={4} autoComplete="off" onChange={(e) => setCount(e.target.value.replace(/\D/g, ''))} />
        <ProblemView problem={act.problem} />
        <Button type="primary" block htmlType="submit" loading={act.isPending} disabled={!sitting || sitting.pieces === 0 || count === ''}>签收本批</Button>
      </form>
      {signed && (
        <>
          <SectionHead>刚签收的一批</SectionHead>
          <p>{signed.no}，{signed.pieces} 份{signed.aside > 0 && `，搁置 ${signed.aside} 份`}</p>
          <p className="dense"><Link className="text-link" to={`/filing/sittings/${signed.id}`}>查看本批</Link>　<Link className="text-link" to={`/filing/batches/${signed.batchId}`}>{signed.batchNo}</Link></p>
          <PrintSittingReceipt key={signed.id} sitting={signed.id} />
        </>
      )}
    </>
  );
}

const bare = (v: Partial<Pile>): Pile => ({
  title: v.title ?? '', class: v.class ?? '', maker: v.maker ?? '', year: v.year ?? 0, copies: v.copies ?? 1, pages: v.pages ?? 1, isCopy: v.isCopy ?? false,
  ...(v.giver ? { giver: v.giver } : {}), ...(v.month ? { month: v.month } : {}), ...(v.day ? { day: v.day } : {}), ...(v.compared && v.isCopy ? { compared: v.compared } : {}), ...(v.note ? { note: v.note } : {}), ...(v.expected ? { expected: v.expected } : {}),
});

/** What all pieces have in common, said once. */
function PileForm({ of, onDone, onCancel }: { of?: Sitting; onDone: () => void; onCancel?: () => void }) {
  const [form] = Form.useForm<Partial<Pile>>();
  const classes = useClassOptions();
  const isCopy = Form.useWatch('isCopy', form) ?? of?.isCopy ?? false;
  const act = useAct({
    invalidates: [['sittings']],
    onDone,
    run: async (headers, v: Partial<Pile>) => (await readTagged(api.POST('/api/v1/material-sittings', { headers: of ? { ...headers, 'If-Match': String(of.version) } : headers, body: bare(v) }))).value,
  });
  const at = (field: string) => fieldError(act.problem, field);
  return (
    <Form form={form} className="filing-form" layout="vertical" requiredMark={false} initialValues={of ? bare(of) : { copies: 1 }} onFinish={(v) => act.mutate(v)}>
      <SectionHead>这一批是什么</SectionHead>
      <Form.Item name="title" label="材料名称" rules={[{ required: true, message: '请照材料原题名填写。' }]} {...at('title')}><Input maxLength={120} autoComplete="off" /></Form.Item>
      <div className="filing-row">
        <Form.Item name="class" label="类号" rules={[{ required: true, message: '请选择类号。' }]} {...at('class')}><Select options={classes} showSearch={{ optionFilterProp: 'label' }} style={{ width: 260 }} /></Form.Item>
        <Form.Item name="maker" label="形成单位" style={{ flex: 1, minWidth: 220 }} rules={[{ required: true, message: '请填写形成单位。' }]} {...at('maker')}><Input maxLength={80} /></Form.Item>
      </div>
      <div className="filing-row">
        <Form.Item name="year" label="形成年" rules={[{ required: true, message: '请填年。' }]} {...at('formed')}><InputNumber min={1900} max={2200} controls={false} style={{ width: 88 }} /></Form.Item>
        <Form.Item name="month" label="月"><InputNumber min={1} max={12} controls={false} style={{ width: 60 }} /></Form.Item>
        <Form.Item name="day" label="日"><InputNumber min={1} max={31} controls={false} style={{ width: 60 }} /></Form.Item>
        <Form.Item name="copies" label="每份份数" {...at('copies')}><InputNumber min={1} max={99} controls={false} style={{ width: 72 }} /></Form.Item>
        <Form.Item name="pages" label="每份页数" rules={[{ required: true, message: '请填页数。' }]} {...at('pages')}><InputNumber min={1} max={9999} controls={false} style={{ width: 72 }} /></Form.Item>
        <Form.Item name="expected" label="移交清单份数" {...at('expected')}><InputNumber min={1} max={200} controls={false} style={{ width: 96 }} /></Form.Item>
      </div>
      <div className="filing-row">
        <Form.Item name="giver" label="移交单位（与形成单位不同时）" style={{ flex: 1, minWidth: 220 }}><Input maxLength={80} /></Form.Item>
        <Form.Item name="isCopy" valuePropName="checked" label=" " colon={false}><Checkbox>复制件</Checkbox></Form.Item>
        {isCopy && <Form.Item name="compared" label="与原件核对盖章的单位" style={{ flex: 1, minWidth: 200 }} {...at('compared')}><Input maxLength={80} /></Form.Item>}
      </div>
      <Form.Item name="note" label="备注（写入每份）"><Input maxLength={200} /></Form.Item>
      <ProblemView problem={act.problem} fields={['title', 'class', 'maker', 'formed', 'copies', 'pages', 'expected', 'compared']} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>{of ? '保存' : '开始扫描'}</Button>{onCancel && <Button style={{ marginLeft: 8 }} onClick={onCancel}>取消</Button>}
    </Form>
  );
}
