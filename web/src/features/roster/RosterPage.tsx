import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { figure, logTime, moment } from '../../shared/dates';
import { download } from '../../shared/files';
import { PageHead, SectionHead, Segments, StepLine } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Loading, LongWork } from '../../shared/states';
import { Mapping } from './Mapping';
import { Rows, type Show } from './Rows';
import './roster.css';
import { TakeUnclear } from './TakeUnclear';
import { steps } from './words';

type View = Schema<'RosterView'>;

const busy = (v: View) => v.state === 'running' || (v.state === 'uploaded' && !['checked', 'failed'].includes(v.progress.phase));

/** One import: 字段对应, 预检, 确认导入, 完成. */
export default function RosterPage() {
  const { id = '' } = useParams();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['rosters', id],
    queryFn: () => readTagged(api.GET('/api/v1/rosters/{id}', { params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data && busy(q.state.data.value) ? 1000 : false),
  });
  const settled = query.data && !busy(query.data.value) ? `${query.data.value.state}/${query.data.value.progress.at ?? ''}` : undefined;
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (settled && before.current !== settled) void client.invalidateQueries({ queryKey: ['roster-rows', id] });
    before.current = settled;
  }, [settled, client, id]);
  return <Answer query={query}>{({ value, etag }) => <Page view={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Page({ view, etag, reload }: { view: View; etag: string; reload: () => void }) {
  const go = useNavigate();
  const [asking, setAsking] = useState(false);
  const [basis, setBasis] = useState(view.basis ?? '');
  const cancel = useAct({
    run: (headers) => read(api.POST('/api/v1/rosters/{id}/cancel', { params: { path: { id: view.id } }, headers })),
    etag,
    invalidates: [['rosters']],
    done: view.state === 'running' ? '正在停止，已登记的保留' : '已取消导入',
    onDone: () => setAsking(false),
  });
  const may = (action: string) => view.possible.some((p) => p.action === action && p.allowed);
  const counts = view.state === 'uploaded' ? view.progress.counts : view.counts;
  const sub = [view.fileName, counts.rows > 0 && `${figure(counts.rows)} 行`, `表头在第 ${view.headerRow} 行`].filter(Boolean).join('·');
  const ready = view.state !== 'running' && may('roster.start') && view.progress.phase !== '' && !busy(view);
  const step = view.state === 'uploaded' ? 2 : view.state === 'running' ? 3 : 4;
  return (
    <>
      <PageHead
        title="花名册导入"
        sub={sub}
        crumbs={[{ label: '系统维护' }, { label: '花名册导入', to: '/rosters' }]}
        acts={
          <>
            <Button onClick={() => void go('/rosters')}>{view.state === 'uploaded' ? '换文件' : '导入其他文件'}</Button>
            {may('roster.cancel') && <Button onClick={() => setAsking(true)}>取消导入</Button>}
          </>
        }
      >
        <StepLine label="导入步骤" steps={steps} current={step} />
      </PageHead>
      <div className="roster-split">
        <section className="roster-map" aria-label="字段对应">
          <Mapping view={view} etag={etag} reload={reload} />
        </section>
        <section className="roster-fates" aria-label={view.state === 'uploaded' ? '预检结果' : '导入结果'}>
          <Fates view={view} onCancel={may('roster.cancel') ? () => setAsking(true) : undefined}>
            {ready && (
              <p className="roster-basis">
                <label htmlFor="roster-basis">登记依据</label>
                <Input id="roster-basis" placeholder="如 存量档案移交清册文号，记入存证" maxLength={200} value={basis} onChange={(e) => setBasis(e.target.value)} />
              </p>
            )}
          </Fates>
          {ready && <StartBar view={view} etag={etag} basis={basis} reload={reload} />}
        </section>
      </div>
      <Confirm open={asking} title="取消这次导入？" verb="取消导入" busy={cancel.isPending} problem={cancel.problem} onConfirm={() => cancel.mutate()} onCancel={() => setAsking(false)}>
        {view.state === 'running' ? <p>在处理完眼前的几行后停止。已登记的 {figure(view.progress.counts.accepted)} 卷保留；用同一文件可以接着导入。</p> : <p>还没有登记任何档案。上传的文件留存备查。</p>}
      </Confirm>
    </>
  );
}

/** Figures, bar and rows of the last check or run. */
function Fates({ view, onCancel, children }: { view: View; onCancel?: () => void; children?: ReactNode }) {
  const [show, setShow] = useState<Show>('findings');
  const [problem, setProblem] = useState<Problem>();
  const counts = view.state === 'uploaded' || view.state === 'running' ? view.progress.counts : view.counts;
  const checking = view.state === 'uploaded';
  const verb = checking ? '可导入' : '已登记';
  const findings = counts.warned + counts.rejected;
  const p = view.progress;
  const seconds = (p.tookMs / 1000).toFixed(1);
  return (
    <div className="roster-fates-body">
      <SectionHead end={<span className="meta">{checking ? `预检不写入任何数据${p.at && p.phase === 'checked' ? `·${logTime(p.at)}·用时 ${seconds} 秒` : ''}` : `${view.endedAt ? `${moment(view.endedAt)}·` : ''}${view.basis ? `依据：${view.basis}` : ''}`}</span>}>
        {checking ? '预检结果' : '导入结果'}
      </SectionHead>
      {busy(view) && (
        <LongWork
          label={view.state === 'running' ? '正在登记' : '正在预检'}
          done={p.done}
          total={p.total || undefined}
          onCancel={view.state === 'running' ? onCancel : undefined}
          note={view.state === 'running' ? '可以离开本页；每行单独登记，中断后用同一文件接着导入。' : '正在逐行核对号码、日期、类别，并与全市已登记的档案比对。'}
        />
      )}
      {p.phase === 'failed' && p.trouble && <div className="refusal wait" role="alert"><p className="fact">{p.trouble}</p></div>}
      {view.note && <p className="notice">{view.note}</p>}
      {counts.rows > 0 && (
        <div aria-live="polite">
          <div className="roster-figures">
            <span><b className="green">{figure(counts.accepted)}</b> {verb}{counts.warned > 0 && <span className="meta">其中 {figure(counts.warned)} 行有提示</span>}</span>
            <span><b className={counts.rejected > 0 ? 'red' : ''}>{figure(counts.rejected)}</b> 需改正</span>
            <span><b className="ink2">{figure(counts.alreadyHere)}</b> 已在本机构</span>
          </div>
          <div className="roster-bar" aria-hidden="true">
            <i className="ok" style={{ flexGrow: counts.accepted - counts.warned }} />
            <i className="wait" style={{ flexGrow: counts.warned }} />
            <i className="bad" style={{ flexGrow: counts.rejected }} />
            <i className="void" style={{ flexGrow: counts.alreadyHere }} />
          </div>
        </div>
      )}
      {children}
      {counts.rows > 0 && !busy(view) && (
        <>
          <div className="roster-tools">
            <Segments<Show>
              label="显示哪些行"
              value={show}
              onChange={setShow}
              options={[{ key: 'all', label: `全部 ${figure(counts.rows)}` }, { key: 'findings', label: `需改正和提示 ${figure(findings)}` }, { key: 'rejected', label: `只看需改正 ${figure(counts.rejected)}` }]}
            />
            {counts.rejected > 0 && (
              <span className="end">
                <span className="meta">原表不动，加“问题”“怎样改”两列，问题格标红</span>
                {view.unclear > 0 && view.possible.some((p) => p.action === 'unclear.take' && p.allowed) && <TakeUnclear view={view} />}
                <Button onClick={() => { setProblem(undefined); download(`/api/v1/rosters/${view.id}/errors`, '需改正.xlsx').catch((e: unknown) => setProblem(problemOf(e))); }}>下载错误工作簿</Button>
              </span>
            )}
          </div>
          <ProblemView problem={problem} />
          <Rows id={view.id} show={show} verb={verb} />
        </>
      )}
      {counts.rows === 0 && busy(view) && <Loading />}
    </div>
  );
}

/** What the clerk confirms before anything is registered. */
function StartBar({ view, etag, basis, reload }: { view: View; etag: string; basis: string; reload: () => void }) {
  const [checked, setChecked] = useState(false);
  const c = view.state === 'uploaded' ? view.progress.counts : view.counts;
  const again = view.state !== 'uploaded';
  const start = useAct({
    run: (headers) => read(api.POST('/api/v1/rosters/{id}/start', { params: { path: { id: view.id } }, body: { basis }, headers })),
    etag,
    invalidates: [['rosters']],
    done: '已开始导入',
  });
  return (
    <div className="stickybar roster-start">
      <Checkbox checked={checked} onChange={(e) => setChecked(e.target.checked)}>
        {c.rejected > 0 ? `我已核对：需改正的 ${figure(c.rejected)} 行本次不导入，改正后可单独再导` : '我已核对预检结果'}
      </Checkbox>
      <span className="end">
        <span className="meta">存量登记，不属新建档案·第二十九条（五）</span>
        <Button type="primary" disabled={!checked || (c.accepted === 0 && !again)} loading={start.isPending} onClick={() => start.mutate()}>{again ? '接着导入' : `导入 ${figure(c.accepted)} 卷`}</Button>
      </span>
      {start.problem && <div style={{ flexBasis: '100%' }}><ProblemView problem={start.problem} onRetry={reload} /></div>}
    </div>
  );
}
