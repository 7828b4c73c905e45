import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { columnDate, figure, longDate, today } from '../../shared/dates';
import { download, openPdf } from '../../shared/files';
import { PagingBar, useKeyset } from '../../shared/list';
import { PageHead, Segments } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { say } from '../../shared/say';
import { Answer, Empty } from '../../shared/states';
import { ClauseChip, Status, type Tone } from '../../shared/status';
import './register.css';

type Head = Schema<'RegisterHead'>;
type Row = Schema<'RegisterRow'>;
type Period = 'month' | 'last' | 'quarter' | 'year' | 'other';

const periods: { key: Period; label: string }[] = [{ key: 'month', label: '本月' }, { key: 'last', label: '上月' }, { key: 'quarter', label: '本季度' }, { key: 'year', label: '本年' }];

/** First and last day of a period around today. */
function span(period: Period): [string, string] {
  const now = dayjs(today());
  const iso = (d: dayjs.Dayjs) => d.format('YYYY-MM-DD');
  if (period === 'last') return [iso(now.subtract(1, 'month').startOf('month')), iso(now.subtract(1, 'month').endOf('month'))];
  if (period === 'quarter') return [iso(now.month(Math.floor(now.month() / 3) * 3).startOf('month')), iso(now.month(Math.floor(now.month() / 3) * 3 + 2).endOf('month'))];
  if (period === 'year') return [iso(now.startOf('year')), iso(now.endOf('year'))];
  return [iso(now.startOf('month')), iso(now.endOf('month'))];
}

/** 业务台账: the registers of this post, each a view of what was done (N3). */
export default function RegisterPage() {
  const { key } = useParams();
  const heads = useQuery({ queryKey: ['registers'], queryFn: async () => (await read(api.GET('/api/v1/registers'))) ?? [], staleTime: Infinity });
  return (
    <Answer query={heads} rows={10}>
      {(list) => {
        const now = list.find((r) => r.key === key);
        if (!now) return list[0] ? <Navigate to={`/registers/${list[0].key}`} replace /> : <Empty>本岗位没有台账。</Empty>;
        return <Register key={now.key} head={now} list={list} />;
      }}
    </Answer>
  );
}

function Register({ head, list }: { head: Head; list: Head[] }) {
  const session = useSession();
  const [search, setSearch] = useSearchParams();
  const [from, until] = [search.get('from') ?? span('year')[0], search.get('until') ?? span('year')[1]];
  const filter = { from, until, agency: search.get('agency') ?? '', state: search.get('state') ?? '', q: search.get('q') ?? '' };
  const set = (change: Partial<typeof filter>) => setSearch(Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, v]) => v)), { replace: true });
  const wide = hasPost(session, 'supervisor');
  const agencies = useQuery({ queryKey: ['agencies'], queryFn: () => read(api.GET('/api/v1/agencies')), enabled: wide, staleTime: Infinity });
  const query = { from, until, ...(filter.agency && { agency: filter.agency }), ...(filter.state && { state: filter.state }), ...(filter.q && { q: filter.q }) };
  const lines = useKeyset<Row>({
    key: ['registers', head.key, query],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/registers/{key}', { params: { path: { key: head.key }, query: { ...query, cursor, limit } } }));
      return { items: page.rows, next: page.next, total: page.total, more: page.capped };
    },
  });
  const now = periods.find((p) => span(p.key)[0] === from && span(p.key)[1] === until)?.key ?? 'other';
  const away = useAway(head, query);
  const keep = new URLSearchParams({ from, until, ...(filter.agency && { agency: filter.agency }) }).toString();
  return (
    <>
      <PageHead title={`${head.name}台账`} sub={<span>{longDate(from)}—{longDate(until)} {head.clause && <ClauseChip>{head.clause}</ClauseChip>}</span>} acts={<><Button loading={away.printing} onClick={away.print}>打印台账</Button><Button loading={away.busy} onClick={() => void away.take()}>导出台账</Button></>} />
      <div className="registers">
        <nav aria-label="台账">
          {list.map((r) => <Link key={r.key} to={`/registers/${r.key}?${keep}`} aria-current={r.key === head.key ? 'page' : undefined}><span className="no">{r.no}</span>{r.name}</Link>)}
        </nav>
        <div className="page-body">
          <div className="filters">
            <Segments label="期间" value={now} onChange={(p) => { const [a, b] = span(p); set({ from: a, until: b }); }} options={periods} />
            <DatePicker.RangePicker aria-label="期间" allowClear={false} value={[dayjs(from), dayjs(until)]} onChange={(v) => v?.[0] && v[1] && set({ from: v[0].format('YYYY-MM-DD'), until: v[1].format('YYYY-MM-DD') })} style={{ width: 226 }} getPopupContainer={() => document.querySelector('main') ?? document.body} />
            {wide && <Select aria-label="机构" value={filter.agency} onChange={(agency) => set({ agency })} showSearch={{ optionFilterProp: 'label' }} style={{ width: 150 }} popupMatchSelectWidth={false} options={[{ value: '', label: '所属全部机构' }, ...(agencies.data?.items ?? []).map((a) => ({ value: a.code, label: short(a.name) }))]} />}
            {head.states.length > 0 && <Select aria-label="状态" value={filter.state} onChange={(state) => set({ state })} style={{ width: 104 }} options={[{ value: '', label: '全部状态' }, ...head.states.map((s) => ({ value: s.key, label: s.name }))]} />}
            <Find value={filter.q} onFind={(q) => set({ q })} />
          </div>
          <ProblemView problem={away.problem} onRetry={away.clear} />
          <Answer query={lines.query} rows={10}>
            {() => lines.items.length === 0 ? <Empty>期间内没有登记事项。</Empty> : <Lines head={head} rows={lines.items} wide={wide} />}
          </Answer>
          <p className="meta" style={{ paddingTop: 8 }}>{head.note}台账由办理记录自动形成，不另行填写。</p>
        </div>
      </div>
      <PagingBar list={lines} unit="条" total={lines.total === undefined ? undefined : figure(lines.total, lines.query.data && 'more' in lines.query.data && lines.query.data.more === true)} note={`按${head.date}倒序`} />
    </>
  );
}

