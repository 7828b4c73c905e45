import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, problemOf, read, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { OfAgency } from '../../shared/agency';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { columnDate, figure, shortDate } from '../../shared/dates';
import { CloseIcon, SearchIcon } from '../../shared/icons';
import { useShortcut } from '../../shared/keys';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Empty, Loading } from '../../shared/states';
import { Status } from '../../shared/status';
import { ListActs, SelectionBar } from './ListActs';

type Item = Schema<'DossierItem'>;
type Saved = Schema<'SavedView'>;

const filterKeys = ['q', 'view', 'state', 'category', 'account', 'place', 'from', 'to', 'agency', 'sort'] as const;
type FilterKey = (typeof filterKeys)[number];
type Filter = Partial<Record<FilterKey, string>>;

const states = [
  ['in_store', '在库'], ['arranging', '整理中'], ['reading', '查阅中'], ['lent', '借阅在外'],
  ['leaving', '转出办理中'], ['in_transit', '在途'], ['arriving', '转入核对中'], ['left', '已转出'],
] as const;
const places = [['store', '库房'], ['arranging', '整理室'], ['reading', '阅档室'], ['window', '窗口'], ['transit', '在途'], ['outside', '外单位']] as const;
const accounts = [['personal', '个人账户'], ['collective', '集体账户'], ['none', '未开户']] as const;

const options = (all: string, list: readonly (readonly [string, string])[]) => [{ value: '', label: all }, ...list.map(([value, label]) => ({ value, label }))];

const tones: Record<string, string> = { bad: 'red', wait: 'ochre', plain: 'ink2' };

/** 档案查询: views with their counts, filters in the address, one page at a time. */
export default function DossierList() {
  const { user } = useSession();
  const [params, setParams] = useSearchParams();
  const filter: Filter = Object.fromEntries(filterKeys.map((k) => [k, params.get(k) ?? '']).filter(([, v]) => v));
  const set = (change: Filter) => {
    const next = { ...filter, ...change };
    setParams(Object.fromEntries(Object.entries(next).filter(([, v]) => v)), { replace: true });
  };
  const query = { ...filter, view: filter.view ?? 'all' } as NonNullable<Parameters<typeof fetchPage>[0]>;
  const views = useQuery({ queryKey: ['dossiers', 'views'], queryFn: () => read(api.GET('/api/v1/dossier-views')), staleTime: 60_000 });
  const count = useQuery({ queryKey: ['dossiers', 'count', query], queryFn: () => read(api.GET('/api/v1/dossiers/count', { params: { query } })), enabled: !filter.q });
  const list = useKeyset({ key: ['dossiers', 'list', query], fetch: (cursor, limit) => fetchPage(query, cursor, limit) });
  const whole = views.data?.views.find((v) => v.code === 'all');
  return (
    <>
      <PageHead title="档案查询" sub={`${user.agency.name.replace(/公共就业和人才服务中心$/, '')}${whole === undefined ? '' : `·共 ${figure(whole.count, whole.more)} 卷`}`} acts={<ListActs filter={filter} />}>
        <Views filter={filter} views={views.data} onPick={(q) => setParams(q)} onView={(view) => set({ view: view === 'all' ? '' : view })} />
      </PageHead>
      <div className="page-body" style={{ paddingTop: 10 }}>
        <OfAgency />
        <Filters filter={filter} set={set} clear={() => setParams({})} />
        {list.query.error ? (
          <ProblemView problem={problemOf(list.query.error)} onRetry={() => void list.query.refetch()} />
        ) : list.query.data === undefined ? (
          <Loading rows={12} />
        ) : (
          <Rows key={list.items.map((d) => d.id).join()} busy={list.query.isPlaceholderData} items={list.items} filter={filter} onSort={(sort) => set({ sort })} />
        )}
      </div>
      <PagingBar list={list} unit="卷" total={count.data && !filter.q ? figure(count.data.total, count.data.more) : undefined} note={filter.q ? '按查找结果排列' : filter.sort === 'no' ? '按档案编号' : '按最近办理倒序'} />
    </>
  );
}

async function fetchPage(query: Record<string, string | undefined>, cursor: string | undefined, limit: number) {
  return read(api.GET('/api/v1/dossiers', { params: { query: { ...query, cursor, limit } as never } }));
}

