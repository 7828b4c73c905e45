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

type Item = Schema<'ConsultationItem'>;
type Counted = ListPage<Item> & { counts: Record<string, number>; more?: boolean };
type View = 'open' | 'checking' | 'incomplete' | 'approving' | 'ready' | 'reading' | 'done' | 'all';

const states: Record<View, string[]> = {
  open: ['draft', 'checking', 'incomplete', 'approving', 'heading', 'ready', 'reading'],
  checking: ['draft', 'checking'],
  incomplete: ['incomplete'],
  approving: ['approving', 'heading'],
  ready: ['ready'],
  reading: ['reading'],
  done: ['closed', 'refused', 'withdrawn', 'expired'],
  all: [],
};

/** 查阅: consultations of the own agency, the last changed first. */
export default function ConsultationList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<View>('open');
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  const agency = useAgency();
  const list = useKeyset<Item>({
    key: ['consultations', view, q, agency],
    fetch: (after, limit): Promise<Counted> => read(api.GET('/api/v1/consultations', { params: { query: { agency, state: states[view], q: q || undefined, after, limit } } })),
  });
  const page = list.query.data as Counted | undefined;
  const count = (key: View) => figure(states[key].reduce((sum, s) => sum + (page?.counts[s] ?? 0), 0), page?.more);
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/consultations/${item.id}`);
  });
  return (
    <>
      <PageHead title="查阅" acts={hasPost(session, 'clerk') && <Button type="primary" onClick={() => void navigate('/consultations/new')}>登记查阅申请</Button>}>
        <ViewTabs
          label="查阅业务"
          value={view}
          onChange={setView}
          views={[
            { key: 'open', label: '在办', n: count('open') },
            { key: 'checking', label: '待核对', n: count('checking') },
            { key: 'incomplete', label: '待补正', n: count('incomplete') },
            { key: 'approving', label: '待审批', n: count('approving') },
            { key: 'ready', label: '待查阅', n: count('ready') },
            { key: 'reading', label: '查阅中', n: count('reading') },
            { key: 'done', label: '已办结' },
            { key: 'all', label: '全部' },
          ]}
        />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <form className="filters" role="search" aria-label="查找查阅业务" onSubmit={(e) => { e.preventDefault(); setQ(text.trim()); }}>
          <Input aria-label="姓名、查阅单位或编号" placeholder="姓名、拼音、查阅单位或编号" allowClear style={{ width: 300 }} value={text} maxLength={64} onChange={(e) => { setText(e.target.value); if (e.target.value === '') setQ(''); }} />
          <Button htmlType="submit">查找</Button>
        </form>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有符合条件的查阅业务。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead>
                  <tr><th scope="col">被查阅人</th><th scope="col">档案编号</th><th scope="col">查阅单位</th><th scope="col">事由</th><th scope="col">方式</th><th scope="col">状态</th><th scope="col">期限</th><th scope="col">登记</th><th scope="col">编号</th></tr>
                </thead>
                <tbody>
                  {list.items.map((c, i) => (
                    <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/consultations/${c.id}`)}>
                      <td><Link to={`/consultations/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.personName}</Link></td>
                      <td className="nowrap">{c.dossierNo}</td>
                      <td>{c.unit}</td>
                      <td className="dense">{c.purposeName}</td>
                      <td className="dense nowrap">{c.way === 'paper' ? '纸质' : '数字'}</td>
                      <td><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
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
