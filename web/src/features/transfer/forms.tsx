import { useAgent } from '../../shared/mandate';
import { Button, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { api, read } from '../../api/client';
import { useSession } from '../../app/session';
import { longDate, shortDate, today } from '../../shared/dates';
import { Facts, SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView, ReasonView } from '../../shared/problem';
import { Day, useChoices, type View } from './parts';
import { Contact, Dispose } from './reach';
import { SignPad } from './SignPad';
import { ListEditor } from './ListEditor';
import { carried, Foot, going, Head, mending, ReceiptFields, receiptFields, unanswered, useCaseAct, WayFields, ways, went, type FormProps, type Going } from './formparts';
import { AskRebuild, CameBack, CarrierAnswer, DecideRebuild, Inquire, Lost, Redeliver, ReportFault, SignFault } from './faults';

const forms: Record<string, (p: FormProps) => ReactNode> = {
  'transfer.letter': Letter, 'transfer.register': Register, 'transfer.list': ListForm, 'transfer.review': Review, 'transfer.pack': Pack, 'transfer.dispatch': Dispatch,
  'transfer.arrive': Arrive, 'transfer.check': Check, 'transfer.receive': Receive, 'transfer.second': KeepSecond, 'transfer.tell': Tell, 'transfer.promise': Promised, 'transfer.receipt': Receipt, 'transfer.send_back': SendBack, 'transfer.history': HistoryForm, 'transfer.confirm_history': ConfirmHistory, 'transfer.answer': Answering, 'transfer.forwarded': Forwarded,
  'transfer.resend': Dispatch, 'transfer.contact': Contact, 'transfer.dispose': Dispose, 'transfer.fault_sign': SignFault, 'transfer.inquire': Inquire, 'transfer.inquiry_answer': CarrierAnswer, 'transfer.redeliver': Redeliver, 'transfer.came_back': CameBack,
  'transfer.lost': Lost, 'transfer.search_ask': AskRebuild, 'transfer.search_decide': DecideRebuild,
};

/** The next step's form in place; where another's turn it is, what is waited for. */
export function CaseForm(props: FormProps) {
  const { value } = props;
  const open = value.possible.filter((p) => p.allowed && forms[p.action]);
  const [chosen, setChosen] = useState<string>();
  const [faulty, setFaulty] = useState<number>(); // the version it was chosen at: once something is done, the next step stands here again
  const next = open.find((p) => p.action === chosen) ?? open.find((p) => p.primary) ?? open[0];
  const may = value.possible.some((p) => p.action === 'transfer.fault' && p.allowed);
  const Next = next && forms[next.action];
  if (may && faulty === value.version) {
    return (
      <>
        <ReportFault key={value.version} {...props} />
        <div className="form-end"><Button type="link" onClick={() => setFaulty(undefined)}>不登记，返回</Button></div>
      </>
    );
  }
  return (
    <>
      {open.length > 1 && (
        <div style={{ marginBottom: 8 }}>
          <Segments label="现在可办" value={next?.action ?? ''} onChange={setChosen} options={open.map((p) => ({ key: p.action, label: p.label }))} />
        </div>
      )}
      {Next ? <Next key={next.action + value.version} {...props} /> : <Waiting value={value} />}
      {may && <div className="form-end"><span className="meta">包裹逾期、误投、拒收的</span><Button type="link" onClick={() => setFaulty(value.version)}>登记包裹异常</Button></div>}
    </>
  );
}

function Waiting({ value }: { value: View }) {
  const now = value.stages.find((s) => s.state === 'now');
  if (!now) {
    return (
      <>
        <SectionHead id="next-step">{value.stateName}</SectionHead>
        {value.refused.length > 0 && (
          <>
            <div className="refusal">{value.refused.map((r) => <ReasonView key={r.slug} reason={r} />)}</div>
            <p className="dense ink2" style={{ margin: '8px 0' }}>已书面告知接收机构和本人。事由消除后，凭有效调档函重新办理；异议的期限和受理部门见告知单。</p>
          </>
        )}
        {value.refused.length === 0 && <p className="ink2">{value.state === 'withdrawn' ? `已撤回：${value.withdrawnWhy}` : value.state === 'expired' ? '调档函已过期。仍需转入的，请重新受理申请、开具新函。' : value.state === 'returned' ? '已退回原单位，回执已登记；补齐材料后可以重新申请转入。' : '没有待办事项。'}</p>}
        <Facts items={[
          { label: '转送依据', value: value.packet?.basis }, { label: '一人多档', value: value.apart && <>这一包另行保管，<Link className="text-link" to={`/unclear/${value.apart.id}`}>{value.apart.no}</Link></> }, { label: '调档函', value: value.letterNo && `${value.letterNo}，${shortDate(value.letterOn)}` }, { label: '寄送', value: value.dispatchedOn && `${shortDate(value.dispatchedOn)}，${went(value)}` },
          { label: '封条', value: value.sealNo }, { label: '清单', value: value.items.length > 0 ? `${value.copies} 份 ${value.pages} 页` : undefined }, { label: '回执', value: value.receiptOn && [`${shortDate(value.receiptOn)} ${value.receiptNo ?? ''}`, value.answered].filter(Boolean).join('，') },
        ]} />
        {value.items.length > 0 && <ItemsTable value={value} />}
      </>
    );
  }
  const who = now.end === 'receiver' ? value.receiver : value.holder;
  const post = now.name === '提档' ? '库管按提档单提档' : value.state === 'shelving' ? '库管登记库位入库' : now.name === '审核' ? (value.listed ? '审核人员审核' : '经办人员逐份登记清单') : now.name === '签收核对' && value.checkedAll ? '第二人复核签收' : '经办人员办理';
  return (
    <>
      <SectionHead id="next-step">下一步：{now.name}</SectionHead>
      <p className="ink2">由{who}{post}。</p>
      {value.dispatchedOn && <Facts items={[{ label: '寄送', value: `${shortDate(value.dispatchedOn)}，${went(value)}` }, { label: '封条', value: value.sealNo }, { label: '清单', value: value.items.length > 0 && `${value.copies} 份 ${value.pages} 页` }, { label: '回执', value: value.receiptDue && !value.receiptOn && `${shortDate(value.receiptDue)}前应退回` }]} />}
    </>
  );
}

function Letter({ value, etag, reload }: FormProps) {
  const [partyHeading, setHeading] = useState(value.partyHeading ?? '');
  const act = useCaseAct<string>(value, etag, '已开具调档函', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/letter', { params: { path }, headers, body: { partyHeading: body } })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(value.member ? partyHeading : ''); }}>
      <Head title="开具调档函" note="即办" />
      <Facts items={[{ label: '致', value: value.holder }, { label: '人员', value: `${value.name}，${value.idNoMasked}` }, { label: '原因', value: value.reason }, { label: '依据', value: value.tie }, { label: '证件', value: value.document }]} />
      {value.member && (
        <Form layout="vertical" component={false}>
          <Form.Item label="党组织关系接转抬头" htmlFor="l-party" required style={{ marginTop: 12 }} extra="该同志是中共党员。组织关系不转入本机构党组织的，改填接收的党组织全称。" {...fieldError(act.problem, 'partyHeading')}><Input id="l-party" maxLength={120} value={partyHeading} onChange={(e) => setHeading(e.target.value)} placeholder="例如：中共某某委员会" /></Form.Item>
        </Form>
      )}
      <Foot act={act} verb="开具调档函" note="函号、有效期和验证码自动生成；市内机构同时收到电子函" reload={reload} fields={['partyHeading']} />
    </form>
  );
}

function Register({ value, etag, reload }: FormProps) {
  const [how, setHow] = useState<'code' | 'phone'>('code');
  const [v, setV] = useState({ letterNo: value.letterNo ?? '', code: '', telephone: '', spoke: '', receivedOn: today() });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记，15 个工作日起算', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/register', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(how === 'code' ? { ...v, telephone: '', spoke: '' } : { ...v, code: '' }); }}>
      <Head title="登记来函" note="收函之日起 15 个工作日" />
      <Facts items={[{ label: '来函', value: value.receiver }, { label: '人员', value: `${value.name}，${value.idNoMasked}` }, { label: '原因', value: value.reason }, { label: '有效期', value: `至${longDate(value.validUntil)}` }]} />
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item className="wide" label="函号" htmlFor="r-no" required {...fieldError(p, 'letterNo')}><Input id="r-no" value={v.letterNo} onChange={(e) => set({ letterNo: e.target.value })} /></Form.Item>
          <Form.Item label="收函日期" htmlFor="r-on" required {...fieldError(p, 'receivedOn')}><Day id="r-on" value={v.receivedOn} onChange={(receivedOn) => set({ receivedOn })} /></Form.Item>
        </div>
        <Segments label="核实方式" value={how} onChange={setHow} options={[{ key: 'code', label: '核对验证码' }, { key: 'phone', label: '电话核实' }]} />
        <div className="form-grid">
          {how === 'code' ? (
            <Form.Item label="函上的验证码" htmlFor="r-code" required {...fieldError(p, 'code')}><Input id="r-code" autoComplete="off" value={v.code} onChange={(e) => set({ code: e.target.value })} placeholder="8 位，如 7K3M-9QXT" /></Form.Item>
          ) : (
            <>
              <Form.Item label="所拨电话" htmlFor="r-phone" required><Input id="r-phone" value={v.telephone} onChange={(e) => set({ telephone: e.target.value })} /></Form.Item>
              <Form.Item label="接听人" htmlFor="r-spoke" required><Input id="r-spoke" value={v.spoke} onChange={(e) => set({ spoke: e.target.value })} /></Form.Item>
            </>
          )}
        </div>
      </Form>
      <Foot act={act} verb="登记来函" note="登记后提档单随即到库房" reload={reload} fields={['letterNo', 'receivedOn', 'code']} />
    </form>
  );
}

