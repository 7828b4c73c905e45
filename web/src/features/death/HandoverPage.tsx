import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { longDate, today } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';

type View = Schema<'DeathListView'>;
type Kind = 'check' | 'deliver' | 'receipt' | 'strike' | 'cancel';

const words: Record<Kind, { title: string; verb: string; what: string; done: string }> = {
  check: { title: '检测清单所列档案的影像？', verb: '检测', what: '逐页读出在库影像，检测真实、完整、可用、安全四性；没有影像的记为无数字档案。', done: '四性检测已完成' },
  deliver: { title: '移交清单所列档案？', verb: '移交', what: '请逐卷核对实物、点清卷数。移交后出具编号的移交清单和每卷的材料目录清单，档案在途，待接收单位回执。', done: '已移交' },
  receipt: { title: '登记接收单位回执', verb: '登记回执', what: '照回执填写；收到的档案转出，本机构保管责任终止。没有收到的勾选，清单等候其回执。', done: '已签收' },
  strike: { title: '把这一人移出清单？', verb: '移出清单', what: '该卷退回库房，照旧保管；其他人照常移交。', done: '已移出清单' },
  cancel: { title: '取消这份清单？', verb: '取消清单', what: '所列档案退回库房，可以重新拟定。', done: '已取消' },
};

