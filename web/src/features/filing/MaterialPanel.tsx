import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { today } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { useShortcut } from '../../shared/keys';
import { Facts, SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Aside, DecideMoveForm, ForwardForm, ForwardReceiptForm, MoveForm, ReportForm } from './Aside';
import { Clock } from './Clock';
import { PrintReceipt } from './receipt';
import { described, descriptionOf, DescriptionFields, formed, Late, received, Term, useClassOptions, useLists, type Description } from './parts';

type Page = Schema<'MaterialPageView'>;

/** One waiting material and the act that is next, beside the list. */
export function MaterialPanel({ id, onDone }: { id: string; onDone: () => void }) {
  const query = useQuery({ queryKey: ['materials', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/materials/{id}', { params: { path: { id } } })) });
  return <Answer query={query} rows={4}>{({ value, etag }) => <Panel key={value.id + value.version} m={value} etag={etag} onDone={onDone} reload={() => void query.refetch()} />}</Answer>;
}

const again = [['materials'], ['dossiers'], ['batches']];

function Panel({ m, etag, onDone, reload }: { m: Page; etag: string; onDone: () => void; reload: () => void }) {
  const may = (action: string) => m.possible.some((p) => p.action === action && p.allowed);
  const back = m.state === 'curing' || (m.state === 'appraising' && (m.decision === 'cure' || m.decision === 'return' || m.decision === 'transfer'));
  return (
    <>
      <SectionHead end={<Status tone={m.tone as Tone}>{m.stateName}</Status>}>{m.title}</SectionHead>
      <Facts items={[
        { label: '档案', value: <><Link className="text-link" to={`/dossiers/${m.dossierId}`}>{m.person}</Link> {m.dossierNo}</> },
        { label: '接收', value: [m.intakeNo, received(m)].filter(Boolean).join(' ') },
        { label: '形成单位', value: m.maker },
        { label: '形成时间', value: <>{formed(m)}　<Late m={m} /></> },
        { label: '份数、页数', value: `${m.copies} 份 ${m.pages} 页${m.isCopy ? '·复制件' : ''}` },
        { label: '期限', value: <Term m={m} basis /> },
        { label: '证明', value: m.suggestedFacts.join('、') },
        { label: '备注', value: m.note },
        { label: '转给', value: m.state === 'appraising' ? m.forwardTo : undefined },
        { label: '鉴别', value: m.appraisedBy && [m.appraisedBy, m.reason].filter(Boolean).join('：') },
      ]} />
      {m.duplicates.length > 0 && <p className="notice" style={{ marginTop: 8 }}>目录中已有同名材料：{m.duplicates.map((d) => `${d.number} ${formed(d)}`).join('，')}。请核对是否重复。</p>}
      <Cures m={m} />
      <Aside m={m} />
      {may('material.print_receipt') && <p style={{ marginTop: 8 }}><PrintReceipt dossier={m.dossierId} materials={[m.id]} /></p>}
      {may('material.describe') && <DescribeForm m={m} etag={etag} reload={reload} />}
      {m.defects.length > 0 && <ul className="dense" style={{ marginTop: 8 }}>{m.defects.map((d) => <li key={d.code} className="red">{d.text}</li>)}</ul>}
      {(m.state === 'curing' || m.state === 'returned') && may('material.resubmit') && <ResubmitForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {back && may('material.send_back') && <SendBackForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {may('material.decide_report') && <ReportForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {may('material.move') && <DecideMoveForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {may('material.forward') && <ForwardForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {may('material.forward_receipt') && <ForwardReceiptForm m={m} etag={etag} reload={reload} />}
      {may('material.classify') && (m.state === 'to_file' || m.decision === 'file') && <ClassifyForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {m.tasks.length > 0 && (
        <ul className="dense" aria-label="核实任务" style={{ marginTop: 8 }}>
          {m.tasks.map((i) => <li key={i.no}>核实任务 {i.no}　<Status tone={i.tone as Tone}>{i.stateName}</Status>　{i.party ?? '形成单位待查明'}：{i.question}<span className="meta">　{i.state === 'open' ? `${i.dueOn} 前答复` : `${i.closedOn ?? ''} 办结`}{i.daysLeft !== undefined && i.daysLeft !== null && i.daysLeft < 0 && `，逾期 ${String(-i.daysLeft)} 天`}{i.letter && `，核实函 ${i.letter}`}</span></li>)}
        </ul>
      )}
      {may('material.inquire') && m.tasks.some((i) => i.state === 'open') && <InquireForm m={m} etag={etag} reload={reload} />}
      {m.verifications.length > 0 && (
        <ul className="dense" aria-label="核实结果" style={{ marginTop: 8 }}>
          {m.verifications.map((a) => <li key={a.kind + a.on + a.party}>{a.kind === 'maker' ? '向形成单位核实' : '与原件核对'}：<span className={a.agrees ? undefined : 'red'}>{a.agrees ? '相符' : `不符，${a.answer}`}</span> <span className="meta">{a.party}·{a.way}·{a.on}·{a.by}</span></li>)}
        </ul>
      )}
      {may('material.verify') && m.needed.map((kind) => !m.verifications.some((a) => a.kind === kind && a.agrees) && <VerifyForm key={kind} kind={kind as 'maker' | 'original'} m={m} etag={etag} reload={reload} />)}
      {may('material.appraise') && !back && m.decision !== 'file' && <AppraiseForm m={m} etag={etag} onDone={onDone} reload={reload} />}
      {may('material.propose_move') && !m.move && m.decision !== 'file' && <MoveForm m={m} etag={etag} reload={reload} />}
      <Clock m={m} etag={etag} />
      <Hindrances possible={m.possible} />
    </>
  );
}

/** What was sent back and what came for it, either way. */
export function Cures({ m }: { m: Page }) {
  if (!m.first && !m.again) return null;
  const line = (label: string, x: Schema<'MaterialView'>) => (
    <p className="dense" style={{ marginTop: 8 }}>{label}：<Link className="text-link" to={`/materials/${x.id}`}>{x.intakeNo} {x.title}</Link>　<Status tone={x.tone as Tone}>{x.stateName}</Status>{x.defects.length > 0 && <span className="meta">　{x.defects.map((d) => d.text).join('、')}</span>}</p>
  );
  return <>{m.first && line('补办的原件', m.first)}{m.again && line('补办件', m.again)}</>;
}

type StepProps = { m: Page; etag: string; onDone: () => void; reload: () => void };
type Decision = 'file' | 'cure' | 'return' | 'transfer' | 'verify';
/** What each way of a defect is called (13b). */
const wayNames: Record<string, string> = { cure: '补办', return: '退回', repair: '修复', refuse: '拒收电子件', case: '核实' };
const decisions: { key: Decision; label: string }[] = [{ key: 'file', label: '1 合格' }, { key: 'cure', label: '2 补办' }, { key: 'return', label: '3 退回' }, { key: 'transfer', label: '4 转交' }, { key: 'verify', label: '5 核实' }];

const hintKeys = ['q', 'w', 'e'];

/** What the title speaks for, at most three classes with the reason: one key takes one, the person decides. */
function Hints({ hints, value, onTake }: { hints: Page['suggested']; value?: string; onTake: (code: string) => void }) {
  const take = (i: number) => {
    const hint = hints[i];
    if (hint) onTake(hint.class);
  };
  useShortcut('q', () => take(0));
  useShortcut('w', () => take(1));
  useShortcut('e', () => take(2));
  if (hints.length === 0) return <p className="meta">题名中没有可以判断类别的词，请按材料内容确定。</p>;
  return (
    <ul className="hints" aria-label="按题名建议的类号">
      {hints.map((h, i) => (
        <li key={h.class}>
          <button type="button" aria-pressed={h.class === value} onClick={() => onTake(h.class)}>
            <kbd className="kbd">{hintKeys[i]?.toUpperCase()}</kbd><span className="c">{h.class}</span><span>{h.name}<span className="meta">{h.reason}</span></span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Whose attachment it is: of a paper of the same class, whose number it shares. What the order of the class speaks for is named, the person decides. */
function MainField({ m, at, value, onChange }: { m: Page; at?: string; value?: string; onChange: (id: string | undefined) => void }) {
  const mains = m.mains.filter((x) => x.class === at);
  if (mains.length === 0) return null;
  const proposed = mains.find((x) => x.proposed);
  return (
    <div style={{ marginTop: 8 }}>
      <label htmlFor="filing-main" className="dense">附于（附件随主件，与主件同号）</label>
      <Select id="filing-main" aria-label="附于" value={value} onChange={onChange} options={mains.map((x) => ({ value: x.id, label: x.label }))} showSearch={{ optionFilterProp: 'label' }} style={{ width: '100%' }} placeholder="单独编号" allowClear />
      {proposed && proposed.id !== value && <p className="meta">按本类的排列顺序，它通常附于“{proposed.label}”。<button type="button" className="bare" onClick={() => onChange(proposed.id)}>附于它</button></p>}
    </div>
  );
}

/** Appraising by keyboard: 1–5 the decision, then Enter in the field or the button. */
function AppraiseForm({ m, etag, onDone, reload }: StepProps) {
  const lists = useLists();
  const classes = useClassOptions();
  const [decision, setDecision] = useState<Decision>('file');
  const [defects, setDefects] = useState<string[]>(m.defects.map((d) => d.code));
  const [note, setNote] = useState('');
  const [forwardTo, setForwardTo] = useState(m.forwardTo ?? '');
  const [at, setAt] = useState<string | undefined>(m.suggested[0]?.class);
  const [main, setMain] = useState<string>();
  const act = useAct({
    run: (headers, body: Schema<'AppraisalBody'>) => read(api.POST('/api/v1/materials/{id}/appraise', { params: { path: { id: m.id } }, body, headers })),
    etag, invalidates: again, onDone,
    done: (_, body) => ({ file: '鉴别合格，待归档', cure: '已登记限期补办，待审核出具退回通知单', return: '已登记退回，待审核出具退回通知单', transfer: '已登记转交，待审核出具转交单', verify: '已登记核实' })[body.decision],
  });
  useShortcut('1', () => setDecision('file'));
  useShortcut('2', () => setDecision('cure'));
  useShortcut('3', () => setDecision('return'));
  useShortcut('4', () => setDecision('transfer'));
  useShortcut('5', () => setDecision('verify'));
  const attached = m.mains.some((x) => x.id === main && x.class === at) ? main : undefined;
  const send = () => act.mutate({ decision, defects, ...(note ? { note } : {}), ...(decision === 'file' && at ? { class: at, ...(attached ? { main: attached } : {}) } : {}), ...(decision === 'transfer' ? { forwardTo } : {}) });
  // A defect that must be cured or returned takes the decision with it; the clerk may still choose another.
  const tick = (d: { code: string; way: string }, on: boolean) => {
    const next = on ? [...defects, d.code] : defects.filter((x) => x !== d.code);
    setDefects(next);
    const ways = (lists?.defects ?? []).filter((x) => next.includes(x.code)).map((x) => x.way);
    if (ways.some((w) => w === 'return' || w === 'refuse')) setDecision(decision === 'transfer' ? 'transfer' : 'return');
    else if (ways.includes('cure')) setDecision('cure');
    else if (on && d.way === 'case' && decision !== 'file') setDecision('verify');
  };
  return (
    <>
      <SectionHead>鉴别</SectionHead>
      <Segments label="鉴别结论" options={decisions} value={decision} onChange={setDecision} />
      {decision === 'file' && (
        <div style={{ marginTop: 10 }}>
          <label htmlFor="filing-class" className="dense">归入类号（题名只作提示，按材料内容由您确定）</label>
          <Hints hints={m.suggested} value={at} onTake={setAt} />
          <Select id="filing-class" aria-label="归入类号" value={at || undefined} onChange={setAt} options={classes} showSearch={{ optionFilterProp: 'label' }} style={{ width: '100%' }} placeholder="也可稍后归类" allowClear />
          <MainField m={m} at={at} value={attached} onChange={setMain} />
        </div>
      )}
      {decision === 'transfer' && (
        <div style={{ marginTop: 10 }}>
          <label htmlFor="filing-to" className="dense">转给（有关部门；材料属于他人、档案在其他机构的，写保管机构）</label>
          <Input id="filing-to" maxLength={120} value={forwardTo} onChange={(e) => setForwardTo(e.target.value)} />
        </div>
      )}
      <fieldset style={{ marginTop: 10, border: 0, padding: 0, minWidth: 0 }}>
        <legend className="dense">缺陷（一次列明）</legend>
        <div className="defects">
          {(lists?.defects ?? []).map((d) => <Checkbox key={d.code} checked={defects.includes(d.code)} onChange={(e) => tick(d, e.target.checked)}>{d.text}<span className="meta">　{d.ways.map((w) => wayNames[w] ?? w).join('或')}</span></Checkbox>)}
        </div>
      </fieldset>
      <div style={{ margin: '10px 0' }}>
        <label htmlFor="filing-note" className="dense">说明</label>
        <Input.TextArea id="filing-note" autoSize={{ minRows: 1, maxRows: 4 }} maxLength={300} value={note} onChange={(e) => setNote(e.target.value)} />
      </div>
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button type="primary" loading={act.isPending} onClick={send}>{decision === 'file' ? '鉴别合格' : decision === 'cure' ? '限期补办' : decision === 'return' ? '退回' : decision === 'transfer' ? '转交' : '登记核实'}</Button>
    </>
  );
}

function ClassifyForm({ m, etag, onDone, reload }: StepProps) {
  const classes = useClassOptions();
  const [at, setAt] = useState<string | undefined>(m.class ?? m.suggested[0]?.class);
  const [main, setMain] = useState<string | undefined>(m.mainId);
  const attached = m.mains.some((x) => x.id === main && x.class === at) ? main : undefined;
  const act = useAct({
    run: (headers, body: { class: string; main?: string }) => read(api.POST('/api/v1/materials/{id}/classify', { params: { path: { id: m.id } }, body, headers })),
    etag, invalidates: again, onDone, done: '已归类，待提交归档',
  });
  return (
    <>
      <SectionHead>归类</SectionHead>
      <Hints hints={m.suggested} value={at} onTake={setAt} />
      <Select aria-label="归入类号" value={at || undefined} onChange={setAt} options={classes} showSearch={{ optionFilterProp: 'label' }} style={{ width: '100%' }} />
      <MainField m={m} at={at} value={attached} onChange={setMain} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button style={{ marginTop: 8 }} type={m.state === 'to_file' ? 'default' : 'primary'} disabled={!at || (at === m.class && attached === m.mainId)} loading={act.isPending} onClick={() => act.mutate({ class: at ?? '', ...(attached ? { main: attached } : {}) })}>{m.state === 'to_file' ? '改类' : '归类'}</Button>
      {m.state === 'to_file' && <p className="meta" style={{ marginTop: 8 }}>已归类。在列表中勾选后“提交归档”，由另一人抽查审核。</p>}
    </>
  );
}

function SendBackForm({ m, etag, onDone, reload }: StepProps) {
  const [form] = Form.useForm<Schema<'ReturnBody'>>();
  const act = useAct({
    run: (headers, body: Schema<'ReturnBody'>) => read(api.POST('/api/v1/materials/{id}/send-back', { params: { path: { id: m.id } }, body, headers })),
    etag, invalidates: again,
    done: (r) => `已出具 ${r.slip.number}`,
    onDone: (r) => {
      void openPdf(`/api/v1/documents/${r.slip.id}/pdf`);
      onDone();
    },
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ way: '窗口领取' }} onFinish={(v) => act.mutate(v)}>
      <SectionHead note={m.cureBy ? `补办期限 ${m.cureBy}` : undefined}>{m.decision === 'cure' ? '退回补办' : '退回形成单位'}</SectionHead>
      <Form.Item name="way" label="退回方式" {...fieldError(act.problem, 'way')}><Select options={['窗口领取', '专人送取', '给据邮件', '机要通信'].map((value) => ({ value, label: value }))} /></Form.Item>
      <Form.Item name="receiver" label="领取人" {...fieldError(act.problem, 'receiver')}><Input maxLength={60} /></Form.Item>
      <Form.Item name="tracking" label="邮件号" {...fieldError(act.problem, 'tracking')}><Input maxLength={60} /></Form.Item>
      <Form.Item name="request" label="处理要求"><Select allowClear placeholder={m.decision === 'cure' ? '补办后重新移交' : '重新形成'} options={['补办后重新移交', '重新形成', '核实说明', '自行留存'].map((value) => ({ value, label: value }))} /></Form.Item>
      <ProblemView problem={act.problem} fields={['way', 'receiver', 'tracking', 'request']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>出具退回单</Button>
      <p className="meta" style={{ marginTop: 8 }}>退回只是交还形成单位，登记和退回单长期保存。</p>
    </Form>
  );
}

function ResubmitForm({ m, etag, onDone, reload }: StepProps) {
  const [form] = Form.useForm<Description>();
  const act = useAct({
    run: (headers, v: Description) => read(api.POST('/api/v1/materials/{id}/resubmit', { params: { path: { id: m.id } }, body: described(v), headers })),
    etag, invalidates: again, onDone, done: (n) => `已登记收到，登记号 ${n.intakeNo}，两个月自今日起算`,
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={descriptionOf(m)} onFinish={(v) => act.mutate(v)}>
      <SectionHead note="另立一份，退回时的记录照旧">{m.state === 'curing' ? '补办后收到' : '重新收到'}</SectionHead>
      <DescriptionFields problem={act.problem} withClass={false} />
      <ProblemView problem={act.problem} fields={['title', 'formed', 'copies', 'pages']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>登记收到</Button>
    </Form>
  );
}

/** What was entered wrongly of a loose piece; it is appraised anew. */
function DescribeForm({ m, etag, reload }: { m: Page; etag: string; reload: () => void }) {
  type Values = Description & { giver: string; maker?: string };
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Values>();
  const act = useAct({
    run: (headers, v: Values) => read(api.POST('/api/v1/materials/{id}/describe', { params: { path: { id: m.id } }, headers, body: { ...described({ ...v, class: m.class ?? '' }), giver: v.giver, ...(v.maker ? { maker: v.maker } : {}) } })),
    etag, invalidates: again, done: m.state === 'received' ? '已更正登记' : '已更正登记，请重新鉴别',
    onDone: () => { setOpen(false); reload(); },
  });
  if (!open) return <Button size="small" style={{ marginTop: 8 }} onClick={() => setOpen(true)}>更正登记</Button>;
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ ...descriptionOf(m), giver: m.source, maker: m.maker }} onFinish={(v) => act.mutate(v)}>
      <SectionHead note={m.state === 'received' ? '收下时登记有误的' : '更正后须重新鉴别'}>更正登记</SectionHead>
      <DescriptionFields problem={act.problem} withClass={false} />
      <div className="filing-row">
        <Form.Item name="giver" label="交来人或单位" {...fieldError(act.problem, 'giver')}><Input maxLength={80} /></Form.Item>
        <Form.Item name="maker" label="形成单位"><Input maxLength={80} /></Form.Item>
      </div>
      <ProblemView problem={act.problem} fields={['title', 'formed', 'copies', 'pages', 'giver']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>更正</Button>
      <Button style={{ marginLeft: 8 }} onClick={() => setOpen(false)}>取消</Button>
    </Form>
  );
}

const verifyWays = { maker: ['函件', '电话', '当面', '数据比对'], original: ['当面核对原件', '原件保管单位核对盖章'] };

/** The letter that asks the unit which formed the material; a second one when the first was not answered. */
function InquireForm({ m, etag, reload }: { m: Page; etag: string; reload: () => void }) {
  const task = m.tasks.find((i) => i.state === 'open');
  const [party, setParty] = useState(task?.party ?? '');
  const act = useAct({
    etag, invalidates: [...again, ['documents']],
    run: (headers) => read(api.POST('/api/v1/materials/{id}/inquiry', { params: { path: { id: m.id } }, headers, body: { party } })),
    done: (d) => `已出具材料核实函 ${d.number}`,
    onDone: (d) => { void openPdf(`/api/v1/documents/${d.id}/pdf`); reload(); },
  });
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center', marginTop: 8, flexWrap: 'wrap' }}>
      <Input aria-label="核实函送哪个单位" style={{ width: 260 }} value={party} maxLength={120} placeholder="形成单位全称" onChange={(x) => setParty(x.target.value)} />
      <Button loading={act.isPending} onClick={() => act.mutate()}>{task?.letter ? '再次开具核实函' : '开具核实函'}</Button>
      <ProblemView problem={act.problem} onRetry={reload} />
    </div>
  );
}

/** What a person handed in is verified with its maker, a copy with its original, before it may be filed. */
function VerifyForm({ kind, m, etag, reload }: { kind: 'maker' | 'original'; m: Page; etag: string; reload: () => void }) {
  type Values = { party: string; way: string; agrees: boolean; answer?: string };
  const [form] = Form.useForm<Values>();
  const agrees = Form.useWatch('agrees', form) ?? true;
  const act = useAct({
    run: (headers, v: Values) => read(api.POST('/api/v1/materials/{id}/verifications', { params: { path: { id: m.id } }, headers, body: { kind, party: v.party, way: v.way, agrees: v.agrees, ...(v.answer ? { answer: v.answer } : {}), on: today() } })),
    etag, invalidates: again, done: '已登记核实结果',
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="filing-form" style={{ marginTop: 8 }} initialValues={{ party: kind === 'maker' ? m.maker : '', way: verifyWays[kind][0], agrees: true }} onFinish={(v) => act.mutate(v)}>
      <SectionHead note={kind === 'maker' ? '本人提交，归档前向形成单位核实' : '复制件，归档前与原件核对'}>{kind === 'maker' ? '向形成单位核实' : '与原件核对'}</SectionHead>
      <Form.Item name="party" label={kind === 'maker' ? '答复的单位和人' : '原件由谁保管'} rules={[{ required: true, message: '请填写单位、答复人。' }]} {...fieldError(act.problem, 'party')}><Input maxLength={80} /></Form.Item>
      <div className="filing-row">
        <Form.Item name="way" label="方式"><Select style={{ width: 180 }} options={verifyWays[kind].map((value) => ({ value, label: value }))} /></Form.Item>
        <Form.Item name="agrees" label="结果"><Select style={{ width: 110 }} options={[{ value: true, label: '相符' }, { value: false, label: '不符' }]} /></Form.Item>
      </div>
      {!agrees && <Form.Item name="answer" label="不符之处" rules={[{ required: true, message: '请写明不符之处。' }]} {...fieldError(act.problem, 'answer')}><Input maxLength={300} /></Form.Item>}
      <ProblemView problem={act.problem} fields={['party', 'answer']} onRetry={reload} />
      <Button htmlType="submit" loading={act.isPending}>登记核实结果</Button>
    </Form>
  );
}
