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

const stamp = (m: Material) => (m.year ?? 9999) * 10_000 + (m.year && m.month ? m.month : 99) * 100 + (m.year && m.month && m.day ? m.day : 99);

function Order({ d, code, name, items, etag, reload }: { d: Schema<'DossierView'>; code: string; name: string; items: Material[]; etag: string; reload: () => void }) {
  const navigate = useNavigate();
  const [order, setOrder] = useState(items);
  const [reason, setReason] = useState('');
  const moved = order.filter((m, i) => m.seq !== i + 1).length;
  const act = useAct({
    run: (headers, body: { class: string; order: string[]; reason: string }) => read(api.POST('/api/v1/dossiers/{id}/rearrangements', { params: { path: { id: d.id } }, body, headers })),
    etag,
    invalidates: [['rearrangements'], ['dossiers', d.id]],
    done: '已申请重新编号，待另一人审批',
    onDone: () => void navigate('/filing?view=corrections'),
  });
  const move = (from: number, by: number) => {
    const to = from + by;
    if (to < 0 || to >= order.length) return;
    const next = [...order];
    const [m] = next.splice(from, 1);
    if (m) next.splice(to, 0, m);
    setOrder(next);
    requestAnimationFrame(() => document.getElementById(`place-${m?.id}`)?.focus());
  };
  const keys = (i: number) => (e: KeyboardEvent) => {
    if (!e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    e.preventDefault();
    move(i, e.key === 'ArrowUp' ? -1 : 1);
  };
  const byMatter = ['5', '6', '8'].includes(code);
  return (
    <div>
      <SectionHead n={items.length} note={byMatter ? '本类按事项排列，由人确定顺序' : '本类按形成时间排列'} end={!byMatter && <Button size="small" onClick={() => setOrder([...order].sort((a, b) => stamp(a) - stamp(b)))}>按形成时间排</Button>}>{code}　{name}</SectionHead>
      <p className="dense ink2">选中一行后用 <kbd className="kbd">Alt</kbd> <kbd className="kbd">↑</kbd> <kbd className="kbd">↓</kbd> 移动。批准后目录升一版，原编号保留在旧版本中；请在原件右上角改写编号。</p>
      <div className="scroll-x">
        <table className="plain list" aria-label="新的顺序">
          <thead><tr><th scope="col">新编号</th><th scope="col">现编号</th><th scope="col">材料名称</th><th scope="col">形成时间</th><th scope="col" className="num">页</th><th scope="col"><span className="hidden-text">移动</span></th></tr></thead>
          <tbody>
            {order.map((m, i) => (
              <tr key={m.id}>
                <td className={m.seq === i + 1 ? 'ink2 nowrap' : 'strong nowrap'}>{code}-{i + 1}</td>
                <td className="ink2 nowrap">{m.number}</td>
                <td><button type="button" className="bare" id={`place-${m.id}`} onKeyDown={keys(i)} aria-label={`第 ${i + 1} 位 ${m.title}`}>{m.title}</button></td>
                <td className="nowrap">{formed(m)}</td>
                <td className="num">{m.pages}</td>
                <td className="num nowrap">
                  <button type="button" className="bare dense" disabled={i === 0} onClick={() => move(i, -1)}>上移<span className="hidden-text"> {m.title}</span></button>{'　'}
                  <button type="button" className="bare dense" disabled={i === order.length - 1} onClick={() => move(i, 1)}>下移<span className="hidden-text"> {m.title}</span></button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div style={{ marginTop: 12, maxWidth: 560 }}>
        <label htmlFor="rearrange-reason">理由</label>
        <Input id="rearrange-reason" value={reason} maxLength={300} onChange={(e) => setReason(e.target.value)} placeholder="例如：补充归档后按形成时间排列" />
        <ProblemView problem={act.problem} onRetry={reload} />
        <p style={{ marginTop: 12 }}>
          <Button type="primary" disabled={moved === 0 || reason.trim() === ''} loading={act.isPending} onClick={() => act.mutate({ class: code, order: order.map((m) => m.id), reason: reason.trim() })}>申请重新编号</Button>
          <span className="meta" style={{ marginLeft: 12 }}>{moved > 0 ? `${moved} 份材料的编号有变动` : '顺序没有变动'}</span>
        </p>
      </div>
    </div>
  );
}
