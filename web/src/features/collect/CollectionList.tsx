import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { OfAgency, useAgency } from '../../shared/agency';
import { longDate, today } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';

type Part = 'waiting' | 'overdue' | 'vacant' | 'ended' | 'tardy';

const names: Record<Part, string> = { waiting: '待交', overdue: '逾期未交', vacant: '待交办', ended: '已交、已撤回', tardy: '迟交清单' };

/** 材料收集 (14a, 14b): what was asked for, of whom, until when; and who was late. */
export default function CollectionList() {
  const [view, setView] = useState<Part>('waiting');
  const [counts, setCounts] = useState<Record<string, number>>({});
  return (
    <>
      <PageHead title="材料收集" sub="材料形成之日起一个月内送交；在档案页“收集材料”开具通知单">
        <ViewTabs label="材料收集" value={view} onChange={setView} views={(Object.keys(names) as Part[]).map((key) => ({ key, label: names[key], n: counts[key] }))} />
      </PageHead>
      {view === 'tardy' ? <Tardy /> : <Requests key={view} view={view} onCounts={setCounts} />}
    </>
  );
}

function Requests({ view, onCounts }: { view: Exclude<Part, 'tardy'>; onCounts: (counts: Record<string, number>) => void }) {
  const navigate = useNavigate();
  const agency = useAgency();
  const list = useKeyset<Schema<'CollectionItem'>>({
    key: ['collections', view, agency],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/collections', { params: { query: { agency, view, cursor, limit } } }));
      onCounts(page.counts);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/collections/${item.id}`);
  });
  return (
    <>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view === 'overdue' ? '没有逾期未交的材料。' : view === 'vacant' ? '没有办理人已不在岗、待负责人交办的任务。' : view === 'waiting' ? '没有待交的材料。' : '还没有收齐或撤回的通知单。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">姓名</th><th scope="col">向谁收集</th><th scope="col">材料</th><th scope="col">事项</th><th scope="col">交来期限</th><th scope="col">催收</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {list.items.map((r, i) => (
                    <tr key={r.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/collections/${r.id}`)}>
                      <td className="nowrap"><Link to={`/collections/${r.id}`} onClick={(e) => e.stopPropagation()}>{r.personName}</Link><div className="meta">{r.dossierNo}</div></td>
                      <td className="dense">{r.addressee}<div className="meta">{r.targetName}{r.vacant && <span className="ochre">　已不在岗</span>}</div></td>
                      <td className="dense">{r.materials.map((m) => m.title).join('、')}</td>
                      <td className="dense nowrap">{r.eventName ?? '清单所缺'}</td>
                      <td className="dense nowrap">{longDate(r.dueOn)}{r.lateDays > 0 && <div className="ochre">逾期 {r.lateDays} 天</div>}</td>
                      <td className="dense nowrap">{r.urged > 0 && <>{r.urged} 次<div className="meta">{longDate(r.urgedOn)}</div></>}</td>
                      <td className="nowrap"><Status tone={r.tone as Tone}>{r.stateName}</Status></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="张" />
    </>
  );
}

/** Units, or persons, by how late they are: with what came in a period, and with what did not come to this day (14b). */
function Tardy() {
  const [by, setBy] = useState<'unit' | 'person'>('unit');
  const [from, setFrom] = useState(`${today().slice(0, 4)}-01-01`);
  const [until, setUntil] = useState(today());
  const query = useQuery({ queryKey: ['collections', 'tardy', by, from, until], queryFn: () => read(api.GET('/api/v1/collections/tardy', { params: { query: { by, from, until } } })) });
  return (
    <div className="page-body">
      <div style={{ display: 'flex', gap: 12, alignItems: 'center', marginBottom: 12, flexWrap: 'wrap' }}>
        <Segmented aria-label="迟交清单" value={by} onChange={setBy} options={[{ value: 'unit', label: '按单位' }, { value: 'person', label: '按人' }]} />
        <label htmlFor="t-from">起止日期</label><span style={{ width: 160 }}><Day id="t-from" value={from} onChange={setFrom} /></span>
        <label htmlFor="t-until">至</label><span style={{ width: 160 }}><Day id="t-until" value={until} onChange={setUntil} /></span>
      </div>
      <Answer query={query}>
        {(page) => page.items.length === 0 ? <Empty>这段时间没有迟交的材料。</Empty> : (
          <table className="plain">
            <thead><tr><th scope="col">{by === 'unit' ? '单位' : '存档人'}</th><th scope="col">逾期至今未交</th><th scope="col">未交天数合计</th><th scope="col">最长一份</th><th scope="col">迟交</th><th scope="col">迟交天数合计</th><th scope="col">最长一份</th></tr></thead>
            <tbody>
              {page.items.map((t) => (
                <tr key={t.dossierId ?? t.name}>
                  <td>{t.dossierId ? <Link className="text-link" to={`/dossiers/${t.dossierId}`}>{t.name}</Link> : t.name}</td>
                  <Late n={t.owed} days={t.owedDays} most={t.owedMost} open /><Late n={t.materials} days={t.days} most={t.longest} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      <p className="meta">“迟交”是这段时间内收到、自材料形成之日起超过一个月才交来的，计超过的天数；“逾期至今未交”是通知单的期限在截止日期前已过、今天还没有交来的，天数算到今天（第十四条）。网上已提交、待查看的不算未交；涉密和限制知悉的材料不列入。最多列出 200 行。</p>
    </div>
  );
}

/** What is late in one way: how many, how long all together, the longest. */
function Late({ n, days, most, open }: { n: number; days: number; most: number; open?: boolean }) {
  if (n === 0) return <><td className="dense meta">—</td><td /><td /></>;
  return <><td className={open ? 'dense nowrap ochre' : 'dense nowrap'}>{n} 份</td><td className="dense nowrap">{days} 天</td><td className="dense nowrap">{most} 天</td></>;
}