/** One handover: its packets, the two who hand over, the two who take, the receipt. */
export default function HandoverPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['deaths', 'list', id], queryFn: () => readTagged(api.GET('/api/v1/death-handovers/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Handover v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Handover({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState<Kind>();
  const [f, setF] = useState({ on: today(), no: '', first: '', second: '', witness: '', why: '', caseId: '', absent: [] as string[], counted: Object.fromEntries(v.lines.map((d) => [d.id, { volumes: 1, remark: '' }])) as Record<string, { volumes: number; remark: string }> });
  const [broken, setBroken] = useState<Problem>();
  const set = (change: Partial<typeof f>) => setF({ ...f, ...change });
  const act = useAct({
    etag,
    invalidates: [['deaths'], ['dossiers'], ['documents']],
    done: (_, kind: Kind) => words[kind].done,
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      switch (kind) {
        case 'check': return read(api.POST('/api/v1/death-handovers/{id}/check', params));
        case 'deliver': return read(api.POST('/api/v1/death-handovers/{id}/deliver', { ...params, body: { on: f.on, lines: v.lines.map((d) => ({ caseId: d.id, volumes: f.counted[d.id]?.volumes ?? 0, remark: f.counted[d.id]?.remark ?? '' })) } }));
        case 'receipt': return read(api.POST('/api/v1/death-handovers/{id}/receipt', { ...params, body: { on: f.on, no: f.no, witness: f.witness, takers: [f.first, f.second], absent: f.absent } }));
        case 'strike': return read(api.POST('/api/v1/death-handovers/{id}/strike', { ...params, body: { caseId: f.caseId, why: f.why } }));
        case 'cancel': return read(api.POST('/api/v1/death-handovers/{id}/cancel', { ...params, body: { basis: f.why } }));
      }
    },
    onDone: () => setAsking(undefined),
  });
  const ask = (kind: Kind) => () => { act.reset(); setAsking(kind); };
  const strikes = v.possible.some((p) => p.action === 'death.strike' && p.allowed);
  const waiting = v.lines.filter((d) => d.state === 'sent');
  const w = asking && words[asking];
  return (
    <>
      <PageHead
        title={`移交清单 ${v.no}`}
        sub={<Status tone={v.tone as Tone}>{v.stateName}</Status>}
        crumbs={[{ label: '死亡档案', to: '/deaths' }, { label: '移交清单', to: '/deaths/lists' }, { label: v.no }]}
        acts={v.documentId && <Button type="primary" onClick={() => void openPdf(`/api/v1/documents/${v.documentId ?? ''}/pdf`).then(() => setBroken(undefined), (e: unknown) => setBroken(problemOf(e)))}>打开清单</Button>}
      />
      <Split
        label="办理"
        aside={
          <>
            <NowPossible possible={v.possible.filter((p) => p.action !== 'death.strike')} busy={act.isPending ? `death.${act.variables ?? ''}` : undefined} on={{ 'death.check': ask('check'), 'death.deliver': ask('deliver'), 'death.receipt': ask('receipt'), 'death.cancel': ask('cancel') }} />
            <Papers of={`Handover:${v.id}`} state={v.state} />
          </>
        }
      >
        <div className="page-body">
          <ProblemView problem={asking ? broken : act.problem ?? broken} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <Facts
            items={[
              { label: '接收单位', value: `${v.recipient}（${v.recipientKind}）` },
              { label: '移交原因', value: v.reasonName },
              { label: '移交依据', value: v.basis },
              { label: '移交机构', value: v.agencyName },
              { label: '移交人', value: [v.preparedBy, v.deliveredBy].filter(Boolean).join('、') },
              { label: '移交日期', value: longDate(v.handedOn) },
              { label: '编号', value: v.number },
              { label: '接收人', value: v.takers },
              { label: '监交人', value: v.witness },
              { label: '回执', value: v.receivedOn && `${v.receiptNo ?? ''}，${longDate(v.receivedOn)}签收` },
              { label: '取消原因', value: v.note },
            ]}
          />
          <SectionHead n={v.persons} note={v.documentId && `共 ${v.volumes ? `${v.volumes} 卷、` : ''}${v.materials} 份、${v.pages} 页`}>所列档案</SectionHead>
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">死亡日期</th><th scope="col">依据</th><th scope="col">5年届满</th><th scope="col">荣誉称号</th><th scope="col">四性检测</th><th scope="col">卷数</th><th scope="col">状态</th>{strikes && <th scope="col"><span className="hidden-text">移出</span></th>}</tr></thead>
              <tbody>
                {v.lines.map((d) => (
                  <tr key={d.id}>
                    <td className="nowrap"><Link className="text-link" to={`/deaths/${d.id}`}>{d.personName}</Link></td><td className="nowrap">{d.dossierNo}</td><td className="dense nowrap">{longDate(d.diedOn)}</td>
                    <td className="dense">{d.evidence}</td><td className="dense nowrap">{longDate(d.termEndsOn)}</td><td className="dense">{d.merit}</td><td className="dense"><Checked check={d.check} /></td><td className="dense">{d.volumes ? `${d.volumes} 卷` : ''}{d.remark && <span className="meta">　{d.remark}</span>}</td><td className="nowrap"><Status tone={d.tone as Tone}>{d.stateName}</Status></td>
                    {strikes && <td><Button type="link" size="small" aria-label={`移出${d.personName}`} onClick={() => { setF({ ...f, caseId: d.id, why: '' }); ask('strike')(); }}>移出</Button></td>}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </Split>
      {asking && w && (
        <Confirm open title={w.title} verb={w.verb} clause="第二十条" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{w.what}</p>
          <Form layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }}>
            {(asking === 'deliver' || asking === 'receipt') && <Form.Item label={asking === 'deliver' ? '移交日期' : '签收日期'} htmlFor="handover-on"><Day id="handover-on" value={f.on} onChange={(on) => set({ on })} /></Form.Item>}
            {asking === 'deliver' && v.lines.map((d) => (
              <Form.Item key={d.id} label={`${d.personName}（${d.dossierNo}）`} htmlFor={`volumes-${d.id}`}>
                <span style={{ display: 'flex', gap: 8 }}>
                  <InputNumber id={`volumes-${d.id}`} min={1} max={50} precision={0} value={f.counted[d.id]?.volumes} addonAfter="卷" onChange={(n) => set({ counted: { ...f.counted, [d.id]: { volumes: n ?? 0, remark: f.counted[d.id]?.remark ?? '' } } })} />
                  <Input aria-label={`${d.personName}的备注`} placeholder="备注（选填）" maxLength={60} value={f.counted[d.id]?.remark} onChange={(e) => set({ counted: { ...f.counted, [d.id]: { volumes: f.counted[d.id]?.volumes ?? 1, remark: e.target.value } } })} />
                </span>
              </Form.Item>
            ))}
            {asking === 'receipt' && (
              <>
                <Form.Item label="接收人一" htmlFor="handover-first"><Input id="handover-first" value={f.first} maxLength={60} onChange={(e) => set({ first: e.target.value })} /></Form.Item>
                <Form.Item label="接收人二" htmlFor="handover-second"><Input id="handover-second" value={f.second} maxLength={60} onChange={(e) => set({ second: e.target.value })} /></Form.Item>
                <Form.Item label="监交人（选填）" htmlFor="handover-witness"><Input id="handover-witness" value={f.witness} maxLength={60} onChange={(e) => set({ witness: e.target.value })} /></Form.Item>
                <Form.Item label="回执编号" htmlFor="handover-no"><Input id="handover-no" value={f.no} maxLength={100} onChange={(e) => set({ no: e.target.value })} /></Form.Item>
                {waiting.length > 1 && <Form.Item label="没有收到的（都收到的不选）"><Checkbox.Group value={f.absent} onChange={(absent) => set({ absent })} options={waiting.map((d) => ({ value: d.id, label: d.personName }))} /></Form.Item>}
              </>
            )}
            {(asking === 'cancel' || asking === 'strike') && <Form.Item label="原因" htmlFor="handover-why"><Input id="handover-why" value={f.why} maxLength={200} onChange={(e) => set({ why: e.target.value })} /></Form.Item>}
          </Form>
        </Confirm>
      )}
    </>
  );
}

/** What the four checks found of one dossier; each defect where it is. */
function Checked({ check }: { check: View['lines'][number]['check'] }) {
  if (!check) return <span className="meta">未检测</span>;
  return (
    <>
      <Status tone={check.images === 0 ? 'plain' : check.good ? 'done' : 'bad'}>{check.words}</Status>
      {check.images > 0 && <span className="meta">　{check.images} 页，{longDate(check.at)}</span>}
      {check.found.map((x) => <div key={x.at + x.what} className="meta">{x.property}：{x.at}，{x.what}</div>)}
    </>
  );
}
