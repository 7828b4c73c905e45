import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Problem, type Schema } from '../api/client';
import { useAct } from './act';
import { Confirm } from './confirm';
import { longDate } from './dates';
import { Answer } from './states';

type Matter = Schema<'IntakeItem'>['matter'];

/** An application that goes on from its record: the form is filled with it. */
export interface Resumed<T> {
  intake?: Schema<'IntakeView'>;
  application?: Partial<T>;
}

/** Loads the record named by ?intake=, if one is, before the form is shown. */
export function Resume<T>({ children }: { children: (resumed: Resumed<T>) => ReactNode }) {
  const [params] = useSearchParams();
  const id = params.get('intake') ?? '';
  const query = useQuery({ queryKey: ['intakes', 'one', id, 'form'], queryFn: () => read(api.GET('/api/v1/intakes/{id}', { params: { path: { id } } })), enabled: id !== '' });
  if (!id) return <>{children({})}</>;
  return <Answer query={query}>{(intake) => <>{children({ intake, application: (intake.application ?? {}) as Partial<T> })}</>}</Answer>;
}

/** Above a form that goes on: what was missing, or what was decided. */
export function ResumedNote({ intake }: { intake?: Schema<'IntakeView'> }) {
  if (!intake) return null;
  return (
    <div className="notice" role="note" style={{ marginBottom: 16 }}>
      继续受理 <Link className="text-link" to={`/intakes/${intake.id}`}>{intake.no}</Link>
      {intake.state === 'sent' ? `：${intake.senderUnit ? '单位经办人' : '本人'}${intake.sender ?? ''}网上申请。核对所附文件，补全后受理。` : intake.state === 'completing' ? `，${longDate(intake.dueOn)}前补正：${intake.reasons.map((r) => r.message).join('')}` : intake.upheld ? '：异议成立，应予受理。' : `：审核认为应予受理。${intake.note ?? ''}`}
    </div>
  );
}

interface RecordProps {
  matter: Matter;
  problem?: Problem;
  /** The application as it was sent. */
  application: () => unknown;
  intake?: Schema<'IntakeView'>;
  /** Which answers can be put down here; a room may have its own way for one. */
  kinds?: Problem['kind'][];
}

/** Beside an application that was not taken in: put it down with what the system said (29.8). */
export function RecordIntake({ matter, problem, application, intake, kinds = ['incomplete', 'refused'] }: RecordProps) {
  const [asking, setAsking] = useState(false);
  const [contact, setContact] = useState('');
  const [more, setMore] = useState('');
  const go = useNavigate();
  const missing = problem?.kind === 'incomplete';
  const act = useAct({
    invalidates: [['intakes'], ['work']],
    done: (v: Schema<'IntakeView'>) => (v.state === 'completing' ? `已登记 ${v.no}，补正告知单已出具` : `已登记 ${v.no}，待另一人审核`),
    onDone: (v) => void go(`/intakes/${v.id}`),
    run: (headers) => read(api.POST('/api/v1/intakes', { headers, body: { matter, intake: intake?.id, application: application(), contact, more: missing ? more.split('\n').map((s) => s.trim()).filter(Boolean) : undefined } })),
  });
  if (!problem || !kinds.includes(problem.kind)) return null;
  if (missing && intake?.told) return <p className="dense ink2" style={{ marginTop: 8 }}>已经一次性告知过需补正的内容，不再另行告知；补齐后再受理。</p>;
  const verb = missing ? '出具补正告知单' : '登记并报审核';
  return (
    <div className="record-intake" style={{ marginTop: 8 }}>
      <Button onClick={() => { act.reset(); setAsking(true); }}>{missing ? '一次性告知补正' : '登记，报审核不予受理'}</Button>
      <span className="meta">　{missing ? '登记申请，出具受理回执和补正告知单' : '登记申请，出具受理回执；由另一人审核'}</span>
      {asking && (
        <Confirm open title={missing ? '一次性告知补正' : '报审核不予受理'} verb={verb} clause="第二十九条（八）" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(undefined)} onCancel={() => setAsking(false)}>
          <p className="dense ink2">{missing ? '下列内容一次告知，以后不再要求其他材料：' : '下列情形由另一名审核人员或负责人审核；同意的出具不予办理告知单，申请人可以提出异议。'}</p>
          <ol className="dense">{(problem.reasons ?? []).map((r) => <li key={`${r.rule}/${r.slug}/${r.field ?? ''}`}>{r.message}</li>)}</ol>
          <Form layout="vertical" requiredMark={false}>
            {missing && <Form.Item label="还要补正的（每行一项，没有的不填）" htmlFor="intake-more"><Input.TextArea id="intake-more" rows={2} maxLength={1000} value={more} onChange={(e) => setMore(e.target.value)} /></Form.Item>}
            <Form.Item label="申请人联系方式" htmlFor="intake-contact"><Input id="intake-contact" maxLength={120} autoComplete="off" value={contact} onChange={(e) => setContact(e.target.value)} /></Form.Item>
          </Form>
        </Confirm>
      )}
    </div>
  );
}
