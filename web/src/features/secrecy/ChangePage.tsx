import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = Schema<'SecrecyChangeView'>;

/** One change of class: what it rests on, and the other person's decision. */
export default function ChangePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['secrecy', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/secrecy-changes/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} />}</Answer>;
}

function Page({ v, etag }: { v: View; etag: string }) {
  const [deciding, setDeciding] = useState(false);
  return (
    <Split label="办理" width={304} aside={<NowPossible possible={v.possible} on={{ 'secrecy.decide': () => setDeciding(true) }} />}>
      <PageHead title={`${v.fromName} → ${v.toName}`} crumbs={[{ label: '定密变更', to: '/secrecy' }, { label: v.no }]} sub={<span className="person-line"><Link className="text-link" to={`/dossiers/${v.dossierId}/secrecy`}>{v.personName} {v.dossierNo}</Link><Status tone={v.tone as Tone}>{v.stateName}</Status></span>} />
      <div className="page-body">
        {v.note && <p className="notice">{v.stateName}：{v.note}</p>}
        <SectionHead>变更</SectionHead>
        <Facts items={[{ label: '对象', value: v.label }, { label: '原密级', value: v.fromName }, { label: '变更为', value: v.toName }, { label: '理由', value: v.reason }]} />
        {v.document && (
          <>
            <SectionHead>定密机关的文件</SectionHead>
            <Facts items={[{ label: '机关', value: v.organ }, { label: '文件', value: v.document }, { label: '日期', value: longDate(v.docOn) }]} />
          </>
        )}
        <SectionHead>办理经过</SectionHead>
        <Facts items={[{ label: v.kind === 'raise' ? '提高' : '提出', value: `${v.askedBy} ${logTime(v.askedAt)}` }, { label: v.state === 'refused' ? '不予批准' : '批准', value: v.decidedBy && `${v.decidedBy} ${logTime(v.decidedAt)}` }]} />
        <p className="meta">{v.kind === 'raise' ? '提高密级由发现人登记，当即生效。' : '批准前仍按原密级管理；提出人不能批准自己提出的降密。'}</p>
      </div>
      {deciding && <Decide v={v} etag={etag} onClose={() => setDeciding(false)} />}
    </Split>
  );
}

function Decide({ v, etag, onClose }: { v: View; etag: string; onClose: () => void }) {
  const [approve, setApprove] = useState(true);
  const [note, setNote] = useState('');
  const act = useAct({
    etag, invalidates: [['secrecy'], ['dossiers'], ['materials']], onDone: onClose, done: approve ? `已降为${v.toName}` : '不予批准，已告知提出人',
    run: (headers) => read(api.POST('/api/v1/secrecy-changes/{id}/decide', { params: { path: { id: v.id } }, body: { approve, note: approve ? '' : note }, headers })),
  });
  const onField = act.problem?.reasons?.some((r) => r.field === 'note');
  return (
    <Confirm open title="审批降低密级" verb={approve ? '批准' : '不予批准'} busy={act.isPending} problem={onField ? undefined : act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十五条">
      <p>{v.label}：{v.fromName} → {v.toName}。</p>
      <p className="dense ink2">{v.organ}，{v.document}，{longDate(v.docOn)}。请对照文件原件。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="对照文件"><Radio.Group value={approve} onChange={(e) => setApprove(e.target.value as boolean)} options={[{ value: true, label: '属实，予以批准' }, { value: false, label: '不予批准' }]} /></Form.Item>
        {!approve && <Form.Item label="理由" htmlFor="secrecy-note" {...fieldError(act.problem, 'note')}><Input id="secrecy-note" maxLength={200} value={note} onChange={(e) => setNote(e.target.value)} /></Form.Item>}
      </Form>
    </Confirm>
  );
}
