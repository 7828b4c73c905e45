import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { figure, longDate, shortDate } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './filing.css';
import { received, Term } from './parts';

/** 逾期归档: who is behind with the two months, agency by agency, down to each piece. */
export default function BacklogPage() {
  const [params] = useSearchParams();
  const agency = params.get('agency');
  return agency ? <OfAgency key={agency} agency={agency} /> : <Agencies />;
}

function useBacklogs() {
  return useQuery({ queryKey: ['backlogs'], queryFn: () => read(api.GET('/api/v1/material-backlogs')) });
}

function Agencies() {
  const query = useBacklogs();
  const navigate = useNavigate();
  const items = query.data?.items ?? [];
  const [current] = useRowKeys(items.length, (i) => items[i] && void navigate(`/filing/backlog?agency=${items[i].agency}`));
  return (
    <>
      <PageHead title="逾期归档" sub="收到之日起两个月内归档；逾期的按机构列出，最多的在前" />
      <div className="page-body">
        <Answer query={query}>
          {({ items, more }) => items.length === 0 ? <Empty>辖区内没有逾期的材料，也没有暂停计时的材料。</Empty> : (
            <>
              <div className="scroll-x">
                <table className="plain list">
                  <thead><tr><th scope="col">机构</th><th scope="col" className="num">逾期</th><th scope="col">最早到期</th><th scope="col" className="num">最久逾期</th><th scope="col" className="num">暂停计时</th></tr></thead>
                  <tbody>
                    {items.map((b, i) => (
                      <tr key={b.agency} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                        <td><Link className="text-link" to={`/filing/backlog?agency=${b.agency}`}>{b.agencyName}</Link></td>
                        <td className="num">{b.overdue > 0 ? <span className="red">{figure(b.overdue, more)} 份</span> : '—'}</td>
                        <td className="nowrap">{b.oldest ? longDate(b.oldest) : '—'}</td>
                        <td className="num">{b.daysOver ? `${b.daysOver} 天` : '—'}</td>
                        <td className="num">{b.paused > 0 ? <Link className="text-link" to={`/filing/backlog?agency=${b.agency}&paused=1`}>{figure(b.paused, more)} 份</Link> : '—'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {more && <p className="meta">数量很多，只数到这里；逐份清单不受此限。</p>}
            </>
          )}
        </Answer>
      </div>
    </>
  );
}

function OfAgency({ agency }: { agency: string }) {
  const [params, setParams] = useSearchParams();
  const paused = params.get('paused') === '1';
  const at = useBacklogs().data?.items.find((b) => b.agency === agency);
  const list = useKeyset<Schema<'LooseView'>>({
    key: ['materials', 'backlog', agency, paused],
    fetch: (cursor, limit) => read(api.GET('/api/v1/materials', { params: { query: { cursor, limit, agency, ...(paused ? { paused: true } : { overdue: true, state: ['received', 'appraising', 'to_file'] }) } } })),
    limit: 50,
  });
  const navigate = useNavigate();
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void navigate(`/materials/${list.items[i].id}`));
  return (
    <>
      <PageHead title={at?.agencyName ?? list.items[0]?.agencyName ?? agency} sub="逾期未归档的材料" crumbs={[{ label: '逾期归档', to: '/filing/backlog' }, { label: at?.agencyName ?? agency }]}>
        <ViewTabs label="逾期和暂停" value={paused ? 'paused' : 'overdue'} onChange={(v) => setParams(v === 'paused' ? { agency, paused: '1' } : { agency })} views={[{ key: 'overdue', label: '逾期', n: at?.overdue }, { key: 'paused', label: '暂停计时', n: at?.paused }]} />
      </PageHead>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{paused ? '没有暂停计时的材料。' : '没有逾期的材料。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">材料名称</th><th scope="col">姓名、档案编号</th><th scope="col">接收</th><th scope="col">状态</th><th scope="col">{paused ? '暂停自' : '归档期限'}</th></tr></thead>
                <tbody>
                  {list.items.map((m, i) => (
                    <tr key={m.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                      <td><Link className="text-link" to={`/materials/${m.id}`}>{m.title}</Link></td>
                      <td><Link className="text-link" to={`/dossiers/${m.dossierId}`}>{m.person}</Link> <span className="meta nowrap">{m.dossierNo}</span></td>
                      <td className="dense">{m.intakeNo} {received(m)}</td>
                      <td className="nowrap"><Status tone={m.tone as Tone}>{m.batchId ? '待审核' : m.stateName}</Status></td>
                      <td className="nowrap">{paused && m.pausedOn ? shortDate(m.pausedOn) : <Term m={m} />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="份" note="按期限先后" />}
    </>
  );
}