function Views({ filter, views, onView, onPick }: { filter: Filter; views?: Schema<'ViewsView'>; onView: (code: string) => void; onPick: (query: string) => void }) {
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const now = new URLSearchParams(filter as Record<string, string>).toString();
  const saved = views?.saved ?? [];
  const save = useAct({
    run: (headers, next: Saved[]) => read(api.PUT('/api/v1/dossier-views', { body: { saved: next }, headers })),
    invalidates: [['dossiers', 'views']],
    onDone: () => setNaming(false),
  });
  const at = saved.find((v) => v.query === now);
  const tabs = [
    ...(views?.views ?? [{ code: 'all', name: '全部' }]).map((v) => ({ key: v.code, label: v.name, n: 'count' in v ? figure(v.count, v.more) : undefined })),
    ...saved.map((v) => ({ key: `saved ${v.query}`, label: v.name })),
  ];
  return (
    <>
      <ViewTabs
        label="视图"
        views={tabs}
        value={at ? `saved ${at.query}` : (filter.view ?? 'all')}
        onChange={(key) => (key.startsWith('saved ') ? onPick(key.slice(6)) : onView(key))}
        end={
          at ? (
            <button type="button" className="bare" onClick={() => save.mutate(saved.filter((v) => v !== at))}>删去此视图</button>
          ) : (
            <button type="button" className="bare" disabled={now === ''} onClick={() => { setName(''); setNaming(true); }}>存为新视图</button>
          )
        }
      />
      <Confirm open={naming} title="存为新视图" verb="保存" width={400} busy={save.isPending} problem={save.problem} disabled={name.trim() === ''} onCancel={() => setNaming(false)} onConfirm={() => save.mutate([...saved, { name: name.trim(), query: now }])}>
        <label htmlFor="view-name">名称</label>
        <Input id="view-name" value={name} maxLength={20} onChange={(e) => setName(e.target.value)} />
        <p className="meta" style={{ marginTop: 6 }}>保存现在的查找内容、条件和排列，只有本人可见。</p>
      </Confirm>
    </>
  );
}

function Filters({ filter, set, clear }: { filter: Filter; set: (change: Filter) => void; clear: () => void }) {
  const [more, setMore] = useState(false);
  const categories = useQuery({ queryKey: ['codes', 'categories'], queryFn: () => read(api.GET('/api/v1/codes/{list}', { params: { path: { list: 'categories' } } })), staleTime: Infinity });
  const articles = [...new Map((categories.data?.items ?? []).map((c) => [c.code.split('/')[0] ?? '', c.name.split('：')[0] ?? ''])).entries()];
  const span = filter.from || filter.to;
  const any = Object.keys(filter).some((k) => k !== 'view' && k !== 'sort');
  return (
    <div className="filters" role="search" aria-label="条件">
      <SearchBox key={filter.q ?? ''} value={filter.q ?? ''} onSearch={(q) => set({ q })} />
      <Select aria-label="状态" value={filter.state ?? ''} options={options('全部状态', states)} onChange={(state) => set({ state })} style={{ width: 124 }} />
      <Select aria-label="类别" value={filter.category ?? ''} options={[{ value: '', label: '全部类别' }, ...articles.map(([value, label]) => ({ value, label: `${value} ${label}` }))]} onChange={(category) => set({ category })} style={{ width: 150 }} popupMatchSelectWidth={false} />
      <Select aria-label="账户" value={filter.account ?? ''} options={options('个人和集体账户', accounts)} onChange={(account) => set({ account })} style={{ width: 142 }} />
      <Select aria-label="位置" value={filter.place ?? ''} options={options('任何位置', places)} onChange={(place) => set({ place })} style={{ width: 112 }} />
      <Button aria-expanded={more} onClick={() => setMore(!more)}>更多条件</Button>
      {span && (
        <span className="filter-mark">
          更新于 {filter.from && shortDate(filter.from)}{filter.from !== filter.to && <>—{filter.to && shortDate(filter.to)}</>}
          <button type="button" className="bare" aria-label="去掉更新日期" onClick={() => set({ from: '', to: '' })}><CloseIcon size={14} /></button>
        </span>
      )}
      {any && <button type="button" className="bare dense" onClick={clear}>清除</button>}
      {more && (
        <div className="filters" style={{ width: '100%', paddingBottom: 0 }}>
          <span className="dense ink2">更新日期</span>
          <DatePicker.RangePicker
            aria-label="更新日期"
            allowEmpty={[true, true]}
            value={[filter.from ? dayjs(filter.from) : null, filter.to ? dayjs(filter.to) : null]}
            onChange={(v) => set({ from: v?.[0]?.format('YYYY-MM-DD') ?? '', to: v?.[1]?.format('YYYY-MM-DD') ?? '' })}
          />
        </div>
      )}
    </div>
  );
}

