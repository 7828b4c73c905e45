import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { keepAgency, OfAgency, useAgency } from '../../shared/agency';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = 'sent' | 'proposed' | 'completing' | 'returned' | 'refused' | 'ended';

const views: { key: View; label: string; empty: string }[] = [
  { key: 'sent', label: '网上待受理', empty: '没有等待受理的网上申请。' },
  { key: 'proposed', label: '待审核', empty: '没有待审核的不予受理。' },
  { key: 'completing', label: '待补正', empty: '没有等待补正的申请。' },
  { key: 'returned', label: '应予受理', empty: '没有等待继续受理的申请。' },
  { key: 'refused', label: '不予办理', empty: '没有不予受理的申请。' },
  { key: 'ended', label: '已办结', empty: '没有已受理、逾期未补正或撤回的申请。' },
];

/** 网上申请与补正 (28, 29.8): every application that was not taken in as it came, and what becomes of it. */
export default function IntakeList() {
  const session = useSession();
  const go = useNavigate();
  const [params, setParams] = useSearchParams();
  const first: View = hasPost(session, 'supervisor') ? 'refused' : hasPost(session, 'reviewer') || hasPost(session, 'head') ? 'proposed' : 'sent';
  const view = views.find((v) => v.key === params.get('view')) ?? views.find((v) => v.key === first)!;
  const agency = useAgency();
  const list = useKeyset<Schema<'IntakeItem'>>({ key: ['intakes', 'list', view.key, agency], fetch: (cursor, limit) => read(api.GET('/api/v1/intakes', { params: { query: { agency, view: view.key, cursor, limit } } })) });
  const page = list.query.data as Schema<'IntakePage'> | undefined;
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/intakes/${list.items[i].id}`));
  return (
    <>
      <PageHead title="网上申请与补正" sub="每件申请都有受理回执和结果；补正一次告知，不予受理由另一人审核">
        <ViewTabs label="申请的状态" value={view.key} onChange={(v) => setParams(keepAgency(params, { view: v }))} views={views.map((v) => ({ key: v.key, label: v.label, n: page ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view.empty}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名或单位</th><th scope="col">申请事项</th><th scope="col">依据</th><th scope="col">机构</th><th scope="col">登记</th><th scope="col">期限</th><th scope="col">状态</th><th scope="col">收件编号</th></tr></thead>
                <tbody>
                  {list.items.map((c, i) => (
                    <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/intakes/${c.id}`)}>
                      <td className="nowrap"><Link className="strong" to={`/intakes/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.name}</Link></td>
                      <td className="nowrap">{c.matterName}{c.online && '（网上）'}</td>
                      <td>{c.clauses}</td>
                      <td>{c.agencyName}</td>
                      <td className="nowrap ink2">{columnDate(c.recordedAt)}</td>
                      <td className="nowrap">{columnDate(c.dueOn)}</td>
                      <td className="nowrap"><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                      <td className="nowrap ink2">{c.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" note="按登记先后倒序" />
    </>
  );
}
