import { Button } from 'antd';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { keepAgency, OfAgency, useAgency } from '../../shared/agency';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Left } from './parts';

type View = 'running' | 'asked' | 'ended';

const views: { key: View; label: string; empty: string }[] = [
  { key: 'running', label: '限制中', empty: '没有被限制转出的档案。' },
  { key: 'asked', label: '待确认', empty: '没有待确认的限制或解除。' },
  { key: 'ended', label: '已结束', empty: '还没有解除、到期或不予登记的限制。' },
];

/** 限制转出 (20.2a): dossiers that an organ holds back by document, and until when. */
export default function HoldList() {
  const [params, setParams] = useSearchParams();
  const go = useNavigate();
  const session = useSession();
  const view = views.find((v) => v.key === params.get('view')) ?? { key: 'running' as const, label: '限制中', empty: '没有被限制转出的档案。' };
  const agency = useAgency();
  const list = useKeyset<Schema<'HoldItem'>>({
    key: ['holds', 'list', view.key, agency],
    fetch: (cursor, limit) => read(api.GET('/api/v1/holds', { params: { query: { agency, view: view.key, cursor, limit } } })),
  });
  const page = list.query.data as Schema<'HoldList'> | undefined;
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/holds/${list.items[i].id}`));
  return (
    <>
      <PageHead title="限制转出" sub="只凭有权机关的法律文书，有依据、有期限；到期自动解除" acts={hasPost(session, 'clerk') && <Button onClick={() => void go('/holds/new')}>登记限制</Button>}>
        <ViewTabs label="限制转出的各步" value={view.key} onChange={(v) => setParams(keepAgency(params, v === 'running' ? {} : { view: v }))} views={views.map((v) => ({ key: v.key, label: v.label, n: page ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view.empty}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名、档案编号</th><th scope="col">机关</th><th scope="col">法律文书</th><th scope="col">限制至</th><th scope="col">状态</th><th scope="col">文书日期</th><th scope="col">编号</th></tr></thead>
                <tbody>
                  {list.items.map((h, i) => (
                    <tr key={h.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/holds/${h.id}`)}>
                      <td className="nowrap"><Link className="strong" to={`/holds/${h.id}`} onClick={(e) => e.stopPropagation()}>{h.personName}</Link> <span className="meta">{h.dossierNo}</span></td>
                      <td>{h.organ}</td>
                      <td>{h.orderName}<span className="meta" style={{ display: 'block' }}>{h.orderNo}</span></td>
                      <td className="nowrap"><Left h={h} /></td>
                      <td className="nowrap"><Status tone={h.tone as Tone}>{h.stateName}</Status></td>
                      <td className="nowrap ink2">{columnDate(h.orderOn)}</td>
                      <td className="nowrap ink2">{h.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="项" note={view.key === 'ended' ? '按截止日期倒序' : '按截止日期先后'} />
    </>
  );
}
