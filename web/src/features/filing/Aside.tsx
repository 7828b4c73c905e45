import { Button, Form, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { longDate, today } from '../../shared/dates';
import { DossierPick } from '../../shared/DossierPick';
import { openPdf } from '../../shared/files';
import { Facts, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';

type Page = Schema<'MaterialPageView'>;
type StepProps = { m: Page; etag: string; onDone: () => void; reload: () => void };

const again = [['materials'], ['dossiers'], ['documents']];
const ways = ['给据邮件', '机要通信', '专人送取', '窗口领取'].map((value) => ({ value, label: value }));

/** What became of a piece beside the catalog: reports, where it went, what it waits for. */
export function Aside({ m }: { m: Page }) {
  return (
    <>
      {m.movedIn && <p className="notice" style={{ marginTop: 8 }}>这份材料原登记在同名异人的档案里，经两人核对移入；期限从原收到之日起算。</p>}
      {m.reports.map((r) => (
        <section key={r.no} aria-label="涉嫌涂改、造假">
          <SectionHead end={<Status tone={r.tone as Tone}>{r.stateName}</Status>}>涉嫌涂改、造假</SectionHead>
          <Facts items={[
            { label: '报告', value: <>{r.no}　{r.kindName}</> },
            { label: '发现', value: <>{r.found}<span className="meta">　{r.openedBy}·{longDate(r.openedOn)}</span></> },
            { label: '处理', value: r.finding && <>{r.finding}<span className="meta">　{r.decidedBy}·{longDate(r.decidedOn)}</span></> },
            { label: '报送', value: r.recipient && `${r.recipient}　${r.number ?? ''}` },
          ]} />
        </section>
      ))}
      {m.forward && (
        <>
          <SectionHead>转交</SectionHead>
          <Facts items={[
            { label: '转给', value: m.forward.recipient },
            { label: '转交单', value: `${m.forward.number}　${longDate(m.forward.sentOn)}` },
            { label: '方式', value: [m.forward.way, m.forward.tracking, m.forward.receiver].filter(Boolean).join('　') },
            { label: '回执', value: m.forward.receiptOn ? `${longDate(m.forward.receiptOn)}　${m.forward.signedBy ?? ''}` : <span className={m.forward.dueOn < today() ? 'ochre' : undefined}>未收到，{longDate(m.forward.dueOn)}前寄回</span> },
          ]} />
        </>
      )}
      {m.move && (
        <>
          <SectionHead>待核对移入</SectionHead>
          <Facts items={[
            { label: '所属档案', value: `${m.move.person}　${m.move.dossierNo}` },
            { label: '认定依据', value: m.move.why },
            { label: '提出', value: `${m.move.proposedBy}　${longDate(m.move.proposedOn)}` },
          ]} />
        </>
      )}
    </>
  );
}

/** The slip of a piece that goes on to who it concerns. */
export function ForwardForm({ m, etag, onDone, reload }: StepProps) {
  const [form] = Form.useForm<Schema<'ForwardBody'>>();
  const act = useAct({
    run: (headers, body: Schema<'ForwardBody'>) => read(api.POST('/api/v1/materials/{id}/forward', { params: { path: { id: m.id } }, body, headers })),
    etag, invalidates: again, done: (d) => `已出具 ${d.number}`,
    onDone: (d) => { void openPdf(`/api/v1/documents/${d.id}/pdf`); onDone(); reload(); },
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ way: '给据邮件' }} onFinish={(v) => act.mutate(v)}>
      <SectionHead>转交{m.forwardTo}</SectionHead>
      <Form.Item name="way" label="转交方式" {...fieldError(act.problem, 'way')}><Select options={ways} /></Form.Item>
      <Form.Item name="tracking" label="邮件号" {...fieldError(act.problem, 'tracking')}><Input maxLength={60} /></Form.Item>
      <Form.Item name="receiver" label="领取人" {...fieldError(act.problem, 'receiver')}><Input maxLength={60} /></Form.Item>
      <ProblemView problem={act.problem} fields={['way', 'receiver', 'tracking']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>出具转交单</Button>
      <p className="meta" style={{ marginTop: 8 }}>转交单附存根和回执；送交接收单位的一联不写原登记在谁的档案里。</p>
    </Form>
  );
}

export function ForwardReceiptForm({ m, etag, reload }: Omit<StepProps, 'onDone'>) {
  const [on, setOn] = useState(today());
  const [signedBy, setSignedBy] = useState('');
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/materials/{id}/forward-receipt', { params: { path: { id: m.id } }, body: { on, signedBy }, headers })),
    etag, invalidates: again, done: '已登记回执', onDone: reload,
  });
  return (
    <Form layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }} onFinish={() => act.mutate()}>
      <SectionHead>登记转交回执</SectionHead>
      <Form.Item label="签收日期" htmlFor="f-on" {...fieldError(act.problem, 'on')}><Day id="f-on" value={on} onChange={setOn} /></Form.Item>
      <Form.Item label="接收人和单位" htmlFor="f-by" {...fieldError(act.problem, 'signedBy')}><Input id="f-by" value={signedBy} maxLength={80} onChange={(e) => setSignedBy(e.target.value)} /></Form.Item>
      <ProblemView problem={act.problem} fields={['on', 'signedBy']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>登记回执</Button>
    </Form>
  );
}

