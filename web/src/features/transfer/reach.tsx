import { Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { shortDate, today } from '../../shared/dates';
import { Facts } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Foot, Head, mending, useCaseAct, type FormProps } from './formparts';
import { Day } from './parts';

const ways = ['电话', '短信', '邮寄', '上门', '向单位或亲属了解'].map((w) => ({ value: w, label: w }));

/** One try at reaching a person whose undertaking is waited for. */
export function Contact({ value, etag, reload }: FormProps) {
  const [v, setV] = useState({ way: '电话', on: today(), reached: false, note: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useCaseAct<typeof v>(value, etag, '已登记联系情况', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/contact', { params: { path }, headers, body })));
  const p = act.problem;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <Head title="登记联系情况" note={`${shortDate(value.toldOn)}已告知；联系不上的先行代管，不退回`} />
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="联系方式" htmlFor="n-way" required {...fieldError(p, 'way')}><Select id="n-way" aria-label="联系方式" value={v.way} onChange={(way: string) => set({ way })} options={ways} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
          <Form.Item label="联系日期" htmlFor="n-on" required {...fieldError(p, 'on')}><Day id="n-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          <Form.Item className="wide" label="联系结果" htmlFor="n-note" required {...fieldError(p, 'note')}><Input id="n-note" value={v.note} onChange={(e) => set({ note: e.target.value })} placeholder="号码末四位、接听人或者未接通的情况" /></Form.Item>
        </div>
        <Checkbox checked={v.reached} onChange={(e) => set({ reached: e.target.checked })}>已联系上本人</Checkbox>
      </Form>
      <Foot act={act} verb="登记联系情况" note="到期自动提醒本人；仍联系不上的，依次报负责人、上级监督" reload={reload} fields={['way', 'on', 'note']} />
    </form>
  );
}

/** The head's or the superior's word on a person who is not reached. */
export function Dispose({ value, etag, reload }: FormProps) {
  const [note, setNote] = useState('');
  const act = useCaseAct<string>(value, etag, '已登记处置', (headers, body, path) => read(api.POST('/api/v1/transfers/{id}/dispose', { params: { path }, headers, body: { note: body } })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(note); }}>
      <Head title="处置代管待承诺" note={value.escalated === 2 ? '已报上级监督' : '已报负责人'} />
      <Facts items={[{ label: '告知', value: shortDate(value.toldOn) }, { label: '提醒', value: `${value.reminded} 次` }, { label: '联系', value: `${value.attempts.filter((a) => a.way !== '处置').length} 次` }]} />
      <Form layout="vertical" component={false}>
        <Form.Item label="处置意见" htmlFor="h-note" required {...fieldError(act.problem, 'note')}><Input.TextArea id="h-note" rows={2} value={note} onChange={(e) => setNote(e.target.value)} placeholder="由谁、用什么方式继续联系" /></Form.Item>
      </Form>
      <Foot act={act} verb="登记处置" note="继续代管，期限重新计算；档案不退回" reload={reload} fields={['note']} />
    </form>
  );
}
