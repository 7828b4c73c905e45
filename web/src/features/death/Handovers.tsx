import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { api, read } from '../../api/client';
import { OfAgency, useAgency } from '../../shared/agency';
import { longDate } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

/** 死亡人员档案移交清单, the last changed first. */
export default function Handovers() {
  const navigate = useNavigate();
  const agency = useAgency();
  const query = useQuery({ queryKey: ['deaths', 'lists', agency], queryFn: () => read(api.GET('/api/v1/death-handovers', { params: { query: { agency, limit: 100 } } })) });
  return (
    <>
      <PageHead title="死亡人员档案移交清单" crumbs={[{ label: '死亡档案', to: '/deaths' }, { label: '移交清单' }]} />
      <div className="page-body">
        <OfAgency />
        <Answer query={query}>
          {(page) => page.items.length === 0 ? <Empty>还没有移交清单。在“已满5年”中勾选后拟定。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">清单号</th><th scope="col">接收单位</th><th scope="col">原因</th><th scope="col">人数</th><th scope="col">拟定</th><th scope="col">移交</th><th scope="col">签收</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {page.items.map((h) => (
                    <tr key={h.id} className="rowlink" onClick={() => void navigate(`/deaths/lists/${h.id}`)}>
                      <td className="nowrap"><Link to={`/deaths/lists/${h.id}`} onClick={(e) => e.stopPropagation()}>{h.no}</Link></td>
                      <td>{h.recipient}</td><td className="dense">{h.reasonName}</td><td>{h.persons}</td>
                      <td className="dense nowrap">{longDate(h.preparedOn)}</td><td className="dense nowrap">{longDate(h.handedOn)}</td><td className="dense nowrap">{longDate(h.receivedOn)}</td>
                      <td className="nowrap"><Status tone={h.tone as Tone}>{h.stateName}</Status></td>
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
