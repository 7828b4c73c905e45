import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';

type View = 'never' | 'again';

const views: { key: View; label: string; empty: string }[] = [
  { key: 'never', label: '从未接受', empty: '个人账户都已接受存档须知。' },
  { key: 'again', label: '须接受新版本', empty: '没有须重新接受新版本的账户。' },
];

/** 须知待接受 (12a): personal accounts whose person accepted no notice that holds, who has waited longest first. */
export default function OwedList() {
  const go = useNavigate();
  const [params, setParams] = useSearchParams();
  const view = views.find((v) => v.key === params.get('view')) ?? { key: 'never' as const, label: '从未接受', empty: '个人账户都已接受存档须知。' };
  const list = useKeyset<Schema<'NoticeOwing'>>({ key: ['personal-accounts', 'list', view.key], fetch: (cursor, limit) => read(api.GET('/api/v1/personal-accounts', { params: { query: { view: view.key, cursor, limit } } })) });
  const page = list.query.data as Schema<'NoticeOwings'> | undefined;
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/personal-accounts/${list.items[i].id}`));
  return (
    <>
      <PageHead title="须知待接受" sub="转入、销户转来的个人账户，本人还没有接受存档须知；档案照常保管，不因此退回">
        <ViewTabs label="须知" value={view.key} onChange={(v) => setParams(v === 'never' ? {} : { view: v })} views={views.map((v) => ({ key: v.key, label: v.label, n: page ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view.empty}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">开户</th><th scope="col">开立缘由</th><th scope="col">接受过的版本</th><th scope="col">提醒</th><th scope="col">存档机构</th><th scope="col">账户编号</th></tr></thead>
                <tbody>
                  {list.items.map((p, i) => (
                    <tr key={p.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/personal-accounts/${p.id}`)}>
                      <td className="subject nowrap"><Link to={`/personal-accounts/${p.id}`} onClick={(e) => e.stopPropagation()}>{p.name}</Link></td>
                      <td className="nowrap">{p.dossierNo}</td>
                      <td className="nowrap">{columnDate(p.openedAt)}</td>
                      <td className="nowrap">{p.howName}</td>
                      <td className="nowrap">{p.noticeNo ?? <span className="ink2">无</span>}</td>
                      <td className="nowrap">{p.reminded > 0 ? `${p.reminded} 次，${columnDate(p.remindedOn ?? '')} ${p.remindedBy ?? ''}` : <span className="ink2">未提醒</span>}</td>
                      <td>{p.agencyName}</td>
                      <td className="nowrap ink2">{p.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="人" />
    </>
  );
}
