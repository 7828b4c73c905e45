import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { api, read } from '../../api/client';
import { OfAgency, useAgency } from '../../shared/agency';
import { longDate } from '../../shared/dates';
import { useRowKeys } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

/** 退休送审清单, the last changed first. */
export default function ReviewLists() {
  const navigate = useNavigate();
  const agency = useAgency();
  const query = useQuery({ queryKey: ['retirements', 'lists', agency], queryFn: () => read(api.GET('/api/v1/retirement-lists', { params: { query: { agency, limit: 100 } } })) });
  const items = query.data?.items ?? [];
  const [current] = useRowKeys(items.length, (i) => {
    const item = items[i];
    if (item) void navigate(`/retirements/lists/${item.id}`);
  });
  return (
    <>
      <PageHead title="退休送审清单" crumbs={[{ label: '退休送审', to: '/retirements' }, { label: '送审清单' }]} />
      <div className="page-body">
        <OfAgency />
        <Answer query={query}>
          {(page) => page.items.length === 0 ? <Empty>还没有送审清单。在“核对与待送审”中勾选后拟定。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">清单号</th><th scope="col">审核单位</th><th scope="col" className="num">人数</th><th scope="col" className="num">未退回</th><th scope="col">拟定</th><th scope="col">送出</th><th scope="col">应还</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {page.items.map((l, i) => (
                    <tr key={l.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/retirements/lists/${l.id}`)}>
                      <td className="nowrap"><Link to={`/retirements/lists/${l.id}`} onClick={(e) => e.stopPropagation()}>{l.no}</Link></td>
                      <td>{l.recipient}</td><td className="num">{l.persons}</td><td className="num">{l.away || ''}</td>
                      <td className="dense nowrap">{longDate(l.preparedOn)}</td><td className="dense nowrap">{longDate(l.handedOn)}</td>
                      <td className="dense nowrap">{longDate(l.dueBack)}{l.overdue && <span className="seal">（逾期）</span>}</td>
                      <td className="nowrap"><Status tone={l.tone as Tone}>{l.stateName}</Status></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
    </>
  );
}
