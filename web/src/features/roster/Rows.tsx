import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { api, problemOf, read, type Schema } from '../../api/client';
import { ProblemView } from '../../shared/problem';
import { Empty, Loading } from '../../shared/states';
import { ClauseChip, Status } from '../../shared/status';

export type Show = 'all' | 'findings' | 'rejected';

type Line = Schema<'Line'>;

function Outcome({ line, verb }: { line: Line; verb: string }) {
  if (line.outcome === 'rejected') return <Status kind="import">需改正</Status>;
  if (line.outcome === 'already-here') return <Status kind="import">已在本机构</Status>;
  if (line.findings.length > 0) return <Status kind="import">提示</Status>;
  return <Status tone="done">{verb}</Status>;
}

/** The fates of the rows, with what is wrong and how to put it right. */
export function Rows({ id, show, verb }: { id: string; show: Show; verb: string }) {
  const query = useInfiniteQuery({
    queryKey: ['roster-rows', id, show],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => read(api.GET('/api/v1/rosters/{id}/rows', { params: { path: { id }, query: { show, cursor: pageParam, limit: 50 } } })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  if (query.error) return <ProblemView problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const lines = query.data.pages.flatMap((p) => p.items);
  if (lines.length === 0) return <Empty>{show === 'all' ? '逐行结果只保留三十天；需改正的行仍可下载。' : '没有需要改正或留意的行。'}</Empty>;
  return (
    <div className="scroll-x">
      <table className="plain roster-rows">
        <thead>
          <tr><th scope="col" className="num">行</th><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">结果</th><th scope="col">列、问题和怎样改</th><th scope="col">依据</th></tr>
        </thead>
        <tbody>
          {lines.map((l) => (
            <tr key={l.row}>
              <td className="num top">{l.row}</td>
              <td className="top nowrap">{l.dossier && verb !== '可导入' ? <Link className="text-link" to={`/dossiers/${l.dossier}`}>{l.name}</Link> : l.name}</td>
              <td className="top nowrap">{l.identity}</td>
              <td className="top"><Outcome line={l} verb={verb} /></td>
              <td className="top dense">
                {l.findings.map((f) => (
                  <div key={f.code} className="finding">
                    <b>{f.column}</b>
                    {f.problem}
                    {f.remedy && <div className="ink2">{f.remedy}</div>}
                  </div>
                ))}
              </td>
              <td className="top dense nowrap">
                {[...new Set(l.findings.filter((f) => l.outcome !== 'rejected' || !f.warning).map((f) => f.basis))].map((b) => (b === '数据校验' ? <div key={b}>{b}</div> : <div key={b}><ClauseChip>{b}</ClauseChip></div>))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {query.hasNextPage && <p className="roster-more"><Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>再看 50 行</Button></p>}
    </div>
  );
}
