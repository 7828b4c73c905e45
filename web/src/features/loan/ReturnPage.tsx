import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { useShortcut } from '../../shared/keys';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';

type View = Schema<'LoanView'>;
type Result = 'ok' | 'missing' | 'pages' | 'damaged' | 'replaced';

const results: { key: Result; label: string }[] = [{ key: 'ok', label: '相符' }, { key: 'missing', label: '缺少' }, { key: 'pages', label: '页数不符' }, { key: 'damaged', label: '损坏' }, { key: 'replaced', label: '更换' }];

interface Found { result?: Result; pages?: number | null; note: string }

interface Beyond { title: string; copies: number; pages: number }

/** 归还清点: what came back against what went out, piece by piece; a second person signs after it. */
export default function ReturnPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['loans', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/loans/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Count key={etag} v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Count({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const go = useNavigate();
  const back = `/loans/${v.id}`;
  const lines = v.items.filter((i) => i.result !== 'extra' && i.result !== 'struck');
  const again = v.state === 'counted';
  // A count that is made anew begins with what was entered before; the first with nothing.
  const [found, setFound] = useState<Record<number, Found>>(() => Object.fromEntries(lines.map((i) => [i.lineNo, { result: i.result as Result | undefined, pages: i.result ? i.backPages : undefined, note: i.note ?? '' }])));
  const [beyond, setBeyond] = useState<Beyond[]>(() => v.items.filter((i) => i.result === 'extra').map((i) => ({ title: i.title, copies: i.copies, pages: i.pages })));
  const [at, setAt] = useState(0);
  const [f, setF] = useState({ materials: (again ? v.backMaterials : null) as number | null, pages: (again ? v.backPages : null) as number | null, packet: (v.packet ?? 'intact') as 'intact' | 'broken', broughtBy: v.broughtBy ?? (v.way === 'messenger' ? (v.takenBy ?? '') : ''), difference: '' });
  const set = (change: Partial<typeof f>) => setF({ ...f, ...change });
  const of = (lineNo: number): Found => found[lineNo] ?? { note: '' };
  const put = (lineNo: number, change: Partial<Found>) => setFound((old) => ({ ...old, [lineNo]: { note: '', ...old[lineNo], ...change } }));
  const move = (to: number) => {
    setAt(Math.max(0, Math.min(lines.length - 1, to)));
    requestAnimationFrame(() => document.querySelector('tr.current')?.scrollIntoView({ block: 'nearest' }));
  };
  const judge = (n: number) => {
    const line = lines[at];
    const result = results[n]?.key;
    if (!line || !result) return;
    put(line.lineNo, { result });
    if (result === 'ok' || result === 'missing') move(at + 1);
  };
  useShortcut('1', () => judge(0));
  useShortcut('2', () => judge(1));
  useShortcut('3', () => judge(2));
  useShortcut('4', () => judge(3));
  useShortcut('5', () => judge(4));
  useShortcut('j', () => move(at + 1));
  useShortcut('k', () => move(at - 1));
  const done = lines.filter((i) => of(i.lineNo).result).length;
  const off = lines.filter((i) => of(i.lineNo).result && of(i.lineNo).result !== 'ok').length;
  const counted = f.materials !== null && f.pages !== null;
  const differs = off > 0 || beyond.length > 0 || f.packet === 'broken' || (counted && (f.materials !== v.materials || f.pages !== v.pages));
  const act = useAct<void, View>({
    etag,
    invalidates: [['loans'], ['dossiers'], ['custody']],
    done: () => '已登记归还，请第二人复核',
    run: (headers) => read(api.POST('/api/v1/loans/{id}/return', {
      params: { path: { id: v.id } },
      headers,
      body: {
        materials: f.materials ?? 0, pages: f.pages ?? 0, packet: f.packet, broughtBy: f.broughtBy, difference: differs ? f.difference : '',
        found: lines.flatMap((i) => { const x = of(i.lineNo); return x.result ? [{ lineNo: i.lineNo, result: x.result, ...(x.result === 'pages' ? { pages: x.pages ?? i.pages } : {}), note: x.note }] : []; }),
        beyond: beyond.filter((b) => b.title.trim()),
      },
    })),
    onDone: () => void go(back),
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <>
      <PageHead title={`归还清点：${v.personName}`} crumbs={[{ label: '借阅', to: '/loans' }, { label: v.personName, to: back }, { label: '归还清点' }]} sub={<span className="ink2">{v.unit}・借出 {v.materials} 份 {v.pages} 页・密封条 {v.seal}</span>} />
      <div className="page-body">
        {v.recount && <p className="ochre">复核认为清点有误：{v.recount}</p>}
        {lines.length > 0 ? (
          <>
            <p className="dense ink2">对照实物逐份逐页核对：1 相符，2 缺少，3 页数不符，4 损坏，5 更换；J、K 上下移动。登记后由第二人复核。</p>
            <div className="scroll-x">
              <table className="plain tight">
                <thead><tr><th scope="col" className="num">序号</th><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col" className="num">份</th><th scope="col" className="num">页</th><th scope="col">核对</th><th scope="col" className="num">归还页数</th><th scope="col">说明</th></tr></thead>
                <tbody>
                  {lines.map((i, n) => {
                    const x = of(i.lineNo);
                    return (
                      <tr key={i.lineNo} className={`check-row${n === at ? ' current' : ''}${x.result && x.result !== 'ok' ? ' bad' : ''}`} aria-current={n === at ? 'true' : undefined} onClick={() => setAt(n)}>
                        <td className="num">{i.lineNo}</td>
                        <td className="nowrap">{i.number ?? '零散'}</td>
                        <td>{i.title}</td>
                        <td className="num">{i.copies}</td>
                        <td className="num">{i.pages}</td>
                        <td className="nowrap">
                          <div className="segments" role="group" aria-label={`第${i.lineNo}项核对结果`}>
                            {results.map((r) => <button key={r.key} type="button" aria-pressed={x.result === r.key} onClick={() => { setAt(n); put(i.lineNo, { result: r.key }); }}>{r.label}</button>)}
                          </div>
                        </td>
                        <td className="num">{x.result === 'pages' && <InputNumber aria-label={`第${i.lineNo}项归还页数`} size="small" min={0} max={20000} precision={0} style={{ width: 72 }} value={x.pages} onChange={(pages) => put(i.lineNo, { pages })} />}</td>
                        <td style={{ minWidth: 140 }}><Input aria-label={`第${i.lineNo}项说明`} size="small" maxLength={200} value={x.note} onChange={(e) => put(i.lineNo, { note: e.target.value })} /></td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          </>
        ) : <p className="ink2">借出时没有编目的材料，按份数、页数清点。</p>}
        <SectionHead note="多出的一并保管，不丢弃" end={<Button size="small" onClick={() => setBeyond([...beyond, { title: '', copies: 1, pages: 1 }])}>登记多出</Button>}>清单以外的材料</SectionHead>
        {beyond.map((b, n) => {
          const change = (c: Partial<Beyond>) => setBeyond(beyond.map((o, i) => (i === n ? { ...o, ...c } : o)));
          return (
            <div className="filters" key={n}>
              <Input aria-label={`多出第${n + 1}项材料名称`} placeholder="材料名称" style={{ width: 280 }} maxLength={200} value={b.title} onChange={(e) => change({ title: e.target.value })} />
              <InputNumber aria-label={`多出第${n + 1}项份数`} min={1} max={99} value={b.copies} onChange={(c) => change({ copies: c ?? 1 })} suffix="份" style={{ width: 80 }} />
              <InputNumber aria-label={`多出第${n + 1}项页数`} min={1} max={2000} value={b.pages} onChange={(c) => change({ pages: c ?? 1 })} suffix="页" style={{ width: 90 }} />
              <Button type="text" size="small" onClick={() => setBeyond(beyond.filter((_, i) => i !== n))}>移去</Button>
            </div>
          );
        })}
        <SectionHead>清点结果</SectionHead>
        <Form layout="vertical" requiredMark={false} style={{ maxWidth: 720 }}>
          <div style={{ display: 'flex', gap: 16 }}>
            <Form.Item label="实点份数" htmlFor="loan-pieces"><InputNumber id="loan-pieces" min={0} precision={0} value={f.materials} onChange={(materials) => set({ materials })} /></Form.Item>
            <Form.Item label="实点页数" htmlFor="loan-pages" {...error('pages')}><InputNumber id="loan-pages" min={0} precision={0} value={f.pages} onChange={(pages) => set({ pages })} /></Form.Item>
            <Form.Item label="密封"><Radio.Group aria-label="密封" value={f.packet} onChange={(e) => set({ packet: e.target.value as 'intact' | 'broken' })} options={[{ value: 'intact', label: '完好' }, { value: 'broken', label: '有损' }]} /></Form.Item>
          </div>
          <Form.Item label={v.way === 'messenger' ? '归还人（两人）' : '机要件号'} htmlFor="loan-brought" {...error('broughtBy')}><Input id="loan-brought" maxLength={120} style={{ maxWidth: 360 }} value={f.broughtBy} onChange={(e) => set({ broughtBy: e.target.value })} /></Form.Item>
          {differs && <Form.Item label="差异：借阅单位的说明和补送的安排" htmlFor="loan-difference" {...error('difference')}><Input.TextArea id="loan-difference" rows={2} maxLength={1000} value={f.difference} onChange={(e) => set({ difference: e.target.value })} /></Form.Item>}
        </Form>
        <ProblemView problem={act.problem} fields={['pages', 'broughtBy', 'difference']} onRetry={act.problem?.kind === 'conflict' ? reload : undefined} />
      </div>
      <div className="stickybar">
        {lines.length > 0 && <span>已核对 {done} / {lines.length} 项</span>}
        {off > 0 && <span className="red">{off} 项不符</span>}
        <span className="end">
          <Button onClick={() => void go(back)}>返回本件</Button>
          <Button type="primary" loading={act.isPending} disabled={!counted || done < lines.length} onClick={() => act.mutate()}>登记归还</Button>
        </span>
      </div>
    </>
  );
}
