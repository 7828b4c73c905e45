import { Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { longDate, shortDate, today } from '../../shared/dates';
import { Facts, SectionHead, Segments } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Status } from '../../shared/status';
import { carried, Foot, going, Head, mending, useCaseAct, WayFields, went, type FormProps } from './formparts';
import { Day, type View } from './parts';

type Fault = View['faults'][number];

/** What is not dealt with yet: at most one. */
export function openFault(value: View): Fault | undefined {
  return value.faults.find((f) => !f.closedOn);
}

/** What went wrong with the packet, and what was done about it: both ends see it. */
export function Faults({ value }: { value: View }) {
  if (value.faults.length === 0) return null;
  const open = openFault(value);
  return (
    <>
      <SectionHead n={value.faults.length}>包裹异常</SectionHead>
      {open && <p className="dense ink2">了结以前，档案由{value.custodian === 'holder' ? value.holder : value.receiver}负责，责任不中断。</p>}
      {[...value.faults].reverse().map((f) => {
        const rows: [string, string | undefined][] = [
          ['发现', `${shortDate(f.foundOn)}，${f.foundBy}`],
          ['情况', f.seen],
          [f.kind === 'refused' ? '拒收方' : '投到', f.place],
          ['寄送', f.dispatchedOn && [shortDate(f.dispatchedOn), went(f)].filter(Boolean).join('，')],
          ['查询', f.inquiryNo && `${f.inquiryNo}，致${f.carrier ?? ''}，${shortDate(f.inquiryDue)}前答复`],
          ['答复', f.answer && `${shortDate(f.answerOn)}，${f.answer}：${f.answerNote ?? ''}`],
          ['遗失报告', f.reportNo && `${shortDate(f.lostOn)} ${f.reportNo}，查找至${shortDate(f.searchDue)}`],
          ['调查记录', f.recordNo && `${f.recordNo}：${f.record ?? ''}`],
          ['批复', f.decidedOn && `${shortDate(f.decidedOn)} ${f.decidedBy ?? ''}${f.decidedNote ? `：${f.decidedNote}` : ''}`],
          ['签认', f.signedBy && `${f.signedBy}：${f.signedNote ?? ''}`],
          ['了结', f.closedOn && `${shortDate(f.closedOn)}，${f.outcome ?? ''}`],
        ];
        return (
          <div key={f.no} className="fault">
            <p><b>{f.kindName}</b> <Status tone={f.tone}>{f.stateName}</Status> <span className="meta">{f.no}</span></p>
            <dl className="facts">{rows.filter(([, v]) => v).map(([k, v]) => <div key={k} style={{ display: 'contents' }}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
          </div>
        );
      })}
    </>
  );
}

const kinds = [{ value: 'late', label: '逾期未到' }, { value: 'misdelivered', label: '误投' }, { value: 'refused', label: '拒收' }];

export function ReportFault({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ kind: 'late', on: today(), seen: '', place: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记包裹异常', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记包裹异常" note="两端都能看到，本人同时得到告知" />
      <Facts items={[{ label: '寄出', value: value.dispatchedOn && shortDate(value.dispatchedOn) }, { label: '方式', value: went(value) }]} />
      <div className="way-choice">
        <p id="fault-kind">异常情形</p>
        <Radio.Group aria-labelledby="fault-kind" value={v.kind} onChange={(e) => { act.reset(); set({ kind: e.target.value as string }); }} options={kinds} />
        <p className="meta" style={{ marginTop: 6 }}>破损、拆封在登记到件时写明；遗失须先向承运方查询。</p>
      </div>
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="发现日期" htmlFor="f-on" required {...fieldError(p, 'on')}><Day id="f-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          {v.kind !== 'late' && <Form.Item className="wide" label={v.kind === 'refused' ? '由谁拒收' : '投到了哪里'} htmlFor="f-place" required {...fieldError(p, 'place')}><Input id="f-place" value={v.place} onChange={(e) => set({ place: e.target.value })} placeholder="单位名称、联系人" /></Form.Item>}
          <Form.Item className="wide" label={v.kind === 'refused' ? '对方所说的理由' : '情况说明'} htmlFor="f-seen" required={v.kind === 'refused'} {...fieldError(p, 'seen')}><Input id="f-seen" value={v.seen} onChange={(e) => set({ seen: e.target.value })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb="登记异常" reload={reload} fields={['on', 'place', 'seen', 'kind']} />
    </form>
  );
}

export function Inquire({ value, etag, reload }: FormProps) {
  const [carrier, setCarrier] = useState(openFault(value)?.carrier ?? value.office ?? '');
  const act = useCaseAct<string>(value, etag, '查询函已出具', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault/inquiry', { params: { path }, headers, body: { carrier: body } })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(carrier); }}>
      <Head title="向承运方查询" note="出具查询函，写明答复期限" />
      <Form layout="vertical" component={false}>
        <Form.Item label="承运方" htmlFor="i-carrier" required {...fieldError(act.problem, 'carrier')}><Input id="i-carrier" value={carrier} onChange={(e) => setCarrier(e.target.value)} placeholder="例如机要通信局、邮政速递物流营业部" /></Form.Item>
      </Form>
      <Foot act={act} verb="出具查询函" note="函上不写人员姓名和号码" reload={reload} fields={['carrier']} />
    </form>
  );
}

const answers = [{ value: 'on_way', label: '仍在途中' }, { value: 'delivered', label: '已投递' }, { value: 'misdelivered', label: '投递到他处' }, { value: 'lost', label: '查无下落' }];

export function CarrierAnswer({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ answer: 'on_way', on: today(), note: '', place: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记答复', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault/answer', { params: { path }, headers, body })));
  const p = act.problem;
  const f = openFault(value);
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记查询答复" note={f?.inquiryDue && `${longDate(f.inquiryDue)}前应答复`} />
      <div className="way-choice">
        <p id="answer-kind">答复结果</p>
        <Radio.Group aria-labelledby="answer-kind" value={v.answer} onChange={(e) => set({ answer: e.target.value as string })} options={answers} />
      </div>
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="答复日期" htmlFor="c-on" required {...fieldError(p, 'on')}><Day id="c-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          {v.answer === 'misdelivered' && <Form.Item className="wide" label="投到了哪里" htmlFor="c-place" required {...fieldError(p, 'place')}><Input id="c-place" value={v.place} onChange={(e) => set({ place: e.target.value })} /></Form.Item>}
          <Form.Item className="wide" label="答复内容和答复人" htmlFor="c-note" required {...fieldError(p, 'note')}><Input id="c-note" value={v.note} onChange={(e) => set({ note: e.target.value })} /></Form.Item>
        </div>
      </Form>
      <Foot act={act} verb="登记答复" reload={reload} fields={['on', 'place', 'note', 'answer']} />
    </form>
  );
}

