import { useQuery } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { MandateLine } from '../../shared/mandate';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Aside } from './Aside';
import { Clock } from './Clock';
import './filing.css';
import { Cures, MaterialPanel } from './MaterialPanel';
import { described, descriptionOf, DescriptionFields, formed, Late, received, Term, type Description } from './parts';

type Page = Schema<'MaterialPageView'>;

/** One material: what the catalog says, where it came from, what it said before. */
export default function MaterialPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['materials', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/materials/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Shown m={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Shown({ m, etag, reload }: { m: Page; etag: string; reload: () => void }) {
  const [correcting, setCorrecting] = useState(false);
  const settled = m.state === 'filed' || m.state === 'returned' || m.state === 'cured' || m.state === 'superseded';
  const again = m.state === 'returned' && m.possible.some((p) => (p.action === 'material.resubmit' || p.action === 'material.forward_receipt') && p.allowed);
  return (
    <Split label="办理" width={settled && !again ? 268 : 400} aside={settled && !again ? <NowPossible possible={m.possible} on={{ 'material.request_correction': () => setCorrecting(true) }} /> : <MaterialPanel id={m.id} onDone={reload} />}>
      <PageHead title={m.title} sub={<>{m.number}　<Status tone={m.tone as Tone}>{m.stateName}</Status></>} crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: `${m.person} ${m.dossierNo}`, to: `/dossiers/${m.dossierId}` }, { label: m.number ?? '零散材料' }]} />
      <div className="page-body">
        <Facts items={[
          { label: '类别', value: m.class && `${m.class} ${m.className ?? ''}` },
          { label: '形成时间', value: formed(m) },
          { label: '附于', value: m.main && `${m.main}，与它同号` },
          { label: '份数、页数', value: `${m.copies} 份 ${m.pages} 页${m.isCopy ? '·复制件' : ''}${m.images ? `·影像 ${m.images} 页` : ''}` },
          { label: '证明', value: m.keyFactNames.join('、') },
          { label: '密级', value: m.secrecyName },
          { label: '形成单位', value: m.maker },
          { label: '来源', value: [m.intakeNo, received(m)].filter(Boolean).join(' ') },
          { label: '委托书', value: m.mandate && <MandateLine m={m.mandate} /> },
          { label: '移交', value: m.receivedOn ? <Late m={m} /> : undefined },
          { label: '归档期限', value: settled ? undefined : <Term m={m} basis /> },
          { label: '归档', value: m.filedAt && longDate(m.filedAt) },
          { label: '备注', value: m.note },
          { label: '说明', value: m.reason },
        ]} />
        {settled && <Cures m={m} />}
        {settled && !again && <Aside m={m} />}
        {settled && m.defects.length > 0 && <><SectionHead>{m.decision === 'return' ? '退回原因' : '鉴别情况'}</SectionHead><ul className="dense">{m.defects.map((d) => <li key={d.code}>{d.text}</li>)}</ul></>}
        {settled && m.pauses.length > 0 && <Clock m={m} etag={etag} />}
        <Papers of={`Material:${m.id}`} state={m.state} />
        {m.versions.length > 0 && (
          <>
            <SectionHead n={m.versions.length} note="更正后保留，不覆盖">旧版本</SectionHead>
            <table className="plain">
              <thead><tr><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">形成时间</th><th scope="col" className="num">份/页</th><th scope="col">备注</th></tr></thead>
              <tbody>{m.versions.map((v) => <tr key={v.id}><td>{v.class}-{v.seq}</td><td>{v.title}</td><td>{formed(v)}</td><td className="num">{v.copies} / {v.pages}</td><td className="meta">{v.note}</td></tr>)}</tbody>
            </table>
          </>
        )}
      </div>
      {correcting && <CorrectionForm m={m} etag={etag} onClose={() => setCorrecting(false)} />}
    </Split>
  );
}

function CorrectionForm({ m, etag, onClose }: { m: Page; etag: string; onClose: () => void }) {
  const [form] = Form.useForm<Description & { reason: string; basis?: string }>();
  const act = useAct({
    run: (headers, v: Description & { reason: string; basis?: string }) => read(api.POST('/api/v1/materials/{id}/corrections', { params: { path: { id: m.id } }, headers,
      body: { proposed: described(v), reason: v.reason, ...(v.basis ? { basis: v.basis } : {}) } })),
    etag,
    invalidates: [['materials'], ['corrections'], ['dossiers']],
    done: '已申请更正，待另一人审批',
    onDone: onClose,
  });
  return (
    <Confirm open width={620} title="申请更正" verb="申请更正" clause="第二十九条（二）" busy={act.isPending} problem={act.problem} onCancel={onClose} onConfirm={() => form.submit()}>
      <p className="dense ink2" style={{ marginBottom: 8 }}>只更正目录对材料的记载；材料原件不动。由另一人批准后形成新版本，原版本保留。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={descriptionOf(m)} onFinish={(v) => act.mutate(v)}>
        <DescriptionFields problem={act.problem} />
        <Form.Item name="reason" label="理由" rules={[{ required: true, message: '请写明原记载何处有误。' }]}><Input maxLength={300} /></Form.Item>
        <Form.Item name="basis" label="依据的材料或文号"><Input maxLength={200} /></Form.Item>
      </Form>
    </Confirm>
  );
}