function SearchBox({ value, onSearch }: { value: string; onSearch: (q: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <Input
      aria-label="查找档案：姓名、拼音、完整身份证号、档案编号或单位"
      placeholder="姓名 / 拼音 / 完整身份证号 / 档案编号"
      prefix={<SearchIcon size={15} />}
      style={{ width: 312 }}
      value={text}
      maxLength={60}
      allowClear
      onChange={(e) => {
        setText(e.target.value);
        if (e.target.value === '') onSearch('');
      }}
      onPressEnter={() => onSearch(text.trim())}
      onBlur={() => text.trim() !== value && onSearch(text.trim())}
    />
  );
}

function Rows({ busy, items, filter, onSort }: { busy: boolean; items: Item[]; filter: Filter; onSort: (sort: string) => void }) {
  const navigate = useNavigate();
  const [current, setCurrent] = useRowKeys(items.length, (i) => void navigate(`/dossiers/${items[i]?.id}`));
  const [chosen, setChosen] = useState<string[]>([]);
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((x) => x !== id) : [...chosen, id]);
  useShortcut('x', () => { if (items[current]) toggle(items[current].id); });
  if (items.length === 0) return <Empty>{filter.q ? `没有找到“${filter.q}”。姓名可用汉字、拼音或首字母；身份证号须完整。` : '没有符合条件的档案。'}</Empty>;
  const byNumber = filter.sort === 'no';
  return (
    <div className="scroll-x" aria-busy={busy}>
      {chosen.length > 0 && (
        <SelectionBar
          chosen={items.filter((d) => chosen.includes(d.id))}
          whole={chosen.length === items.length}
          onAll={(all) => setChosen(all ? items.map((d) => d.id) : [])}
          onClear={() => setChosen([])}
        />
      )}
      <table className="plain tight list">
        <thead>
          <tr>
            <th scope="col" className="pick">{chosen.length === 0 ? <Checkbox aria-label="选择本页全部" onChange={() => setChosen(items.map((d) => d.id))} /> : <span className="hidden-text">选择</span>}</th>
            <th scope="col">姓名、性别</th>
            <th scope="col">身份证号</th>
            <th scope="col" aria-sort={byNumber ? 'ascending' : 'none'}><SortButton on={byNumber} onClick={() => onSort('no')}>档案编号</SortButton></th>
            <th scope="col">人员类别</th>
            <th scope="col">状态</th>
            <th scope="col">现在何处</th>
            <th scope="col" className="num">份 / 页</th>
            <th scope="col">要留意</th>
            <th scope="col" className="num" aria-sort={byNumber ? 'none' : 'descending'}><SortButton on={!byNumber} down onClick={() => onSort('')}>最近办理</SortButton></th>
          </tr>
        </thead>
        <tbody>
          {items.map((d, i) => (
            <tr key={d.id} className={[i === current && 'current', chosen.includes(d.id) && 'chosen'].filter(Boolean).join(' ') || undefined} onMouseDown={() => setCurrent(i)}>
              <td className="pick"><Checkbox aria-label={`选择 ${d.name} ${d.no}`} checked={chosen.includes(d.id)} onChange={() => toggle(d.id)} /></td>
              <td className="nowrap"><Link to={`/dossiers/${d.id}`} className="subject">{d.name}</Link> <span className="meta ink2" style={{ marginLeft: 4 }}>{d.sex.replace('性', '')}</span></td>
              <td className="nowrap">{d.idNo}</td>
              <td className="nowrap">{d.no}</td>
              <td className="dense">{d.category} {d.categoryName}</td>
              <td><Status tone={d.tone}>{d.stateName}</Status></td>
              <td className="nowrap">{d.where}</td>
              <td className="num nowrap">{d.materials > 0 ? <>{d.materials} <span className="ink3 pages">/ {d.pages}</span></> : <span className="ink3 dense">纸质</span>}</td>
              <td className="dense nowrap">{d.attention.map((a, n) => <span key={a.text} className={tones[a.tone]}>{n > 0 && '，'}{a.text}</span>)}</td>
              <td className="num nowrap">{columnDate(d.changedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SortButton({ on, down, onClick, children }: { on: boolean; down?: boolean; onClick: () => void; children: string }) {
  return (
    <button type="button" className={on ? 'sort on' : 'sort'} onClick={onClick}>
      {children}
      <span aria-hidden="true" className="mark">{down ? '▼' : '▲'}</span>
    </button>
  );
}