/** A namesake's piece: which dossier of this agency it belongs to, and by what that is known. */
export function MoveForm({ m, etag, reload }: Omit<StepProps, 'onDone'>) {
  const [open, setOpen] = useState(false);
  const [dossierId, setDossier] = useState<string>();
  const [why, setWhy] = useState('');
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/materials/{id}/move', { params: { path: { id: m.id } }, body: { dossierId: dossierId ?? '', why }, headers })),
    etag, invalidates: again, done: '已提出，由另一名审核人员核对后移入', onDone: () => { setOpen(false); reload(); },
  });
  if (!open) return <div style={{ marginTop: 12 }}><Button size="small" onClick={() => setOpen(true)}>同名异人，移入本机构的所属档案</Button></div>;
  return (
    <Form layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }} onFinish={() => act.mutate()}>
      <SectionHead note="两人核对后移入">移入所属档案</SectionHead>
      <Form.Item label="所属的档案" htmlFor="m-to" {...fieldError(act.problem, 'dossierId')} extra="请按身份证号查找。查不到的退回交来单位；知道在其他机构的，鉴别结论选“转交”。"><DossierPick id="m-to" label="所属的档案" value={dossierId} onChange={setDossier} /></Form.Item>
      <Form.Item label="凭什么认定" htmlFor="m-why" {...fieldError(act.problem, 'why')}><Input.TextArea id="m-why" value={why} maxLength={200} autoSize={{ minRows: 1, maxRows: 3 }} placeholder="材料上的身份证号、单位、出生日期" onChange={(e) => setWhy(e.target.value)} /></Form.Item>
      <ProblemView problem={act.problem} fields={['dossierId', 'why']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>提出移入</Button>
      <Button style={{ marginLeft: 8 }} onClick={() => setOpen(false)}>取消</Button>
    </Form>
  );
}

/** The second person's word on a move. */
export function DecideMoveForm({ m, etag, onDone, reload }: StepProps) {
  const [note, setNote] = useState('');
  const end = () => { onDone(); reload(); };
  const accept = useAct({ run: (headers) => read(api.POST('/api/v1/materials/{id}/move/accept', { params: { path: { id: m.id } }, headers })), etag, invalidates: again, done: '已移入所属档案', onDone: end });
  const refuse = useAct({ run: (headers) => read(api.POST('/api/v1/materials/{id}/move/refuse', { params: { path: { id: m.id } }, body: { note }, headers })), etag, invalidates: again, done: '已退给经办重新鉴别', onDone: end });
  return (
    <Form layout="vertical" requiredMark={false} style={{ marginTop: 8 }}>
      <p className="dense ink2">请对照材料原件和两卷档案的身份证号、姓名、经历。移入后在所属档案中成为零散材料，重新鉴别归档；这里的登记长期保存。</p>
      <ProblemView problem={accept.problem} onRetry={reload} />
      <Button type="primary" loading={accept.isPending} onClick={() => accept.mutate()}>核对无误，移入</Button>
      <Form.Item label="不予移入的理由" htmlFor="m-note" style={{ margin: '16px 0 8px' }} {...fieldError(refuse.problem, 'note')}><Input id="m-note" value={note} maxLength={200} onChange={(e) => setNote(e.target.value)} /></Form.Item>
      <ProblemView problem={refuse.problem} fields={['note']} onRetry={reload} />
      <Button loading={refuse.isPending} onClick={() => refuse.mutate()}>不予移入</Button>
    </Form>
  );
}

/** The head's decision on a suspected falsification. */
export function ReportForm({ m, etag, onDone, reload }: StepProps) {
  const [refer, setRefer] = useState(true);
  const [recipient, setRecipient] = useState('');
  const [finding, setFinding] = useState('');
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/materials/{id}/report', { params: { path: { id: m.id } }, body: { refer, recipient: refer ? recipient : '', finding }, headers })),
    etag, invalidates: again, done: refer ? '已报送主管部门' : '已办结，由经办重新鉴别', onDone: () => { onDone(); reload(); },
  });
  return (
    <Form layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }} onFinish={() => act.mutate()}>
      <SectionHead>处理报告</SectionHead>
      <Segmented aria-label="怎样处理" block style={{ marginBottom: 12 }} value={refer ? 'refer' : 'close'} onChange={(v) => setRefer(v === 'refer')} options={[{ value: 'refer', label: '报送主管部门' }, { value: 'close', label: '不属于涂改、造假' }]} />
      {refer && <Form.Item label="主管部门" htmlFor="r-to" {...fieldError(act.problem, 'recipient')}><Input id="r-to" value={recipient} maxLength={120} onChange={(e) => setRecipient(e.target.value)} /></Form.Item>}
      <Form.Item label="处理意见" htmlFor="r-what" {...fieldError(act.problem, 'finding')}><Input.TextArea id="r-what" value={finding} maxLength={300} autoSize={{ minRows: 2, maxRows: 5 }} onChange={(e) => setFinding(e.target.value)} /></Form.Item>
      <ProblemView problem={act.problem} fields={['recipient', 'finding']} onRetry={reload} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>{refer ? '出具情况报告' : '办结'}</Button>
      <p className="meta" style={{ marginTop: 8 }}>处理之前材料原样留存，不退回、不转交、不另作鉴别。</p>
    </Form>
  );
}
