import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { figure, logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, Split, ViewTabs } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Corrections } from './Corrections';
import { MaterialPanel } from './MaterialPanel';
import './filing.css';
import { formed, Late, Term } from './parts';
import { Sittings } from './sittings';

type View = 'appraise' | 'curing' | 'ready' | 'batches' | 'sittings' | 'corrections';
const views: { key: View; label: string }[] = [
  { key: 'appraise', label: '待鉴别' }, { key: 'curing', label: '限期补办' }, { key: 'ready', label: '待归档' }, { key: 'batches', label: '归档批次' }, { key: 'sittings', label: '整批收取' }, { key: 'corrections', label: '更正申请' },
];

/** 收集归档: what came in and is not yet in the catalog, step by step. */
export default function FilingPage() {
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const clerk = hasPost(useSession(), 'clerk');
  const chosen = views.find((v) => v.key === params.get('view'))?.key ?? 'appraise';
  const held = useQuery({ queryKey: ['materials', 'counts'], queryFn: () => read(api.GET('/api/v1/materials', { params: { query: { limit: 1 } } })) }).data;
  const { counts, more } = held ?? {};
  const n = (key: View) => {
    if (!counts) return undefined;
    if (key === 'appraise') return figure((counts.received ?? 0) + (counts.appraising ?? 0), more);
    if (key === 'curing') return figure(counts.curing ?? 0, more);
    return key === 'ready' ? figure(counts.to_file ?? 0, more) : undefined;
  };
  return (
    <>
      <PageHead title="收集归档" sub="收、鉴别、归类、归档；收到之日起两个月内归入目录" acts={<>{clerk && <Button onClick={() => void navigate('/filing/sitting')}>整批收材料</Button>}<Button type="primary" onClick={() => void navigate('/filing/receive')}>收材料</Button></>}>
        <ViewTabs label="收集归档的各步" value={chosen} onChange={(view) => setParams({ view })} views={views.map((v) => ({ ...v, n: n(v.key) }))} />
      </PageHead>
      {chosen === 'batches' ? <Batches /> : chosen === 'sittings' ? <Sittings /> : chosen === 'corrections' ? <Corrections /> : <Materials key={chosen} view={chosen} start={params.get('material') ?? undefined} />}
    </>
  );
}

type Row = Schema<'LooseView'>;

/** The states a material is in at each step. */
const steps = { appraise: ['received', 'appraising'], curing: ['curing'], ready: ['to_file'] } as const;

