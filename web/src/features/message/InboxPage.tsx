import { Button } from 'antd';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { figure, logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';

type Notice = Schema<'NoticeItem'>;

/** 收件箱: what the other end or another post did to this one's cases, until it is read. */
export default function InboxPage() {
  const go = useNavigate();
  const [params, setParams] = useSearchParams();
  const view = params.get('view') === 'all' ? 'all' : 'unread';
  const list = useKeyset<Notice>({ key: ['inbox', view], fetch: (cursor, limit) => read(api.GET('/api/v1/inbox', { params: { query: { view, cursor, limit } } })) });
  const page = list.query.data as Schema<'Inbox'> | undefined;
  const act = useAct({
    invalidates: [['inbox']],
    run: (headers, ids: string[]) => read(api.POST('/api/v1/inbox/read', { headers, body: { ids } })),
    done: (_, ids) => (ids.length === 0 ? '已全部标为已读' : ''),
  });
  const open = (n: Notice) => {
    if (!n.read) act.mutate([n.id]);
    void go(n.link);
  };
  const [current] = useRowKeys(list.items.length, (i) => { const n = list.items[i]; if (n) open(n); });
  return (
    <>
      <PageHead title="收件箱" sub="对方机构和同事办理了与您有关的事项；打开即为已读，要办的事仍在我的工作中" acts={page && page.unread > 0 && <Button loading={act.isPending} onClick={() => act.mutate([])}>全部标为已读</Button>}>
        <ViewTabs label="收件箱" value={view} onChange={(v) => setParams(v === 'all' ? { view: v } : {})} views={[{ key: 'unread', label: '未读', n: page && figure(page.unread, page.more) }, { key: 'all', label: '全部' }]} />
      </PageHead>
      <div className="page-body">
        <ProblemView problem={act.problem} />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view === 'unread' ? '没有未读的通知。' : '近半年没有通知。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">事项</th><th scope="col">存档人员</th><th scope="col">说明</th><th scope="col">来自</th><th scope="col">时间</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                <tbody>
                  {list.items.map((n, i) => (
                    <tr key={n.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => open(n)}>
                      <td className="nowrap"><Link className={n.read ? '' : 'strong'} to={n.link} onClick={(e) => { e.preventDefault(); e.stopPropagation(); open(n); }}>{n.subject}</Link>{!n.read && <span className="hidden-text">（未读）</span>}</td>
                      <td className="nowrap">{n.name}</td>
                      <td>{n.text}</td>
                      <td className="nowrap">{n.by}{n.office && <span className="meta" style={{ display: 'block' }}>{n.office}</span>}</td>
                      <td className="nowrap ink2">{logTime(n.at)}</td>
                      <td className="num">{!n.read && <Button size="small" aria-label={`标为已读：${n.subject} ${n.name ?? ''}`} onClick={(e) => { e.stopPropagation(); act.mutate([n.id]); }}>已读</Button>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="条" note="近半年，按时间倒序" />
    </>
  );
}
