import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { MandateLine } from '../../shared/mandate';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = Schema<'MatterView'>;

/** One objection or complaint: what was said, until when it is answered, the answer. */
export default function MatterPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['matters', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/matters/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Matter v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Matter({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState(false);
  const [upheld, setUpheld] = useState(false);
  const [text, setText] = useState('');
  const objection = v.kind === 'objection';
  const act = useAct({
    etag,
    invalidates: [['matters'], ['documents']],
    done: '已答复，答复书已出具',
    run: (headers) => read(api.POST('/api/v1/matters/{id}/answer', { params: { path: { id: v.id } }, headers, body: { upheld, text } })),
    onDone: () => setAsking(false),
  });
  return (
    <>
      <PageHead title={`${v.kindName} ${v.no}`} sub={<Status tone={v.tone as Tone}>{v.stateName}</Status>} crumbs={[{ label: '异议与投诉', to: '/window' }, { label: v.no }]} />
      <Split
        label="办理"
        aside={<><NowPossible possible={v.possible} on={{ 'window.answer': () => { act.reset(); setAsking(true); } }} /><Papers of={`Matter:${v.id}`} state={v.state} /></>}
      >
        <div className="page-body">
          <ProblemView problem={asking ? undefined : act.problem} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <Facts
            items={[
              { label: objection ? '告知单' : '投诉事项', value: <>{v.subject}{v.case && <>　<Link className="text-link" to={v.case}>所涉业务</Link></>}</> },
              { label: '所涉机构', value: v.agencyName },
              { label: '答复机构', value: v.authority },
              { label: '提出人', value: v.who ?? (objection ? '' : '不公开或匿名') },
              { label: '委托书', value: v.mandate && <MandateLine m={v.mandate} /> },
              { label: '联系方式', value: v.contact },
              { label: '登记', value: `${logTime(v.receivedAt)}　${v.receivedBy}` },
              { label: '答复期限', value: <>{longDate(v.dueOn)}{v.overdue && <span className="ochre">　已过期</span>}</> },
            ]}
          />
          <SectionHead>事实和理由</SectionHead>
          <p>{v.text}</p>
          {v.state === 'answered' && (
            <section aria-label="答复">
              <SectionHead>答复</SectionHead>
              <Facts
                items={[
                  { label: '结果', value: objection ? (v.upheld ? '异议成立，原告知单作废，已恢复办理' : '异议不成立') : v.upheld ? '投诉属实' : '投诉不属实' },
                  { label: '事实和依据', value: v.answer },
                  { label: '答复', value: `${longDate(v.answeredOn)}　${v.answeredBy ?? ''}` },
                ]}
              />
            </section>
          )}
        </div>
      </Split>
      {asking && (
        <Confirm open title={`答复${v.kindName}`} verb="出具答复书" clause={objection ? '第二十九条' : '第二十八条'} busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(undefined)} onCancel={() => setAsking(false)}>
          <p className="dense ink2">{objection ? '成立的，原告知单作废，该件恢复办理，申请人无需重新申请。' : '属实的，责成所涉机构改正。'}</p>
          <Form layout="vertical" requiredMark={false}>
            <Form.Item label="结果"><Radio.Group value={upheld} onChange={(e) => setUpheld(e.target.value as boolean)} options={[{ value: true, label: objection ? '异议成立' : '投诉属实' }, { value: false, label: objection ? '异议不成立' : '投诉不属实' }]} /></Form.Item>
            <Form.Item label="查明的事实、依据和处理" htmlFor="matter-text" {...fieldError(act.problem, 'text')}><Input.TextArea id="matter-text" rows={4} maxLength={2000} value={text} onChange={(e) => setText(e.target.value)} /></Form.Item>
          </Form>
        </Confirm>
      )}
    </>
  );
}
