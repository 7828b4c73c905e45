import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Radio } from 'antd';
import { useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { Shoot } from '../../shared/Shoot';
import { openPdf, upload } from '../../shared/files';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = Schema<'MandateView'>;

/** Pages of the cases that rest on mandates; an answer at the window has none. */
const pages: Record<string, string> = { Transfer: 'transfers', Certificate: 'certificates', PersonCase: 'standing', Dossier: 'dossiers', Graduate: 'graduates', Supplement: 'supplements', Matter: 'window' };

/** One 委托书: who stands for whom, in what, until when, and what was applied for on it. */
export default function MandatePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['mandates', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/mandates/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} />}</Answer>;
}

function Page({ v, etag }: { v: View; etag: string }) {
  const [open, setOpen] = useState<'decide' | 'revoke'>();
  const close = () => setOpen(undefined);
  return (
    <Split label="办理" width={304} aside={<NowPossible possible={v.possible} on={{ 'mandate.decide': () => setOpen('decide'), 'mandate.revoke': () => setOpen('revoke') }} />}>
      <PageHead title={`${v.agent}代${v.principal}`} crumbs={[{ label: '委托代办', to: '/mandates' }, { label: v.no }]} sub={<span className="person-line">{v.matterNames}<Status tone={v.tone as Tone}>{v.stateName}</Status></span>} />
      <div className="page-body">
        {v.state === 'waiting' && <p className="notice">代办人一年内已在全市为 {v.persons} 人代办，超过设定的人数。负责人核实不是有偿中介并确认后，才能凭这份委托书受理。</p>}
        <SectionHead>委托书</SectionHead>
        <Facts
          items={[
            { label: '委托人', value: `${v.principal}　${v.principalNo}　查验${v.principalDoc}` }, { label: '代办人', value: `${v.agent}　${v.agentNo}　查验${v.agentDoc}` },
            { label: '关系', value: v.relation }, { label: '电话', value: v.phone }, { label: '委托事项', value: v.matterNames },
            { label: '委托书日期', value: longDate(v.paperOn) }, { label: '有效期至', value: longDate(v.validUntil) }, { label: '声明', value: '不收取任何费用，不是有偿中介' },
          ]}
        />
        <SectionHead>查验与确认</SectionHead>
        <Facts
          items={[
            { label: '核对原件', value: `${v.seenBy} ${logTime(v.seenAt)}` }, { label: '机构', value: v.agencyName }, { label: '代办人数', value: `登记时一年内 ${v.persons} 人（全市）` },
            { label: v.state === 'declined' ? '不予认可' : '负责人确认', value: v.decidedBy && `${v.decidedBy} ${logTime(v.decidedAt)}：${v.note}` },
            { label: '撤销', value: v.endedBy && `${v.endedBy} ${logTime(v.endedAt)}：${v.endReason}` },
          ]}
        />
        <Scans v={v} etag={etag} />
        <SectionHead n={v.uses.length}>凭此受理的申请</SectionHead>
        {v.uses.length === 0 ? <Empty>还没有凭这份委托书受理的申请。</Empty> : (
          <table className="plain">
            <thead><tr><th scope="col">事项</th><th scope="col">经办</th><th scope="col">时间</th></tr></thead>
            <tbody>
              {v.uses.map((u) => {
                const [kind = '', id = ''] = u.case.split(':');
                return <tr key={u.case}><td>{pages[kind] ? <Link className="text-link" to={`/${pages[kind]}/${id}`}>{u.matterName}</Link> : u.matterName}</td><td>{u.by}</td><td className="ink2">{logTime(u.at)}</td></tr>;
              })}
            </tbody>
          </table>
        )}
      </div>
      {open === 'decide' && <Decide v={v} etag={etag} onClose={close} />}
      {open === 'revoke' && <Revoke v={v} etag={etag} onClose={close} />}
    </Split>
  );
}

const invalidates = [['mandates']];

