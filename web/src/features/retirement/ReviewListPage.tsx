import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { longDate, today } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';

type View = Schema<'RetirementListView'>;
type Kind = 'deliver' | 'cancel';

const words: Record<Kind, { title: string; verb: string; what: string; done: string }> = {
  deliver: { title: '把清单所列档案送审？', verb: '送审移交', what: '请逐卷核对实物、封存后移交，双方在清单上签字。送审期间档案仍由本机构保管，显示借阅在外。', done: '已送审' },
  cancel: { title: '取消这份清单？', verb: '取消清单', what: '所列档案退回库房，可以重新送审。', done: '已取消' },
};

/** One list: its packets, the two who hand over, the reviewer who took it, what came back. */
export default function ReviewListPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['retirements', 'list', id], queryFn: () => readTagged(api.GET('/api/v1/retirement-lists/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <ReviewList v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function ReviewList({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState<Kind>();
  const [f, setF] = useState({ on: today(), taker: '', why: '' });
  const [broken, setBroken] = useState<Problem>();
  const set = (change: Partial<typeof f>) => setF({ ...f, ...change });
  const act = useAct({
    etag,
    invalidates: [['retirements'], ['dossiers'], ['documents'], ['custody']],
    done: (_, kind: Kind) => words[kind].done,
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      switch (kind) {
        case 'deliver': return read(api.POST('/api/v1/retirement-lists/{id}/deliver', { ...params, body: { on: f.on, taker: f.taker } }));
        case 'cancel': return read(api.POST('/api/v1/retirement-lists/{id}/cancel', { ...params, body: { basis: f.why } }));
      }
    },
    onDone: () => setAsking(undefined),
  });
  const ask = (kind: Kind) => () => { act.reset(); setAsking(kind); };
  const w = asking && words[asking];
  return (
    <>
      <PageHead
        title={`送审清单 ${v.no}`}
        sub={<><Status tone={v.tone as Tone}>{v.stateName}</Status>{v.overdue && <span className="seal">　逾期未还</span>}</>}
        crumbs={[{ label: '退休送审', to: '/retirements' }, { label: '送审清单', to: '/retirements/lists' }, { label: v.no }]}
        acts={v.documentId && <Button type="primary" onClick={() => void openPdf(`/api/v1/documents/${v.documentId ?? ''}/pdf`).then(() => setBroken(undefined), (e: unknown) => setBroken(problemOf(e)))}>打开清单</Button>}
      />
      <Split
        label="办理"
        aside={
          <>
            <NowPossible possible={v.possible} busy={act.isPending ? `retirement.${act.variables ?? ''}` : undefined} on={{ 'retirement.deliver': ask('deliver'), 'retirement.cancel': ask('cancel') }} />
            <Papers of={`ReviewList:${v.id}`} state={v.state} />
          </>
        }
      >
        <div className="page-body">
          <ProblemView problem={asking ? broken : act.problem ?? broken} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <Facts
            items={[
              { label: '审核单位', value: v.recipient },
              { label: '送审机构', value: v.agencyName },
              { label: '清单拟定', value: `${v.preparedBy}，${longDate(v.preparedOn)}` },
              { label: '移交', value: v.deliveredBy && `${v.deliveredBy}，${longDate(v.handedOn)}` },
              { label: '接收人', value: v.taker },
              { label: '应还日期', value: v.dueBack && longDate(v.dueBack) },
              { label: '文书编号', value: v.number },
              { label: '取消原因', value: v.note },
            ].filter((x) => x.value)}
          />
          <SectionHead n={v.lines.length} note={v.away > 0 ? `${v.away} 卷未退回` : undefined}>清单所列</SectionHead>
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">退休方式、日期</th><th scope="col" className="num">份／页</th><th scope="col">信息核对</th><th scope="col">退回</th><th scope="col">退回核对</th><th scope="col">状态</th></tr></thead>
              <tbody>
                {v.lines.map((r) => (
                  <tr key={r.id}>
                    <td className="nowrap"><Link className="text-link" to={`/retirements/${r.id}`}>{r.personName}</Link></td><td className="nowrap">{r.dossierNo}</td>
                    <td className="dense">{r.choiceName}，{longDate(r.dueOn)}</td><td className="num nowrap">{r.materials}／{r.pages}</td>
                    <td className="dense nowrap">{r.findings > 0 ? <span className="ochre">{r.findings} 处</span> : '一致'}</td>
                    <td className="dense nowrap">{r.returnedOn && longDate(r.returnedOn)}</td><td className="dense">{r.returned}</td><td className="nowrap"><Status tone={r.tone as Tone}>{r.stateName}</Status></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </Split>
      {asking && w && (
        <Confirm open title={w.title} verb={w.verb} clause="第二十二条" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{w.what}</p>
          <Form layout="vertical" requiredMark={false}>
            {asking === 'deliver' ? (
              <>
                <Form.Item label="送审日期" htmlFor="review-on"><Day id="review-on" value={f.on} onChange={(on) => set({ on })} /></Form.Item>
                <Form.Item label="审核单位接收人" htmlFor="review-taker"><Input id="review-taker" value={f.taker} maxLength={60} onChange={(e) => set({ taker: e.target.value })} /></Form.Item>
              </>
            ) : <Form.Item label="原因" htmlFor="review-why"><Input id="review-why" value={f.why} maxLength={200} onChange={(e) => set({ why: e.target.value })} /></Form.Item>}
          </Form>
        </Confirm>
      )}
    </>
  );
}
