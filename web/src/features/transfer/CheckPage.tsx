import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, read, readTagged } from '../../api/client';
import { useAct } from '../../shared/act';
import { useShortcut } from '../../shared/keys';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status } from '../../shared/status';
import { useChoices, type Item, type View } from './parts';
import './transfer.css';

type Result = 'ok' | 'missing' | 'pages' | 'content' | 'extra';

const results: { key: Result; label: string; hot: string }[] = [
  { key: 'ok', label: '相符', hot: '1' }, { key: 'missing', label: '缺少', hot: '2' }, { key: 'pages', label: '页数不符', hot: '3' }, { key: 'content', label: '内容不符', hot: '4' },
];

/** 逐份核对: one line after the other, by keyboard; parts are saved on the way. */
export default function CheckPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['transfers', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/transfers/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Check key={value.version} value={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

interface Found { check: Result | ''; note: string; keyFacts?: string[]; pages?: number; proves?: boolean }

interface Extra { class: string; title: string; copies: number; pages: number; loose: boolean }

function Check({ value, etag, reload }: { value: View; etag: string; reload: () => void }) {
  const go = useNavigate();
  const choices = useChoices().data;
  const may = value.possible.some((p) => p.action === 'transfer.check' && p.allowed);
  const [found, setFound] = useState<Record<number, Found>>(() => Object.fromEntries(value.items.map((i) => [i.lineNo, { check: i.check ?? '', note: i.note ?? '', pages: i.gotPages || undefined, proves: i.proves }])));
  const [extra, setExtra] = useState<Extra[]>([]);
  const [at, setAt] = useState(() => Math.max(0, value.items.findIndex((i) => !i.check)));
  const of = (i: Item): Found => found[i.lineNo] ?? { check: '', note: '' };
  const set = (lineNo: number, change: Partial<Found>) => setFound((old) => ({ ...old, [lineNo]: { check: '', note: '', ...old[lineNo], ...change } }));
  const move = (to: number) => {
    setAt(Math.max(0, Math.min(value.items.length - 1, to)));
    requestAnimationFrame(() => document.querySelector('tr.current')?.scrollIntoView({ block: 'nearest' }));
  };
  const judge = (check: Result) => {
    const item = value.items[at];
    if (!may || !item || item.check === 'extra') return;
    set(item.lineNo, { check });
    if (check === 'ok' || check === 'missing') move(at + 1);
  };
  useShortcut('1', () => judge('ok'));
  useShortcut('2', () => judge('missing'));
  useShortcut('3', () => judge('pages'));
  useShortcut('4', () => judge('content'));
  useShortcut('j', () => move(at + 1));
  useShortcut('k', () => move(at - 1));
  const done = value.items.filter((i) => of(i).check).length;
  const bad = value.items.filter((i) => of(i).check && of(i).check !== 'ok').length;
  const act = useAct<void, View>({
    etag,
    invalidates: [['transfers']],
    done: (v) => (v.checkedAll ? '核对完毕，请第二人复核签收' : '已保存核对结果'),
    run: (headers) => read(api.POST('/api/v1/transfers/{id}/check', {
      params: { path: { id: value.id } },
      headers,
      body: {
        results: value.items.flatMap((i) => { const f = of(i); return f.check ? [{ lineNo: i.lineNo, check: f.check, note: f.note, ...(f.check === 'pages' ? { pages: f.pages ?? 0, proves: Boolean(f.proves) } : {}), ...(f.keyFacts ? { keyFacts: f.keyFacts } : {}) }] : []; }),
        extra: extra.filter((x) => x.title.trim()),
      },
    })),
    onDone: (v) => { if (v.checkedAll) void go(`/transfers/${value.id}`); },
  });
  const popup = () => document.querySelector('main') ?? document.body;
  return (
    <>
      <PageHead title={`逐份核对：${value.name}`} crumbs={[{ label: '转递', to: '/transfers' }, { label: value.name, to: `/transfers/${value.id}` }, { label: '逐份核对' }]} sub={<span className="ink2">{value.noticeNo}・清单 {value.copies} 份 {value.pages} 页</span>} />
      <div className="page-body">
        <p className="dense ink2">{may ? '对照实物逐份登记：1 相符，2 缺少，3 页数不符，4 内容不符；J、K 上下移动。' : '核对由接收机构经办人员登记；这里是清单和结果。'}</p>
        <div className="scroll-x">
          <table className="plain tight">
            <thead><tr><th scope="col" className="num">序号</th><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">形成</th><th scope="col" className="num">份</th><th scope="col" className="num">页</th><th scope="col">关键信息</th><th scope="col">核对</th><th scope="col">备注</th></tr></thead>
            <tbody>
              {value.items.map((i, n) => {
                const f = of(i);
                return (
                  <tr key={i.lineNo} className={`check-row${n === at && may ? ' current' : ''}${f.check && f.check !== 'ok' ? ' bad' : ''}`} aria-current={n === at && may ? 'true' : undefined} onClick={() => setAt(n)}>
                    <td className="num">{i.lineNo}</td>
                    <td className="nowrap">{i.loose ? '零散' : i.number}</td>
                    <td>{i.title}{i.isCopy && <span className="meta"> 复制件</span>}</td>
                    <td className="nowrap dense">{i.formed}</td>
                    <td className="num">{i.copies}</td>
                    <td className="num">{i.pages}</td>
                    <td>{may && !i.secret ? (
                      <Select aria-label={`第${i.lineNo}项所证明的关键信息`} mode="multiple" size="small" variant="borderless" style={{ width: 150 }} maxTagCount={1} placeholder="—" value={f.keyFacts ?? i.keyFacts} onChange={(keyFacts: string[]) => set(i.lineNo, { keyFacts })} getPopupContainer={popup} options={(choices?.keyFacts ?? []).map((c) => ({ value: c.code, label: c.name }))} />
                    ) : i.keyNames.join('、')}</td>
                    <td className="nowrap">
                      {i.check === 'extra' ? <Status tone="bad">多出</Status> : may ? (
                        <>
                        <div className="segments" role="group" aria-label={`第${i.lineNo}项核对结果`}>
                          {results.map((r) => <button key={r.key} type="button" aria-pressed={f.check === r.key} onClick={() => { setAt(n); set(i.lineNo, { check: r.key }); }}>{r.label}</button>)}
                        </div>
                          {f.check === 'pages' && (
                            <span className="got-pages">
                              <InputNumber aria-label={`第${i.lineNo}项实收页数`} size="small" min={1} max={9999} precision={0} placeholder="实收" suffix="页" style={{ width: 84 }} value={f.pages} onChange={(n) => set(i.lineNo, { pages: n ?? undefined })} />
                              {i.keyFacts.length > 0 && f.pages !== undefined && f.pages < i.pages && <Checkbox checked={Boolean(f.proves)} onChange={(e) => set(i.lineNo, { proves: e.target.checked })}>仍能证明关键信息</Checkbox>}
                            </span>
                          )}
                        </>
                      ) : i.check ? <Status tone={i.check === 'ok' ? 'done' : 'bad'}>{i.checkName}{i.gotPages ? `，实收${i.gotPages}页` : ''}</Status> : <span className="ink3">未核对</span>}
                    </td>
                    <td style={{ minWidth: 140 }}>{may ? <Input aria-label={`第${i.lineNo}项备注`} size="small" value={f.note} onChange={(e) => set(i.lineNo, { note: e.target.value })} /> : i.note}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        {may && (
          <>
            <SectionHead note="清单上没有的，登记后列入回执，不丢弃" end={<Button size="small" onClick={() => setExtra([...extra, { class: '', title: '', copies: 1, pages: 1, loose: true }])}>登记多出</Button>}>清单以外的材料</SectionHead>
            {extra.map((x, n) => {
              const change = (c: Partial<Extra>) => setExtra(extra.map((o, i) => (i === n ? { ...o, ...c } : o)));
              return (
                <div className="filters" key={n}>
                  <Select aria-label={`多出第${n + 1}项类号`} allowClear placeholder="零散" style={{ width: 150 }} value={x.class || undefined} onChange={(c?: string) => change({ class: c ?? '', loose: !c })} getPopupContainer={popup} options={(choices?.classes ?? []).map((c) => ({ value: c.code, label: `${c.code} ${c.name}` }))} />
                  <Input aria-label={`多出第${n + 1}项材料名称`} placeholder="材料名称" style={{ width: 280 }} value={x.title} onChange={(e) => change({ title: e.target.value })} />
                  <InputNumber aria-label={`多出第${n + 1}项份数`} min={1} max={99} value={x.copies} onChange={(c) => change({ copies: c ?? 1 })} suffix="份" style={{ width: 80 }} />
                  <InputNumber aria-label={`多出第${n + 1}项页数`} min={1} max={2000} value={x.pages} onChange={(c) => change({ pages: c ?? 1 })} suffix="页" style={{ width: 90 }} />
                </div>
              );
            })}
          </>
        )}
        <ProblemView problem={act.problem} onRetry={reload} />
      </div>
      <div className="stickybar">
        <span>已核对 {done} / {value.items.length} 项</span>
        {bad > 0 && <span className="red">{bad} 项不符</span>}
        <span className="end">
          <Button onClick={() => void go(`/transfers/${value.id}`)}>返回本件</Button>
          {may && <Button type="primary" loading={act.isPending} disabled={done === 0} onClick={() => act.mutate()}>{done === value.items.length ? '登记核对结果' : '保存已核对的'}</Button>}
        </span>
      </div>
    </>
  );
}
