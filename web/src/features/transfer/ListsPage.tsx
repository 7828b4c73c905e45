import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Deadline, Status } from '../../shared/status';

/** 批量转出: a line for each letter that names many. */
export default function ListsPage() {
  const go = useNavigate();
  const clerk = useSession().user.posts.some((p) => p.code === 'clerk');
  const list = useKeyset<Schema<'TransferListItem'>>({ key: ['transfers', 'lists'], fetch: (after, limit) => read(api.GET('/api/v1/transfer-lists', { params: { query: { after: after ?? '', limit } } })) });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/transfers/lists/${list.items[i].id}`));
  return (
    <>
      <PageHead title="批量转出" sub="一函多人：升学等，一次审核、一个包封、一份通知单" crumbs={[{ label: '转递', to: '/transfers' }, { label: '批量转出' }]} acts={clerk && <Button type="primary" onClick={() => void go('/transfers/lists/new')}>登记一函多人</Button>} />
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty act={clerk ? { label: '登记一函多人', onClick: () => void go('/transfers/lists/new') } : undefined}>还没有一函多人的来函。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">接收学校或单位</th><th scope="col" className="num">人数</th><th scope="col">状态</th><th scope="col">来函</th><th scope="col">办理时限</th><th scope="col">批号</th><th scope="col">更新</th></tr></thead>
                <tbody>
                  {list.items.map((l, i) => (
                    <tr key={l.id} className={i === current ? 'current rowlink' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/transfers/lists/${l.id}`)}>
                      <td><Link className="subject" to={`/transfers/lists/${l.id}`} onClick={(e) => e.stopPropagation()}>{l.receiverName}</Link></td>
                      <td className="num">{figure(l.persons)}</td>
                      <td><Status tone={l.tone}>{l.stateName}</Status></td>
                      <td className="dense nowrap">{l.letterNo}</td>
                      <td>{l.clock && <Deadline due={{ on: l.dueOn, left: l.left, tentative: l.tentative, clause: '第二十条（二）' }} />}</td>
                      <td className="dense nowrap">{l.no}</td>
                      <td className="nowrap ink2">{columnDate(l.changedAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="批" />
    </>
  );
}
