import { useQuery } from '@tanstack/react-query';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, readTagged, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { PageHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import './filing.css';
import { described, useClassOptions, type Description } from './parts';

type Line = Partial<Description> & { key: number };

/** 录入目录: the paper dossier's own catalog, line by line; a second person compares it with the packet. */
export default function CatalogEntryPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['dossiers', id, 'head', 'tagged'], queryFn: () => readTagged(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })), staleTime: 60_000 });
  return <Answer query={query}>{({ value }) => <Entry id={id} name={value.person.name} no={value.no} inStore={value.place === 'store'} where={value.where} />}</Answer>;
}

function Entry({ id, name, no, inStore, where }: { id: string; name: string; no: string; inStore: boolean; where: string }) {
  const navigate = useNavigate();
  const classes = useClassOptions();
  const [lines, setLines] = useState<Line[]>([{ key: 0, copies: 1 }]);
  const act = useAct({
    run: (headers, body: Description[]) => read(api.POST('/api/v1/dossiers/{id}/catalog', { params: { path: { id } }, body: { lines: body }, headers })),
    invalidates: [['dossiers'], ['materials'], ['batches']],
    done: (b) => `已录入 ${b.no}，待另一人对照原件核对`,
    onDone: (b) => void navigate(`/filing/batches/${b.id}`),
  });
  const set = (key: number, change: Partial<Description>) => setLines(lines.map((l) => (l.key === key ? { ...l, ...change } : l)));
  const add = () => setLines([...lines, { key: Math.max(...lines.map((l) => l.key)) + 1, class: lines[lines.length - 1]?.class, copies: 1 }]);
  return (
    <>
      <PageHead title="录入目录" sub={`${name}　${no}`} crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: no, to: `/dossiers/${id}` }, { label: '录入目录' }]} />
      <div className="page-body">
        <p className="dense ink2 prose">照纸质档案逐份录入，题名、日期照原件；不明的年月日留空。提交后由另一人对照档案核对，核对后才列入目录。</p>
        <Packet id={id} inStore={inStore} where={where} />
        <ProblemView problem={act.problem} />
        <div className="scroll-x">
          <table className="plain pick-lines">
            <thead><tr><th scope="col">序</th><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">年</th><th scope="col">月</th><th scope="col">日</th><th scope="col">份</th><th scope="col">页</th><th scope="col">备注</th><th scope="col"><span className="hidden-text">去掉</span></th></tr></thead>
            <tbody>
              {lines.map((l, i) => {
                const n = i + 1;
                return (
                  <tr key={l.key}>
                    <td className="num">{n}</td>
                    <td><Select aria-label={`第 ${n} 条类号`} value={l.class || undefined} options={classes} showSearch={{ optionFilterProp: 'label' }} onChange={(v) => set(l.key, { class: v })} style={{ width: 150 }} /></td>
                    <td><Input aria-label={`第 ${n} 条材料名称`} value={l.title ?? ''} maxLength={120} onChange={(e) => set(l.key, { title: e.target.value })} style={{ minWidth: 220 }} /></td>
                    <td><InputNumber aria-label={`第 ${n} 条形成年`} value={l.year ?? null} controls={false} min={1900} max={2200} onChange={(v) => set(l.key, { year: v ?? undefined })} style={{ width: 66 }} /></td>
                    <td><InputNumber aria-label={`第 ${n} 条月`} value={l.month ?? null} controls={false} min={1} max={12} onChange={(v) => set(l.key, { month: v ?? undefined })} style={{ width: 48 }} /></td>
                    <td><InputNumber aria-label={`第 ${n} 条日`} value={l.day ?? null} controls={false} min={1} max={31} onChange={(v) => set(l.key, { day: v ?? undefined })} style={{ width: 48 }} /></td>
                    <td><InputNumber aria-label={`第 ${n} 条份数`} value={l.copies ?? null} controls={false} min={1} max={99} onChange={(v) => set(l.key, { copies: v ?? undefined })} style={{ width: 48 }} /></td>
                    <td><InputNumber aria-label={`第 ${n} 条页数`} value={l.pages ?? null} controls={false} min={1} max={9999} onChange={(v) => set(l.key, { pages: v ?? undefined })} onPressEnter={add} style={{ width: 56 }} /></td>
                    <td><Input aria-label={`第 ${n} 条备注`} value={l.note ?? ''} maxLength={200} onChange={(e) => set(l.key, { note: e.target.value })} onPressEnter={add} /></td>
                    <td>{lines.length > 1 && <button type="button" className="bare dense" onClick={() => setLines(lines.filter((x) => x.key !== l.key))}>去掉<span className="hidden-text">第 {n} 条</span></button>}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <p style={{ marginTop: 10, display: 'flex', gap: 8, alignItems: 'center' }}>
          <Button onClick={add}>加一条</Button>
          <Button type="primary" loading={act.isPending} disabled={lines.every((l) => !l.title)} onClick={() => act.mutate(lines.filter((l) => l.title || l.class || l.pages).map(described))}>提交核对</Button>
          <Link className="text-link dense" to={`/dossiers/${id}`}>返回档案</Link>
          <span className="meta">在页数或备注中按 Enter 加一条</span>
        </p>
      </div>
    </>
  );
}

/** Where the packet is; in the store the keeper can be asked for it. */
function Packet({ id, inStore, where }: { id: string; inStore: boolean; where: string }) {
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/packet', { params: { path: { id } }, headers })),
    invalidates: [['dossiers', id], ['custody']],
    done: '已请库管提档',
  });
  return (
    <>
      <p style={{ display: 'flex', gap: 10, alignItems: 'center', margin: '8px 0 10px' }}>
        <span className="dense">档案现在：{where}</span>
        {inStore && !act.isSuccess && <Button size="small" loading={act.isPending} onClick={() => act.mutate()}>提档</Button>}
        {act.isSuccess && <span className="dense ink2" role="status">已请库管提档，提出后送整理室；目录核对后由库管归还入库</span>}
      </p>
      <ProblemView problem={act.problem} />
    </>
  );
}
