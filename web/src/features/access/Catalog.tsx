import { useState } from 'react';
import type { Schema } from '../../api/client';

type Material = Schema<'ReadingMaterial'>;

interface CatalogProps {
  materials: Material[];
  range: string;
  current?: string;
  onOpen?: (material: Material) => void;
}

/** Pieces up to which the catalog needs no folding. */
const wholeCatalog = 20;

/** What the readers may read: closed and secret pieces are not on the list. */
export function Catalog({ materials, range, current, onOpen }: CatalogProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const at = materials.find((m) => m.id === current)?.class ?? materials.find((m) => m.leaves.length > 0)?.class;
  const classes = [...new Set(materials.map((m) => m.class))];
  const pages = materials.reduce((n, m) => n + m.pages, 0);
  return (
    <nav className="desk-catalog" aria-label="目录">
      <h2>目录<span className="meta">{materials.length > 0 ? `${materials.length} 份 ${pages} 页` : ''}</span></h2>
      {materials.length === 0 && <p className="dense ink2" style={{ padding: '0 12px' }}>系统内没有目录，所阅材料照原件登记。</p>}
      {classes.map((code) => {
        const list = materials.filter((m) => m.class === code);
        const open = (materials.length <= wholeCatalog || code === at) !== toggled.has(code);
        return (
          <div key={code}>
            <button type="button" className="class" aria-expanded={open} onClick={() => setToggled((f) => { const next = new Set(f); if (!next.delete(code)) next.add(code); return next; })}>
              <span className="code">{code}</span><span>{list[0]?.kind}</span><span className="n">{list.length} 份 <i aria-hidden="true">{open ? '▾' : '▸'}</i></span>
            </button>
            {open && list.map((m) => (
              <button key={m.id} type="button" className="piece" aria-current={m.id === current ? 'true' : undefined} disabled={!onOpen || m.leaves.length === 0} onClick={() => onOpen?.(m)}>
                <span className="code">{m.class}-{m.seq}</span>
                <span className="name">{m.title}</span>
                <span className="n">{m.ticked || (m.leaves.length > 0 && m.viewed.length >= m.leaves.length) ? '已阅' : m.viewed.length > 0 ? `${m.viewed.length}/${m.leaves.length}` : m.pages}</span>
              </button>
            ))}
          </div>
        );
      })}
      <p className="range">获准范围：{range}</p>
    </nav>
  );
}
