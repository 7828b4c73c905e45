import { MandateLine, useAgent } from '../../shared/mandate';
import { useQuery } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { Papers } from '../../shared/papers';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Day } from '../../shared/day';
import { State } from './SupplementList';

type Kind = 'remind' | 'ask' | 'grant' | 'deny' | 'dispose';

const acts: Record<Kind, { title: string; verb: string; what: string; done: string; note?: string }> = {
  remind: { title: '催补？', verb: '催补', what: '系统再次告知本人期限已过（不写材料名称）；同时请电话联系。一天登记一次。', done: '已催补', note: '联系情况' },
  ask: { title: '申请延期', verb: '申请延期', what: '只能延期一次，由另一名审核人员或者负责人批准；出具受理回执交本人，批准后告知本人。', done: '已申请，受理回执已出具，待批准' },
  grant: { title: '同意延期？', verb: '同意延期', what: '期限改为所申请的日期，原期限留存，只延这一次；本人同时得到告知。', done: '已同意延期', note: '意见' },
  deny: { title: '不同意延期？', verb: '不同意', what: '期限不变。出具不予办理告知单交本人，写明理由、依据和异议途径，上级主管部门可见。', done: '告知单已出具', note: '不同意的理由' },
  dispose: { title: '处置', verb: '处置', what: '写明由谁、用什么方式继续催补，或者书面说明无此材料。档案照常保管，不退回。', done: '已登记处置', note: '处置意见' },
};

/** One material that is owed, with all that was done about it. */
export default function SupplementPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['supplements', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/supplements/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Owed v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Owed({ v, etag, reload }: { v: Schema<'OwedView'>; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState<Kind>();
  const [note, setNote] = useState('');
  const [until, setUntil] = useState('');
  const agent = useAgent('supplement', { name: v.personName });
  const act = useAct({
    etag,
    invalidates: [['supplements'], ['dossiers']],
    done: (_, kind: Kind) => acts[kind].done,
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      if (kind === 'ask') return read(api.POST('/api/v1/supplements/{id}/ask', { ...params, body: { until, why: note, ...agent.body } }));
      if (kind === 'remind') return read(api.POST('/api/v1/supplements/{id}/remind', { ...params, body: { note } }));
      if (kind === 'grant') return read(api.POST('/api/v1/supplements/{id}/grant', { ...params, body: { note } }));
      if (kind === 'deny') return read(api.POST('/api/v1/supplements/{id}/deny', { ...params, body: { note } }));
      return read(api.POST('/api/v1/supplements/{id}/dispose', { ...params, body: { note } }));
    },
    onDone: () => setAsking(undefined),
  });
  const ask = (kind: Kind) => () => { act.reset(); setNote(''); setUntil(''); setAsking(kind); };
  const now = asking && acts[asking];
  return (
    <>
      <PageHead title={`补充材料：${v.personName}`} heading={v.personName} person sub={<>{v.title}　<State r={v} /></>} crumbs={[{ label: '补充材料', to: '/supplements' }, { label: v.personName }]} />
      <Split
        label="办理"
        aside={
          <>
            <NowPossible possible={v.possible} busy={act.isPending ? `supplement.${act.variables ?? ''}` : undefined} on={{ 'supplement.remind': ask('remind'), 'supplement.ask': ask('ask'), 'supplement.grant': ask('grant'), 'supplement.deny': ask('deny'), 'supplement.dispose': ask('dispose') }} />
            <Papers of={`Supplement:${v.id}`} state={`${v.state}${v.version}`} />
            {v.state === 'open' && <p className="dense ink2" style={{ marginTop: 10 }}>材料交来并归档后自动办结；确无此材料的，在<Link className="text-link" to={`/dossiers/${v.dossierId}`}>档案页</Link>凭书面说明“补充办结”。</p>}
          </>
        }
      >
        <div className="page-body">
          <ProblemView problem={asking ? undefined : act.problem} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <SectionHead>应补充</SectionHead>
          <Facts
            items={[
              { label: '档案', value: <Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link> },
              { label: '材料', value: `${v.title}${v.className ? `（${v.className}）` : ''}` },
              { label: '证明', value: v.keyName },
              { label: '缺少的影响', value: v.consequence },
              { label: '来由', value: <>{v.promised ? '本人书面承诺' : '先存后补'}{v.caseLink && <>　<Link className="text-link" to={v.caseLink}>所在转递</Link></>}</> },
              { label: '期限', value: <>{longDate(v.dueOn)}{v.lateDays > 0 && <span className="ochre">　逾期 {v.lateDays} 天</span>}{v.firstDue && <span className="ink2">　原期限{longDate(v.firstDue)}，已延一次</span>}</> },
              { label: '申请延至', value: v.askedUntil && `${longDate(v.askedUntil)}：${v.askedWhy ?? ''}` },
              { label: '委托书', value: v.mandate && <MandateLine m={v.mandate} /> },
              { label: '催补', value: v.reminded > 0 ? `${v.reminded} 次，最近${longDate(v.remindedOn)}` : undefined },
              { label: '保管机构', value: v.agencyName },
            ]}
          />
          <SectionHead n={v.steps.length}>经过</SectionHead>
          {v.steps.length === 0 ? <p className="dense ink2">还没有催补、延期的记录。</p> : (
            <ul className="log">
              {v.steps.map((s, n) => (
                <li key={n}><time dateTime={s.at}>{logTime(s.at)}</time><span>{s.what}{s.until && `至${longDate(s.until)}`}{s.note && `：${s.note}`}<span className="meta" style={{ display: 'block' }}>{s.by}</span></span></li>
              ))}
            </ul>
          )}
        </div>
      </Split>
      {now && asking && (
        <Confirm open title={now.title} verb={now.verb} clause="第二十条（四）" busy={act.isPending} problem={act.problem} fields={['note', 'until', 'why']} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{now.what}</p>
          <Form layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }}>
            {asking === 'ask' && <Form.Item label="由谁提出">{agent.field}</Form.Item>}
            {asking === 'ask' && <Form.Item label="延至" htmlFor="s-until" {...fieldError(act.problem, 'until')}><Day id="s-until" future value={until} onChange={setUntil} /></Form.Item>}
            <Form.Item label={asking === 'ask' ? '延期理由' : now.note} htmlFor="s-note" {...fieldError(act.problem, asking === 'ask' ? 'why' : 'note')}><Input.TextArea id="s-note" rows={2} maxLength={300} value={note} onChange={(x) => setNote(x.target.value)} /></Form.Item>
          </Form>
        </Confirm>
      )}
    </>
  );
}
