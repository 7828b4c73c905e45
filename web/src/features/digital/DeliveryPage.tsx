import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { ActButtons, Hindrances } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { figure, moment } from '../../shared/dates';
import { download } from '../../shared/files';
import { PagingBar, useKeyset } from '../../shared/list';
import { Facts, PageHead, SectionHead, Segments, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import { toneOfDelivery, toneOfFolder } from './words';

type View = Schema<'DeliveryView'>;
type Show = '' | 'quarantined' | 'waiting' | 'accepted' | 'rejected';

/** One delivery: what became of each folder, and its acceptance. */
export default function DeliveryPage() {
  const { id = '' } = useParams();
  const query = useQuery({
    queryKey: ['deliveries', id],
    queryFn: () => readTagged(api.GET('/api/v1/deliveries/{id}', { params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data?.value.state === 'running' ? 3000 : false),
  });
  return <Answer query={query}>{({ value, etag }) => <Body view={value} etag={etag ?? ''} reload={() => void query.refetch()} />}</Answer>;
}

function Body({ view, etag, reload }: { view: View; etag: string; reload: () => void }) {
  const go = useNavigate();
  const path = { path: { id: view.id } };
  const [asking, setAsking] = useState<'accept' | 'reject'>();
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const common = { etag, invalidates: [['deliveries'], ['digital']], onDone: () => setAsking(undefined) };
  const draw = useAct({ ...common, run: (headers) => read(api.POST('/api/v1/deliveries/{id}/sample', { params: path, headers })), done: '已抽样，请逐页查看', onDone: () => void go(`/deliveries/${view.id}/sample`) });
  const accept = useAct({ ...common, run: (headers) => read(api.POST('/api/v1/deliveries/{id}/accept', { params: path, headers })), done: '已验收，影像可用' });
  const back = useAct({ ...common, run: (headers) => read(api.POST('/api/v1/deliveries/{id}/send-back', { params: path, body: { note }, headers })), done: '已整批退回' });
  const s = view.sample;
  const open = s.drawn - s.passed - s.failed;
  const faults = view.quarantined > 0 || s.failed > 0 && (view.state === 'accepted' || view.state === 'sent_back');
  const aside = (
    <>
      <SectionHead level={2}>验收</SectionHead>
      {s.drawn > 0 ? (
        <Facts items={[
          { label: '抽样', value: `${figure(s.drawn)} 页（关键材料全查，其余按比例）` },
          { label: '合格', value: `${figure(s.passed)} 页` },
          { label: '不合格', value: s.failed > 0 ? <span className="red">{figure(s.failed)} 页</span> : '0 页' },
          { label: '未看', value: `${figure(open)} 页` },
          { label: '合格线', value: `${s.line}%` },
        ]} />
      ) : <p className="dense ink2">自动检测已全部完成；由接收人以外的审核人员抽查，关键材料全查，其余按比例抽取。</p>}
      {view.decision && <p className="notice">{view.decision}{view.decidedBy && `·${view.decidedBy}`}{view.decidedAt && ` ${moment(view.decidedAt)}`}</p>}
      {view.state === 'sampling' && <p><Button type={open > 0 ? 'primary' : 'default'} block onClick={() => void go(`/deliveries/${view.id}/sample`)}>{open > 0 ? `看抽样 ${figure(open)} 页` : '再看抽样'}</Button></p>}
      <ProblemView problem={draw.problem} onRetry={reload} />
      <SectionHead level={2}>现在可办</SectionHead>
      <ActButtons
        possible={view.possible}
        on={{ 'digital.sample': () => draw.mutate(), 'digital.accept': () => setAsking('accept'), 'digital.reject': () => setAsking('reject') }}
        busy={draw.isPending ? 'digital.sample' : undefined}
      />
      {view.possible.some((p) => !p.allowed) && <><SectionHead level={2}>现在不可办</SectionHead><Hindrances possible={view.possible} /></>}
    </>
  );
  return (
    <>
      <PageHead
        title={view.no}
        sub={`${view.label}·${view.staffName} ${moment(view.startedAt)} 接收`}
        crumbs={[{ label: '业务' }, { label: '数字化成果', to: '/deliveries' }, { label: view.no }]}
        acts={<><Status tone={toneOfDelivery[view.state]}>{view.stateName}</Status>{faults && <Button onClick={() => { setProblem(undefined); download(`/api/v1/deliveries/${view.id}/problems`, '需改正.xlsx').catch((e: unknown) => setProblem(problemOf(e))); }}>下载问题清单</Button>}</>}
      />
      <Split aside={aside} label="验收与事项">
        <div className="page-body">
          {view.note && <p className="notice">{view.note}</p>}
          <ProblemView problem={problem} />
          <Folders view={view} />
        </div>
      </Split>
      <Confirm open={asking === 'accept'} title="验收通过这批成果？" verb="验收通过" busy={accept.isPending} problem={accept.problem} onConfirm={() => accept.mutate()} onCancel={() => setAsking(undefined)}>
        <p>抽查 {figure(s.drawn)} 页，合格 {figure(s.passed)} 页。材料归入目录，影像可供查看和查阅；影像此后不能更改（第二十九条第四项）。</p>
        {s.failed > 0 && <p>含不合格页的档案整卷退回返工，其余照常归入。</p>}
      </Confirm>
      <Confirm open={asking === 'reject'} title="整批退回这批成果？" verb="整批退回" busy={back.isPending} problem={back.problem} onConfirm={() => back.mutate()} onCancel={() => setAsking(undefined)}>
        <p>{figure(view.ingested)} 份档案的影像全部退回承制单位，原样留存备查；返工后作为新的一批接收。</p>
        <label htmlFor="send-back-note">给承制单位的话</label>
        <Input.TextArea id="send-back-note" rows={3} maxLength={300} value={note} onChange={(e) => setNote(e.target.value)} />
      </Confirm>
    </>
  );
}

function Folders({ view }: { view: View }) {
  const [show, setShow] = useState<Show>(view.quarantined > 0 ? 'quarantined' : '');
  const list = useKeyset<Schema<'DeliveryFolder'>>({
    key: ['deliveries', view.id, 'folders', show],
    fetch: (after, limit) => read(api.GET('/api/v1/deliveries/{id}/folders', { params: { path: { id: view.id }, query: { state: show, cursor: after ?? '', limit } } })),
  });
  return (
    <>
      <SectionHead end={<span className="meta">共 {figure(view.folders)} 份·接收 {figure(view.ingested)}·需改正 {figure(view.quarantined)}{view.already > 0 && `·已在库 ${figure(view.already)}`}</span>}>逐卷结果</SectionHead>
      <Segments<Show> label="显示哪些档案" value={show} onChange={setShow} options={[{ key: 'quarantined', label: '需改正' }, { key: 'waiting', label: '待验收' }, { key: 'accepted', label: '已验收' }, { key: 'rejected', label: '已退回' }, { key: '', label: '全部' }]} />
      <Answer query={list.query}>
        {() => list.items.length === 0 ? <Empty>没有这样的档案。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">文件夹</th><th scope="col">结果</th><th scope="col" className="num">材料</th><th scope="col" className="num">页</th><th scope="col">问题与提示</th></tr></thead>
              <tbody>
                {list.items.map((f) => (
                  <tr key={f.id}>
                    <td className="nowrap">{f.folder}<div className="meta">{f.dossierId ? <Link className="text-link" to={`/dossiers/${f.dossierId}/digital`}>{f.dossierNo} 看影像</Link> : '原样隔离，没有入档'}</div></td>
                    <td className="nowrap"><Status tone={toneOfFolder[f.state]}>{f.stateName}</Status></td>
                    <td className="num">{figure(f.materials)}</td>
                    <td className="num">{figure(f.pages)}</td>
                    <td>
                      {f.reason && <div className="red">{f.reason}</div>}
                      {f.findings.map((p) => (
                        <div key={p.path + p.code} className="dense">
                          <span className={p.warning ? 'ochre' : 'red'}>{p.label}</span> <span className="meta">{p.property}·{p.path.split('/').slice(1).join('/') || '整卷'}</span>
                          {!p.warning && <div className="meta">{p.next}</div>}
                        </div>
                      ))}
                      {!f.reason && f.findings.length === 0 && <span className="ink3">—</span>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      {list.items.length > 0 && <PagingBar list={list} unit="份" />}
    </>
  );
}
