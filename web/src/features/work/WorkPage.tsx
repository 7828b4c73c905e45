import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Fragment, useState } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { features } from '../../app/registry';
import { hasPost, readsOnly, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { columnDate, figure, logTime, longDate, shortDate, today, weekday } from '../../shared/dates';
import { useRowKeys } from '../../shared/list';
import { PageHead, SectionHead, Segments, Split } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Basis, DueLeft } from '../../shared/status';

type View = Schema<'WorkView'>;
type Item = Schema<'WorkItem'>;
type Lane = 'todo' | 'sent' | 'all';

const groupNames = { overdue: '已逾期', soon: '3 个工作日内到期', other: '其他待办' } as const;
const groupColor = { overdue: 'red', soon: 'ochre', other: '' } as const;
/** A note that is a number: it is not broken at its hyphens. */
const numbered = /^[\w-]+$/;
/** Rows of 其他待办 before the rest is asked for. */
const firstRows = 8;

/** 我的工作: overdue, within three working days, the rest; beside it what was sent and not answered. */
export default function WorkPage() {
  const session = useSession();
  // Nothing ever waits for those who only read figures: these are their first page (5).
  return readsOnly(session) ? <Navigate to="/oversight" replace /> : <Mine />;
}

function Mine() {
  const session = useSession();
  const navigate = useNavigate();
  const [lane, setLane] = useState<Lane>('todo');
  const asked = lane === 'all' ? 'all' : 'todo';
  const work = useQuery({
    queryKey: ['work', asked],
    queryFn: () => read(api.GET('/api/v1/work', { params: { query: { lane: asked } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
  const starts = features.filter((f) => f.start && hasPost(session, ...f.start.posts)).sort((a, b) => (a.start?.order ?? 0) - (b.start?.order ?? 0));
  const day = work.data?.today ?? today();
  return (
    <>
      <PageHead
        title="我的工作"
        sub={`${longDate(day)} ${weekday(day)}`}
        acts={starts.length > 0 && starts.map((f) => <Button key={f.path} onClick={() => void navigate(`/${f.path}`)}>{f.start?.label}</Button>)}
      />
      <Answer query={work} rows={10}>
        {(view) => (
          <Split label="已发出、本周办结和通知" aside={<><Sent view={view} onAll={() => setLane('sent')} /><Week /><Notices /></>}>
            <div className="page-body">
              <Lanes view={view} lane={lane} onLane={setLane} />
            </div>
          </Split>
        )}
      </Answer>
    </>
  );
}

function Lanes({ view, lane, onLane }: { view: View; lane: Lane; onLane: (lane: Lane) => void }) {
  const { counts } = view;
  const options: { key: Lane; label: string }[] = [
    { key: 'todo', label: `等我办理 ${counts.todo}` },
    { key: 'sent', label: `我已办、等对方 ${counts.sent}` },
  ];
  if (counts.all > counts.todo) options.push({ key: 'all', label: `本科室全部 ${counts.all}` });
  const groups = lane === 'sent' ? [{ key: 'other' as const, items: view.sent }] : view.groups;
  return (
    <>
      <div className="filters" style={{ paddingBottom: 8 }}>
        <Segments label="范围" options={options} value={lane} onChange={onLane} />
        <span className="meta ink2" style={{ marginLeft: 'auto' }}>有条款的为法定期限·剩余天数按工作日计</span>
      </div>
      <Rows key={lane} groups={groups} sent={lane === 'sent'} />
    </>
  );
}

function Rows({ groups, sent }: { groups: { key: keyof typeof groupNames; items: Item[] }[]; sent: boolean }) {
  const navigate = useNavigate();
  const [all, setAll] = useState(false);
  const shown = groups.map((g) => ({ ...g, rows: all || g.key !== 'other' ? g.items : g.items.slice(0, firstRows) }));
  const flat = shown.flatMap((g) => g.rows);
  const hidden = groups.reduce((n, g) => n + g.items.length, 0) - flat.length;
  const [current, setCurrent] = useRowKeys(flat.length, (i) => void navigate(flat[i]?.link ?? '/'), 0);
  if (flat.length === 0) return <Empty>{sent ? '没有发出后未答复的事项。' : '现在没有待办。新的事项会自动出现在这里。'}</Empty>;
  const tentative = flat.some((i) => i.due?.tentative);
  let row = -1;
  return (
    <>
      <div className="scroll-x">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">事项</th>
              <th scope="col">姓名 / 单位</th>
              <th scope="col">{sent ? '等待' : '现在要做'}</th>
              <th scope="col" colSpan={2}>期限</th>
              <th scope="col">期限依据</th>
              <th scope="col"><span className="hidden-text">办理</span></th>
            </tr>
          </thead>
          <tbody>
            {shown.map((g) => (
              <Fragment key={g.key}>
                {!sent && (
                  <tr className="group">
                    <th scope="rowgroup" colSpan={7}>
                      <span className={groupColor[g.key]}>{groupNames[g.key]}</span> <span className="dense ink2" style={{ fontWeight: 400, marginLeft: 4 }}>{g.items.length}</span>
                    </th>
                  </tr>
                )}
                {g.rows.map((i) => {
                  row += 1;
                  const at = row;
                  return (
                    <tr key={`${i.link} ${i.kind} ${i.subject} ${i.todo}`} className={at === current ? 'current' : undefined} data-current-row={at === current} onMouseDown={() => setCurrent(at)}>
                      <td className="ink2 nowrap">{i.kind}</td>
                      <td className="work-subject">
                        <Link to={i.dossierId ? `/dossiers/${i.dossierId}` : i.link} className="subject">{i.subject}</Link> <span className={numbered.test(i.subjectNote ?? '') ? 'meta ink2 nowrap' : 'meta ink2'} style={{ marginLeft: 4 }}>{i.subjectNote}</span>
                      </td>
                      <td className="work-todo">{i.todo}</td>
                      <td className="nowrap">{i.due && (i.due.on === today() ? '今天' : shortDate(i.due.on))}</td>
                      <td className="nowrap num"><span className="due">{i.due ? <DueLeft due={i.due} /> : <span className="left">{i.waited > 0 ? `已 ${i.waited} 天` : '今天'}</span>}</span></td>
                      <td className="nowrap">{i.due && <Basis due={i.due} />}</td>
                      <td className="num">
                        <Button size="small" type={at === current ? 'primary' : 'default'} onClick={() => void navigate(i.link)} aria-label={`${i.action}：${i.subject} ${i.kind}`}>{i.action}</Button>
                      </td>
                    </tr>
                  );
                })}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <p className="meta ink2" style={{ display: 'flex', gap: 12, padding: '8px 10px 0 10px', justifyContent: 'space-between', flexWrap: 'wrap' }}>
        {hidden > 0 ? <button type="button" className="bare dense" onClick={() => setAll(true)}>显示其余 {hidden} 项</button> : <span />}
        <span>{tentative && '暂定：放假安排公布后重算·'}J/K 上下移动，Enter 打开</span>
      </p>
    </>
  );
}

/** Lines of the aside before the rest is asked for. */
const sentRows = 6;

/** What this agency sent and nobody answered yet. */
function Sent({ view, onAll }: { view: View; onAll: () => void }) {
  const items = view.sent.slice(0, sentRows);
  return (
    <section aria-label="已发出、未答复">
      <SectionHead n={view.sent.length} end={view.chase > 0 && <ChaseAll n={view.chase} />}>已发出、未答复</SectionHead>
      {items.length === 0 && <p className="dense ink2">没有等对方答复的事项。</p>}
      <ul className="lines">
        {items.map((i) => (
          <li key={`${i.link} ${i.kind} ${i.subject} ${i.subjectNote ?? ''}`}>
            <div style={{ display: 'flex', gap: 8, alignItems: 'baseline' }}>
              <Link to={i.link} className="strong" style={{ color: 'var(--ink)' }}>{i.kind}</Link>
              <span className="dense ink2">{i.subject}</span>
              <span style={{ marginLeft: 'auto' }} className="nowrap dense"><SentLeft item={i} /></span>
            </div>
            <p className="meta ink2">{[i.subjectNote, i.todo].filter(Boolean).join('·')}</p>
          </li>
        ))}
      </ul>
      {view.sent.length > items.length && <p style={{ paddingTop: 6 }}><button type="button" className="bare dense" onClick={onAll}>显示其余 {view.sent.length - items.length} 项</button></p>}
    </section>
  );
}

/** Asks again for every receipt and letter that is out: one act, on record for each case (20.1, 20.5). */
function ChaseAll({ n }: { n: number }) {
  const [asking, setAsking] = useState(false);
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/work/chase', { headers })),
    invalidates: [['transfers']],
    done: (r) => `已催办 ${r.asked} 件${r.refused > 0 ? `，${r.refused} 件情形已变化，未催办` : ''}`,
    onDone: () => setAsking(false),
  });
  return (
    <>
      <button type="button" className="bare dense" onClick={() => { act.reset(); setAsking(true); }}>全部催办</button>
      {asking && (
        <Confirm open title={`催办 ${n} 件？`} verb="全部催办" clause="第二十条（五）" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={() => setAsking(false)}>
          <p>调档函和通知单回执逐件催办、逐件存证；市内机构在待办中看到催办次数，外单位请同时电话联系。每件一天催办一次。</p>
        </Confirm>
      )}
    </>
  );
}

/** 本周办结: counted from the cases, this week beside the last. */
function Week() {
  const q = useQuery({ queryKey: ['work', 'week'], queryFn: () => read(api.GET('/api/v1/work/week')), refetchInterval: 300_000 });
  if (!q.data || q.data.lines.length === 0) return null;
  const { from, until, lines } = q.data;
  const end = from.slice(0, 7) === until.slice(0, 7) ? `${Number(until.slice(8))}日` : shortDate(until);
  return (
    <section aria-label="本周办结">
      <SectionHead end={<span className="meta">{shortDate(from)}—{end}</span>}>本周办结</SectionHead>
      <table className="plain tight week">
        <thead><tr><th scope="col">业务</th><th scope="col" className="num">本周</th><th scope="col" className="num">上周</th><th scope="col" className="num" title="两周内办结、有期限的事项中按时办结的">按时率</th></tr></thead>
        <tbody>
          {lines.map((l) => {
            const late = l.onTime < l.termed;
            return (
              <tr key={l.kind}>
                <th scope="row">{l.kind}</th>
                <td className="num strong">{figure(l.now)}</td>
                <td className="num ink2">{figure(l.before)}</td>
                <td className={late ? 'num ochre' : 'num'}>{l.termed > 0 ? `${Math.floor((l.onTime / l.termed) * 100)}%` : <span className="ink3" title="没有期限">—</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** 通知: what others did to the cases this person has a part in. */
function Notices() {
  const q = useQuery({ queryKey: ['work', 'notices'], queryFn: () => read(api.GET('/api/v1/work/notices')), refetchInterval: 60_000 });
  if (!q.data) return null;
  return (
    <section aria-label="通知">
      <SectionHead>通知</SectionHead>
      {q.data.length === 0 && <p className="dense ink2">近七天没有新的办理情况。</p>}
      <ul className="log" style={{ margin: 0 }}>
        {q.data.map((n) => (
          <li key={n.entry} style={{ gridTemplateColumns: '46px 1fr' }}>
            <time dateTime={n.at}>{noticeTime(n.at)}</time>
            <span><Link to={n.link} style={{ color: 'var(--ink)' }}>{n.subject} {n.kind}</Link>：{n.by} {n.what}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** 09:12 of today, 11-24 of another day. */
function noticeTime(at: string) {
  const [day, time] = logTime(at).split(' ');
  return columnDate(today()) === day ? time : day;
}

function SentLeft({ item }: { item: Item }) {
  if (item.due && item.due.left < 0) return <span className="red strong">逾期 {-item.due.left} 天</span>;
  if (item.due && item.due.left <= 3) return <span className="ochre strong">剩 {item.due.left} 天</span>;
  return <span className="ink2">{item.waited > 0 ? `已 ${item.waited} 天` : '今天'}</span>;
}
