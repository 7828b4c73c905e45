import { useQuery } from '@tanstack/react-query';
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { longDate } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, Segments, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Part = 'open' | 'overdue' | 'closed' | 'figures';

const names: Record<Part, string> = { open: '待回访、核实', overdue: '逾期', closed: '已办结', figures: '统计' };

/** 好差评 (28): bad ratings that are called back on, by their day; figures for heads and supervisors. */
export default function RatingList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<Part>('open');
  const [counts, setCounts] = useState<Record<string, number>>({});
  const agency = useAgency();
  const list = useKeyset<Schema<'RatingItem'>>({
    key: ['ratings', view, agency],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/rating-cases', { params: { query: { agency, view: view === 'figures' ? 'open' : view, cursor, limit } } }));
      setCounts(page.counts);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/ratings/${item.id}`);
  });
  const overseer = hasPost(session, 'head') || hasPost(session, 'supervisor');
  return (
    <>
      <PageHead title="好差评" sub="不满意的评价由没有经手的工作人员回访核实；本人经手的不在此列">
        <ViewTabs label="好差评" value={view} onChange={setView} views={(Object.keys(names) as Part[]).filter((key) => key !== 'figures' || overseer).map((key) => ({ key, label: names[key], n: counts[key] }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        {view === 'figures' ? <Figures /> : (
          <Answer query={list.query}>
            {() => list.items.length === 0 ? <Empty>{view === 'overdue' ? '没有逾期未办结的。' : view === 'closed' ? '还没有办结的差评回访。' : '没有等待回访的差评。'}</Empty> : (
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">编号</th><th scope="col">事项</th><th scope="col">评价</th><th scope="col">原因</th><th scope="col">机构</th><th scope="col">评价日期</th><th scope="col">办结期限</th><th scope="col">状态</th></tr></thead>
                  <tbody>
                    {list.items.map((c, i) => (
                      <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/ratings/${c.id}`)}>
                        <td className="nowrap"><Link to={`/ratings/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.no}</Link></td>
                        <td className="nowrap">{c.kindName}</td>
                        <td className="nowrap">{c.gradeName}{c.nameless && '（匿名）'}</td>
                        <td className="dense">{c.why.join('、') || '—'}</td>
                        <td className="dense">{c.agencyName}</td>
                        <td className="dense nowrap">{longDate(c.openedOn)}</td>
                        <td className="dense nowrap">{longDate(c.dueOn)}</td>
                        <td className="nowrap"><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Answer>
        )}
      </div>
      {view !== 'figures' && <PagingBar list={list} unit="件" />}
    </>
  );
}

type By = 'agency' | 'matter' | 'clerk';
const heads: Record<By, string> = { agency: '机构', matter: '事项', clerk: '经办人' };
const share = (n: number, of: number) => (of === 0 ? '—' : `${Math.round((n / of) * 1000) / 10}%`);

/** Numbers of a period, nobody's rating: where there are few, the grades are not told. */
function Figures() {
  const [by, setBy] = useState<By>('agency');
  const [period, setPeriod] = useState<[string, string]>([dayjs().startOf('year').format('YYYY-MM-DD'), dayjs().format('YYYY-MM-DD')]);
  const query = useQuery({ queryKey: ['ratings', 'figures', by, ...period], queryFn: () => read(api.GET('/api/v1/rating-figures', { params: { query: { by, from: period[0], until: period[1] } } })) });
  return (
    <>
      <div style={{ display: 'flex', gap: 16, flexWrap: 'wrap', alignItems: 'center', margin: '12px 0' }}>
        <Segments label="统计方式" value={by} onChange={setBy} options={(Object.keys(heads) as By[]).map((key) => ({ key, label: `按${heads[key]}` }))} />
        <DatePicker.RangePicker aria-label="期间" allowClear={false} value={[dayjs(period[0]), dayjs(period[1])]} onChange={(v) => { if (v?.[0] && v[1]) setPeriod([v[0].format('YYYY-MM-DD'), v[1].format('YYYY-MM-DD')]); }} />
      </div>
      <Answer query={query}>
        {({ items }) => items.length === 0 ? <Empty>期间没有办结的申请，也没有评价。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">{heads[by]}</th><th scope="col">办结</th><th scope="col">评价</th><th scope="col">评价率</th><th scope="col">非常满意</th><th scope="col">满意</th><th scope="col">基本满意</th><th scope="col">不满意</th><th scope="col">非常不满意</th><th scope="col">满意度</th><th scope="col">差评</th><th scope="col">回访逾期</th><th scope="col">已整改</th></tr></thead>
              <tbody>
                {items.map((f) => (
                  <tr key={f.name}>
                    <td>{f.name}</td><td>{f.ended}</td><td>{f.rated}</td><td>{share(f.rated, f.ended)}</td>
                    {f.hidden ? <td colSpan={9} className="dense ink2">评价不足 5 件，不显示分级</td> : <>{f.grades.map((n, i) => <td key={i}>{n}</td>)}<td>{share(f.content, f.rated)}</td><td>{f.calls}</td><td className={f.late > 0 ? 'red' : undefined}>{f.late}</td><td>{f.fixed}</td></>}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      <p className="dense ink2">办结为期间出具受理回执、已有结果的申请（不含异议、投诉）；评价为期间收到的，可以是以前办结的。满意度为基本满意以上所占比例（Q04）。</p>
    </>
  );
}
