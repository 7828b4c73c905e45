import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Part = 'waiting' | 'verified' | 'ended';

const names: Record<Part, string> = { waiting: '待核实', verified: '已核实待接收', ended: '已办结' };

/** 个人手中档案 (6b): what people brought along, the last first. */
export default function FoundList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<Part>('waiting');
  const [counts, setCounts] = useState<Record<string, number>>({});
  const agency = useAgency();
  const list = useKeyset<Schema<'FoundItem'>>({
    key: ['found', view, agency],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/found-packets', { params: { query: { agency, view, cursor, limit } } }));
      setCounts(page.counts);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/found/${item.id}`);
  });
  return (
    <>
      <PageHead
        title="个人手中档案"
        sub="个人带来的档案不推回：当面登记，二人封存，由本机构向原存档单位核实后接收"
        acts={hasPost(session, 'clerk') && <Button type="primary" onClick={() => void navigate('/found/new')}>登记来档</Button>}
      >
        <ViewTabs label="个人手中档案" value={view} onChange={setView} views={(Object.keys(names) as Part[]).map((key) => ({ key, label: names[key], n: counts[key] }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view === 'waiting' ? '没有等待核实的个人手中档案。' : '没有符合条件的登记。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">姓名</th><th scope="col">登记号</th><th scope="col">登记时间</th><th scope="col">怎样来的</th><th scope="col">包封</th><th scope="col">最后存档单位</th><th scope="col">存放位置</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {list.items.map((p, i) => (
                    <tr key={p.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/found/${p.id}`)}>
                      <td className="nowrap"><Link to={`/found/${p.id}`} onClick={(e) => e.stopPropagation()}>{p.personName}</Link></td>
                      <td className="nowrap">{p.no}</td>
                      <td className="dense nowrap">{logTime(p.registeredAt)}</td>
                      <td className="dense nowrap">{p.came}</td>
                      <td className="dense nowrap">{p.seal}</td>
                      <td className="dense">{p.keeper}</td>
                      <td className="dense nowrap">{p.shelf}</td>
                      <td className="nowrap"><Status tone={p.tone as Tone}>{p.stateName}</Status></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" />
    </>
  );
}
