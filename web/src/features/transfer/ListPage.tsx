import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { figure, shortDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split, StepLine } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Deadline, Status } from '../../shared/status';
import { carried, going, mending, ReceiptFields, receiptFields, unanswered, WayFields, went, type Going } from './formparts';
import { personFields, Persons, type Person } from './Persons';
import './transfer.css';

type List = Schema<'TransferListView'>;
interface StepProps { value: List; etag: string; reload: () => void; absent: string[]; volumes: Record<string, number> }

/** One letter that names many: what waits for whom, one signature, one packet, its receipts. */
export default function ListPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['transfers', 'lists', id], queryFn: () => readTagged(api.GET('/api/v1/transfer-lists/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Batch key={etag} value={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

const steps = ['登记来函', '提档列单', '审核签名', '装封', '寄送', '回执'];

function stepOf(v: List): number {
  if (v.state === 'done' || v.state === 'ended') return steps.length;
  if (v.state === 'sent') return 5;
  if (v.state === 'packed') return 4;
  if (v.cases.some((c) => c.state === 'approved') && v.ready === 0) return 3;
  return v.ready > 0 ? 2 : 1;
}

function Batch({ value, etag, reload }: { value: List; etag: string; reload: () => void }) {
  const [absent, setAbsent] = useState<string[]>([]);
  const [volumes, setVolumes] = useState<Record<string, number>>({});
  const [adding, setAdding] = useState(false);
  const may = (action: string) => value.possible.some((p) => p.action === `transfer.${action}` && p.allowed);
  const waiting = value.cases.filter((c) => c.state === 'awaiting').length;
  const blocked = value.possible.filter((p) => !p.allowed && !p.reasons?.some((r) => r.slug === 'step_out_of_order' || r.slug === 'post_not_entitled'));
  const receipt = may('list_receipt');
  const packing = may('list_pack');
  return (
    <Split label="下一步" width={380} aside={<div className="list-next"><Next value={value} etag={etag} reload={reload} absent={absent} volumes={volumes} />{blocked.length > 0 && <details className="other-acts"><summary>现在不可办 {blocked.length} 项</summary><Hindrances possible={blocked} /></details>}<Papers of={`TransferList:${value.id}`} state={value.state + value.receiptOn} /></div>}>
      <PageHead
        title={`批量转出：${value.receiverName}`}
        crumbs={[{ label: '转递', to: '/transfers' }, { label: '批量转出', to: '/transfers/lists' }, { label: value.no }]}
        sub={<span className="person-line"><span>{value.no}</span><Status tone={value.tone}>{value.stateName}</Status></span>}
        acts={<span className="ink2">{[`经办 ${value.handledBy}`, value.reviewedBy && `审核 ${value.reviewedBy}`].filter(Boolean).join('・')}</span>}
      />
      <div className="list-steps"><StepLine label="办理进度" steps={steps} current={stepOf(value)} /></div>
      <div className="page-body">
        <Facts items={[
          { label: '来函', value: `${value.letterNo}，${shortDate(value.letterOn)}发函，${shortDate(value.receivedOn)}收到` }, { label: '核实', value: value.verified }, { label: '原因', value: value.reason },
          { label: '寄往', value: [value.receiverAddr, value.province].filter(Boolean).join('，') },
          { label: '办理时限', value: value.clock ? <Deadline due={{ on: value.dueOn, left: value.left, tentative: value.tentative, clause: '第二十条（二）' }} /> : `${shortDate(value.dueOn)}止` },
          { label: '封条', value: value.sealNo && `${value.sealNo}，通知单 ${value.noticeNo}` },
          { label: '寄送', value: value.dispatchedOn && `${shortDate(value.dispatchedOn)}，${went(value)}，${shortDate(value.receiptDue)}前应退回回执` },
          { label: '催办', value: value.chased > 0 && `已催办 ${value.chased} 次` },
          { label: '回执', value: value.receiptOn && `${shortDate(value.receiptOn)} ${value.receiptNo ?? ''}${value.answered ? `，${value.answered}` : ''}${waiting > 0 ? `，还有 ${waiting} 人没有回执` : ''}` },
        ]}
        />
        <SectionHead n={figure(value.persons)} end={may('list_add') && <Button size="small" aria-expanded={adding} onClick={() => setAdding(!adding)}>补登人员</Button>}>本批档案</SectionHead>
        {adding && may('list_add') && <Add value={value} etag={etag} reload={reload} done={() => setAdding(false)} />}
        <div className="scroll-x">
          <table className="plain">
            <thead><tr><th scope="col" className="num">序号</th><th scope="col">姓名</th><th scope="col">状态</th><th scope="col">案号</th>{packing && <th scope="col">卷数</th>}{receipt && <th scope="col">没有收到</th>}</tr></thead>
            <tbody>
              {value.cases.map((c, n) => {
                const why = value.waiting.find((w) => w.caseId === c.id);
                return (
                  <tr key={c.id}>
                    <td className="num">{n + 1}</td>
                    <td className="nowrap"><Link className="subject" to={`/transfers/${c.id}`}>{c.name}</Link></td>
                    <td><Status tone={c.tone}>{c.stateName}</Status>{why?.reasons.map((r) => <span className="case-reasons" key={r.slug}>{r.message}{r.next}</span>)}</td>
                    <td className="dense nowrap">{c.no}</td>
                    {packing && <td>{c.state === 'approved' && <InputNumber size="small" aria-label={`${c.name}卷数`} min={1} max={99} value={volumes[c.id] ?? 1} onChange={(k) => setVolumes({ ...volumes, [c.id]: k ?? 1 })} />}</td>}
                    {receipt && <td>{c.state === 'awaiting' && <Checkbox aria-label={`没有收到${c.name}`} checked={absent.includes(c.id)} onChange={(e) => setAbsent(e.target.checked ? [...absent, c.id] : absent.filter((x) => x !== c.id))} />}</td>}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        {value.leftOut.length > 0 && (
          <>
            <SectionHead n={value.leftOut.length} note="请告知学校；号码有误的，改正后补登">函上列名、未纳入本批</SectionHead>
            <table className="plain">
              <thead><tr><th scope="col">姓名</th><th scope="col">号码</th><th scope="col">理由和下一步</th></tr></thead>
              <tbody>{value.leftOut.map((l) => <tr key={l.name + (l.idNo ?? '')}><td className="nowrap">{l.name}</td><td className="nowrap">{l.idNo}</td><td>{l.reasons.map((r) => <span key={r.slug} style={{ display: 'block' }}>{r.message}<span className="ink2">{r.next}</span></span>)}</td></tr>)}</tbody>
            </table>
          </>
        )}
      </div>
    </Split>
  );
}

function useListAct<B>({ value, etag }: Pick<StepProps, 'value' | 'etag'>, done: string, run: (headers: ActHeaders, body: B, path: { id: string }) => Promise<unknown>, onDone?: () => void) {
  return useAct({ etag, invalidates: [['transfers'], ['custody'], ['dossiers'], ['documents']], done, onDone, run: (headers, body: B) => run(headers, body, { id: value.id }) });
}

/** More persons of the same letter. */
function Add({ value, etag, reload, done }: { value: List; etag: string; reload: () => void; done: () => void }) {
  const [persons, setPersons] = useState<Person[]>([]);
  const act = useListAct<void>({ value, etag }, '已补登', (headers, _, path) => read(api.POST('/api/v1/transfer-lists/{id}/add', { params: { path }, headers, body: { persons } })), done);
  return (
    <form className="notice" onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <Persons value={persons} onChange={(list) => { act.reset(); setPersons(list); }} problem={act.problem} />
      <ProblemView problem={act.problem} onRetry={reload} fields={personFields(persons)} />
      <div className="form-end"><Button type="primary" htmlType="submit" disabled={persons.length === 0} loading={act.isPending}>补登 {persons.length} 人</Button></div>
    </form>
  );
}

const parts: Record<string, (p: StepProps) => ReactNode> = { 'transfer.list_review': Review, 'transfer.list_pack': Pack, 'transfer.list_dispatch': Dispatch, 'transfer.list_receipt': Receipt };

function Next(props: StepProps) {
  const { value } = props;
  const next = value.possible.find((p) => p.allowed && p.primary && parts[p.action]);
  const Part = next && parts[next.action];
  return (
    <>
      {Part ? <Part {...props} /> : <Waiting value={value} />}
      {value.possible.some((p) => p.action === 'transfer.list_reopen' && p.allowed) && <Reopen {...props} />}
      {value.possible.some((p) => p.action === 'transfer.list_chase' && p.allowed) && <Chase {...props} />}
    </>
  );
}

function Waiting({ value }: { value: List }) {
  const who = ['', '库管按提档单提档；没有目录的，由经办逐份登记清单。', '由审核人员一并审核签名。', '由经办人员装封。', '由经办人员登记寄送。', '等待学校退回回执，由经办人员登记。'][stepOf(value)];
  const ended = value.state === 'ended';
  return <><SectionHead>{who ? '下一步' : value.stateName}</SectionHead><p className="ink2">{who ?? (ended ? '本批没有一件随批办结：各件已撤回、不予转出、退回或者单独办理，见各件。' : '回执已全部登记，本批办结。')}</p></>;
}

function Foot({ act, verb, note, reload, fields, disabled }: { act: Pick<ReturnType<typeof useAct>, 'problem' | 'isPending'>; verb: string; note: string; reload: () => void; fields?: string[]; disabled?: boolean }) {
  return (
    <>
      <ProblemView problem={act.problem} onRetry={reload} fields={fields} />
      <div className="form-end"><Button type="primary" htmlType="submit" loading={act.isPending} disabled={disabled}>{verb}</Button></div>
      <p className="meta" style={{ marginTop: 8 }}>{note}</p>
    </>
  );
}

function Review(props: StepProps) {
  const { value, reload } = props;
  const [note, setNote] = useState('');
  const act = useListAct<void>(props, '已审核签名', (headers, _, path) => read(api.POST('/api/v1/transfer-lists/{id}/review', { params: { path }, headers, body: { note } })));
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>下一步：审核签名</SectionHead>
      <p>现在可以一并审核 <b>{value.ready}</b> 份{value.waiting.length > 0 && `，另有 ${value.waiting.length} 份还不能审核，理由见左侧`}。</p>
      <Form layout="vertical" component={false}><Form.Item label="审核意见" htmlFor="l-note"><Input id="l-note" value={note} onChange={(e) => setNote(e.target.value)} placeholder="可不填" /></Form.Item></Form>
      <Foot act={act} verb={`审核签名 ${value.ready} 份`} note="只有未还借阅、正在查阅、依法限制、没有目录四种情形可以暂不转出。" reload={reload} />
    </form>
  );
}

function Pack(props: StepProps) {
  const { value, reload, volumes } = props;
  const [sealNo, setSealNo] = useState('');
  const act = useListAct<void>(props, '已装封，通知单和清单已出具', (headers, _, path) => read(api.POST('/api/v1/transfer-lists/{id}/pack', { params: { path }, headers, body: { sealNo, volumes: Object.entries(volumes).map(([k, n]) => ({ id: k, volumes: n })) } })));
  const ready = value.cases.filter((c) => c.state === 'approved').length;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>下一步：装封</SectionHead>
      <p>审核通过的 <b>{ready}</b> 份装入一个包封。{ready < value.cases.length && `其余 ${value.cases.length - ready} 份转为单独办理，时限不变。`}</p>
      <Form layout="vertical" component={false}><Form.Item label="封条编号" htmlFor="l-seal" required {...fieldError(act.problem, 'sealNo')}><Input id="l-seal" value={sealNo} onChange={(e) => setSealNo(e.target.value)} /></Form.Item></Form>
      <Foot act={act} verb="登记装封" note="各人的卷数在左侧填写。同时出具一份列名全部人员的转递通知单和一份材料清单。" reload={reload} fields={['sealNo']} />
    </form>
  );
}

function Dispatch(props: StepProps) {
  const { value, reload } = props;
  const [v, setV] = useState<Going>(() => going());
  const act = useListAct<Going>(props, '已登记寄送', (headers, body, path) => read(api.POST('/api/v1/transfer-lists/{id}/dispatch', { params: { path }, headers, body: carried(body) })));
  return (
    <form onChange={mending(act, true)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <SectionHead>下一步：寄送</SectionHead>
      <Facts items={[{ label: '寄往', value: value.receiverName }, { label: '包封', value: `${value.sealNo}，${value.persons} 人` }]} />
      <WayFields value={{ forced: 'no' }} going={v} set={(change) => setV((old) => ({ ...old, ...change }))} problem={act.problem} reset={act.reset} reload={reload} />
      <div className="form-end"><Button type="primary" htmlType="submit" loading={act.isPending} disabled={act.problem?.kind === 'refused'}>登记寄送</Button></div>
      <p className="meta" style={{ marginTop: 8 }}>转递方式逐人核对：有一人限机要或专送的，全批不得邮寄。</p>
    </form>
  );
}

function Receipt(props: StepProps) {
  const { value, reload, absent } = props;
  const [v, setV] = useState(unanswered);
  const act = useListAct<typeof v>(props, '已登记回执', (headers, body, path) => read(api.POST('/api/v1/transfer-lists/{id}/receipt', { params: { path }, headers, body: { ...body, absent } })));
  const waiting = value.cases.filter((c) => c.state === 'awaiting').length;
  return (
    <form onChange={mending(act)} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <SectionHead>下一步：登记回执</SectionHead>
      <p>本次办结 <b>{waiting - absent.length}</b> 人{absent.length > 0 && `，没有收到的 ${absent.length} 人留在本批，等下一份回执`}。学校分次退回的，分次登记。</p>
      <ReceiptFields id="l" value={v} set={(change) => setV((old) => ({ ...old, ...change }))} problem={act.problem} />
      <Foot act={act} verb="登记回执" note="左侧勾选学校写明没有收到的人；登记后各人的保管责任转移。" reload={reload} fields={receiptFields} disabled={waiting === absent.length} />
    </form>
  );
}

/** One letter for the whole packet, with everybody whose receipt is missing. */
function Chase(props: StepProps) {
  const [asking, setAsking] = useState(false);
  const act = useListAct<void>(props, '已催办', (headers, _, path) => read(api.POST('/api/v1/transfer-lists/{id}/chase', { params: { path }, headers })), () => setAsking(false));
  return (
    <div className="form-end">
      <span className="end"><Button type="link" onClick={() => { act.reset(); setAsking(true); }}>催办回执</Button></span>
      <Confirm open={asking} title="催办全批回执？" verb="催办回执" clause="第二十条（五）" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={() => setAsking(false)}><p>出具一份催办函，列名全部没有回执的人员，请打印寄送。已登记包裹异常的，在各件中办理，不列入。</p></Confirm>
    </div>
  );
}

function Reopen(props: StepProps) {
  const [asking, setAsking] = useState(false);
  const act = useListAct<void>(props, '已拆封，请重新审核', (headers, _, path) => read(api.POST('/api/v1/transfer-lists/{id}/reopen', { params: { path }, headers })), () => setAsking(false));
  return (
    <div className="form-end">
      <span className="end"><Button type="link" onClick={() => { act.reset(); setAsking(true); }}>拆封重审</Button></span>
      <Confirm open={asking} title="拆封重审？" verb="拆封重审" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={() => setAsking(false)}><p>通知单和清单随即作废，编号留在登记簿；全批重新审核、装封。</p></Confirm>
    </div>
  );
}
