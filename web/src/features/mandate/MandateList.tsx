import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = 'valid' | 'waiting' | 'ended';

const views: { key: View | 'agents'; label: string }[] = [
  { key: 'valid', label: '有效' }, { key: 'waiting', label: '待负责人确认' }, { key: 'ended', label: '已失效' }, { key: 'agents', label: '代办人' },
];

const empty: Record<View, string> = { valid: '没有有效的委托书。', waiting: '没有待负责人确认的代办人。', ended: '没有过期、撤销或不予认可的委托书。' };

/** 委托代办 (12a, 29.9): the powers of attorney that were seen, and who stands for how many. */
export default function MandateList() {
  const [params, setParams] = useSearchParams();
  const view = views.find((v) => v.key === params.get('view'))?.key ?? 'valid';
  const list = useKeyset<Schema<'MandateItem'>>({
    key: ['mandates', 'list', view],
    fetch: (cursor, limit) => read(api.GET('/api/v1/mandates', { params: { query: { view: view === 'agents' ? 'valid' : view, cursor, limit } } })),
  });
  const page = list.query.data as Schema<'MandateList'> | undefined;
  return (
    <>
      <PageHead title="委托代办" sub="委托书、双方证件都核对原件；代办人不得有偿代办，代办人数异常的由负责人确认">
        <ViewTabs label="委托书的状态" value={view} onChange={(v) => setParams(v === 'valid' ? {} : { view: v })} views={views.map((v) => ({ ...v, n: page && v.key !== 'agents' ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      {view === 'agents' ? <Agents /> : <Papers list={list} view={view} />}
    </>
  );
}

function Papers({ list, view }: { list: ReturnType<typeof useKeyset<Schema<'MandateItem'>>>; view: View }) {
  const go = useNavigate();
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/mandates/${list.items[i].id}`));
  return (
    <>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{empty[view]}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">代办人</th><th scope="col">委托人</th><th scope="col">关系</th><th scope="col">委托事项</th><th scope="col">有效期至</th><th scope="col">状态</th><th scope="col">查验</th><th scope="col">编号</th></tr></thead>
                <tbody>
                  {list.items.map((m, i) => (
                    <tr key={m.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/mandates/${m.id}`)}>
                      <td className="nowrap"><Link className="strong" to={`/mandates/${m.id}`} onClick={(e) => e.stopPropagation()}>{m.agent}</Link>{m.persons > 1 && <span className="meta">　一年内代办 {m.persons} 人</span>}</td>
                      <td className="nowrap">{m.principal}</td>
                      <td className="nowrap">{m.relation}</td>
                      <td>{m.matterNames}</td>
                      <td className="nowrap">{columnDate(m.validUntil)}</td>
                      <td className="nowrap"><Status tone={m.tone as Tone}>{m.stateName}</Status></td>
                      <td className="nowrap ink2">{m.seenBy}　{columnDate(m.seenAt)}</td>
                      <td className="nowrap ink2">{m.no}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="份" note="按查验先后倒序" />
    </>
  );
}

/** Who stood for others within a year, those for most persons first: where intermediaries are looked for. */
function Agents() {
  const go = useNavigate();
  const list = useKeyset<Schema<'AgentItem'>>({ key: ['mandates', 'agents'], fetch: (cursor, limit) => read(api.GET('/api/v1/agents', { params: { query: { cursor, limit } } })) });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/mandates/${list.items[i].last}`));
  return (
    <>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>一年内没有代办人。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">代办人</th><th scope="col">公民身份号码</th><th scope="col">机构</th><th scope="col">代办人数</th><th scope="col">委托书</th><th scope="col">待确认</th><th scope="col">不予认可</th><th scope="col">最近一份</th></tr></thead>
                <tbody>
                  {list.items.map((a, i) => (
                    <tr key={a.last} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/mandates/${a.last}`)}>
                      <td className="nowrap"><Link className="strong" to={`/mandates/${a.last}`} onClick={(e) => e.stopPropagation()}>{a.name}</Link></td>
                      <td className="nowrap ink2">{a.idNo}</td>
                      <td>{a.agencyName}</td>
                      <td className="nowrap">{a.persons} 人{a.flagged && <>　<Status tone="wait">人数异常</Status></>}</td>
                      <td className="nowrap">{a.papers} 份</td>
                      <td className="nowrap">{a.waiting || ''}</td>
                      <td className="nowrap">{a.refused || ''}</td>
                      <td className="nowrap ink2">{columnDate(a.lastAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="人" note="一年内，按在该机构代办的人数" />
    </>
  );
}
