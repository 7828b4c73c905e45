import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys, type ListPage } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Deadline, Status, type Tone } from '../../shared/status';

type Item = Schema<'LoanItem'>;
type Counted = ListPage<Item> & { counts: Record<string, number>; more?: boolean };
type View = 'open' | 'applied' | 'approving' | 'ready' | 'out' | 'late' | 'back' | 'done' | 'all';

const states: Record<View, string[]> = {
  open: ['draft', 'checking', 'incomplete', 'approving', 'heading', 'ready', 'out', 'counted', 'disputed'],
  applied: ['draft', 'checking', 'incomplete'],
  approving: ['approving', 'heading'],
  ready: ['ready'],
  out: ['out'],
  late: ['late'],
  back: ['counted', 'disputed'],
  done: ['closed', 'refused', 'withdrawn', 'expired'],
  all: [],
};

/** 借阅: loans of the own agency, the last changed first. */
export default function LoanList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<View>('open');
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  const agency = useAgency();
  const list = useKeyset<Item>({
    key: ['loans', view, q, agency],
    fetch: (after, limit): Promise<Counted> => read(api.GET('/api/v1/loans', { params: { query: { agency, state: view === 'late' ? [] : states[view], late: view === 'late', q: q || undefined, after, limit } } })),
  });
  const page = list.query.data as Counted | undefined;
  const count = (key: View) => figure(states[key].reduce((sum, s) => sum + (page?.counts[s] ?? 0), 0), page?.more);
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/loans/${item.id}`);
  });
  return (
    <>
      <PageHead title="借阅" sub="档案一般不外借；确需借出的，经机构负责人批准，按期归还并逐份核对" acts={hasPost(session, 'clerk') && <Button type="primary" onClick={() => void navigate('/loans/new')}>登记借阅申请</Button>}>
        <ViewTabs
          label="借阅业务"
          value={view}
          onChange={setView}
          views={[
            { key: 'open', label: '在办', n: count('open') },
            { key: 'applied', label: '登记与补正', n: count('applied') },
            { key: 'approving', label: '待审批', n: count('approving') },
            { key: 'ready', label: '待交接', n: count('ready') },
            { key: 'out', label: '借阅在外', n: count('out') },
            { key: 'late', label: '逾期未还', n: count('late') },
            { key: 'back', label: '归还核对', n: count('back') },
            { key: 'done', label: '已办结' },
            { key: 'all', label: '全部' },
          ]}
        />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <form className="filters" role="search" aria-label="查找借阅业务" onSubmit={(e) => { e.preventDefault(); setQ(text.trim()); }}>
          <Input aria-label="姓名、借阅单位或编号" placeholder="姓名、拼音、借阅单位或编号" allowClear style={{ width: 300 }} value={text} maxLength={64} onChange={(e) => { setText(e.target.value); if (e.target.value === '') setQ(''); }} />
          <Button htmlType="submit">查找</Button>
        </form>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有符合条件的借阅业务。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead>
                  <tr><th scope="col">存档人员</th><th scope="col">档案编号</th><th scope="col">借阅单位</th><th scope="col">事由</th><th scope="col">取送</th><th scope="col">状态</th><th scope="col">期限</th><th scope="col">登记</th><th scope="col">编号</th></tr>
                </thead>
                <tbody>
                  {list.items.map((c, i) => (
                    <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/loans/${c.id}`)}>
                      <td><Link to={`/loans/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.personName}</Link></td>
                      <td className="nowrap">{c.dossierNo}</td>
                      <td>{c.unit}</td>
                      <td className="dense">{c.purposeName}</td>
                      <td className="dense nowrap">{c.wayName}</td>
                      <td className="nowrap"><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                      <td>{c.due && <Deadline due={c.due} basis={false} />}</td>
                      <td className="dense nowrap">{columnDate(c.appliedAt)}</td>
                      <td className="dense nowrap ink2">{c.no}</td>
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
