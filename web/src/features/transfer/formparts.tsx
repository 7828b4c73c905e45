import { Button, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useAct, type ActHeaders } from '../../shared/act';
import { today } from '../../shared/dates';
import { SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Day, type View } from './parts';

export const ways = [{ key: 'confidential_post', label: '机要通信' }, { key: 'messenger', label: '专人送取' }, { key: 'registered_mail', label: '邮政给据邮件' }];

export interface FormProps { value: View; etag: string; reload: () => void }

export function Head({ title, note }: { title: string; note?: string }) {
  return <SectionHead id="next-step" end={note && <span className="meta">{note}</span>}>下一步：{title}</SectionHead>;
}

/** One act of this case by its path. */
export function useCaseAct<B>(value: View, etag: string, done: string, run: (headers: ActHeaders, body: B, path: { id: string }) => Promise<unknown>) {
  return useAct({ etag, invalidates: [['transfers'], ['custody'], ['dossiers']], done, run: (headers, body: B) => run(headers, body, { id: value.id }) });
}

export type Act = { problem?: ReturnType<typeof useAct>['problem']; isPending: boolean };

export function Foot({ act, verb, note, reload, fields, disabled }: { act: Act; verb: string; note?: string; reload: () => void; fields?: string[]; disabled?: boolean }) {
  return (
    <>
      <ProblemView problem={act.problem} onRetry={reload} fields={fields} />
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={act.isPending} disabled={disabled}>{verb}</Button>
        {note && <span className="meta">{note}</span>}
      </div>
    </>
  );
}

/** A refusal leaves once what it named is being mended; what concerns the way stays until another is chosen. */
export const mending = (act: Pick<ReturnType<typeof useAct>, 'problem' | 'reset'>, way = false) => () => { if (act.problem && !(way && act.problem.kind === 'refused')) act.reset(); };

export interface Going { way: string; trackingNo: string; office: string; on: string; messengers: { name: string; idNo: string; unit?: string; letter?: string; notKin?: boolean }[] }

const nobody = { name: '', idNo: '', unit: '', letter: '', notKin: false };
export const going = (draft?: View['draft']): Going => ({
  way: draft?.way ?? 'confidential_post', trackingNo: draft?.trackingNo ?? '', office: draft?.office ?? '', on: draft?.on || today(),
  messengers: [draft?.messengers?.[0] ?? nobody, draft?.messengers?.[1] ?? nobody],
});
export const carried = (v: Going): Going => ({ ...v, messengers: v.way === 'messenger' ? v.messengers.filter((m) => m.name || m.idNo) : [] });

/** The way a packet goes, with its papers (20.3): the same for every dispatch. */
export function WayFields({ value, going: v, set, problem: p, reset, reload }: { value: Pick<View, 'forced' | 'forcedWhy' | 'secretWhy'>; going: Going; set: (change: Partial<Going>) => void; problem?: Act['problem']; reset: () => void; reload: () => void }) {
  const choose = (way: string) => { reset(); set({ way }); };
  const carrier = (n: number, change: Partial<Going['messengers'][number]>) => { if (p) reset(); set({ messengers: v.messengers.map((m, i) => (i === n ? { ...m, ...change } : m)) }); };
  return (
    <>
      <div className="way-choice">
        <p id="way-label">转递方式</p>
        <Radio.Group aria-labelledby="way-label" value={v.way} onChange={(e) => choose(e.target.value as string)} options={ways.map((w) => ({ value: w.key, label: w.label }))} />
        {value.secretWhy && <p className="meta" style={{ marginTop: 6 }}>{value.secretWhy}，限机要通信或专人送取。</p>}
        {value.forced !== 'no' && <p className="meta" style={{ marginTop: 6 }}>{value.forced === 'yes' ? `曾任${value.forcedWhy}，限机要通信或专人送取。` : '经历没有登记并核对，按限机要通信或专人送取办理。'}</p>}
      </div>
      <ProblemView
        problem={p}
        onRetry={reload}
        fields={['trackingNo', 'office', 'on', 'sealNo', 'volumes']}
        wayOn={(r) => (r.rule === '20.3b' || r.rule === '20.3c' || (r.rule === '20.3a' && !r.slug.startsWith('messenger_')) || r.rule === '15' ? <Button type="link" size="small" onClick={() => choose('confidential_post')}>改为机要通信</Button> : null)}
      />
      <Form layout="vertical" component={false}>
        {v.way === 'messenger' && v.messengers.map((m, n) => (
          <div className="messenger" key={n}>
            <Input aria-label={`送取人${n + 1}姓名`} placeholder={`送取人${n + 1}姓名`} value={m.name} onChange={(e) => carrier(n, { name: e.target.value })} />
            <Input aria-label={`送取人${n + 1}公民身份号码`} placeholder="公民身份号码" value={m.idNo} onChange={(e) => carrier(n, { idNo: e.target.value })} />
            <Input aria-label={`送取人${n + 1}单位`} placeholder="单位" value={m.unit} onChange={(e) => carrier(n, { unit: e.target.value })} />
            <Input aria-label={`送取人${n + 1}介绍信编号`} placeholder="介绍信编号" value={m.letter} onChange={(e) => carrier(n, { letter: e.target.value })} />
            <Checkbox checked={Boolean(m.notKin)} onChange={(e) => carrier(n, { notKin: e.target.checked })}>已书面声明：与存档人员没有亲属关系，不交本人携带</Checkbox>
          </div>
        ))}
        <div className="form-grid">
          {v.way !== 'messenger' && (
            <Form.Item label={v.way === 'confidential_post' ? '机要编号' : '邮件号'} htmlFor="d-no" required {...fieldError(p, 'trackingNo')}><Input id="d-no" value={v.trackingNo} onChange={(e) => set({ trackingNo: e.target.value })} /></Form.Item>
          )}
          {v.way !== 'messenger' && (
            <Form.Item label={v.way === 'confidential_post' ? '交寄的机要通信局（站）' : '收寄的邮政网点'} htmlFor="d-office" required {...fieldError(p, 'office')}><Input id="d-office" maxLength={80} value={v.office} onChange={(e) => set({ office: e.target.value })} placeholder="照交寄单填写" /></Form.Item>
          )}
          <Form.Item label="交寄日期" htmlFor="d-on" required {...fieldError(p, 'on')}><Day id="d-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
        </div>
      </Form>
    </>
  );
}

