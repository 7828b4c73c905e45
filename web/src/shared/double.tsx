import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../api/client';
import { useAct } from './act';
import { Confirm } from './confirm';
import { today } from './dates';
import { Day } from './day';
import { fieldError, ProblemView } from './problem';

interface Alike { dossierId: string; no?: string; name: string; idNo: string; agencyName: string }
type Candidate = Schema<'Candidate'>;

/** Under a refusal: the dossiers that may be the same person's, and the word that they are two (2). */
export default function LikelyDouble({ facts }: { facts: Record<string, unknown> }) {
  const alike = (facts.alike ?? []) as Alike[];
  const [stated, setStated] = useState<string[]>([]);
  const [about, setAbout] = useState('');
  return (
    <>
      <ul className="reasons">
        {alike.map((a) => (
          <li key={a.dossierId}>
            {a.name}　{a.idNo}　{a.no ? <Link className="text-link" to={`/dossiers/${a.dossierId}`} target="_blank">{a.no}</Link> : a.agencyName}{'　'}
            {stated.includes(a.dossierId) ? <span className="ink2">已认定不是同一人，请重新提交</span> : <Button size="small" onClick={() => setAbout(a.dossierId)}>不是同一人</Button>}
          </li>
        ))}
      </ul>
      {about && <StateDistinct body={{ dossierId: about, candidate: facts.candidate as Candidate }} onDone={() => { setStated([...stated, about]); setAbout(''); }} onCancel={() => setAbout('')} />}
    </>
  );
}

/** The word that two people of one name and birth date are two, with reason and evidence. */
export function StateDistinct({ body, onDone, onCancel }: { body: { dossierId: string; otherId?: string; candidate?: Candidate }; onDone?: () => void; onCancel: () => void }) {
  const [reason, setReason] = useState('');
  const [document, setDocument] = useState('');
  const [seenBy, setSeenBy] = useState('');
  const [seenOn, setSeenOn] = useState(today());
  const act = useAct({
    invalidates: [['doubles']],
    done: '已认定不是同一人',
    onDone: () => { onDone?.(); onCancel(); },
    run: (headers) => read(api.POST('/api/v1/likely-doubles/distinct', { headers, body: { ...body, reason, document, seenBy, seenOn } })),
  });
  return (
    <Confirm open title="认定不是同一人" clause="第二条" verb="认定" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onCancel}>
      <p>两人各有一卷，不再列为可能重复。认定人、依据留存，有误的可以写明理由撤销。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="为什么不是同一人" htmlFor="distinct-reason" {...fieldError(act.problem, 'reason')}><Input id="distinct-reason" value={reason} maxLength={200} placeholder="如：父母姓名、籍贯、毕业院校均不同" onChange={(e) => setReason(e.target.value)} /></Form.Item>
        <Form.Item label="查看的证件、材料" htmlFor="distinct-document" {...fieldError(act.problem, 'document')}><Input id="distinct-document" value={document} maxLength={200} placeholder="如：两人的居民身份证、户口簿" onChange={(e) => setDocument(e.target.value)} /></Form.Item>
        <div className="form-grid two">
          <Form.Item label="查看人" htmlFor="distinct-by" {...fieldError(act.problem, 'seenBy')}><Input id="distinct-by" value={seenBy} maxLength={60} onChange={(e) => setSeenBy(e.target.value)} /></Form.Item>
          <Form.Item label="查看日期" htmlFor="distinct-on" {...fieldError(act.problem, 'seenOn')}><Day id="distinct-on" value={seenOn} onChange={setSeenOn} /></Form.Item>
        </div>
        <ProblemView problem={act.problem} fields={['reason', 'document', 'seenBy', 'seenOn']} />
      </Form>
    </Confirm>
  );
}
