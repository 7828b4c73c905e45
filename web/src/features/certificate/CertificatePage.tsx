import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { columnDate, logTime, longDate } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { BearerLine } from '../../shared/bearer';
import { MandateLine } from '../../shared/mandate';
import { Papers } from '../../shared/papers';
import { ProblemView, ReasonView } from '../../shared/problem';
import { RefuseDialog, type RefusalInput } from '../../shared/refuse';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Absences } from './Absences';
import { Statements } from './Statements';

type View = Schema<'CertificateView'>;
type Reasoned = 'return' | 'withdraw' | 'void';
type Act = { kind: 'pull' | 'issue' } | { kind: 'refuse'; input: RefusalInput } | { kind: 'submit'; keys: string[]; absent: Schema<'AbsentBody'>[] } | { kind: Reasoned; reason: string };

const words: Record<Reasoned, { title: string; verb: string; what: string; done: string }> = {
  return: { title: '退回经办修改？', verb: '退回修改', what: '请写明需要修改什么。', done: '已退回' },
  withdraw: { title: '撤回申请？', verb: '撤回申请', what: '撤回后不再办理，记录保留。', done: '已撤回' },
  void: { title: '作废这份证明？', verb: '作废证明', what: '编号保留在登记簿中，公众验证将显示已作废；不能恢复。', done: '已作废' },
};

const done: Record<Act['kind'], string> = { pull: '已请库管提档', issue: '已签发', submit: '已提交审核', return: '已退回', withdraw: '已撤回', void: '已作废', refuse: '已出具不予办理告知单' };

const clauses = [
  { value: '23', label: '第二十三条：档案中没有相应记载' },
  { value: '29.7', label: '第二十九条（七）：不得出具虚假证明' },
  { value: '15', label: '第十五条：保密' },
];

