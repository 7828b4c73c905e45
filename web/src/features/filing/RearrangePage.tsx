import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import './filing.css';
import { formed, type Material } from './parts';

/** 重新编号: the materials of one class laid out anew; another person decides, the old numbers stay as a version. */
export default function RearrangePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['dossiers', id, 'order'], queryFn: () => readTagged(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Classes key={etag} d={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Classes({ d, etag, reload }: { d: Schema<'DossierView'>; etag: string; reload: () => void }) {
  const filled = d.catalog.classes.filter((c) => c.items.length > 0);
  const [code, setCode] = useState((filled.find((c) => c.items.length > 1) ?? filled[0])?.code ?? '');
  const chosen = filled.find((c) => c.code === code);
  return (
    <>
      <PageHead title="重新编号" sub={`${d.person.name}　${d.no}　目录第 ${d.catalog.version} 版`} crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: d.no, to: `/dossiers/${d.id}` }, { label: '重新编号' }]} />
      <div className="page-body rearrange">
        <nav aria-label="类别" className="classes">
          {filled.map((c) => <button key={c.code} type="button" aria-current={c.code === code ? 'true' : undefined} onClick={() => setCode(c.code)}><span className="c">{c.code}</span>{c.short}<span className="n">{c.items.length}</span></button>)}
        </nav>
        {chosen ? <Order key={chosen.code} d={d} code={chosen.code} name={chosen.name} items={chosen.items} etag={etag} reload={reload} /> : <Empty>目录中还没有材料。</Empty>}
      </div>
    </>
  );
}

type Annexes = Record<string, string>;

/** 新编号: a main paper counts on, an attachment shares the number above it. */
function numbers(order: Material[], annexes: Annexes) {
  let n = 0;
  return order.map((m) => (annexes[m.id] ? n : ++n));
}

/** The order in blocks: a main paper with the attachments behind it. */
function blocks(order: Material[], annexes: Annexes) {
  const out: Material[][] = [];
  for (const m of order) {
    const last = out.at(-1);
    if (annexes[m.id] && last) last.push(m);
    else out.push([m]);
  }
  return out;
}

const matterNotes: Record<string, string> = {
  5: '按事项排列：批复、结论（决定）、本人意见、调查报告、证明材料、本人检讨或说明',
  6: '入党志愿书、入党申请书、转正申请书、培养考察、其他党员材料，再团员材料，再民主党派',
  8: '按事项排列：批复、处分决定、本人意见、调查报告、检查，解除处分随其处分之后',
};

