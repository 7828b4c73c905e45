import type { Schema } from '../../api/client';

type Material = Schema<'ReadingMaterial'>;

interface CatalogProps {
  materials: Material[];
  range: string;
  current?: string;
  onOpen?: (material: Material) => void;
}

/** What the readers may read: closed and secret pieces are not on the list. */
export function Catalog({ materials, range, current, onOpen }: CatalogProps) {
  const classes = [...new Set(materials.map((m) => m.class))];
  const pages = materials.reduce((n, m) => n + m.pages, 0);
  return (
    <nav className="desk-catalog" aria-label="目录">
      <h2>目录<span className="meta">{materials.length > 0 ? `${materials.length} 份 ${pages} 页` : ''}</span></h2>
      {materials.length === 0 && <p className="dense ink2" style={{ padding: '0 12px' }}>系统内没有目录，所阅材料照原件登记。</p>}
      {classes.map((code) => (
        <div key={code}>
          <div className="class"><span className="code">{code}</span><span>{materials.find((m) => m.class === code)?.kind}</span><span className="n">{materials.filter((m) => m.class === code).length} 份</span></div>
          {materials.filter((m) => m.class === code).map((m) => (
            <button key={m.id} type="button" className="piece" aria-current={m.id === current ? 'true' : undefined} disabled={!onOpen || m.leaves.length === 0} onClick={() => onOpen?.(m)}>
              <span className="code">{m.class}-{m.seq}</span>
              <span className="name">{m.title}</span>
              <span className="n">{m.ticked || (m.leaves.length > 0 && m.viewed.length >= m.leaves.length) ? '已阅' : m.viewed.length > 0 ? `${m.viewed.length}/${m.leaves.length}` : m.pages}</span>
            </button>
          ))}
        </div>
      ))}
      <p className="range">获准范围：{range}</p>
    </nav>
  );
}