/** The scanned 委托书: photos or PDF, seen by who may see the mandate, each look on record. */
function Scans({ v, etag }: { v: View; etag: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const act = useAct({ etag, invalidates, done: '扫描件已上传', run: (headers, file: File) => upload<View>(`/api/v1/mandates/${v.id}/scans`, file, { headers }) });
  const may = v.possible.some((p) => p.action === 'mandate.scan' && p.allowed);
  return (
    <>
      <SectionHead n={v.scans.length} end={may && <span style={{ display: 'inline-flex', gap: 8 }}><Shoot name="委托书" size="small" disabled={act.isPending} onTaken={(file) => act.mutate(file)} /><Button size="small" loading={act.isPending} onClick={() => input.current?.click()}>上传扫描件</Button></span>}>扫描件</SectionHead>
      <input ref={input} type="file" accept=".jpg,.jpeg,.pdf" className="hidden-text" tabIndex={-1} aria-label="委托书扫描件" onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) act.mutate(f); }} />
      {v.scans.length === 0 ? <Empty>还没有上传扫描件。照片 JPG 或 PDF，每个不超过 10 MB。</Empty> : (
        <table className="plain">
          <thead><tr><th scope="col">文件</th><th scope="col" className="num">页数</th><th scope="col">上传</th></tr></thead>
          <tbody>
            {v.scans.map((s) => (
              <tr key={s.no}>
                <td><button type="button" className="bare text-link" onClick={() => { setProblem(undefined); openPdf(`/api/v1/mandates/${v.id}/scans/${s.no}`).catch((e: unknown) => setProblem(problemOf(e))); }}>第 {s.no} 个，{s.format === 'pdf' ? 'PDF' : '照片'}</button></td>
                <td className="num">{s.pages}</td>
                <td className="ink2">{s.by} {logTime(s.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ProblemView problem={act.problem ?? problem} />
    </>
  );
}

/** The head's word on an agent who stands for unusually many persons. */
function Decide({ v, etag, onClose }: { v: View; etag: string; onClose: () => void }) {
  const [confirm, setConfirm] = useState(true);
  const [note, setNote] = useState('');
  const act = useAct({ etag, invalidates, onDone: onClose, done: confirm ? '已确认，可以凭此受理' : '不予认可，已记录', run: (headers) => read(api.POST('/api/v1/mandates/{id}/decide', { params: { path: { id: v.id } }, body: { confirm, note }, headers })) });
  return (
    <Confirm open title="确认代办人" verb={confirm ? '确认' : '不予认可'} busy={act.isPending} problem={act.problem} fields={['note']} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十九条（九）">
      <p>{v.agent}一年内已在全市为 {v.persons} 人代办。请核实是否有偿代办。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="核实结果"><Radio.Group value={confirm} onChange={(e) => setConfirm(e.target.value as boolean)} options={[{ value: true, label: '不是有偿中介' }, { value: false, label: '是或不能排除' }]} /></Form.Item>
        <Form.Item label="怎样核实的" htmlFor="mandate-note" {...fieldError(act.problem, 'note')}><Input id="mandate-note" maxLength={300} placeholder="例如：电话询问委托人，为同一单位同事，没有付费" value={note} onChange={(e) => setNote(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}

/** The principal takes the mandate back; what was applied for on it goes on. */
function Revoke({ v, etag, onClose }: { v: View; etag: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const act = useAct({ etag, invalidates, onDone: onClose, done: '已登记撤销', run: (headers) => read(api.POST('/api/v1/mandates/{id}/revoke', { params: { path: { id: v.id } }, body: { reason }, headers })) });
  return (
    <Confirm open title="登记撤销委托" verb="登记撤销" busy={act.isPending} problem={act.problem} fields={['reason']} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条">
      <p className="dense ink2">撤销后不能再凭这份委托书受理；已经受理的申请继续办理，要停办的由委托人另行撤回。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="委托人怎样撤销的" htmlFor="mandate-reason" {...fieldError(act.problem, 'reason')}><Input id="mandate-reason" maxLength={200} placeholder="例如：委托人当面书面撤销" value={reason} onChange={(e) => setReason(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}
