import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { shortDate } from '../../shared/dates';
import { DossierPick } from '../../shared/DossierPick';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Day } from '../transfer/parts';

const fields = ['target', 'addressee', 'handler', 'event', 'formedOn', 'titles'];
const targets = [{ value: 'unit', label: '形成单位' }, { value: 'person', label: '本人' }, { value: 'office', label: '本机构' }];

/** 收集材料 (14a): what the dossier lacks by its checklist, or what an event brings. */
export default function NewCollection() {
  const [params] = useSearchParams();
  const [dossier, setDossier] = useState(params.get('dossier') ?? '');
  const plan = useQuery({ queryKey: ['collections', 'plan', dossier], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/collection-plan', { params: { path: { id: dossier } } })), enabled: dossier !== '' });
  return (
    <>
      <PageHead title="收集材料" crumbs={[{ label: '材料收集', to: '/collections' }, { label: '收集材料' }]} sub="一张通知单开给一个单位或本人，一次写全；期限为材料形成后一个月，已经超过的为通知后一个月" />
      <div className="page-body" style={{ maxWidth: 960 }}>
        <Form layout="vertical" requiredMark={false}><Form.Item label="档案" htmlFor="c-dossier"><DossierPick id="c-dossier" label="档案" value={dossier} onChange={setDossier} /></Form.Item></Form>
        {dossier === '' ? <Empty>请先选择档案。</Empty> : <Answer query={plan}>{(p) => <><Order key={dossier} dossier={dossier} plan={p} /><NotFormed dossier={dossier} plan={p} /></>}</Answer>}
      </div>
    </>
  );
}

function Order({ dossier, plan }: { dossier: string; plan: Schema<'CollectionPlan'> }) {
  const navigate = useNavigate();
  const [target, setTarget] = useState('unit');
  const [addressee, setAddressee] = useState('');
  const [event, setEvent] = useState('');
  const [formedOn, setFormedOn] = useState('');
  const [maker, setMaker] = useState('');
  const [handler, setHandler] = useState('');
  const [titles, setTitles] = useState<string[]>([]);
  const [more, setMore] = useState('');
  const [unformed, setUnformed] = useState('');
  const act = useAct({
    invalidates: [['collections'], ['dossiers']],
    run: (headers, body: Schema<'CollectionOrder'>) => read(api.POST('/api/v1/dossiers/{id}/collections', { params: { path: { id: dossier } }, headers, body })),
    done: (r) => `已开具材料收集通知单 ${r.number}`,
    onDone: (r) => void navigate(`/collections/${r.id}`),
  });
  const e = (field: string) => fieldError(act.problem, field);
  const flip = (title: string, on: boolean) => setTitles((old) => (on ? [...old, title] : old.filter((t) => t !== title)));
  const chosen = plan.events.find((x) => x.slug === event);
  const asked = (title: string) => plan.wanted.find((w) => w.title === title)?.asked ?? [];
  const submit = () => act.mutate({ target, addressee: target === 'unit' ? addressee : '', maker: target === 'unit' ? '' : maker, handler: target === 'office' ? handler : '', event, formedOn: event === '' ? '' : formedOn, titles: [...titles, ...more.split(/[\n、；;]/).map((t) => t.trim()).filter(Boolean)] });
  const mend = () => { if (act.problem) act.reset(); };
  return (
    <Form layout="vertical" requiredMark={false} onChange={mend}>
      <SectionHead>对照清单所缺</SectionHead>
      {!plan.known && <p className="notice">这卷档案的目录还没有录入，不能对照清单；可以按事项收集。</p>}
      {plan.known && !plan.wanted.some((w) => !w.expected) && <p className="dense ink2">清单要求的材料都有了。</p>}
      {plan.wanted.length > 0 && (
        <table className="plain">
          <thead><tr><th scope="col">材料</th><th scope="col">类别</th><th scope="col">可以代替的材料</th><th scope="col">说明</th></tr></thead>
          <tbody>
            {plan.wanted.map((w) => (
              <tr key={w.title + (w.className ?? '') + String(w.expected)}>
                <td>
                  <Checkbox checked={titles.includes(w.title)} disabled={w.asked.some((a) => !a.maker)} onChange={(x) => flip(w.title, x.target.checked)}>{w.title}</Checkbox>
                  {w.asked.map((a) => <div key={a.no} className="meta">已由 {a.no} 收集{a.maker && `：${a.maker}`}</div>)}
                </td>
                <td className="dense nowrap">{w.className}</td>
                <td className="dense">{w.others.join('、')}</td>
                <td className={w.expected ? 'dense ink2' : 'dense'}>{w.expected ? '一般应有，不是必须' : w.key ? w.consequence : '非关键材料，可以后补'}{w.expected && (plan.notFormed.some((x) => x.title === w.title) ? <span className="ochre">　已登记未形成，待核对</span> : <Button type="link" size="small" aria-label={`登记未形成：${w.title}`} onClick={() => setUnformed(w.title)}>登记未形成</Button>)}{w.because && <div className="meta">{w.because}</div>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <SectionHead>按事项</SectionHead>
      <div className="form-grid">
        <Form.Item label="事项（没有可不选）" htmlFor="c-event" {...e('event')}>
          <Select id="c-event" aria-label="事项" allowClear value={event || undefined} placeholder="就业、考核、奖励等" onChange={(slug: string | undefined) => { setEvent(slug ?? ''); const x = plan.events.find((y) => y.slug === slug); if (x) setTarget(x.target); }} options={plan.events.map((x) => ({ value: x.slug, label: x.name }))} />
        </Form.Item>
        {event !== '' && <Form.Item label="事项日期" htmlFor="c-formed" {...e('formedOn')}><Day id="c-formed" value={formedOn} onChange={setFormedOn} /></Form.Item>}
      </div>
      {chosen?.titles.map((t) => <div key={t}><Checkbox checked={titles.includes(t)} onChange={(x) => flip(t, x.target.checked)}>{t}</Checkbox>{chosen.filed.includes(t) && <span className="meta">　已有归档材料</span>}{asked(t).map((a) => <span key={a.no} className="meta">　已由 {a.no} 收集</span>)}</div>)}
      <Form.Item label="其他材料（一行一份）" htmlFor="c-more" style={{ margin: '12px 0 24px' }} {...e('titles')}><Input.TextArea id="c-more" value={more} maxLength={600} autoSize={{ minRows: 1, maxRows: 5 }} onChange={(x) => setMore(x.target.value)} /></Form.Item>
      <SectionHead>向谁收集</SectionHead>
      <Form.Item {...e('target')}><Radio.Group aria-label="向谁收集" value={target} onChange={(x) => setTarget(x.target.value as string)} options={targets} /></Form.Item>
      {target === 'unit' && <Form.Item label="单位全称" htmlFor="c-unit" {...e('addressee')}><Input id="c-unit" value={addressee} maxLength={120} onChange={(x) => setAddressee(x.target.value)} /></Form.Item>}
      {target === 'office' && <Form.Item label="办理人" htmlFor="c-handler" extra="由哪一名经办向形成单位或有关部门调取；不选的由开具人自己办理。" {...e('handler')}><Select id="c-handler" aria-label="办理人" allowClear showSearch optionFilterProp="label" value={handler || undefined} placeholder="本机构的经办" onChange={(id: string | undefined) => { setHandler(id ?? ''); mend(); }} options={plan.staff.map((m) => ({ value: m.id, label: m.name }))} style={{ maxWidth: 360 }} /></Form.Item>}
      {target !== 'unit' && <Form.Item label="由谁形成（不清楚的可不填）" htmlFor="c-maker" extra="写形成单位全称；本人书写的写“本人”。两个单位形成的同名材料，写明的分别收集、分别办结。"><Input id="c-maker" value={maker} maxLength={120} onChange={(x) => setMaker(x.target.value)} /></Form.Item>}
      <ProblemView problem={act.problem} fields={fields} />
      <div className="form-end" style={{ display: 'flex', gap: 12, alignItems: 'center', marginTop: 24 }}>
        <Button type="primary" loading={act.isPending} onClick={submit}>开具通知单</Button>
        <span className="meta">送交、核实和归档均免费办理。</span>
      </div>
      {unformed !== '' && <StateForm dossier={dossier} title={unformed} onEnd={() => setUnformed('')} />}
    </Form>
  );
}

/** An expected material that was never formed: who says so, and on what (14a). */
function StateForm({ dossier, title, onEnd }: { dossier: string; title: string; onEnd: () => void }) {
  const [statedBy, setStatedBy] = useState('');
  const [on, setOn] = useState('');
  const [statement, setStatement] = useState('');
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/not-formed', { params: { path: { id: dossier } }, headers, body: { title, statedBy, on, statement } })),
    invalidates: [['collections', 'plan', dossier], ['dossiers', dossier]],
    done: '已登记未形成，由另一人核对后办结',
    onDone: onEnd,
  });
  const e = (field: string) => fieldError(act.problem, field);
  return (
    <Confirm open title={`登记未形成：${title}`} verb="登记" busy={act.isPending} problem={act.problem} fields={['statedBy', 'on', 'statement']} onConfirm={() => act.mutate()} onCancel={onEnd}>
      <p className="dense ink2" style={{ marginBottom: 12 }}>凭形成单位或本人的说明登记；另一人核对后不再列为所缺，登记有误的可以撤销。</p>
      <Form.Item label="由谁说明" htmlFor="n-by" {...e('statedBy')}><Input id="n-by" value={statedBy} maxLength={120} placeholder="形成单位全称，或“本人”" onChange={(x) => setStatedBy(x.target.value)} /></Form.Item>
      <Form.Item label="说明的日期" htmlFor="n-on" {...e('on')}><Day id="n-on" value={on} onChange={setOn} /></Form.Item>
      <Form.Item label="凭什么说明，存放在哪里" htmlFor="n-what" {...e('statement')}><Input id="n-what" value={statement} maxLength={200} onChange={(x) => setStatement(x.target.value)} /></Form.Item>
    </Confirm>
  );
}

/** What was stated as not formed: confirmed by a second person, withdrawn with a reason. */
function NotFormed({ dossier, plan }: { dossier: string; plan: Schema<'CollectionPlan'> }) {
  const [undoing, setUndoing] = useState('');
  const [reason, setReason] = useState('');
  const invalidates = [['collections', 'plan', dossier], ['dossiers', dossier]];
  const confirm = useAct({ run: (headers, entry: string) => read(api.POST('/api/v1/entries/{kind}/{entry}/confirm', { params: { path: { kind: 'not_formed', entry } }, headers })), invalidates, done: '已核对，不再列为所缺' });
  const undo = useAct({ run: (headers) => read(api.POST('/api/v1/entries/{kind}/{entry}/withdraw', { params: { path: { kind: 'not_formed', entry: undoing } }, headers, body: { reason } })), invalidates, done: '已撤销，重新列为所缺', onDone: () => { setUndoing(''); setReason(''); } });
  if (plan.notFormed.length === 0) return null;
  return (
    <section aria-label="未形成的材料">
      <SectionHead n={plan.notFormed.length}>未形成的材料</SectionHead>
      <ProblemView problem={confirm.problem} />
      <table className="plain tight">
        <thead><tr><th scope="col">材料</th><th scope="col">说明</th><th scope="col">登记、核对</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
        <tbody>
          {plan.notFormed.map((x) => (
            <tr key={x.id}>
              <td>{x.title}</td>
              <td className="dense">{x.statedBy}，{shortDate(x.statedOn)}：{x.statement}</td>
              <td className="dense nowrap">{x.enteredBy}登记，{x.confirmed ? `${x.confirmedBy ?? ''}核对` : <span className="ochre">待另一人核对</span>}</td>
              <td className="num nowrap">{!x.enteredOwn && <>{!x.confirmed && <Button size="small" loading={confirm.isPending} aria-label={`核对：${x.title}`} onClick={() => confirm.mutate(x.id)}>核对</Button>}{' '}<Button size="small" aria-label={`撤销：${x.title}`} onClick={() => setUndoing(x.id)}>撤销</Button></>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {undoing !== '' && (
        <Confirm open title="撤销未形成的登记" verb="撤销" busy={undo.isPending} problem={undo.problem} fields={['reason']} onConfirm={() => undo.mutate()} onCancel={() => setUndoing('')}>
          <Form layout="vertical" requiredMark={false}>
            <Form.Item label="理由" htmlFor="n-why" {...fieldError(undo.problem, 'reason')}><Input id="n-why" value={reason} maxLength={200} onChange={(x) => setReason(x.target.value)} /></Form.Item>
          </Form>
        </Confirm>
      )}
    </section>
  );
}
