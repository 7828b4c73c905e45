import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { OfAgency, useAgency } from '../../shared/agency';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Item = Schema<'StandingItem'>;
type View = 'asked' | 'approved' | 'refused' | 'undone';

const views: { key: View; label: string }[] = [{ key: 'asked', label: '待审批' }, { key: 'approved', label: '已批准' }, { key: 'refused', label: '不批准' }, { key: 'undone', label: '已拆分' }];

/** 变更与并档: whose a dossier is and under what it is kept, the newest first. */
export default function StandingList() {
  const go = useNavigate();
  const [view, setView] = useState<View>('asked');
  const agency = useAgency();
  const list = useKeyset<Item>({ key: ['standing', 'list', view, agency], fetch: (before, limit) => read(api.GET('/api/v1/standing', { params: { query: { agency, state: view, before: before ?? '', limit } } })) });
  const page = list.query.data as Schema<'StandingList'> | undefined;
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/standing/${list.items[i].id}`));
  return (
    <>
      <PageHead title="变更与并档" sub="姓名号码、人员类别、账户的变更，并档、拆档和遗失重建；一人申请，另一人审批">
        <ViewTabs label="变更与并档" value={view} onChange={setView} views={views.map((v) => ({ ...v, n: page && figure(page.counts[v.key] ?? 0, page.more) }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view === 'asked' ? '没有待审批的变更与并档。在档案页“变更与并档”中申请。' : '没有这一步的变更与并档。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">事项</th><th scope="col">缘由</th><th scope="col">状态</th><th scope="col">申请人</th><th scope="col">申请</th><th scope="col">编号</th></tr></thead>
                <tbody>
                  {list.items.map((c, i) => (
                    <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/standing/${c.id}`)}>
                      <td className="subject"><Link to={`/standing/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.name}</Link></td>
                      <td className="nowrap">{c.dossierNo}</td>
                      <td className="nowrap">{c.kindName}</td>
                      <td>{c.reason}</td>
                      <td className="nowrap"><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                      <td className="nowrap">{c.applicant}</td>
                      <td className="nowrap ink2">{columnDate(c.appliedAt)}</td>
                      <td className="nowrap ink2">{c.no}</td>
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
