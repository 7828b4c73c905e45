import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { keepAgency, OfAgency, useAgency } from '../../shared/agency';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Distinct, Doubles } from './Doubles';

type Item = Schema<'UnclearItem'>;
type View = 'open' | 'proposed' | 'sending' | 'resolved' | 'doubles' | 'distinct';

const views: { key: View; label: string }[] = [
  { key: 'open', label: '待查实' }, { key: 'proposed', label: '待审核' }, { key: 'sending', label: '移交中' }, { key: 'resolved', label: '已查实' }, { key: 'doubles', label: '可能重复的档案' }, { key: 'distinct', label: '已认定不是同一人' },
];

/** 身份待核、一人多档: packets on the shelf that are nobody's dossier yet, and dossiers that may be one person's. */
export default function UnclearList() {
  const [params, setParams] = useSearchParams();
  const view = views.find((v) => v.key === params.get('view'))?.key ?? 'open';
  const agency = useAgency();
  const list = useKeyset<Item>({
    key: ['unclear', 'list', view, agency],
    fetch: (after, limit) => read(api.GET('/api/v1/unclear', { params: { query: { agency, state: view === 'doubles' || view === 'distinct' ? 'open' : view, after: after ?? '', limit } } })),
  });
  const page = list.query.data as Schema<'UnclearList'> | undefined;
  return (
    <>
      <PageHead title="身份待核" sub="库位和封存已登记，查实前只保管、不提供服务">
        <ViewTabs label="身份待核的各步" value={view} onChange={(v) => setParams(keepAgency(params, v === 'open' ? {} : { view: v }))} views={views.map((v) => ({ ...v, n: page && v.key !== 'doubles' && v.key !== 'distinct' ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      {view === 'doubles' ? <Doubles /> : view === 'distinct' ? <Distinct /> : <Packets list={list} view={view} />}
    </>
  );
}

function Packets({ list, view }: { list: ReturnType<typeof useKeyset<Item>>; view: View }) {
  const go = useNavigate();
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/unclear/${list.items[i].id}`));
  return (
    <>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view === 'open' ? '没有待查实的档案袋。导入花名册后，在导入结果中登记号码缺失、有误或他处已有档案的行。' : '没有这一步的档案袋。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">待核编号</th><th scope="col">袋面姓名</th><th scope="col">袋面编号</th><th scope="col">情况</th><th scope="col">花名册中的问题</th><th scope="col">库位</th><th scope="col">封存</th><th scope="col">状态</th><th scope="col">登记</th></tr></thead>
                <tbody>
                  {list.items.map((p, i) => (
                    <tr key={p.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/unclear/${p.id}`)}>
                      <td className="nowrap"><Link to={`/unclear/${p.id}`} onClick={(e) => e.stopPropagation()}>{p.no}</Link></td>
                      <td className="subject">{p.name || '姓名不详'}</td>
                      <td className="nowrap">{p.coverNo}</td>
                      <td className="nowrap">{p.kindName}{p.receiver && <span className="meta" style={{ display: 'block' }}>{p.receiver}已保管</span>}</td>
                      <td>{p.found.join('，')}</td>
                      <td className="nowrap">{p.shelfmark}</td>
                      <td className="nowrap">{p.sealName}</td>
                      <td className="nowrap"><Status tone={p.tone as Tone}>{p.stateName}</Status></td>
                      <td className="nowrap ink2">{columnDate(p.takenAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="袋" />
    </>
  );
}