/** An agency where a column has no room for what all of them are called. */
const short = (name: string) => name.replace(/公共就业和人才服务中心$/, '');

function Lines({ head, rows, wide }: { head: Head; rows: Row[]; wide: boolean }) {
  return (
    <div className="scroll-x">
      <table className="plain register">
        <thead>
          <tr>
            <th scope="col">{head.date}</th>
            {wide && <th scope="col">机构</th>}
            <th scope="col">姓名、档案编号</th>
            <th scope="col">案号</th>
            <th scope="col">状态</th>
            {head.heads.map((h) => <th scope="col" key={h}>{h}</th>)}
            <th scope="col">经办</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.id}>
              <td className="nowrap">{columnDate(r.on.slice(0, 10))}{r.on.slice(10)}</td>
              {wide && <td className="nowrap" title={r.agency}>{short(r.agency)}</td>}
              <td className="nowrap">{r.link ? <Link to={r.link}>{r.person || '查看'}</Link> : r.person}{r.dossierNo && <div className="meta ink2">{r.dossierNo}</div>}</td>
              <td className="nowrap dense">{r.caseNo}</td>
              <td className="nowrap"><Status tone={r.tone as Tone}>{r.state}</Status></td>
              {r.own.map((cell, i) => <td key={head.heads[i]} className={short(cell).length > 9 ? 'wide' : 'nowrap'} title={short(cell) === cell ? undefined : cell}>{short(cell)}</td>)}
              <td className="nowrap">{r.handler}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Find({ value, onFind }: { value: string; onFind: (q: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form role="search" onSubmit={(e) => { e.preventDefault(); onFind(text.trim()); }} style={{ display: 'flex', gap: 8 }}>
      <Input aria-label="姓名、档案编号或文号" placeholder="姓名、档案编号或文号" value={text} maxLength={60} allowClear onChange={(e) => { setText(e.target.value); if (e.target.value === '') onFind(''); }} style={{ width: 170 }} />
      <Button htmlType="submit">查询</Button>
    </form>
  );
}

/** Taking a register away: printed as a signed paper, or as a numbered workbook. */
function useAway(head: Head, query: { from: string; until: string; agency?: string; state?: string; q?: string }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Problem>();
  const printing = useAct({
    run: (headers) => read(api.POST('/api/v1/registers/{key}/print', { params: { path: { key: head.key }, query }, headers })),
    done: (doc) => `已打印，编号 ${doc.number}`,
    onDone: (doc) => void openPdf(`/api/v1/documents/${doc.id}/pdf`),
  });
  const take = async () => {
    setBusy(true);
    setFailed(undefined);
    try {
      await download(`/api/v1/registers/${head.key}/book.xlsx?${new URLSearchParams(query).toString()}`, `${head.name}台账.xlsx`);
      say('已导出台账，导出有编号并留存记录');
    } catch (error) {
      setFailed(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, take, printing: printing.isPending, print: () => printing.mutate(), problem: failed ?? printing.problem, clear: () => { setFailed(undefined); printing.reset(); } };
}