/** How a packet went, in one line. */
export const went = (v: { wayName?: string; trackingNo?: string; office?: string; carriers?: string[] }) =>
  [v.wayName, v.trackingNo, v.office && `${v.office}交寄`, ...(v.carriers ?? [])].filter(Boolean).join('，');

export const unanswered = () => ({ no: '', on: today(), intact: true, match: true, volumes: 0, materials: 0, pages: 0, outcome: '', missingKey: '', receivedBy: '', checkedBy: '', note: '' });
export type Receipt = ReturnType<typeof unanswered>;
export const receiptFields = ['on', 'note', 'volumes', 'outcome', 'receivedBy', 'checkedBy'];

const popup = () => document.querySelector('main') ?? document.body;
const outcomes = ['接收', '告知承诺后接收', '先存后补接收', '协商退回'];

/** A receipt as it was filled in outside: copied line by line (20.5). A return has no outcome: everything went back. */
export function ReceiptFields({ id, value: v, set, problem: p, back }: { id: string; value: Receipt; set: (change: Partial<Receipt>) => void; problem?: Act['problem']; back?: boolean }) {
  const counts: ['volumes' | 'materials' | 'pages', string][] = [['volumes', '卷'], ['materials', '份'], ['pages', '页']];
  return (
    <Form layout="vertical" component={false}>
      <div className="form-grid">
        <Form.Item label="回执编号" htmlFor={`${id}-no`}><Input id={`${id}-no`} value={v.no} onChange={(e) => set({ no: e.target.value })} /></Form.Item>
        <Form.Item label="对方收到日期" htmlFor={`${id}-on`} required {...fieldError(p, 'on')}><Day id={`${id}-on`} value={v.on} onChange={(on) => set({ on })} /></Form.Item>
      </div>
      <div className="ways">
        <Segments label="包封" value={v.intact ? 'y' : 'n'} onChange={(k) => set({ intact: k === 'y' })} options={[{ key: 'y', label: '包封完好' }, { key: 'n', label: '包封有损' }]} />
        <Segments label="核对" value={v.match ? 'y' : 'n'} onChange={(k) => set({ match: k === 'y' })} options={[{ key: 'y', label: '与清单相符' }, { key: 'n', label: '与清单不符' }]} />
      </div>
      <div className="form-grid" style={{ marginTop: 12 }}>
        <Form.Item className="wide" label="实收" required {...fieldError(p, 'volumes')}>
          <div className="receipt-counts">
            {counts.map(([key, unit]) => <InputNumber key={key} aria-label={`实收${unit}数`} min={0} max={9999} value={v[key] || null} onChange={(n) => set({ [key]: n ?? 0 })} addonAfter={unit} />)}
          </div>
        </Form.Item>
        {!back && <Form.Item label="处理" htmlFor={`${id}-outcome`} required {...fieldError(p, 'outcome')}><Select id={`${id}-outcome`} aria-label="处理" placeholder="照回执选择" value={v.outcome || undefined} onChange={(outcome: string) => set({ outcome })} options={outcomes.map((value) => ({ value, label: value }))} getPopupContainer={popup} /></Form.Item>}
        <Form.Item label="缺少关键材料" htmlFor={`${id}-missing`}><Input id={`${id}-missing`} maxLength={300} value={v.missingKey} onChange={(e) => set({ missingKey: e.target.value })} placeholder="回执没有写的不填" /></Form.Item>
        <Form.Item label="收件人" htmlFor={`${id}-by`} required {...fieldError(p, 'receivedBy')}><Input id={`${id}-by`} maxLength={60} value={v.receivedBy} onChange={(e) => set({ receivedBy: e.target.value })} /></Form.Item>
        <Form.Item label="核对人" htmlFor={`${id}-checker`} required {...fieldError(p, 'checkedBy')}><Input id={`${id}-checker`} maxLength={60} value={v.checkedBy} onChange={(e) => set({ checkedBy: e.target.value })} /></Form.Item>
        {(!v.intact || !v.match) && <Form.Item className="wide" label="不符情况" htmlFor={`${id}-differs`} required {...fieldError(p, 'note')}><Input id={`${id}-differs`} value={v.note} onChange={(e) => set({ note: e.target.value })} /></Form.Item>}
      </div>
    </Form>
  );
}