/** The preliminary answer to the letter: theirs, as it came; ours, as a paper. */
function Answering({ value, etag, reload }: FormProps) {
  const ours = value.direction === 'out';
  const [v, setV] = useState({ answer: 'agree' as 'agree' | 'decline', on: today(), note: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, ours ? '已作出预审答复' : '已登记预审答复', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/answer', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title={ours ? '预审答复' : '登记预审答复'} note={ours ? '出具调档函回执，同意转出' : '照对方的答复登记'} />
      <Form layout="vertical" component={false}>
        {!ours && <Segments label="对方答复" value={v.answer} onChange={(answer) => { act.reset(); set({ answer }); }} options={[{ key: 'agree', label: '同意转出' }, { key: 'decline', label: '不予转出' }]} />}
        <div className="form-grid">
          {!ours && <Form.Item label="答复日期" htmlFor="w-on" required {...fieldError(p, 'on')}><Day id="w-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>}
          <Form.Item className="wide" label={v.answer === 'decline' ? '全部理由' : '说明'} htmlFor="w-note" required={v.answer === 'decline'} {...fieldError(p, 'note')}><Input id="w-note" value={v.note} onChange={(e) => set({ note: e.target.value })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb={ours ? '答复同意转出' : '登记答复'} note={ours ? '不能转出的，由审核人员书面答复' : undefined} reload={reload} fields={['on', 'note']} />
    </form>
  );
}

/** The outside holder has sent the packet. */
function Forwarded({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ way: 'confidential_post', trackingNo: '', on: today(), noticeNo: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记对方寄出', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/forwarded', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记对方寄出" note="照对方告知登记，到件后再签收" />
      <div className="way-choice">
        <p id="forwarded-way">转递方式</p>
        <Radio.Group aria-labelledby="forwarded-way" value={v.way} onChange={(e) => set({ way: e.target.value as string })} options={ways.map((w) => ({ value: w.key, label: w.label }))} />
      </div>
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="寄出日期" htmlFor="x-on" required {...fieldError(p, 'on')}><Day id="x-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          <Form.Item label="机要编号或邮件号" htmlFor="x-no"><Input id="x-no" value={v.trackingNo} onChange={(e) => set({ trackingNo: e.target.value })} /></Form.Item>
          <Form.Item label="通知单编号" htmlFor="x-notice"><Input id="x-notice" value={v.noticeNo} onChange={(e) => set({ noticeNo: e.target.value })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb="登记寄出" reload={reload} fields={['on', 'way']} />
    </form>
  );
}

function ListForm({ value, etag, reload }: FormProps) {
  return (
    <>
      <Head title="逐份登记清单" note="对照实物；由审核人（复核人）确认" />
      <ListEditor value={value} etag={etag} reload={reload} />
    </>
  );
}

function Review({ value, etag, reload }: FormProps) {
  const [note, setNote] = useState('');
  const act = useCaseAct<string>(value, etag, '已审核通过', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/review', { params: { path }, headers, body: { note: body } })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(note); }}>
      <Head title="审核" note="审核人与经办人不是同一人" />
      <p className="dense ink2">对照实物确认清单。只有未还借阅、正在查阅、依法限制、没有目录四种情形可以暂不转出；材料欠缺、未归档的随清单注明，不影响转出。</p>
      <ItemsTable value={value} />
      <Form layout="vertical" component={false}>
        <Form.Item label="关键信息记载情况（仅提示）" htmlFor="v-note"><Input id="v-note" value={note} onChange={(e) => setNote(e.target.value)} placeholder="例如：关键信息齐全" /></Form.Item>
      </Form>
      <Foot act={act} verb="审核通过" reload={reload} />
    </form>
  );
}

/** The packing list, to be read. */
export function ItemsTable({ value }: { value: View }) {
  return (
    <div className="scroll-x" style={{ margin: '8px 0 12px' }}>
      <table className="plain tight">
        <thead><tr><th scope="col" className="num">序号</th><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">形成</th><th scope="col" className="num">份</th><th scope="col" className="num">页</th><th scope="col">关键信息</th></tr></thead>
        <tbody>
          {value.items.map((i) => (
            <tr key={i.lineNo}>
              <td className="num">{i.lineNo}</td><td className="nowrap">{i.loose ? '零散' : i.number}</td><td>{i.title}{i.isCopy && <span className="meta"> 复制件</span>}</td><td className="nowrap dense">{i.formed}</td>
              <td className="num">{i.copies}</td><td className="num">{i.pages}</td><td className="dense">{i.keyNames.join('、')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pack({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ sealNo: '', volumes: 1 });
  const act = useCaseAct<typeof v>(value, etag, '已装封，清单和通知单已出具', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/pack', { params: { path }, headers, body })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记装封" note="同时出具材料目录清单和转递通知单" />
      <Facts items={[{ label: '转往', value: value.receiver }, { label: '依据', value: value.letterNo }, { label: '清单', value: `${value.copies} 份 ${value.pages} 页` }]} />
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="封条编号" htmlFor="p-seal" required {...fieldError(act.problem, 'sealNo')}><Input id="p-seal" value={v.sealNo} onChange={(e) => setV({ ...v, sealNo: e.target.value })} /></Form.Item>
          <Form.Item label="卷数" htmlFor="p-volumes" required {...fieldError(act.problem, 'volumes')}><InputNumber id="p-volumes" aria-label="卷数" min={1} max={99} value={v.volumes} onChange={(n) => setV({ ...v, volumes: n ?? 0 })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb="登记装封" reload={reload} fields={['sealNo', 'volumes']} />
    </form>
  );
}

function Dispatch({ value, etag, reload }: FormProps) {
  const [v, setV] = useState(() => going(value.draft));
  const act = useCaseAct<Going>(value, etag, '已登记寄送', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/dispatch', { params: { path }, headers, body: carried(body) })));
  const keep = useCaseAct<Going>(value, etag, '已存草稿', (headers, body, path) => read(api.PUT('/api/v1/transfers/{id}/draft', { params: { path }, headers, body: carried(body) })));
  const p = act.problem;
  return (
    <form onChange={mending(act, true)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记寄送" note="提交后生成寄送记录并存证，不能撤回" />
      <Facts items={[{ label: '寄往', value: `${value.receiver}${value.receiverAddr ? `，${value.receiverAddr}` : ''}` }, { label: '依据', value: `${value.letterNo}${value.validUntil ? `，有效至 ${shortDate(value.validUntil)}` : ''}` }, { label: '封条', value: `${value.sealNo}，${value.volumes} 卷 ${value.copies} 份 ${value.pages} 页` }]} />
      <WayFields value={value} going={v} set={(change) => setV((old) => ({ ...old, ...change }))} problem={p} reset={act.reset} reload={reload} />
      <ProblemView problem={keep.problem} onRetry={reload} />
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={act.isPending} disabled={p?.kind === 'refused'}>登记寄送</Button>
        {value.possible.some((x) => x.action === 'transfer.draft' && x.allowed) && <Button loading={keep.isPending} onClick={() => keep.mutate(v)}>存草稿</Button>}
        {p?.kind === 'refused' ? <span className="meta">更改转递方式后可以登记</span> : value.draft && <span className="meta">已载入草稿，尚未登记</span>}
      </div>
    </form>
  );
}

/** An agreed return goes its way like any other packet. */
function SendBack({ value, etag, reload }: FormProps) {
  const [v, setV] = useState(() => going());
  const [seal, setSeal] = useState({ sealNo: '', volumes: value.volumes || 1 });
  const act = useCaseAct<void>(value, etag, '已登记退回寄送', (headers, _, path) => read(api.POST('/api/v1/transfers/{id}/send-back', { params: { path }, headers, body: { ...carried(v), ...seal } })));
  const p = act.problem;
  return (
    <form onChange={mending(act, true)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="退回寄送" note="随附通知单、清单和回执；与其他转递同样办理" />
      <Facts items={[{ label: '退回', value: value.holder }, { label: '商定', value: value.agreement }, { label: '清单', value: `${value.copies} 份 ${value.pages} 页` }]} />
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="封条编号" htmlFor="b-seal" required {...fieldError(p, 'sealNo')}><Input id="b-seal" value={seal.sealNo} onChange={(e) => setSeal({ ...seal, sealNo: e.target.value })} /></Form.Item>
          <Form.Item label="卷数" htmlFor="b-volumes" required {...fieldError(p, 'volumes')}><InputNumber id="b-volumes" aria-label="卷数" min={1} max={99} value={seal.volumes} onChange={(n) => setSeal({ ...seal, volumes: n ?? 0 })} /></Form.Item>
        </div>
      </Form>
      <WayFields value={value} going={v} set={(change) => setV((old) => ({ ...old, ...change }))} problem={p} reset={act.reset} reload={reload} />
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={act.isPending} disabled={p?.kind === 'refused'}>登记退回寄送</Button>
        <span className="meta">原单位回执登记以前，档案由原单位负责</span>
      </div>
    </form>
  );
}

const unsaid = { unit: '', from: '', to: '', identity: '', lineNo: 0 };

/** What a packet from outside records of the person's posts: it decides the way back (20.3). */
function HistoryForm({ value, etag, reload }: FormProps) {
  const { data: choices } = useChoices();
  const [rows, setRows] = useState(() => (value.history.length > 0 ? value.history.map((h) => ({ unit: h.unit, from: h.from, to: h.to ?? '', identity: h.identity ?? '', lineNo: h.lineNo })) : [{ ...unsaid }]));
  const set = (n: number, change: Partial<typeof unsaid>) => setRows((old) => old.map((r, i) => (i === n ? { ...r, ...change } : r)));
  const act = useCaseAct<void>(value, etag, '经历已登记，待第二人核对', (headers, _, path) => read(api.PUT('/api/v1/transfers/{id}/history', { params: { path }, headers, body: { periods: rows } })));
  const popup = () => document.querySelector('main') ?? document.body;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="登记经历" note="照来件材料；由第二人核对" />
      <p className="dense ink2">没有登记并核对的，按限机要通信或专人送取办理。曾任公务员、事业单位和国有企业管理或专业技术人员、军队文职人员的，不得邮寄。</p>
      {rows.map((r, n) => (
        <div className="period" key={n}>
          <Input aria-label={`第${n + 1}段单位`} placeholder="单位（学校）全称" value={r.unit} onChange={(e) => set(n, { unit: e.target.value })} />
          <Input aria-label={`第${n + 1}段起始年月`} placeholder="起 2013-07" value={r.from} onChange={(e) => set(n, { from: e.target.value })} />
          <Input aria-label={`第${n + 1}段截止年月`} placeholder="止，至今留空" value={r.to} onChange={(e) => set(n, { to: e.target.value })} />
          <Select aria-label={`第${n + 1}段身份`} showSearch optionFilterProp="label" placeholder="身份" value={r.identity || undefined} allowClear onChange={(identity?: string) => set(n, { identity: identity ?? '' })} options={(choices?.identities ?? []).map((x) => ({ value: x.slug, label: x.name }))} getPopupContainer={popup} />
          <Select aria-label={`第${n + 1}段出处`} placeholder="出自清单" value={r.lineNo || undefined} onChange={(lineNo: number) => set(n, { lineNo })} options={value.items.filter((i) => i.check !== 'missing').map((i) => ({ value: i.lineNo, label: `第 ${i.lineNo} 项 ${i.title}` }))} getPopupContainer={popup} />
          {rows.length > 1 && <button type="button" className="bare" aria-label={`移去第${n + 1}段`} onClick={() => setRows((old) => old.filter((_, i) => i !== n))}>移去</button>}
        </div>
      ))}
      <ProblemView problem={act.problem} onRetry={reload} />
      <div className="form-end">
        <Button onClick={() => setRows((old) => [...old, { ...unsaid }])}>增加一段</Button>
        <Button type="primary" htmlType="submit" loading={act.isPending}>登记经历</Button>
      </div>
    </form>
  );
}

function ConfirmHistory({ value, etag, reload }: FormProps) {
  const act = useCaseAct<void>(value, etag, '经历已核对', (headers, _, path) => read(api.POST('/api/v1/transfers/{id}/history/confirm', { params: { path }, headers })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="核对经历" note={`${value.historyBy ?? ''} 登记，核对人是另一人`} />
      <HistoryTable value={value} />
      <Foot act={act} verb="核对无误" note={value.historyOkBy ? `${value.historyOkBy} 已核对` : '对照所注材料核对'} reload={reload} />
    </form>
  );
}

function HistoryTable({ value }: { value: View }) {
  return (
    <table className="plain tight">
      <thead><tr><th scope="col">起止</th><th scope="col">单位</th><th scope="col">身份</th><th scope="col">出处</th></tr></thead>
      <tbody>{value.history.map((h) => <tr key={`${h.from}${h.unit}`}><td className="nowrap">{h.from}—{h.to || '至今'}</td><td>{h.unit}</td><td className="dense">{h.identityName}</td><td className="nowrap dense">清单第 {h.lineNo} 项</td></tr>)}</tbody>
    </table>
  );
}

type CameBy = 'confidential_post' | 'messenger' | 'registered_mail' | 'person';

function Arrive({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ on: today(), intact: true, opened: false, seen: '', noticeNo: '', volumes: value.volumes || 1, way: (value.way || 'confidential_post') as CameBy, carrier: '', trackingNo: value.trackingNo ?? '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记到件', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/arrive', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记到件" note="签收前先看包封和封条" />
      <Facts items={[{ label: '来自', value: value.holder }, { label: '通知单', value: value.noticeNo }, { label: '封条', value: value.sealNo }, { label: '方式', value: went(value) }]} />
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="收到日期" htmlFor="a-on" required {...fieldError(p, 'on')}><Day id="a-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          <Form.Item label="怎样送来" htmlFor="a-way" required {...fieldError(p, 'way')}><Select id="a-way" value={v.way} onChange={(way: CameBy) => { act.reset(); set({ way }); }} options={[...ways.map((w) => ({ value: w.key, label: w.label })), { value: 'person', label: '本人或其亲属带来' }]} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
          <Form.Item label={v.way === 'messenger' ? '送取人及其单位' : '承运方'} htmlFor="a-carrier" {...fieldError(p, 'carrier')}><Input id="a-carrier" maxLength={100} value={v.carrier} onChange={(e) => set({ carrier: e.target.value })} placeholder={v.way === 'messenger' ? '查验工作证件后填写' : '如 渝中机要通信局'} /></Form.Item>
          {v.way !== 'messenger' && v.way !== 'person' && <Form.Item label="包裹上的单号" htmlFor="a-tracking" required {...fieldError(p, 'trackingNo')}><Input id="a-tracking" maxLength={40} value={v.trackingNo} onChange={(e) => set({ trackingNo: e.target.value })} /></Form.Item>}
          {value.direction === 'in' && <Form.Item label="对方通知单编号" htmlFor="a-no"><Input id="a-no" value={v.noticeNo} onChange={(e) => set({ noticeNo: e.target.value })} /></Form.Item>}
          <Form.Item label="实收卷数" htmlFor="a-volumes" required extra={value.direction !== 'in' && value.volumes > 0 && `通知单 ${value.volumes} 卷`} {...fieldError(p, 'volumes')}><InputNumber id="a-volumes" aria-label="实收卷数" min={1} max={99} value={v.volumes} onChange={(n) => set({ volumes: n ?? 1 })} /></Form.Item>
        </div>
        <Segments label="包封和封条" value={v.intact ? 'ok' : v.opened ? 'opened' : 'broken'} onChange={(k) => { act.reset(); set({ intact: k === 'ok', opened: k === 'opened' }); }} options={[{ key: 'ok', label: '包封、封条完好' }, { key: 'broken', label: '有破损' }, { key: 'opened', label: '已被拆封' }]} />
        {!v.intact && <Form.Item label={v.opened ? '拆封情况' : '破损情况'} htmlFor="a-seen" required {...fieldError(p, 'seen')}><Input id="a-seen" value={v.seen} onChange={(e) => set({ seen: e.target.value })} /></Form.Item>}
      </Form>
      <Foot act={act} verb="登记到件" note={v.intact ? '回执以前，档案仍由转出机构负责' : '由第二人签认，出具包封异常记录后核对签收'} reload={reload} fields={['on', 'volumes', 'seen', 'carrier', 'trackingNo']} />
    </form>
  );
}

function Check({ value }: FormProps) {
  const done = value.items.filter((i) => i.check).length;
  return (
    <>
      <Head title="逐份核对" note="二人核对：一人逐份登记，另一人复核签收" />
      <p className="ink2">{value.items.length === 0 ? '请先逐份登记清单。' : `清单 ${value.copies} 份 ${value.pages} 页，${value.items.length} 项，已核对 ${done} 项。`}</p>
      {value.items.length > 0 && <div className="form-end"><Link className="ant-btn ant-btn-primary button-link" to={`/transfers/${value.id}/check`}>{value.checkedAll ? '查看核对结果' : '开始核对'}</Link></div>}
    </>
  );
}

function Receive({ value, etag, reload }: FormProps) {
  const act = useCaseAct<void>(value, etag, '已签收，回执已退回', (headers, _, path) => read(api.POST('/api/v1/transfers/{id}/receive', { params: { path }, headers })));
  const bad = value.items.filter((i) => i.check && i.check !== 'ok');
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="复核签收" note="回执即时退回，保管责任自此转移" />
      <Facts items={[{ label: '核对人', value: value.checkedBy }, { label: '结果', value: bad.length === 0 ? '全部相符' : `${bad.length} 项不符` }]} />
      {bad.length > 0 && <ul className="lines">{bad.map((i) => <li key={i.lineNo}><span className="red">{i.checkName}</span> 第 {i.lineNo} 项 {i.title} {i.note && <span className="meta">{i.note}</span>}</li>)}</ul>}
      <p className="dense"><Link className="text-link" to={`/transfers/${value.id}/check`}>查看清单</Link></p>
      <Foot act={act} verb="复核签收" note="缺关键材料的一次告知、承诺后服务；缺其他材料的先存后补，都不退回" reload={reload} />
    </form>
  );
}

/** The check shows a second packet of somebody whose dossier is held (2): kept apart, the receipt goes back. */
function KeepSecond({ value, etag, reload }: FormProps) {
  const session = useSession();
  const [v, setV] = useState({ dossierId: value.second.length === 1 ? value.second[0]?.dossierId ?? '' : '', shelf: '', document: '', seenBy: session.user.name, seenOn: today() });
  const set = (change: Partial<typeof v>) => { act.reset(); setV((old) => ({ ...old, ...change })); };
  const act = useCaseAct<typeof v>(value, etag, '已登记为一人多档，回执已退回', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/second', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记为一人多档" note="此人已有一卷：不再立卷，这一包另行保管" />
      <table className="plain tight">
        <thead><tr><th scope="col">在管的一卷</th><th scope="col">保管机构</th><th scope="col">为何</th>{value.second.length > 1 && <th scope="col"><span className="hidden-text">选择</span></th>}</tr></thead>
        <tbody>
          {value.second.map((l) => (
            <tr key={l.dossierId}>
              <td>{l.name}　<span className="nowrap">{l.idNo}</span><span className="meta" style={{ display: 'block' }}>{l.own && l.no ? <Link className="text-link" to={`/dossiers/${l.dossierId}`}>{l.no}</Link> : '编号由保管机构查看'}</span></td>
              <td>{l.agencyName}</td>
              <td>{l.why}</td>
              {value.second.length > 1 && <td className="nowrap"><Button size="small" aria-pressed={v.dossierId === l.dossierId} onClick={() => set({ dossierId: l.dossierId })}>{v.dossierId === l.dossierId ? '已选' : '是这一卷'}</Button></td>}
            </tr>
          ))}
        </tbody>
      </table>
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item className="wide" label="对照了什么材料" htmlFor="k-doc" required {...fieldError(p, 'document')}><Input id="k-doc" value={v.document} maxLength={200} placeholder="如：来件履历表与在管档案的学历、工作经历" onChange={(e) => set({ document: e.target.value })} /></Form.Item>
          <Form.Item label="这一包放在何处" htmlFor="k-shelf" required {...fieldError(p, 'shelf')}><Input id="k-shelf" value={v.shelf} maxLength={60} placeholder="如：待核柜 01" onChange={(e) => set({ shelf: e.target.value })} /></Form.Item>
          <Form.Item label="查看人" htmlFor="k-by" required {...fieldError(p, 'seenBy')}><Input id="k-by" value={v.seenBy} maxLength={60} onChange={(e) => set({ seenBy: e.target.value })} /></Form.Item>
          <Form.Item label="查看日期" htmlFor="k-on" required {...fieldError(p, 'seenOn')}><Day id="k-on" value={v.seenOn} onChange={(seenOn) => set({ seenOn })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb="登记为一人多档" note="到“身份待核”由经办查实、另一人核准后归并或移交；查实前不提供服务" reload={reload} fields={['document', 'shelf', 'seenBy', 'seenOn']} />
    </form>
  );
}

function Tell({ value, etag, reload }: FormProps) {
  const act = useCaseAct<void>(value, etag, '已出具告知承诺书', (headers, _, path) => read(api.POST('/api/v1/transfers/{id}/tell', { params: { path }, headers })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="一次性告知" note="只告知一次，列全所缺" />
      <table className="plain">
        <thead><tr><th scope="col">关键信息</th><th scope="col">所缺材料</th><th scope="col">可替代</th><th scope="col">影响</th></tr></thead>
        <tbody>{value.gaps.filter((g) => g.keyFact).map((g) => <tr key={g.keyFact}><td className="nowrap">{g.keyName}</td><td>{g.title} <span className="meta">{g.class}</span></td><td className="dense">{g.others.join('、')}</td><td className="dense">{g.consequence}</td></tr>)}</tbody>
      </table>
      <Foot act={act} verb="出具告知承诺书" note="联系不上本人的先行代管，不退回" reload={reload} />
    </form>
  );
}

function Promised({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ signed: false, statement: '', on: today(), due: '', signing: 'paper' as 'paper' | 'screen', strokes: [] as number[][] });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const agent = useAgent('undertaking', { name: value.name });
  const act = useCaseAct<typeof v>(value, etag, '已登记承诺', (headers, { strokes, ...body }, path) => read(api.POST('/api/v1/transfers/{id}/promise', { params: { path }, headers, body: { ...body, ...agent.body, ...(body.signing === 'screen' && { signed: strokes.length > 0, strokes }) } })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记承诺" note={`${shortDate(value.toldOn)}已告知`} />
      <Form layout="vertical" component={false}>
        {agent.field}
        <Segments label="签署方式" value={v.signing} onChange={(signing) => { act.reset(); set({ signing }); }} options={[{ key: 'paper', label: '纸面签名' }, { key: 'screen', label: '屏幕签名' }]} />
        {v.signing === 'paper'
          ? <Checkbox style={{ margin: '8px 0' }} checked={v.signed} onChange={(e) => set({ signed: e.target.checked })}>本人（代办人）已在告知承诺书上签名</Checkbox>
          : <SignPad strokes={v.strokes} onChange={(strokes) => set({ strokes })} />}
        <div className="form-grid">
          <Form.Item className="wide" label="本人说明" htmlFor="m-words" required><Input id="m-words" value={v.statement} onChange={(e) => set({ statement: e.target.value })} placeholder="照承诺书抄录" /></Form.Item>
          <Form.Item label="签名日期" htmlFor="m-on" required {...fieldError(p, 'on')}><Day id="m-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          <Form.Item label="补充期限" htmlFor="m-due" {...fieldError(p, 'due')}><Day id="m-due" future value={v.due} onChange={(due) => set({ due })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb="登记承诺" note="期限不填的按全市规定；逾期只提醒，不退回档案" reload={reload} fields={['on', 'due']} />
    </form>
  );
}

function Receipt({ value, etag, reload }: FormProps) {
  const [v, setV] = useState(unanswered);
  const act = useCaseAct<typeof v>(value, etag, '已登记回执，本件办结', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/receipt', { params: { path }, headers, body })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记回执" note={value.receiptDue && `${shortDate(value.receiptDue)}前应退回`} />
      <Facts items={[{ label: '寄出', value: `${value.volumes} 卷 ${value.copies} 份 ${value.pages} 页` }]} />
      <ReceiptFields id="q" value={v} set={(change) => setV((old) => ({ ...old, ...change }))} problem={act.problem} back={value.direction === 'in'} />
      <Foot act={act} verb="登记回执" note={value.direction === 'in' ? '登记后退回办结，档案由原单位保管' : '登记后档案责任转移，本件办结'} reload={reload} fields={receiptFields} />
    </form>
  );
}
