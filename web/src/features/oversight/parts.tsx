import { useQuery } from '@tanstack/react-query';
import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useSearchParams } from 'react-router';
import { api, read } from '../../api/client';
import { today } from '../../shared/dates';
import { Segments } from '../../shared/page';

type Named = 'month' | 'last' | 'year' | 'before' | 'other';

const named: { key: Named; label: string }[] = [{ key: 'month', label: '本月' }, { key: 'last', label: '上月' }, { key: 'year', label: '本年' }, { key: 'before', label: '上年' }];

function span(period: Named): [string, string] {
  const now = dayjs(today());
  const iso = (d: dayjs.Dayjs) => d.format('YYYY-MM-DD');
  if (period === 'month') return [iso(now.startOf('month')), iso(now)];
  if (period === 'last') return [iso(now.subtract(1, 'month').startOf('month')), iso(now.subtract(1, 'month').endOf('month'))];
  if (period === 'before') return [iso(now.subtract(1, 'year').startOf('year')), iso(now.subtract(1, 'year').endOf('year'))];
  return [iso(now.startOf('year')), iso(now)];
}

/** The period and the agency of a page, as its address says them. */
export function useNarrowed() {
  const [search, setSearch] = useSearchParams();
  const [from, until] = [search.get('from') ?? span('year')[0], search.get('until') ?? span('year')[1]];
  const set = (change: Record<string, string>) => setSearch(Object.fromEntries(Object.entries({ ...Object.fromEntries(search), ...change }).filter(([, v]) => v)), { replace: true });
  return { from, until, agency: search.get('agency') ?? '', view: search.get('view') ?? '', set };
}

/** 期间. */
export function Period({ from, until, set }: Pick<ReturnType<typeof useNarrowed>, 'from' | 'until' | 'set'>) {
  const now = named.find((p) => span(p.key)[0] === from && span(p.key)[1] === until)?.key ?? 'other';
  return (
    <>
      <Segments label="期间" value={now} onChange={(p) => { const [a, b] = span(p); set({ from: a, until: b }); }} options={named} />
      <DatePicker.RangePicker aria-label="起止日期" allowClear={false} value={[dayjs(from), dayjs(until)]} onChange={(v) => v?.[0] && v[1] && set({ from: v[0].format('YYYY-MM-DD'), until: v[1].format('YYYY-MM-DD') })} style={{ width: 226 }} getPopupContainer={() => document.querySelector('main') ?? document.body} />
    </>
  );
}

/** 机构: those of the own subtree that keep dossiers; also what was merged or closed, whose past is asked for. */
export function Where({ agency, set, authorities = false }: Pick<ReturnType<typeof useNarrowed>, 'agency' | 'set'> & { authorities?: boolean }) {
  const tree = useQuery({ queryKey: ['agencies', 'tree'], queryFn: () => read(api.GET('/api/v1/agencies/tree')), staleTime: 60_000 });
  const list = (tree.data?.items ?? []).filter((n) => n.keeps || authorities);
  if (list.length < 2) return null;
  return <Select aria-label="机构" value={agency} onChange={(v: string) => set({ agency: v })} showSearch={{ optionFilterProp: 'label' }} style={{ width: 200 }} popupMatchSelectWidth={false} options={[{ value: '', label: '所辖全部机构' }, ...list.map((n) => ({ value: n.code, label: n.name }))]} />;
}