/** The second try from where the packet lies. */
export function Redeliver({ value, etag, reload }: FormProps) {
  const [v, setV] = useState(() => going());
  const act = useCaseAct<void>(value, etag, '已改投接收单位', (headers, _, path) => read(api.POST('/api/v1/transfers/{id}/fault/redeliver', { params: { path }, headers, body: carried(v) })));
  return (
    <form onChange={mending(act, true)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="改投接收单位" note="不退回，从现在所在处直接改投" />
      <Facts items={[{ label: '现在', value: openFault(value)?.place }, { label: '改投', value: value.receiver }]} />
      <WayFields value={value} going={v} set={(change) => setV((old) => ({ ...old, ...change }))} problem={act.problem} reset={act.reset} reload={reload} />
      <Foot act={act.problem ? { isPending: act.isPending } : act} verb="登记改投" note="转递方式仍按规定三种办理" reload={reload} />
    </form>
  );
}

export function CameBack({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ on: today(), intact: true, seen: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记退回到件', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault/came-back', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记退回到件" note="包裹回到发出单位" />
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="退回日期" htmlFor="k-on" required {...fieldError(p, 'on')}><Day id="k-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
        </div>
        <Segments label="包封和封条" value={v.intact ? 'ok' : 'broken'} onChange={(k) => { act.reset(); set({ intact: k === 'ok' }); }} options={[{ key: 'ok', label: '包封、封条完好' }, { key: 'broken', label: '有破损' }]} />
        {!v.intact && <Form.Item label="破损情况" htmlFor="k-seen" required {...fieldError(p, 'seen')}><Input id="k-seen" value={v.seen} onChange={(e) => set({ seen: e.target.value })} /></Form.Item>}
      </Form>
      <Foot act={act} verb="登记退回到件" note={v.intact ? '封存完好的，重新寄送' : '通知单和清单作废，重新审核、装封'} reload={reload} fields={['on', 'seen']} />
    </form>
  );
}

export function Lost({ value, etag, reload }: FormProps) {
  const f = openFault(value);
  const act = useCaseAct<void>(value, etag, '已报告遗失，开始查找', (headers, _, path) => read(api.POST('/api/v1/transfers/{id}/fault/lost', { params: { path }, headers })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Head title="报告遗失" note="向上级主管部门书面报告" />
      <Facts items={[{ label: '查询函', value: f?.inquiryNo && `${f.inquiryNo}，致${f.carrier ?? ''}` }, { label: '答复', value: f?.answer ? `${f.answer}：${f.answerNote ?? ''}` : '到期未答复' }]} />
      <p className="dense ink2">报告以后继续查找，保管责任不变；找到的登记退回到件或者到件，确认遗失的报上级批准重建，不擅自重建。</p>
      <Foot act={act} verb="报告遗失" note="同时出具档案遗失报告" reload={reload} />
    </form>
  );
}

export function AskRebuild({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ recordNo: '', record: '' });
  const act = useCaseAct<typeof v>(value, etag, '已报上级批复', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault/rebuild', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="报送调查记录，申请重建" note={`查找至${longDate(openFault(value)?.searchDue)}`} />
      {openFault(value)?.decidedNote && <p className="dense">上级意见：{openFault(value)?.decidedNote}</p>}
      <Form layout="vertical" component={false}>
        <Form.Item label="调查记录名称和文号" htmlFor="y-no" required {...fieldError(p, 'recordNo')}><Input id="y-no" value={v.recordNo} onChange={(e) => setV({ ...v, recordNo: e.target.value })} /></Form.Item>
        <Form.Item label="调查结论" htmlFor="y-text" required {...fieldError(p, 'record')}><Input.TextArea id="y-text" rows={3} value={v.record} onChange={(e) => setV({ ...v, record: e.target.value })} placeholder="查找经过、遗失环节、责任认定、可以收集的材料" /></Form.Item>
      </Form>
      <Foot act={act} verb="申请重建" note="由上级主管部门批复" reload={reload} fields={['recordNo', 'record']} />
    </form>
  );
}

export function DecideRebuild({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ approve: true, note: '' });
  const f = openFault(value);
  const act = useCaseAct<typeof v>(value, etag, '已批复', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault/decide', { params: { path }, headers, body })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="批复遗失重建" note="保管机构不能自己批准" />
      <Facts items={[{ label: '遗失报告', value: f?.reportNo }, { label: '调查记录', value: f?.recordNo }, { label: '调查结论', value: f?.record }]} />
      <Form layout="vertical" component={false}>
        <Form.Item label="批复" htmlFor="z-yes" required><Select id="z-yes" aria-label="批复" value={v.approve ? 'y' : 'n'} onChange={(k: string) => setV({ ...v, approve: k === 'y' })} options={[{ value: 'y', label: '同意重建' }, { value: 'n', label: '继续查找' }]} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
        <Form.Item label="意见" htmlFor="z-note" required={!v.approve} {...fieldError(act.problem, 'note')}><Input id="z-note" value={v.note} onChange={(e) => setV({ ...v, note: e.target.value })} /></Form.Item>
      </Form>
      <Foot act={act} verb="批复" reload={reload} fields={['note']} />
    </form>
  );
}

export function SignFault({ value, etag, reload }: FormProps) {
  const [note, setNote] = useState('');
  const f = openFault(value);
  const act = useCaseAct<string>(value, etag, '已签认，记录已出具', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/fault/sign', { params: { path }, headers, body: { note: body } })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(note); }}>
      <Head title="第二人签认包封异常" note="签认人与登记到件的人不是同一人" />
      <Facts items={[{ label: '情形', value: f?.kindName }, { label: '第一人', value: f && `${f.foundBy}：${f.seen ?? ''}` }]} />
      <Form layout="vertical" component={false}>
        <Form.Item label="第二人所见" htmlFor="s-note" required {...fieldError(act.problem, 'note')}><Input.TextArea id="s-note" rows={2} value={note} onChange={(e) => setNote(e.target.value)} placeholder="包封、封条和卷内情况" /></Form.Item>
      </Form>
      <Foot act={act} verb="签认" note="出具包封异常记录，送发出单位；随后逐份核对" reload={reload} fields={['note']} />
    </form>
  );
}