/** One certificate: what it will say and why, review, issue, and its PDF. */
export default function CertificatePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['certificates', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/certificates/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Certificate value={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Certificate({ value, etag, reload }: { value: View; etag: string; reload: () => void }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Reasoned>();
  const [issuing, setIssuing] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const [reason, setReason] = useState('');
  const [keys, setKeys] = useState<string[]>([]);
  const [absent, setAbsent] = useState<Schema<'AbsentBody'>[]>([]);
  const [broken, setBroken] = useState<Problem>();
  const act = useAct({
    etag,
    invalidates: [['certificates'], ['dossiers']],
    done: (_, input: Act) => done[input.kind],
    run: (headers: ActHeaders, input: Act) => {
      const params = { params: { path: { id: value.id } }, headers };
      switch (input.kind) {
        case 'pull': return read(api.POST('/api/v1/certificates/{id}/pull', params));
        case 'refuse': return read(api.POST('/api/v1/certificates/{id}/refuse', { ...params, body: input.input }));
        case 'issue': return read(api.POST('/api/v1/certificates/{id}/issue', params));
        case 'submit': return read(api.POST('/api/v1/certificates/{id}/submit', { ...params, body: { keys: input.keys, absent: input.absent } }));
        case 'return': return read(api.POST('/api/v1/certificates/{id}/return', { ...params, body: { reason: input.reason } }));
        case 'withdraw': return read(api.POST('/api/v1/certificates/{id}/withdraw', { ...params, body: { reason: input.reason } }));
        case 'void': return read(api.POST('/api/v1/certificates/{id}/void', { ...params, body: { reason: input.reason } }));
      }
    },
    onDone: () => { setAsking(undefined); setIssuing(false); setRefusing(false); setReason(''); },
  });
  const open = (path: string) => openPdf(path).then(() => setBroken(undefined), (e: unknown) => setBroken(problemOf(e)));
  const may = (action: string) => value.possible.some((p) => p.action === action && p.allowed);
  const choosing = may('certificate.submit');
  return (
    <>
      <PageHead
        title={`${value.kindName}：${value.personName}`}
        heading={value.personName}
        sub={<><Link className="text-link" to={`/dossiers/${value.dossierId}`}>{value.dossierNo}</Link>　{value.kindName}　<Status tone={value.tone as Tone}>{value.stateName}</Status></>}
        crumbs={[{ label: '出具证明', to: '/certificates' }, { label: value.number || value.kindName }]}
        acts={
          <>
            {value.lines.length > 0 && !value.documentId && <Button onClick={() => void open(`/api/v1/certificates/${value.id}/preview`)}>预览</Button>}
            {value.noticeId && <Button onClick={() => void open(`/api/v1/documents/${value.noticeId}/pdf`)}>打开查无记载告知单</Button>}
            {value.documentId && <Button type="primary" onClick={() => void open(`/api/v1/documents/${value.documentId}/pdf`)}>打开证明</Button>}
          </>
        }
      />
      <Split
        label="办理"
        aside={
          <>
            <NowPossible
              possible={value.possible}
              busy={act.isPending ? `certificate.${act.variables?.kind ?? ''}` : undefined}
              on={{
                'certificate.submit': keys.length > 0 || absent.length > 0 ? () => act.mutate({ kind: 'submit', keys, absent }) : undefined,
                'certificate.pull': () => act.mutate({ kind: 'pull' }),
                'certificate.issue': () => setIssuing(true),
                'certificate.return': () => setAsking('return'),
                'certificate.withdraw': () => setAsking('withdraw'),
                'certificate.refuse': () => setRefusing(true),
                'certificate.void': () => setAsking('void'),
                'certificate.correct': () => void navigate(`/certificates/new?dossier=${value.dossierId}&replaces=${value.id}`),
              }}
            >
              {choosing && keys.length === 0 && absent.length === 0 && <p className="dense ink2">选定左侧的记载，或者提档查找后注明查无记载，可以提交审核。</p>}
            </NowPossible>
            <Papers of={`Certificate:${value.id}`} state={value.state} />
          </>
        }
      >
        <div className="page-body">
          <ProblemView problem={act.problem ?? broken} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          {value.reviewNote && value.state === 'returned' && <div className="refusal wait"><p className="fact">退回修改：{value.reviewNote}</p></div>}
          {value.hindrance.length > 0 && value.refusal.length === 0 && (
            <section aria-label="不能申请的理由">
              <div className="refusal">
                <p className="meta">不能申请，申请人坚持申请，已登记。由审核人员办理不予出具并出具告知单；认定有误的，由经办人员撤回后重新受理。</p>
                {value.hindrance.map((r, i) => <ReasonView key={i} reason={r} />)}
              </div>
            </section>
          )}
          {value.refusal.length > 0 && (
            <section aria-label="不予出具的理由">
              <div className="refusal">{value.refusal.map((r, i) => <ReasonView key={i} reason={r} />)}</div>
            </section>
          )}
          <Facts
            items={[
              { label: '编号', value: value.number },
              { label: '查无记载告知单', value: value.noticeNo },
              { label: '证明的事项', value: value.kind === 'facts' && value.subjects.map((x) => x.name).join('、') },
              { label: '用途', value: value.use },
              { label: '申请人', value: [value.applicant === 'self' ? '本人' : value.applicant === 'agent' ? '代办人' : value.applicant === 'kin' ? `亲属（${value.relationName ?? ''}）` : value.unit, value.name, value.idNo].filter(Boolean).join('　') },
              { label: '所涉权益', value: [value.rightName, value.rightProof].filter(Boolean).join('　') },
              { label: '档案记载的关系', value: value.applicant === 'kin' && (value.recorded?.join('、') ?? '没有申请人的记载，以所查验的关系证明为据') },
              { label: '查验证件', value: value.seen },
              { label: '经办人', value: value.bearer && <BearerLine b={value.bearer} /> },
              { label: '委托书', value: value.mandate && <MandateLine m={value.mandate} /> },
              { label: '介绍信', value: value.applicant === 'agent' ? '' : [value.letter, value.consent && `本人同意 ${value.consent}`].filter(Boolean).join('　') },
              { label: '签发、有效期', value: [longDate(value.issuedOn), value.validUntil && `有效期至${longDate(value.validUntil)}`].filter(Boolean).join('　') },
              { label: '更正', value: [value.replacesNo && `更正 ${value.replacesNo}`, value.reason].filter(Boolean).join('　') },
            ].filter((f) => f.value)}
          />
          {value.lines.length > 0 && (
            <>
              <SectionHead n={value.lines.length}>{value.state === 'issued' ? '证明的内容' : '拟证明的内容'}</SectionHead>
              <Statements list={value.lines} head={value.state === 'issued' ? '证明的内容' : undefined} />
            </>
          )}
          {choosing && (
            <>
              <SectionHead note="只能选有记载、有出处、经第二人核对的内容">档案中的记载</SectionHead>
              {value.statements.length === 0 ? <Empty>档案中没有登记相应的记载。请提档，对照原件登记并由第二人核对。</Empty> : <Statements list={value.statements} chosen={keys} onChange={setKeys} />}
            </>
          )}
          {choosing && <Absences value={value} chosen={absent} onChange={setAbsent} />}
          {!choosing && value.subjects.some((x) => x.absent) && (
            <>
              <SectionHead note="告知单不是证明，只写查找的范围和结果">查无记载的事项</SectionHead>
              <ul className="log">{value.subjects.filter((x) => x.absent).map((x) => <li key={x.subject}><span>{x.name}{x.looked.some((m) => m.done) && <span className="ink2">　已查看、未写明：{x.looked.filter((m) => m.done).map((m) => m.label).join('、')}</span>}</span></li>)}</ul>
            </>
          )}
          <SectionHead>经过</SectionHead>
          <ul className="log">
            <li><time dateTime={value.appliedOn}>{columnDate(value.appliedOn)}</time><span>受理　{value.draftedBy}</span></li>
            {value.submittedAt && <li><time dateTime={value.submittedAt}>{logTime(value.submittedAt)}</time><span>提交审核　{value.submittedBy}</span></li>}
            {value.reviewedAt && <li><time dateTime={value.reviewedAt}>{logTime(value.reviewedAt)}</time><span>{{ issued: '签发', unrecorded: '告知查无记载', returned: '退回修改', refused: '不予出具' }[value.state as string] ?? '审核'}　{value.reviewedBy}{value.reviewNote && `　${value.reviewNote}`}</span></li>}
          </ul>
        </div>
      </Split>
      {issuing && (
        <Confirm open title={value.lines.length > 0 ? '签发这份证明？' : '告知查无记载？'} verb={value.lines.length > 0 ? '签发证明' : '出具告知单'} clause="第二十三条" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate({ kind: 'issue' })} onCancel={() => setIssuing(false)}>
          {value.lines.length > 0 && <p>编号、签章并生成电子证明，签发后不能修改；更正须另出新证明。</p>}
          {value.subjects.some((x) => x.absent) && <p>“{value.subjects.filter((x) => x.absent).map((x) => x.name).join('、')}”出具查无记载告知单。请确认纸质原件已经逐份查找。</p>}
        </Confirm>
      )}
      {refusing && (
        <RefuseDialog
          verb="不予出具"
          note="只是证件、介绍信不齐的，请申请人补齐，不作不予出具。告知单列出全部理由，并列入上级可查的清单。"
          clauses={clauses}
          initial={value.hindrance.length > 0 ? { reasons: value.hindrance.map((r) => ({ rule: r.rule, fact: r.message })), next: value.hindrance[0]?.next ?? '' } : undefined}
          nextHint="如：向户籍、公证等部门或材料形成单位申请"
          busy={act.isPending}
          problem={act.problem}
          onConfirm={(input) => act.mutate({ kind: 'refuse', input })}
          onCancel={() => setRefusing(false)}
        />
      )}
      {asking && (
        <Confirm open title={words[asking].title} verb={words[asking].verb} busy={act.isPending} disabled={reason.trim() === ''} problem={act.problem} onConfirm={() => act.mutate({ kind: asking, reason: reason.trim() })} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{words[asking].what}</p>
          <Form layout="vertical" requiredMark={false}><Form.Item label="理由"><Input value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} /></Form.Item></Form>
        </Confirm>
      )}
    </>
  );
}
