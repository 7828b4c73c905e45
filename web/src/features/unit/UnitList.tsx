import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Item = Schema<'UnitItem'>;
type View = 'open' | 'loose' | 'unagreed' | 'untold' | 'closed';

const views: { key: View; label: string; empty: string }[] = [
  { key: 'open', label: '使用中', empty: '没有使用中的集体账户。' },
  { key: 'loose', label: '存量未登记', empty: '存量档案所挂的单位都已登记账户。' },
  { key: 'unagreed', label: '协议待接受', empty: '使用中的单位都已接受协议。' },
  { key: 'untold', label: '待告知本人', empty: '销户涉及的人员都已告知。' },
  { key: 'closed', label: '已注销', empty: '还没有注销的集体账户。' },
];

/** 集体户 (12c, 12d): units' accounts, and what of their closing is still to be done. */
export default function UnitList() {
  const go = useNavigate();
  const session = useSession();
  const [params, setParams] = useSearchParams();
  const view = views.find((v) => v.key === params.get('view')) ?? { key: 'open' as const, label: '使用中', empty: '没有使用中的集体账户。' };
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  const list = useKeyset<Item>({ key: ['units', 'list', view.key, q], fetch: (cursor, limit) => read(api.GET('/api/v1/unit-accounts', { params: { query: { view: view.key, q, cursor, limit } } })) });
  const page = list.query.data as Schema<'UnitList'> | undefined;
  const clerk = hasPost(session, 'clerk');
  const to = (u: Item) => (u.id ? `/units/${u.id}` : `/units/new?unit=${encodeURIComponent(u.unit)}&stock=1`);
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && (list.items[i].id || clerk) && void go(to(list.items[i])));
  return (
    <>
      <PageHead title="集体户" sub="单位的集体账户：凭证照开户，名下没有档案才能注销" acts={clerk && <Button onClick={() => void go('/units/new')}>开立集体账户</Button>}>
        <ViewTabs
          label="集体户" value={view.key} onChange={(v) => setParams(v === 'open' ? {} : { view: v })}
          views={views.map((v) => ({ key: v.key, label: v.label, n: page && v.key in page.counts ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))}
          end={view.key !== 'loose' && <Input.Search aria-label="查找单位" placeholder="单位名称、信用代码或账户编号" allowClear value={text} maxLength={100} onChange={(e) => setText(e.target.value)} onSearch={(v) => setQ(v.trim())} style={{ width: 280 }} />}
        />
      </PageHead>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{q ? '没有符合的单位。' : view.empty}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">存档单位</th><th scope="col">统一社会信用代码</th><th scope="col" className="num">名下档案</th><th scope="col">状态</th><th scope="col">存档机构</th><th scope="col">开户</th><th scope="col">账户编号</th></tr></thead>
                <tbody>
                  {list.items.map((u, i) => (
                    <tr key={u.id ?? `${u.agency}${u.unit}`} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => (u.id || clerk) && void go(to(u))}>
                      <td className="subject">{u.id || clerk ? <Link to={to(u)} onClick={(e) => e.stopPropagation()}>{u.unit}</Link> : u.unit}</td>
                      <td className="nowrap">{u.uscc ?? <span className="ink2">未登记</span>}</td>
                      <td className="num">{u.dossiers}</td>
                      <td className="nowrap"><Status tone={u.tone as Tone}>{u.stateName}</Status></td>
                      <td>{u.agencyName}</td>
                      <td className="nowrap ink2">{u.openedAt && columnDate(u.openedAt)}</td>
                      <td className="nowrap ink2">{u.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="户" />
    </>
  );
}
