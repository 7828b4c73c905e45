import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { figure, logTime } from '../../shared/dates';
import { download } from '../../shared/files';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { Facts, PageHead, SectionHead, Split, ViewTabs } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty, LongWork } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './feed.css';
import { readOut } from './words';

type View = Schema<'FeedView'>;
type Part = 'opened' | 'known' | 'differs' | 'refused';

/** One file: how far it is judged, and what it says of the dossiers kept here. */
export default function FeedPage() {
  const { id = '' } = useParams();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['feeds', 'one', id],
    queryFn: () => read(api.GET('/api/v1/feeds/{id}', { params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data?.state === 'running' ? 1500 : false),
  });
  const done = query.data?.done;
  const before = useRef<number>(undefined);
  useEffect(() => {
    if (before.current !== undefined && before.current !== done) void client.invalidateQueries({ queryKey: ['feeds', 'rows', id] });
    before.current = done;
  }, [done, client, id]);
  return <Answer query={query}>{(v) => <Page v={v} />}</Answer>;
}

function Page({ v }: { v: View }) {
  const [part, setPart] = useState<Part>(v.opened > 0 || v.differs === 0 ? 'opened' : 'differs');
  const [problem, setProblem] = useState<Problem>();
  const invalidates = [['feeds']];
  const stop = useAct({ invalidates, done: '已停止，已开的收集通知保留', run: (headers) => read(api.POST('/api/v1/feeds/{id}/stop', { params: { path: { id: v.id } }, headers })) });
  const resume = useAct({ invalidates, done: '已继续核对', run: (headers) => read(api.POST('/api/v1/feeds/{id}/resume', { params: { path: { id: v.id } }, headers })) });
  const may = (action: string) => v.possible.some((p) => p.action === action && p.allowed);
  const save = () => { setProblem(undefined); download(`/api/v1/feeds/${v.id}/refused.xlsx`, '没有采用的行.xlsx').catch((e: unknown) => setProblem(problemOf(e))); };
  return (
    <Split
      label="办理"
      aside={
        <NowPossible possible={v.possible} busy={stop.isPending ? 'feed.stop' : resume.isPending ? 'feed.resume' : undefined} on={{ 'feed.stop': () => stop.mutate(), 'feed.resume': () => resume.mutate() }}>
          <ProblemView problem={stop.problem ?? resume.problem} />
        </NowPossible>
      }
    >
      <PageHead title={v.fileName} crumbs={[{ label: '部门数据', to: '/feeds' }, { label: v.no }]} sub={<span className="person-line">{v.sourceName}　{v.kindName}<Status tone={v.tone as Tone}>{v.stateName}</Status></span>}>
        <ViewTabs
          label="核对结果"
          value={part}
          onChange={setPart}
          views={[{ key: 'opened', label: '新情况', n: v.opened }, { key: 'known', label: '已有或已在收集', n: v.known }, { key: 'differs', label: '姓名不一致', n: v.differs }, { key: 'refused', label: '没有采用', n: v.refused }]}
          end={v.refused > 0 && <Button size="small" onClick={save}>下载没有采用的行</Button>}
        />
      </PageHead>
      <div className="page-body">
        {v.state === 'running' && <LongWork label="正在核对" done={v.done} total={v.lines} onCancel={may('feed.stop') ? () => stop.mutate() : undefined} note="可以离开本页；停止后从停下的那一行接着核对，不会重复通知。" />}
        {v.note && <p className="notice">{v.note}</p>}
        <ProblemView problem={problem} />
        {part === 'refused' ? <Refused id={v.id} /> : <Lines key={part} id={v.id} part={part} />}
        <SectionHead>这份文件</SectionHead>
        <Facts
          items={[
            { label: '数据行数', value: `${figure(v.lines)}，已核对 ${figure(v.done)}` },
            { label: '不在本机构', value: `${figure(v.elsewhere)} 行，只计数，不留内容` },
            { label: '文件 SHA-256', value: <span className="feed-print">{readOut(v.digest)}</span> },
            { label: '导入', value: `${v.importedBy} ${logTime(v.importedAt)}，${v.agencyName}` },
          ]}
        />
      </div>
    </Split>
  );
}

const none: Record<Exclude<Part, 'refused'>, string> = { opened: '没有新情况。', known: '没有已有材料或已在收集的情况。', differs: '没有姓名不一致的行。' };

function Lines({ id, part }: { id: string; part: Exclude<Part, 'refused'> }) {
  const go = useNavigate();
  const list = useKeyset<Schema<'FeedLine'>>({ key: ['feeds', 'rows', id, part], fetch: (cursor, limit) => read(api.GET('/api/v1/feeds/{id}/facts', { params: { path: { id }, query: { outcome: part, cursor, limit } } })) });
  const to = (l: Schema<'FeedLine'>) => (l.collectionId ? `/collections/${l.collectionId}` : `/dossiers/${l.dossierId}`);
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(to(list.items[i])));
  return (
    <>
      <Answer query={list.query}>
        {() => list.items.length === 0 ? <Empty>{none[part]}</Empty> : (
          <div className="scroll-x">
            <table className="plain list">
              <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">情况</th><th scope="col">时间</th><th scope="col">单位或院校</th><th scope="col">{part === 'opened' ? '收集通知' : '说明'}</th><th scope="col" className="num">行号</th></tr></thead>
              <tbody>
                {list.items.map((l, i) => (
                  <tr key={l.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                    <td className="nowrap"><Link className="text-link" to={`/dossiers/${l.dossierId}`}>{l.personName}</Link></td>
                    <td className="nowrap ink2">{l.dossierNo}</td>
                    <td className="nowrap">{l.eventName}</td>
                    <td className="nowrap">{l.happened}</td>
                    <td>{l.unit}</td>
                    <td>{l.collectionId ? <Link className="text-link" to={`/collections/${l.collectionId}`}>{l.basis}</Link> : l.basis}</td>
                    <td className="num ink2">{figure(l.row)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      {(list.hasNext || list.hasPrevious) && <PagingBar list={list} unit="项" />}
    </>
  );
}

function Refused({ id }: { id: string }) {
  const list = useKeyset<Schema<'FeedRefusal'>>({
    key: ['feeds', 'rows', id, 'refused'],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/feeds/{id}/refused', { params: { path: { id }, query: { cursor: cursor ? Number(cursor) : undefined, limit } } }));
      return { items: page.items, next: page.next === undefined || page.next === null ? undefined : String(page.next) };
    },
  });
  return (
    <>
      <Answer query={list.query}>
        {() => list.items.length === 0 ? <Empty>各行都已采用。</Empty> : (
          <table className="plain feed-rows">
            <thead><tr><th scope="col" className="num">行号</th><th scope="col">问题</th></tr></thead>
            <tbody>{list.items.map((r) => <tr key={r.row}><td className="num">{figure(r.row)}</td><td className="feed-problems">{r.problems}</td></tr>)}</tbody>
          </table>
        )}
      </Answer>
      {(list.hasNext || list.hasPrevious) && <PagingBar list={list} unit="行" />}
    </>
  );
}
