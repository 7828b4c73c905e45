import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { BearerField } from '../../shared/bearer';
import { longDate, shortDate } from '../../shared/dates';
import { SectionHead, Segments } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { carried, Foot, going, useCaseAct, WayFields, type FormProps, type Going } from './formparts';
import type { View } from './parts';

/** Who asks for the transfer, on what papers and why: both ends see it. */
export function Asked({ value }: { value: View }) {
  const rows: [string, string | false | undefined][] = [
    [value.direction === 'out' ? '来函单位' : '申请人', value.direction === 'out' ? value.receiver : `${value.applicant}${value.applicantKind ? `（${value.applicantKind}）` : ''}`],
    ['代办人', value.agent],
    ['联系方式', value.contact],
    ['凭据', value.direction === 'out' ? value.letterNo && `${value.letterNo}，${shortDate(value.letterOn)}` : [value.document, value.applicantDoc].filter(Boolean).join('，')],
    ['原因', value.reason],
    ['存档依据', value.tie],
    ['本机构受理', value.tieDespite],
    ['工作单位', value.employer],
    ['接收地址', value.direction === 'out' && value.receiverAddr],
    ['要求方式', value.wayRequired && wayName(value.wayRequired)],
    ['受理', value.appliedOn && `${longDate(value.appliedOn)}${value.passedBy ? `，由${value.passedBy}受理并转交` : ''}`],
    ['撤回', value.withdrawnWhy],
  ];
  return (
    <>
      <SectionHead>{value.direction === 'out' ? '来函与原因' : '申请与原因'}</SectionHead>
      <dl className="facts">{rows.filter(([, v]) => v).map(([k, v]) => <div key={k} style={{ display: 'contents' }}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
    </>
  );
}

const wayName = (way: string) => ({ confidential_post: '机要通信', messenger: '专人送取', registered_mail: '给据邮件' })[way] ?? way;

/** What was put right, with what stood there before and why. */
export function Corrections({ value }: { value: View }) {
  if (value.corrections.length === 0) return null;
  return (
    <>
      <SectionHead n={value.corrections.length}>更正记录</SectionHead>
      <ul className="lines" aria-label="更正记录">
        {value.corrections.map((c, n) => (
          <li key={n}>
            {c.field}：<s className="ink2">{c.was || '未填'}</s> → {c.became || '未填'}
            <span className="meta" style={{ display: 'block' }}>{shortDate(c.at.slice(0, 10))} {c.by}・{c.why}{c.replacedBy && `・调档函 ${c.letterNo} 换发为 ${c.replacedBy}`}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Puts right what was entered wrongly: what may still change is offered, the rest says until when it could. */
export function Correct({ value, etag, reload, close }: FormProps & { close: () => void }) {
  const first = Object.fromEntries(value.fields.map((f) => [f.field, f.value]));
  const [v, setV] = useState<Record<string, string>>(first);
  const [why, setWhy] = useState('');
  const [workerId, setWorker] = useState('');
  const unitNow = v.applicantKind === 'unit' && (v.applicant !== first.applicant || v.applicantUscc !== first.applicantUscc);
  const open = value.fields.filter((f) => !f.tooLate);
  const late = value.fields.filter((f) => f.tooLate);
  const changes = open.filter((f) => v[f.field] !== first[f.field]).map((f) => ({ field: f.field, value: v[f.field] ?? '' }));
  const act = useCaseAct<{ changes: typeof changes; why: string; workerId?: string }>(value, etag, '已更正', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/correct', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form aria-labelledby="correct-head" onSubmit={(e) => { e.preventDefault(); act.mutate({ changes, why, ...(unitNow && { workerId }) }, { onSuccess: close }); }}>
      <SectionHead id="correct-head" end={<span className="meta">原值留在更正记录</span>}>更正登记信息</SectionHead>
      <Form layout="vertical" component={false} requiredMark={false}>
        <div className="form-grid two">
          {open.map((f) => (
            <Form.Item key={f.field} label={f.label} htmlFor={`c-${f.field}`} {...fieldError(p, f.field)}>
              {f.choices.length > 0
                ? <Select id={`c-${f.field}`} aria-label={f.label} showSearch={{ optionFilterProp: 'label' }} value={v[f.field]} onChange={(w: string) => setV({ ...v, [f.field]: w })} options={f.choices.map((c) => ({ value: c.code, label: c.name }))} getPopupContainer={() => document.querySelector('main') ?? document.body} />
                : <Input id={`c-${f.field}`} value={v[f.field]} onChange={(e) => setV({ ...v, [f.field]: e.target.value })} />}
            </Form.Item>
          ))}
          {unitNow && <BearerField uscc={v.applicantUscc} unit={v.applicant} value={workerId} onChange={setWorker} problem={p} />}
          <Form.Item className="wide" label="更正原因" htmlFor="c-why" required {...fieldError(p, 'why')}><Input id="c-why" value={why} onChange={(e) => setWhy(e.target.value)} placeholder="原来错在哪里，依据什么更正" /></Form.Item>
        </div>
      </Form>
      {value.state === 'lettered' && <p className="dense ink2">函上所写的改变后，原调档函作废，同时换发新函，有效期不变。</p>}
      <Foot act={act} verb="更正" note={changes.length > 0 ? `更正 ${changes.length} 项，两端和本人同时知道` : '没有改动'} reload={reload} disabled={changes.length === 0} fields={[...open.map((f) => f.field), 'why', 'workerId']} />
      {late.length > 0 && (
        <details className="other-acts">
          <summary>已不能更正 {late.length} 项</summary>
          <ul className="lines">{late.map((f) => <li key={f.field}>{f.tooLate?.message} <span className="meta">{f.tooLate?.next}</span></li>)}</ul>
        </details>
      )}
      <div className="form-end"><Button type="link" onClick={close}>不更正，返回</Button></div>
    </form>
  );
}

/** Puts right how a packet under way went; the same is asked as when it was sent. */
export function CorrectWay({ value, etag, reload, close }: FormProps & { close: () => void }) {
  const [v, setV] = useState<Going>({ ...going(), way: value.way ?? 'confidential_post', trackingNo: value.trackingNo ?? '', office: value.office ?? '', on: value.dispatchedOn ?? '' });
  const [why, setWhy] = useState('');
  const act = useCaseAct<Going & { why: string }>(value, etag, '已更正寄送登记', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/correct-way', { params: { path }, headers, body })));
  return (
    <form aria-labelledby="correct-head" onSubmit={(e) => { e.preventDefault(); act.mutate({ ...carried(v), why }, { onSuccess: close }); }}>
      <SectionHead id="correct-head" end={<span className="meta">包裹仍在途，由寄出方更正</span>}>更正寄送登记</SectionHead>
      <WayFields value={value} going={v} set={(change) => setV({ ...v, ...change })} problem={act.problem} reset={act.reset} reload={reload} />
      <Form layout="vertical" component={false}>
        <Form.Item label="更正原因" htmlFor="cw-why" required {...fieldError(act.problem, 'why')}><Input id="cw-why" value={why} onChange={(e) => setWhy(e.target.value)} placeholder="例如：照交寄单核对，编号登错" /></Form.Item>
      </Form>
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={act.isPending}>更正寄送登记</Button>
        <Button type="link" onClick={close}>不更正，返回</Button>
      </div>
    </form>
  );
}

/** The acts of putting right beside the case's next step. */
export function Correcting({ value, etag, reload, now, choose }: FormProps & { now?: string; choose: (now?: string) => void }) {
  const may = (action: string) => value.possible.some((p) => p.action === action && p.allowed);
  const options = [{ key: 'transfer.correct', label: '更正登记信息' }, { key: 'transfer.correct_way', label: '更正寄送登记' }].filter((o) => may(o.key));
  if (now === 'transfer.correct' && may(now)) return <Correct key={value.version} value={value} etag={etag} reload={reload} close={() => choose()} />;
  if (now === 'transfer.correct_way' && may(now)) return <CorrectWay key={value.version} value={value} etag={etag} reload={reload} close={() => choose()} />;
  if (options.length === 0) return null;
  if (options.length === 1) return <div className="form-end"><Button type="link" onClick={() => choose(options[0]?.key)}>{options[0]?.label}</Button></div>;
  return <Segments label="更正" value="" onChange={choose} options={options} />;
}
