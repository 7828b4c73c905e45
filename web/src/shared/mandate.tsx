import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../api/client';
import { useAct } from './act';
import { longDate, today } from './dates';
import { Day } from './day';
import { Segments } from './page';
import { fieldError, ProblemView } from './problem';
import { Status, type Tone } from './status';

type Mandate = Schema<'MandateItem'>;
type Matter = 'transfer' | 'certificate' | 'whereabouts' | 'standing' | 'notice' | 'claim' | 'undertaking' | 'supplement' | 'materials' | 'objection' | 'retirement' | 'death';

const fields = ['principal', 'principalNo', 'agent', 'agentNo', 'on', 'until', 'matters'];
const inMain = () => document.querySelector('main') ?? document.body;

/** A mandate in one line, on the page of a case that rests on it. */
export function MandateLine({ m }: { m: Mandate }) {
  return <span>{m.agent}（{m.relation}），<Link className="text-link" to={`/mandates/${m.id}`}>{m.no}</Link>，至{longDate(m.validUntil)}</span>;
}

/**
 * 委托书 of an application that an agent hands in (12a, 29.9): one that is registered is
 * taken, or the paper and both documents are entered as they lie on the desk.
 */
export function MandateField({ matter, principal, value, onChange }: { matter: Matter; principal?: { name?: string; idNo?: string }; value?: Mandate; onChange: (m?: Mandate) => void }) {
  if (value) return <Chosen m={value} matter={matter} again={() => onChange(undefined)} />;
  return <Entry matter={matter} principal={principal} onChange={onChange} />;
}

/** Whether the person came or an agent, for forms that ask for nothing else of it: the field, and what the body bears. */
export function useAgent(matter: Matter, principal?: { name?: string; idNo?: string }) {
  const [agent, setAgent] = useState(false);
  const [mandate, setMandate] = useState<Mandate>();
  const field = (
    <>
      <Segments label="谁来办" value={agent ? 'agent' : 'person'} onChange={(k) => setAgent(k === 'agent')} options={[{ key: 'person', label: '本人' }, { key: 'agent', label: '代办人' }]} />
      {agent && <MandateField matter={matter} {...(principal && { principal })} {...(mandate && { value: mandate })} onChange={setMandate} />}
    </>
  );
  // Without a mandate the answer says that one is missing: nobody is taken for the person.
  return { field, body: agent ? { mandateId: mandate?.id ?? ' ' } : {} };
}

function Chosen({ m, matter, again }: { m: Mandate; matter: Matter; again: () => void }) {
  return (
    <section aria-label="委托书" className="mandate">
      <p className="mandate-line">
        <b>{m.agent}</b>代{m.principal}办理{m.matterNames}　<span className="meta">{m.no}，有效期至{longDate(m.validUntil)}</span>
        <Status tone={m.tone as Tone}>{m.stateName}</Status>
        <button type="button" className="bare text-link" onClick={again}>换一份委托书</button>
      </p>
      {m.state === 'waiting' && <p className="notice">代办人一年内已为 {m.persons} 人代办，须由负责人核实不是有偿中介并确认后，才能凭这份委托书受理。本人到场的可按本人申请办理。</p>}
      {!m.matters.includes(matter) && <p className="notice">这份委托书没有委托办理本事项，请委托人另行出具。</p>}
    </section>
  );
}

