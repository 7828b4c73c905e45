import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { figure, longDate } from '../../shared/dates';
import { PageHead, SectionHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import './oversight.css';
import { Period, useNarrowed } from './parts';

type Sheet = Schema<'OversightSheet'>;
type Row = Schema<'OversightRow'>;
type View = 'all' | 'custody' | 'terms' | 'materials' | 'window' | 'ratings';

const views: { key: View; label: string }[] = [
  { key: 'all', label: '概览' }, { key: 'custody', label: '在管档案' }, { key: 'terms', label: '归档与转递时限' }, { key: 'materials', label: '补充与迟交' }, { key: 'window', label: '异议与投诉' }, { key: 'ratings', label: '好差评' },
];
/** Views with figures of a period; the others are as of today. */
const periodic: View[] = ['all', 'materials', 'ratings'];

const share = (n: number, of: number) => (of === 0 ? '—' : `${Math.round((n / of) * 1000) / 10}%`);

/** A number that nobody wants: red where there is one. */
const bad = (n: number, more = false): ReactNode => (n > 0 ? <span className="red">{figure(n, more)}</span> : '—');
const plain = (n: number, more = false): ReactNode => (n > 0 ? figure(n, more) : '—');

interface Column {
  head: string;
  /** Of one agency. */
  cell: (r: Row) => ReactNode;
  /** Of all together; none for what does not add up. */
  sum?: (rows: Row[]) => ReactNode;
  text?: boolean;
}

const add = (rows: Row[], n: (r: Row) => number) => rows.reduce((sum, r) => sum + n(r), 0);

/** A column of numbers that add up. */
function count(head: string, n: (r: Row) => number, show: (n: number) => ReactNode = plain): Column {
  return { head, cell: (r) => show(n(r)), sum: (rows) => show(add(rows, n)) };
}

const day = (head: string, of: (r: Row) => string | undefined): Column => ({ head, cell: (r) => (of(r) ? longDate(of(r)) : '—'), sum: (rows) => { const first = rows.map(of).filter((d): d is string => Boolean(d)).sort()[0]; return first ? longDate(first) : '—'; }, text: true });

const content = (rows: Row[]) => {
  const told = rows.filter((r) => !r.rating.hidden);
  return share(add(told, (r) => r.rating.content), add(told, (r) => r.rating.rated));
};

function columns(view: View, sheet: Sheet): Column[] {
  const filing = (n: number) => bad(n, sheet.filingMore);
  const transfers = (n: number) => bad(n, sheet.transferMore);
  switch (view) {
    case 'custody':
      return [
        count('在管', (r) => r.holding.total), count('在库', (r) => r.holding.inStore), count('整理、查阅、借阅', (r) => r.holding.out), count('转递中', (r) => r.holding.moving), count('身份待核（袋）', (r) => r.holding.unclear),
        ...sheet.categories.map((c, i) => count(c.code, (r) => r.holding.category[i] ?? 0)),
      ];
    case 'terms':
      return [
        count('归档逾期（份）', (r) => r.filing.overdue, filing), day('归档最早到期', (r) => r.filing.oldest), count('暂停计时', (r) => r.filing.paused),
        count('转出在办', (r) => r.transfers.running, (n) => plain(n, sheet.transferMore)), count('转出逾期', (r) => r.transfers.overdue, transfers), day('转出最早到期', (r) => r.transfers.oldest),
        count('3 日内到期', (r) => r.transfers.soon), count('来函未登记', (r) => r.transfers.unbooked, transfers), count('回执逾期', (r) => r.transfers.receipts, transfers), count('包裹异常', (r) => r.transfers.astray, transfers),
      ];
    case 'materials':
      return [
        count('待补充', (r) => r.owed.open), count('补充逾期', (r) => r.owed.overdue, bad), count('其中承诺', (r) => r.owed.promised, bad), day('最早到期', (r) => r.owed.oldest), count('已报上级', (r) => r.owed.escalated),
        count('期间迟交（份）', (r) => r.tardy.materials), { head: '最长迟交', cell: (r) => (r.tardy.longest ? `${r.tardy.longest} 天` : '—') },
        count('催收期满未交（份）', (r) => r.tardy.owed, bad), { head: '最长未交', cell: (r) => (r.tardy.owedMost ? `${r.tardy.owedMost} 天` : '—') },
      ];
    case 'window':
      return [
        count('不予办理', (r) => r.window.refusals), count('异议', (r) => r.window.objections), count('异议成立', (r) => r.window.upheld), count('投诉', (r) => r.window.complaints), count('投诉属实', (r) => r.window.justly),
        count('涉及免费规定', (r) => r.window.free, bad), count('逾期答复', (r) => r.window.overdue, bad),
      ];
    case 'ratings':
      return [
        count('办结', (r) => r.rating.ended), count('评价', (r) => r.rating.rated), { head: '评价率', cell: (r) => share(r.rating.rated, r.rating.ended), sum: (rows) => share(add(rows, (r) => r.rating.rated), add(rows, (r) => r.rating.ended)) },
        { head: '满意度', cell: (r) => (r.rating.hidden ? '不足 5 件' : share(r.rating.content, r.rating.rated)), sum: content },
        count('差评', (r) => r.rating.calls), count('回访逾期', (r) => r.rating.late, bad), count('已整改', (r) => r.rating.fixed),
      ];
  }
  return [
    count('在管档案', (r) => r.holding.total), count('归档逾期', (r) => r.filing.overdue, filing), count('转出逾期', (r) => r.transfers.overdue, transfers), count('回执逾期', (r) => r.transfers.receipts, transfers),
    count('补充逾期', (r) => r.owed.overdue, bad), count('期间迟交', (r) => r.tardy.materials), count('不予办理', (r) => r.window.refusals), count('逾期答复', (r) => r.window.overdue, bad),
    { head: '满意度', cell: (r) => (r.rating.hidden ? '不足 5 件' : share(r.rating.content, r.rating.rated)), sum: content },
  ];
}

/** 监督概览 (5): how the agencies of the own subtree stand. Numbers only, and nothing to do. */
export default function FiguresPage() {
  const { from, until, view: asked, set } = useNarrowed();
  const view = views.find((v) => v.key === asked)?.key ?? 'all';
  const query = useQuery({ queryKey: ['oversight', from, until], queryFn: () => read(api.GET('/api/v1/oversight', { params: { query: { from, until } } })) });
  return (
    <>
      <PageHead title="监督概览" sub={query.data && `所辖档案机构 ${figure(query.data.items.filter((r) => r.state === 'active').length)} 个，${longDate(query.data.today)}；只列数字，不涉及个人和档案内容`}>
        <ViewTabs label="监督概览" value={view} onChange={(v) => set({ view: v === 'all' ? '' : v })} views={views} />
      </PageHead>
      <div className="page-body">
        {periodic.includes(view) && <div className="filters"><Period from={from} until={until} set={set} /><span className="meta ink2">{view === 'materials' ? '迟交按期间统计，其余为今日情况' : view === 'all' ? '迟交、满意度按期间统计，其余为今日情况' : ''}</span></div>}
        <Answer query={query} rows={10}>
          {(sheet) => sheet.items.length === 0 ? <Empty>所辖范围内没有档案机构。</Empty> : (
            <>
              <Figures rows={sheet.items} columns={columns(view, sheet)} label={views.find((v) => v.key === view)?.label ?? ''} />
              <p className="meta ink2" style={{ paddingTop: 8 }}>{notes[view]}{view === 'custody' && `人员类别：${sheet.categories.map((c) => `${c.code} ${c.name}`).join('，')}。`}</p>
              {view === 'ratings' && <Matters list={sheet.matters} />}
            </>
          )}
        </Answer>
      </div>
    </>
  );
}

function Figures({ rows, columns: list, label }: { rows: Row[]; columns: Column[]; label: string }) {
  return (
    <div className="scroll-x">
      <table className="plain list oversight" aria-label={label}>
        <thead><tr><th scope="col">机构</th>{list.map((c) => <th key={c.head} scope="col" className={c.text ? undefined : 'num'}>{c.head}</th>)}</tr></thead>
        <tbody>
          {rows.length > 1 && (
            <tr className="sum"><th scope="row">合计</th>{list.map((c) => <td key={c.head} className={c.text ? 'nowrap' : 'num'}>{c.sum?.(rows) ?? ''}</td>)}</tr>
          )}
          {rows.map((r) => (
            <tr key={r.agency}>
              <th scope="row"><Link className="text-link" to={`/agencies/${r.agency}`}>{r.agencyName}</Link> {r.state === 'merged' ? <Status tone="void">已合并</Status> : r.state === 'closed' ? <Status tone="void">已撤销</Status> : r.ended && <Status tone="bad">授权已到期</Status>}</th>
              {list.map((c) => <td key={c.head} className={c.text ? 'nowrap' : 'num'}>{c.cell(r)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const notes: Record<View, string> = {
  all: '归档：收到之日起两个月内（第十三条）；转出：收函之日起十五个工作日内（第二十条）。不予办理、异议和投诉为累计。',
  custody: '在管为现由该机构保管的档案，转递中的仍计入移出机构，办结后计入接收机构；身份待核的档案袋查实以前不计入在管。',
  terms: '按负有期限的机构统计：归档按保管机构，转出按转出机构。',
  materials: '补充为转入后承诺补充和先存后补的材料；迟交为期间收到、自形成之日起超过一个月的材料和催收通知期满没有交来的材料，按保管机构统计，不列单位和个人；涉密的不计。',
  window: '均为累计；逾期答复为主管部门超过期限答复或至今没有答复的异议、投诉。',
  ratings: '办结为期间出具受理回执、已有结果的申请（不含异议、投诉）；满意度为基本满意以上所占比例。评价不足 5 件的不显示分级。',
};

function Matters({ list }: { list: Sheet['matters'] }) {
  if (list.length === 0) return null;
  return (
    <>
      <SectionHead>按事项</SectionHead>
      <div className="scroll-x">
        <table className="plain list oversight" aria-label="按事项">
          <thead><tr><th scope="col">事项</th><th scope="col" className="num">办结</th><th scope="col" className="num">评价</th><th scope="col" className="num">评价率</th><th scope="col" className="num">满意度</th><th scope="col" className="num">差评</th><th scope="col" className="num">回访逾期</th><th scope="col" className="num">已整改</th></tr></thead>
          <tbody>
            {list.map((m) => (
              <tr key={m.name}>
                <th scope="row">{m.name}</th><td className="num">{plain(m.ended)}</td><td className="num">{plain(m.rated)}</td><td className="num">{share(m.rated, m.ended)}</td>
                <td className="num">{m.hidden ? '不足 5 件' : share(m.content, m.rated)}</td><td className="num">{plain(m.calls)}</td><td className="num">{bad(m.late)}</td><td className="num">{plain(m.fixed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