function Order({ d, code, name, items, etag, reload }: { d: Schema<'DossierView'>; code: string; name: string; items: Material[]; etag: string; reload: () => void }) {
  const navigate = useNavigate();
  const present = Object.fromEntries(items.flatMap((m) => (m.mainId ? [[m.id, m.mainId]] : [])));
  const [order, setOrder] = useState(items);
  const [annexes, setAnnexes] = useState<Annexes>(present);
  const [reason, setReason] = useState('');
  const next = numbers(order, annexes);
  const stood = new Map(items.map((m, i) => [m.id, i]));
  const changed = (m: Material, i: number) => m.seq !== next[i] || annexes[m.id] !== m.mainId;
  const moved = order.filter((m, i) => changed(m, i) || (annexes[m.id] !== undefined && stood.get(m.id) !== i)).length;
  const act = useAct({
    run: (headers, body: { class: string; order: string[]; annexes: Schema<'AnnexView'>[]; reason: string }) => read(api.POST('/api/v1/dossiers/{id}/rearrangements', { params: { path: { id: d.id } }, body, headers })),
    etag,
    invalidates: [['rearrangements'], ['dossiers', d.id]],
    done: '已申请重新编号，待另一人审批',
    onDone: () => void navigate('/filing?view=corrections'),
  });
  const propose = useAct({
    run: () => read(api.GET('/api/v1/dossiers/{id}/arrangement', { params: { path: { id: d.id }, query: { class: code } } })),
    invalidates: [],
    onDone: (l) => {
      setOrder(l.order.flatMap((id) => items.find((m) => m.id === id) ?? []));
      setAnnexes(Object.fromEntries(l.annexes.map((a) => [a.id, a.mainId])));
    },
  });
  // A main paper moves with its attachments, an attachment among those of its main paper.
  const move = (from: number, by: number) => {
    const m = order[from];
    if (!m) return;
    const list = blocks(order, annexes);
    const at = list.findIndex((b) => b.includes(m));
    const block = list[at];
    if (!block) return;
    const swap = (x: unknown[], i: number, j: number, low: number) => {
      if (j < low || j >= x.length) return;
      [x[i], x[j]] = [x[j], x[i]];
    };
    if (annexes[m.id]) swap(block, block.indexOf(m), block.indexOf(m) + by, 1);
    else swap(list, at, at + by, 0);
    setOrder(list.flat());
    requestAnimationFrame(() => document.getElementById(`place-${m.id}`)?.focus());
  };
  const keys = (i: number) => (e: KeyboardEvent) => {
    if (!e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    e.preventDefault();
    move(i, e.key === 'ArrowUp' ? -1 : 1);
  };
  // Behind the main paper above it, or numbered for itself, behind the other attachments.
  const attach = (i: number) => {
    const m = order[i];
    const above = blocks(order.slice(0, i), annexes).at(-1)?.[0];
    if (m && above) setAnnexes({ ...annexes, [m.id]: above.id });
  };
  const detach = (m: Material) => {
    const { [m.id]: main, ...rest } = annexes;
    const list = blocks(order, annexes).flatMap((b) => (b[0]?.id === main ? [...b.filter((x) => x !== m), m] : b));
    setOrder(list);
    setAnnexes(rest);
  };
  const heads = new Set(Object.values(annexes));
  return (
    <div>
      <SectionHead n={items.length} note={matterNotes[code] ?? '本类按形成时间排列'} end={<Button size="small" loading={propose.isPending} onClick={() => propose.mutate()}>按规定顺序排</Button>}>{code}　{name}</SectionHead>
      <p className="dense ink2">“按规定顺序排”按题名和形成时间给出建议，由您确定。选中一行后用 <kbd className="kbd">Alt</kbd> <kbd className="kbd">↑</kbd> <kbd className="kbd">↓</kbd> 移动；附件随主件同号，随主件移动。批准后目录升一版，原编号保留在旧版本中；请在原件右上角改写编号。</p>
      <div className="scroll-x">
        <table className="plain list" aria-label="新的顺序">
          <thead><tr><th scope="col">新编号</th><th scope="col">现编号</th><th scope="col">材料名称</th><th scope="col">形成时间</th><th scope="col" className="num">页</th><th scope="col"><span className="hidden-text">主件、附件</span></th><th scope="col"><span className="hidden-text">移动</span></th></tr></thead>
          <tbody>
            {order.map((m, i) => {
              const main = annexes[m.id];
              return (
                <tr key={m.id}>
                  <td className={changed(m, i) ? 'strong nowrap' : 'ink2 nowrap'}>{code}-{next[i]}</td>
                  <td className="ink2 nowrap">{m.number}</td>
                  <td className={main ? 'annex' : undefined}><button type="button" className="bare" id={`place-${m.id}`} onKeyDown={keys(i)} aria-label={`第 ${i + 1} 位 ${m.title}`}>{m.title}</button>{main && <span className="meta"> 附件</span>}</td>
                  <td className="nowrap">{formed(m)}</td>
                  <td className="num">{m.pages}</td>
                  <td className="nowrap">{main ? <button type="button" className="bare dense" onClick={() => detach(m)}>单独编号<span className="hidden-text"> {m.title}</span></button>
                    : i > 0 && !heads.has(m.id) && <button type="button" className="bare dense" onClick={() => attach(i)}>作上件附件<span className="hidden-text"> {m.title}</span></button>}</td>
                  <td className="num nowrap">
                    <button type="button" className="bare dense" disabled={i === 0} onClick={() => move(i, -1)}>上移<span className="hidden-text"> {m.title}</span></button>{'　'}
                    <button type="button" className="bare dense" disabled={i === order.length - 1} onClick={() => move(i, 1)}>下移<span className="hidden-text"> {m.title}</span></button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div style={{ marginTop: 12, maxWidth: 560 }}>
        <label htmlFor="rearrange-reason">理由</label>
        <Input id="rearrange-reason" value={reason} maxLength={300} onChange={(e) => setReason(e.target.value)} placeholder="例如：补充归档后按规定顺序排列" />
        <ProblemView problem={act.problem ?? propose.problem} onRetry={reload} />
        <p style={{ marginTop: 12 }}>
          <Button type="primary" disabled={moved === 0 || reason.trim() === ''} loading={act.isPending}
            onClick={() => act.mutate({ class: code, order: order.map((m) => m.id), annexes: order.flatMap((m) => (annexes[m.id] ? [{ id: m.id, mainId: annexes[m.id] ?? '' }] : [])), reason: reason.trim() })}>申请重新编号</Button>
          <span className="meta" style={{ marginLeft: 12 }}>{moved > 0 ? `${moved} 份材料的编号有变动` : '顺序没有变动'}</span>
        </p>
      </div>
    </div>
  );
}
