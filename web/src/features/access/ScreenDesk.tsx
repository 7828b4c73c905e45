import { Button } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { fetchOrThrow, problemOf, type Problem, type Schema } from '../../api/client';
import { FitIcon, InkIcon, LeftIcon, RightIcon, RotateIcon, ZoomInIcon, ZoomOutIcon } from '../../shared/icons';
import { useShortcut } from '../../shared/keys';
import { ProblemView } from '../../shared/problem';
import { Catalog } from './Catalog';

type Desk = Schema<'ReadingView'>;
type Material = Schema<'ReadingMaterial'>;

interface Shown {
  key?: string;
  url?: string;
  problem?: Problem;
}

/** Reading on the screen: one page at a time, each turning an act on record. */
export function ScreenDesk({ desk, hidden, reload }: { desk: Desk; hidden: boolean; reload: () => void }) {
  const open = useMemo(() => desk.materials.filter((m) => m.leaves.length > 0), [desk.materials]);
  const [at, setAt] = useState<{ id?: string; no: number }>({ no: 1 });
  const [zoom, setZoom] = useState(0); // 0: 适合高度
  const [turn, setTurn] = useState(0);
  const [deep, setDeep] = useState(false);
  // One showing at a time: what stands on the screen was fetched for this showing, and is on
  // record as such; going back to a page, or being shown again, is a showing of its own (18c).
  const [shown, setShown] = useState<Shown>({});
  const material = open.find((m) => m.id === at.id);
  const id = desk.consultation.id;
  const key = material ? `${material.id}/${at.no}` : '';
  const reloading = useRef(reload);
  useEffect(() => {
    reloading.current = reload;
  });
  useEffect(() => {
    if (hidden || !key) return;
    const asking = new AbortController();
    let url = '';
    fetchOrThrow(`/api/v1/consultations/${id}/reading/pages/${key}`, { signal: asking.signal })
      .then((r) => r.blob())
      .then((blob) => {
        if (asking.signal.aborted) return;
        url = URL.createObjectURL(blob);
        setShown({ key, url });
        reloading.current();
      })
      .catch((error: unknown) => {
        if (asking.signal.aborted) return;
        setShown({ key, problem: problemOf(error) });
        reloading.current();
      });
    return () => {
      asking.abort();
      if (url) URL.revokeObjectURL(url);
      setShown({});
    };
  }, [id, key, hidden]);
  const show = (m: Material, no = m.leaves[0] ?? 1) => { setAt({ id: m.id, no }); setTurn(0); };
  const step = (by: number) => {
    if (!material) return;
    const no = material.leaves[material.leaves.indexOf(at.no) + by];
    if (no !== undefined) return setAt({ id: material.id, no });
    const next = open[open.indexOf(material) + by];
    if (next) show(next, by > 0 ? next.leaves[0] : next.leaves.at(-1));
  };
  const scale = (by: number) => setZoom((z) => Math.min(2.5, Math.max(0.4, (z || 1) + by)));
  useShortcut('ArrowRight', () => step(1));
  useShortcut('ArrowLeft', () => step(-1));
  useShortcut('+', () => scale(0.2));
  useShortcut('=', () => scale(0.2));
  useShortcut('-', () => scale(-0.2));
  useShortcut('r', () => setTurn((t) => (t + 90) % 360));
  const size = zoom === 0 ? { maxHeight: 'calc(100vh - 142px)' } : { width: `${zoom * 720}px` };
  return (
    <div className="desk-body">
      <Catalog materials={desk.materials} range={desk.consultation.grantText ?? ''} current={material?.id} onOpen={(m) => m.leaves.length > 0 && show(m)} />
      <main className="desk-page">
        <div className="desk-tools">
          <h2>{material ? `${material.class}-${material.seq} ${material.title}` : '请从目录选择材料'}</h2>
          {material && <span className="meta">{[material.formed && `形成 ${material.formed}`, `${material.leaves.length} 页`].filter(Boolean).join('·')}</span>}
          {material && (
            <span className="end">
              <button type="button" className="icon-button" aria-label="缩小" onClick={() => scale(-0.2)}><ZoomOutIcon /></button>
              <button type="button" className="bare dense" onClick={() => setZoom(0)}>{zoom === 0 ? '适合高度' : `${Math.round(zoom * 100)}%`}</button>
              <button type="button" className="icon-button" aria-label="放大" onClick={() => scale(0.2)}><ZoomInIcon /></button>
              <button type="button" className="icon-button" aria-label="旋转" onClick={() => setTurn((t) => (t + 90) % 360)}><RotateIcon /></button>
              <button type="button" className="icon-button" aria-label="适合高度" onClick={() => setZoom(0)}><FitIcon /></button>
              <button type="button" className="icon-button" aria-label="加深字迹" aria-pressed={deep} title="加深字迹，便于辨认褪色的纸页；只改变显示" onClick={() => setDeep(!deep)}><InkIcon /></button>
              <Button size="small" aria-label="上一页" icon={<LeftIcon />} onClick={() => step(-1)} />
              <span className="dense">{material.leaves.indexOf(at.no) + 1} / {material.leaves.length}</span>
              <Button size="small" aria-label="下一页" icon={<RightIcon />} onClick={() => step(1)} />
            </span>
          )}
        </div>
        <div className="desk-sheet" role="region" aria-label="页面" onContextMenu={(e) => e.preventDefault()}>
          {!material && <p className="ink2">{open.length > 0 ? '左侧目录中可查阅的材料，点开即逐页翻阅。' : '获准范围内没有影像。'}</p>}
          {shown.problem && <div style={{ background: '#fff', maxWidth: 520 }}><ProblemView problem={shown.problem} /></div>}
          {shown.url && shown.key === key && !hidden && (
            <button type="button" className="bare" aria-label={`${material?.title ?? ''}第 ${at.no} 页，按下翻到下一页`} onClick={() => step(1)}>
              <img className={deep ? 'deep' : undefined} src={shown.url} alt="" draggable={false} style={{ ...size, transform: `rotate(${turn}deg)` }} />
            </button>
          )}
        </div>
      </main>
      <aside className="desk-thumbs" aria-label="本份各页">
        <h2>{material ? `本份 ${material.leaves.length} 页` : '各页'}</h2>
        {material && material.leaves.map((no) => (
          <button key={no} type="button" aria-current={no === at.no ? 'true' : undefined} onClick={() => setAt({ id: material.id, no })}>
            <span className="leaf blank" />
            第 {no} 页{material.viewed.includes(no) ? '·已阅' : ''}
          </button>
        ))}
      </aside>
    </div>
  );
}
