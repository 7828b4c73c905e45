import { useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client';
import { figure, longDate } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';

/** 转递时限: how each agency of the tree stands with the terms of its transfers. */
export default function TallyPage() {
  const query = useQuery({ queryKey: ['transfers', 'tally'], queryFn: () => read(api.GET('/api/v1/transfer-tally')) });
  const late = (n: number, more?: boolean) => n > 0 ? <span className="red">{figure(n, more)}</span> : '—';
  return (
    <>
      <PageHead title="转递时限" sub="按转出机构统计：收函之日起十五个工作日内寄出，回执按期退回；最落后的在前" crumbs={[{ label: '转递', to: '/transfers' }, { label: '转递时限' }]} />
      <div className="page-body">
        <Answer query={query}>
          {({ items, more }) => items.length === 0 ? <Empty>辖区内没有在办的转出。</Empty> : (
            <>
              <div className="scroll-x">
                <table className="plain list">
                  <thead><tr><th scope="col">机构</th><th scope="col" className="num">时限内在办</th><th scope="col" className="num">逾期</th><th scope="col">最早到期</th><th scope="col" className="num">3 日内到期</th><th scope="col" className="num">来函未登记</th><th scope="col" className="num">回执逾期</th><th scope="col" className="num">包裹异常</th></tr></thead>
                  <tbody>
                    {items.map((s) => (
                      <tr key={s.agency}>
                        <td>{s.agencyName}</td>
                        <td className="num">{figure(s.running, more)}</td>
                        <td className="num">{late(s.overdue, more)}</td>
                        <td className="nowrap">{s.oldest ? longDate(s.oldest) : '—'}</td>
                        <td className="num">{s.soon > 0 ? figure(s.soon, more) : '—'}</td>
                        <td className="num">{late(s.unbooked, more)}</td>
                        <td className="num">{late(s.receipts, more)}</td>
                        <td className="num">{late(s.astray, more)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {more && <p className="meta">数量很多，只数到这里；转递列表不受此限。</p>}
            </>
          )}
        </Answer>
      </div>
    </>
  );
}
