import { Button } from 'antd';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = 'asked' | 'all';

const views: { key: View; label: string; empty: string }[] = [
  { key: 'asked', label: '待批准', empty: '没有待批准的降低密级。' },
  { key: 'all', label: '全部', empty: '还没有定密变更。' },
];

/** 定密变更 (15): what waits for the head, and what was changed. Only what the own clearance takes in. */
export default function ChangeList() {
  const [params, setParams] = useSearchParams();
  const go = useNavigate();
  const session = useSession();
  const view: View = params.get('view') === 'all' ? 'all' : 'asked';
  const list = useKeyset<Schema<'SecrecyChangeView'>>({
    key: ['secrecy', 'list', view],
    fetch: (cursor, limit) => read(api.GET('/api/v1/secrecy-changes', { params: { query: { view, cursor, limit } } })),
  });
  const page = list.query.data as Schema<'SecrecyChangeList'> | undefined;
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/secrecy/${list.items[i].id}`));
  return (
    <>
      <PageHead title="定密变更" sub="提高密级当即生效；降低密级由一人凭定密机关的文件提出，负责人（另一人）批准" acts={(hasPost(session, 'head') || hasPost(session, 'keeper')) && <Button onClick={() => void go('/secrecy/zones')}>涉密专区</Button>}>
        <ViewTabs label="定密变更的各步" value={view} onChange={(v) => setParams(v === 'asked' ? {} : { view: v })} views={views.map((v) => ({ key: v.key, label: v.label, n: page ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{views.find((v) => v.key === view)?.empty}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名、档案编号</th><th scope="col">对象</th><th scope="col">密级变更</th><th scope="col">定密机关文件</th><th scope="col">状态</th><th scope="col">登记</th><th scope="col">编号</th></tr></thead>
                <tbody>
                  {list.items.map((c, i) => (
                    <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/secrecy/${c.id}`)}>
                      <td className="nowrap"><Link className="strong" to={`/secrecy/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.personName}</Link> <span className="meta">{c.dossierNo}</span></td>
                      <td>{c.label}</td>
                      <td className="nowrap">{c.fromName} → {c.toName}</td>
                      <td>{c.document ?? '—'}{c.organ && <span className="meta" style={{ display: 'block' }}>{c.organ}</span>}</td>
                      <td className="nowrap"><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                      <td className="nowrap ink2">{c.askedBy} {columnDate(c.askedAt)}</td>
                      <td className="nowrap ink2">{c.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="项" note="新的在前" />
    </>
  );
}