function Materials({ view, start }: { view: 'appraise' | 'curing' | 'ready'; start?: string }) {
  const [open, setOpen] = useState(start);
  const [overdue, setOverdue] = useState(false);
  const [picked, setPicked] = useState<string[]>([]);
  const list = useKeyset<Row>({
    key: ['materials', view, overdue],
    fetch: (cursor, limit) => read(api.GET('/api/v1/materials', { params: { query: { cursor, limit, overdue, state: [...steps[view]] } } })),
    limit: 50,
  });
  const [current, setCurrent] = useRowKeys(list.items.length, (i) => setOpen(list.items[i]?.id));
  const batch = useAct({
    run: (headers, materials: string[]) => read(api.POST('/api/v1/filing/batches', { body: { materials }, headers })),
    invalidates: [['materials'], ['batches'], ['dossiers']],
    done: (b) => `已提交 ${b.no}，待另一人审核；已通知库管提档`,
    onDone: () => setPicked([]),
  });
  const ready = list.items.filter((m) => m.state === 'to_file' && !m.batchId);
  const toggle = (id: string, on: boolean) => setPicked(on ? [...picked, id] : picked.filter((p) => p !== id));
  const next = () => {
    const at = list.items.findIndex((m) => m.id === open);
    const following = list.items[at + 1] ?? list.items[at - 1];
    setOpen(following?.id);
    if (following) setCurrent(list.items.indexOf(following));
  };
  return (
    <Split label="办理这份材料" width={400} aside={open ? <MaterialPanel id={open} onDone={next} /> : <p className="dense ink2">选一份材料办理。<kbd className="kbd">J</kbd> <kbd className="kbd">K</kbd> 上下，<kbd className="kbd">Enter</kbd> 打开。</p>}>
      <div className="page-body">
        <div className="dense" style={{ display: 'flex', gap: 16, alignItems: 'center', minHeight: 32 }}>
          <Checkbox checked={overdue} onChange={(e) => setOverdue(e.target.checked)}>只看逾期</Checkbox>
          {view === 'ready' && (
            <>
              <span className="ink2">已选 {picked.length} 份</span>
              <Button type={picked.length > 0 ? 'primary' : 'default'} size="small" disabled={picked.length === 0} loading={batch.isPending} onClick={() => batch.mutate(picked)}>提交归档</Button>
              {ready.length > 0 && <button type="button" className="bare" onClick={() => setPicked(picked.length === ready.length ? [] : ready.map((m) => m.id))}>{picked.length === ready.length ? '取消选择' : `全选本页 ${ready.length} 份`}</button>}
            </>
          )}
        </div>
        <ProblemView problem={batch.problem} />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{overdue ? '没有逾期的材料。' : view === 'appraise' ? '没有待鉴别的材料。' : view === 'curing' ? '没有在补办的材料。' : '没有待归档的材料。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead>
                  <tr>
                    {view === 'ready' && <th scope="col"><span className="hidden-text">选择</span></th>}
                    <th scope="col">材料名称</th><th scope="col">姓名、档案编号</th><th scope="col">形成时间</th><th scope="col" className="num">页</th><th scope="col">状态</th>
                    <th scope="col">{view === 'curing' ? '补办期限' : '归档期限'}</th><th scope="col">移交</th>
                  </tr>
                </thead>
                <tbody>
                  {list.items.map((m, i) => (
                    <tr key={m.id} className={m.id === open || i === current ? 'current' : undefined} aria-current={m.id === open ? 'true' : undefined} data-current-row={i === current}>
                      {view === 'ready' && <td>{m.state === 'to_file' && !m.batchId && <Checkbox aria-label={`选择 ${m.person} ${m.title}`} checked={picked.includes(m.id)} onChange={(e) => toggle(m.id, e.target.checked)} />}</td>}
                      <td><button type="button" className="bare" onClick={() => { setOpen(m.id); setCurrent(i); }}>{m.class && <span className="ink2">{m.class}　</span>}{m.title}</button></td>
                      <td><Link className="text-link" to={`/dossiers/${m.dossierId}`}>{m.person}</Link> <span className="meta nowrap">{m.dossierNo}</span></td>
                      <td className="nowrap">{formed(m)}</td>
                      <td className="num">{m.pages}</td>
                      <td className="nowrap"><Status tone={m.tone as Tone}>{m.batchId ? '待审核' : m.stateName}</Status></td>
                      <td className="nowrap"><Term m={m} /></td>
                      <td className="nowrap dense"><Late m={m} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="份" note="按期限先后" />}
    </Split>
  );
}

function Batches() {
  const list = useKeyset<Schema<'BatchView'>>({ key: ['batches'], fetch: (cursor, limit) => read(api.GET('/api/v1/filing/batches', { params: { query: { cursor, limit } } })) });
  const navigate = useNavigate();
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void navigate(`/filing/batches/${list.items[i].id}`));
  return (
    <>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有归档批次。在“待归档”中选择材料提交。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">批次</th><th scope="col">种类</th><th scope="col">状态</th><th scope="col" className="num">材料</th><th scope="col" className="num">档案</th><th scope="col">提交</th><th scope="col">审核</th><th scope="col">说明</th></tr></thead>
                <tbody>
                  {list.items.map((b, i) => (
                    <tr key={b.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                      <td><Link className="text-link nowrap" to={`/filing/batches/${b.id}`}>{b.no}</Link></td>
                      <td>{b.kindName}</td>
                      <td><Status tone={b.tone as Tone}>{b.stateName}</Status></td>
                      <td className="num">{figure(b.materials)} 份</td>
                      <td className="num">{figure(b.dossiers)} 卷</td>
                      <td className="nowrap">{b.submittedBy} <span className="meta">{logTime(b.submittedAt)}</span></td>
                      <td className="nowrap">{b.reviewedBy && <>{b.reviewedBy} <span className="meta">{logTime(b.reviewedAt)}</span></>}</td>
                      <td className="dense ink2">{b.note}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="批" />}
    </>
  );
}
