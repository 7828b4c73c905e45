import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

/** 部门数据 (14a, 18b): the files that other departments signed, and what became of their rows. */
export default function FeedList() {
  const go = useNavigate();
  const session = useSession();
  const list = useKeyset<Schema<'FeedFile'>>({ key: ['feeds', 'list'], fetch: (cursor, limit) => read(api.GET('/api/v1/feeds', { params: { query: { cursor, limit } } })) });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/feeds/${list.items[i].id}`));
  const clerk = session.user.posts.some((p) => p.code === 'clerk');
  return (
    <>
      <PageHead title="部门数据" sub="社会保险、就业登记、学历教育部门签名的数据：新情况只开出收集通知，不改动档案" acts={<><Button onClick={() => void go('/feed-sources')}>数据来源</Button>{clerk && <Button type="primary" onClick={() => void go('/feeds/new')}>导入数据</Button>}</>} />
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有导入过部门数据。先在“数据来源”登记来源单位的公钥。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">文件</th><th scope="col">种类</th><th scope="col" className="num">行数</th><th scope="col" className="num">新开通知</th><th scope="col" className="num">已有</th><th scope="col" className="num">姓名不一致</th><th scope="col" className="num">不在本机构</th><th scope="col" className="num">没有采用</th><th scope="col">状态</th><th scope="col">导入</th><th scope="col">导入号</th></tr></thead>
                <tbody>
                  {list.items.map((f, i) => (
                    <tr key={f.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/feeds/${f.id}`)}>
                      <td className="subject"><Link to={`/feeds/${f.id}`} onClick={(e) => e.stopPropagation()}>{f.fileName}</Link></td>
                      <td className="nowrap">{f.kindName}</td>
                      <td className="num">{figure(f.lines)}</td><td className="num">{figure(f.opened)}</td><td className="num">{figure(f.known)}</td><td className="num">{figure(f.differs)}</td><td className="num">{figure(f.elsewhere)}</td><td className="num">{figure(f.refused)}</td>
                      <td className="nowrap"><Status tone={f.tone as Tone}>{f.stateName}</Status></td>
                      <td className="nowrap ink2">{f.importedBy}　{columnDate(f.importedAt)}</td>
                      <td className="nowrap ink2">{f.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="份" note="按导入先后倒序" />
    </>
  );
}
