import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = Schema<'RatingView'>;

/** One bad rating: what was said, until when it is called back on, the calls, how it ended. */
export default function RatingPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['ratings', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/rating-cases/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <One v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function One({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState<'call' | 'finish'>();
  const [call, setCall] = useState({ way: 'phone', reached: true, said: '' });
  const [end, setEnd] = useState({ result: '', corrected: false, answer: '' });
  const act = useAct({
    etag,
    invalidates: [['ratings']],
    done: asking === 'call' ? '回访已登记' : '已办结',
    run: (headers) => read(asking === 'call'
      ? api.POST('/api/v1/rating-cases/{id}/calls', { params: { path: { id: v.id } }, headers, body: call })
      : api.POST('/api/v1/rating-cases/{id}/finish', { params: { path: { id: v.id } }, headers, body: end })),
    onDone: () => { setAsking(undefined); setCall({ way: 'phone', reached: true, said: '' }); },
  });
  const ask = (what: 'call' | 'finish') => () => { act.reset(); setAsking(what); };
  const error = (field: string) => fieldError(act.problem, field);
  const just = end.result === 'true' || end.result === 'partly';
  return (
    <>
      <PageHead title={`差评回访 ${v.no}`} sub={<Status tone={v.tone as Tone}>{v.stateName}</Status>} crumbs={[{ label: '好差评', to: '/ratings' }, { label: v.no }]} />
      <Split label="办理" aside={<NowPossible possible={v.possible} on={{ 'rating.call': ask('call'), 'rating.finish': ask('finish') }} />}>
        <div className="page-body">
          <ProblemView problem={asking ? undefined : act.problem} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <Facts
            items={[
              { label: '评价', value: v.gradeName },
              { label: '原因', value: v.why.join('、') || '没有选择' },
              { label: '说明', value: v.text || '没有写' },
              { label: '事项', value: <>{v.kindName}{v.receiptNo && `　受理回执 ${v.receiptNo}`}{v.case && <>　<Link className="text-link" to={v.case}>所评业务</Link></>}</> },
              { label: '机构', value: v.agencyName },
              { label: '评价人', value: v.nameless ? '匿名，不回访，照所述核实' : v.who || '见所评业务' },
              ...(v.nameless ? [] : [{ label: '回访电话', value: v.phone || '没有登记，见所评业务' }]),
              { label: '评价日期', value: longDate(v.openedOn) },
              { label: '办结期限', value: <>{longDate(v.dueOn)}{v.overdue && <span className="ochre">　已过期</span>}</> },
            ]}
          />
          {!v.nameless && (
            <section aria-label="回访">
              <SectionHead n={v.calls.length}>回访</SectionHead>
              {v.calls.length === 0 ? <p className="dense ink2">还没有回访。联系不上的，在三个不同的日子各联系一次后可以办结。</p> : (
                <table className="plain">
                  <thead><tr><th scope="col">时间</th><th scope="col">方式</th><th scope="col">结果</th><th scope="col">所述</th><th scope="col">回访人</th></tr></thead>
                  <tbody>{v.calls.map((c) => <tr key={c.at}><td className="nowrap">{logTime(c.at)}</td><td className="nowrap">{c.wayName}</td><td className="nowrap">{c.reached ? '已联系到' : '没有联系到'}</td><td className="dense">{c.said || '—'}</td><td className="nowrap">{c.by}</td></tr>)}</tbody>
                </table>
              )}
            </section>
          )}
          {v.state === 'closed' && (
            <section aria-label="结果">
              <SectionHead>结果</SectionHead>
              <Facts items={[{ label: '核实结果', value: v.resultName }, { label: '整改', value: v.corrected ? '已整改' : '没有整改' }, { label: '情况和处理', value: v.answer }, { label: '办结', value: `${longDate(v.finishedOn)}　${v.finishedBy ?? ''}` }]} />
            </section>
          )}
        </div>
      </Split>
      {asking === 'call' && (
        <Confirm open title="登记回访" verb="登记" clause="第二十八条" busy={act.isPending} problem={act.problem} fields={['way', 'said']} onConfirm={() => act.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          <Form layout="vertical" requiredMark={false}>
            <Form.Item label="方式" {...error('way')}><Select aria-label="回访方式" value={call.way} onChange={(way) => setCall({ ...call, way })} options={v.ways.map((w) => ({ value: w.key, label: w.name }))} /></Form.Item>
            <Form.Item label="结果"><Radio.Group value={call.reached} onChange={(e) => setCall({ ...call, reached: e.target.value as boolean })} options={[{ value: true, label: '已联系到' }, { value: false, label: '没有联系到' }]} /></Form.Item>
            <Form.Item label={call.reached ? '评价人所述' : '情况（选填）'} htmlFor="call-said" {...error('said')}><Input.TextArea id="call-said" rows={4} maxLength={1000} value={call.said} onChange={(e) => setCall({ ...call, said: e.target.value })} /></Form.Item>
          </Form>
        </Confirm>
      )}
      {asking === 'finish' && (
        <Confirm open title="办结差评回访" verb="办结" clause="第二十八条" busy={act.isPending} problem={act.problem} fields={['result', 'answer', 'corrected']} onConfirm={() => act.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">办结后{v.nameless ? '' : '向评价人发送消息，'}计入统计；评价本身不变。</p>
          <Form layout="vertical" requiredMark={false}>
            <Form.Item label="核实结果" {...error('result')}><Radio.Group value={end.result} onChange={(e) => { const result = e.target.value as string; setEnd({ ...end, result, corrected: end.corrected && (result === 'true' || result === 'partly') }); }} options={v.results.map((r) => ({ value: r.key, label: r.name }))} /></Form.Item>
            {just && <Form.Item {...error('corrected')}><Checkbox checked={end.corrected} onChange={(e) => setEnd({ ...end, corrected: e.target.checked })}>已整改</Checkbox></Form.Item>}
            <Form.Item label={just && !end.corrected ? '查明的情况、没有整改的原因和打算' : '查明的情况和处理'} htmlFor="end-answer" {...error('answer')}><Input.TextArea id="end-answer" rows={4} maxLength={1000} value={end.answer} onChange={(e) => setEnd({ ...end, answer: e.target.value })} /></Form.Item>
          </Form>
        </Confirm>
      )}
    </>
  );
}