function Entry({ matter, principal, onChange }: { matter: Matter; principal?: { name?: string; idNo?: string }; onChange: (m?: Mandate) => void }) {
  const lists = useQuery({ queryKey: ['mandates', 'lists'], queryFn: () => read(api.GET('/api/v1/mandate-lists')), staleTime: Infinity });
  const [typed, setTyped] = useState<{ principal?: string; principalNo?: string }>({});
  const [v, setV] = useState({ principalDoc: '', agent: '', agentNo: '', agentDoc: '', relation: '', phone: '', matters: [matter] as string[], on: today(), until: '', originals: false, unpaid: false });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const who = { principal: typed.principal ?? principal?.name ?? '', principalNo: typed.principalNo ?? principal?.idNo ?? '' };
  const add = useAct({
    run: (headers, body: Schema<'MandatePaper'>) => read(api.POST('/api/v1/mandates', { body, headers })),
    invalidates: [['mandates']],
    done: (m) => (m.state === 'waiting' ? '已登记，待负责人确认' : `已登记委托书 ${m.no}`),
    onDone: (m) => onChange(m),
  });
  const find = useAct({ run: (headers, principalNo: string) => read(api.POST('/api/v1/mandates/find', { body: { principalNo }, headers })) });
  const found = find.data?.items;
  const p = add.problem;
  const names = (list?: string[]) => (list ?? []).map((value) => ({ value, label: value }));
  const pick = (id: string, label: string, value: string, list: string[] | undefined, on: (value: string) => void): ReactNode => (
    <Form.Item label={label} htmlFor={id} required><Select id={id} aria-label={label} placeholder="选择一项" value={value || undefined} onChange={on} options={names(list)} getPopupContainer={inMain} /></Form.Item>
  );
  return (
    <section aria-label="委托书" className="mandate">
      <Form layout="vertical" component={false}>
        <p className="meta">照委托书和双方证件原件登记。代办人不得有偿代办，也不取送档案。</p>
        <div className="form-grid">
          <Form.Item label={matter === 'death' ? '委托人（告知的亲属）' : '委托人（存档人员）'} htmlFor="m-principal" required {...fieldError(p, 'principal')}><Input id="m-principal" maxLength={60} autoComplete="off" value={who.principal} onChange={(e) => setTyped({ ...typed, principal: e.target.value })} /></Form.Item>
          <Form.Item label="委托人公民身份号码" htmlFor="m-principalNo" required {...fieldError(p, 'principalNo')} {...fieldError(find.problem, 'principalNo')}>
            <Input id="m-principalNo" maxLength={20} autoComplete="off" value={who.principalNo} onChange={(e) => setTyped({ ...typed, principalNo: e.target.value })} />
          </Form.Item>
          {pick('m-principalDoc', '查验的委托人证件', v.principalDoc, lists.data?.documents, (principalDoc) => set({ principalDoc }))}
        </div>
        <p className="dense ink2">以前登记过、尚未失效的：<button type="button" className="bare text-link" disabled={find.isPending} onClick={() => find.mutate(who.principalNo)}>查已登记的</button></p>
        {found && (
          <div className="mandate-found" aria-live="polite">
            {found.length === 0 ? <p className="dense ink2">本机构没有这位委托人未失效的委托书，请登记。</p> : found.map((m) => (
              <p key={m.id} className="mandate-line"><b>{m.agent}</b>　{m.matterNames}　<span className="meta">{m.no}，有效期至{longDate(m.validUntil)}</span><Status tone={m.tone as Tone}>{m.stateName}</Status><Button size="small" onClick={() => onChange(m)}>用这一份</Button></p>
            ))}
          </div>
        )}
        <div className="form-grid">
          <Form.Item label="代办人" htmlFor="m-agent" required {...fieldError(p, 'agent')}><Input id="m-agent" maxLength={60} autoComplete="off" value={v.agent} onChange={(e) => set({ agent: e.target.value })} /></Form.Item>
          <Form.Item label="代办人公民身份号码" htmlFor="m-agentNo" required {...fieldError(p, 'agentNo')}><Input id="m-agentNo" maxLength={20} autoComplete="off" value={v.agentNo} onChange={(e) => set({ agentNo: e.target.value })} /></Form.Item>
          {pick('m-agentDoc', '查验的代办人证件', v.agentDoc, lists.data?.documents, (agentDoc) => set({ agentDoc }))}
          {pick('m-relation', '代办人与委托人的关系', v.relation, lists.data?.relations, (relation) => set({ relation }))}
          <Form.Item label="代办人电话" htmlFor="m-phone"><Input id="m-phone" maxLength={40} value={v.phone} onChange={(e) => set({ phone: e.target.value })} /></Form.Item>
          <span />
          <Form.Item label="委托书日期" htmlFor="m-on" required {...fieldError(p, 'on')}><Day id="m-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
          <Form.Item label="委托有效期至（含当日）" htmlFor="m-until" required {...fieldError(p, 'until')}><Day id="m-until" future value={v.until} onChange={(until) => set({ until })} /></Form.Item>
        </div>
        <Form.Item label="委托事项" required {...fieldError(p, 'matters')}><Checkbox.Group value={v.matters} onChange={(matters: string[]) => set({ matters })} options={(lists.data?.matters ?? []).map((m) => ({ value: m.code, label: m.name }))} /></Form.Item>
        {lists.data && <details className="dense ink2"><summary>哪些不能代办</summary><ul>{lists.data.personal.map((x) => <li key={x.code}>{x.name}</li>)}</ul></details>}
        <p><Checkbox checked={v.originals} onChange={(e) => set({ originals: e.target.checked })}>委托书和双方证件均已当面核对原件</Checkbox></p>
        <p><Checkbox checked={v.unpaid} onChange={(e) => set({ unpaid: e.target.checked })}>代办人当面声明：不收取任何费用，不是有偿中介</Checkbox></p>
        <ProblemView problem={p} fields={fields} />
        <ProblemView problem={find.problem} fields={['principalNo']} />
        <Button style={{ marginTop: 8 }} loading={add.isPending} onClick={() => add.mutate({ ...who, ...v })}>登记委托书</Button>
      </Form>
    </section>
  );
}
