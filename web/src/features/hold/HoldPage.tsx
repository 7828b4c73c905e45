import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate, today } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';
import { Left } from './parts';

type View = Schema<'HoldView'>;

/** One hold: the organ's document, until when, and what may be done. */
export default function HoldPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['holds', 'one', id, 'page'], queryFn: () => readTagged(api.GET('/api/v1/holds/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} />}</Answer>;
}

function Page({ v, etag }: { v: View; etag: string }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<'decide' | 'lift' | 'release'>();
  const on = {
    'hold.decide': () => setOpen('decide'),
    'hold.decide_lift': () => setOpen('release'),
    'hold.lift': () => setOpen('lift'),
    'hold.ask': () => void navigate(`/holds/new?extends=${v.id}`),
  };
  const close = () => setOpen(undefined);
  return (
    <Split label="办理" width={304} aside={<NowPossible possible={v.possible} on={on} />}>
      <PageHead title={v.personName} crumbs={[{ label: '限制转出', to: '/holds' }, { label: v.no }]} sub={<span className="person-line"><Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link><Status tone={v.tone as Tone}>{v.stateName}</Status></span>} />
      <div className="page-body">
        {v.note && <p className="notice">{v.state === 'refused' ? '不予登记：' : '未解除：'}{v.note}</p>}
        <SectionHead>法律文书</SectionHead>
        <Facts
          items={[
            { label: '机关', value: v.organ }, { label: '依据', value: v.basisName }, { label: '文书', value: v.order }, { label: '文书日期', value: longDate(v.orderOn) },
            { label: '限制至', value: <Left h={v} /> }, { label: '联系', value: v.contact }, { label: '保管机构', value: v.agencyName },
            { label: '所续', value: v.before && <Link className="text-link" to={`/holds/${v.before.id}`}>{v.before.order}，至{longDate(v.before.until)}</Link> },
          ]}
        />
        {v.release && (
          <>
            <SectionHead>解除文书</SectionHead>
            <Facts items={[{ label: '文书', value: v.release }, { label: '文书日期', value: longDate(v.liftOn) }, { label: '登记', value: v.liftBy }, { label: '确认', value: v.liftOkBy }]} />
          </>
        )}
        <SectionHead>办理经过</SectionHead>
        <Facts
          items={[
            { label: '登记', value: `${v.askedBy} ${logTime(v.askedAt)}` },
            { label: v.state === 'refused' ? '不予登记' : '确认', value: v.decidedBy && `${v.decidedBy} ${logTime(v.decidedAt)}` },
            { label: '结束', value: v.endedAt && `${v.stateName}，${logTime(v.endedAt)}` },
          ]}
        />
        <p className="meta">限制期间不得转出；查阅、出具证明照常办理。期限届满自动解除，提前解除凭该机关的文书。</p>
      </div>
      {open === 'decide' && <Decide v={v} etag={etag} lift={false} onClose={close} />}
      {open === 'release' && <Decide v={v} etag={etag} lift onClose={close} />}
      {open === 'lift' && <Lift v={v} etag={etag} onClose={close} />}
    </Split>
  );
}

const invalidates = [['holds'], ['dossiers'], ['transfers']];

/** A second person holds the document against what was entered, and confirms or sends back. */
function Decide({ v, etag, lift, onClose }: { v: View; etag: string; lift: boolean; onClose: () => void }) {
  const [confirm, setConfirm] = useState(true);
  const [note, setNote] = useState('');
  const act = useAct({
    etag, invalidates, onDone: onClose,
    done: confirm ? (lift ? '限制已解除' : '限制已生效') : lift ? '不予解除，继续限制' : '不予登记，已告知登记人',
    run: (headers) => {
      const sent = { params: { path: { id: v.id } }, body: { confirm, note: confirm ? '' : note }, headers };
      return read(lift ? api.POST('/api/v1/holds/{id}/decide-lift', sent) : api.POST('/api/v1/holds/{id}/decide', sent));
    },
  });
  const [yes, no] = lift ? ['确认解除', '不予解除'] : ['确认限制', '不予登记'];
  return (
    <Confirm open title={lift ? '确认解除限制' : '确认限制转出'} verb={confirm ? yes : no} busy={act.isPending} problem={act.problem?.reasons?.some((r) => r.field === 'note') ? undefined : act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十条（二）">
      <p>{v.organ}，{lift ? `${v.release}，${longDate(v.liftOn)}` : `${v.order}，限制至${longDate(v.until)}`}。</p>
      <p className="dense ink2">{lift ? '确认后档案可以转出。' : '确认后至到期或解除前，档案不得转出。'}</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="对照法律文书"><Radio.Group value={confirm} onChange={(e) => setConfirm(e.target.value as boolean)} options={[{ value: true, label: '与登记一致' }, { value: false, label: '不一致' }]} /></Form.Item>
        {!confirm && <Form.Item label={`${no}的理由`} htmlFor="hold-note" {...fieldError(act.problem, 'note')}><Input id="hold-note" maxLength={200} value={note} onChange={(e) => setNote(e.target.value)} /></Form.Item>}
      </Form>
    </Confirm>
  );
}

/** The organ's document that lifts the hold before its end. */
function Lift({ v, etag, onClose }: { v: View; etag: string; onClose: () => void }) {
  const [f, setF] = useState({ name: '', no: '', on: today() });
  const act = useAct({ etag, invalidates, onDone: onClose, done: '已登记，待另一人确认解除', run: (headers) => read(api.POST('/api/v1/holds/{id}/lift', { params: { path: { id: v.id } }, body: f, headers })) });
  return (
    <Confirm open title="登记解除文书" verb="提交" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十条（二）">
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="文书名称" htmlFor="lift-name" {...fieldError(act.problem, 'name')}><Input id="lift-name" maxLength={80} placeholder="如：解除协助执行通知书" value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} /></Form.Item>
        <Form.Item label="文号" htmlFor="lift-no" {...fieldError(act.problem, 'no')}><Input id="lift-no" maxLength={80} value={f.no} onChange={(e) => setF({ ...f, no: e.target.value })} /></Form.Item>
        <Form.Item label="文书日期" htmlFor="lift-on" {...fieldError(act.problem, 'on')}><Day id="lift-on" value={f.on} onChange={(day) => setF({ ...f, on: day })} /></Form.Item>
        <ProblemView problem={act.problem} fields={['name', 'no', 'on']} />
      </Form>
    </Confirm>
  );
}
