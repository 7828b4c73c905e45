import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { fetchOrThrow, problemOf } from '../../api/client';
import { FitIcon, InkIcon, LeftIcon, RightIcon, RotateIcon, ZoomInIcon, ZoomOutIcon } from '../../shared/icons';
import { useShortcut } from '../../shared/keys';
import { ProblemView } from '../../shared/problem';
import { Loading } from '../../shared/states';
import './viewer.css';

export interface ViewerMaterial {
  id: string;
  class: string;
  className: string;
  /** What stands before the heading instead of the class. */
  code?: string;
  /** 4-1-4 */
  place: string;
  title: string;
  /** Beside the title: 形成 2013年6月20日 */
  note?: string;
  /** Why nothing is shown: 涉密件（纸质）, 未扫描. */
  closed?: string;
  pages: { id: string; no: number }[];
}

export interface Thumb {
  id: string;
  no: number;
  image: string;
}

interface ViewerProps {
  /** Left of the header: whose dossier, in which case. */
  head: ReactNode;
  /** Right of the header: who reads, the clock, the way out. */
  end?: ReactNode;
  materials: ViewerMaterial[];
  /** Where the rendering of a page is fetched; each fetch is on record. */
  imagePath: (pageId: string) => string;
  /** Thumbnails of a material after a page, some at once; without it the rail shows numbers. */
  thumbs?: (materialId: string, after: number) => Promise<Thumb[]>;
  start?: { material: string; page: string };
  /** Beside the page, above the thumbnails: the verdict of an acceptance. */
  /** The panel holds a form: the rail is as wide as one needs. */
  wide?: boolean;
  panel?: (material: ViewerMaterial, page: { id: string; no: number }) => ReactNode;
  footLeft?: ReactNode;
  footRight?: (read: number) => ReactNode;
  /** Below the catalog: what was granted. */
  granted?: ReactNode;
  /** Covers the pages: a reader left, the time is up. */
  locked?: ReactNode;
  onPage?: (pageId: string) => void;
}

/** An enlarged page is scrolled by the arrow keys too (WCAG 2.1.1). */
const scrolledByKeys = { tabIndex: 0 };

/** Pieces up to which a catalog needs no folding. */
const wholeCatalog = 20;

const zooms = [1, 1.25, 1.5, 2, 3];

/** Pages of a dossier beside its catalog, for staff and for reading sessions. */
export function Viewer({ head, end, materials, imagePath, thumbs, start, wide = false, panel, footLeft, footRight, granted, locked, onPage }: ViewerProps) {
  const readable = useMemo(() => materials.filter((m) => m.pages.length > 0 && !m.closed), [materials]);
  const [chosen, setChosen] = useState(start);
  const material = readable.find((m) => m.id === chosen?.material) ?? readable[0];
  const page = material?.pages.find((p) => p.id === chosen?.page) ?? material?.pages[0];
  const [turned, setTurned] = useState(0);
  const [zoom, setZoom] = useState(0);
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const [deep, setDeep] = useState(false);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const stage = useRef<HTMLDivElement>(null);

  const all = useMemo(() => readable.flatMap((m) => m.pages.map((p) => ({ material: m.id, page: p.id }))), [readable]);
  const at = all.findIndex((x) => x.page === page?.id);
  const go = (to: { material: string; page: string } | undefined) => {
    if (!to || locked) return;
    setChosen(to);
    setTurned(0);
    stage.current?.scrollTo(0, 0);
  };
  const seen = (id: string) => {
    setRead((before) => (before.has(id) ? before : new Set(before).add(id)));
    onPage?.(id);
  };
  useShortcut('ArrowRight', (e) => { e.preventDefault(); go(all[at + 1]); });
  useShortcut('ArrowLeft', (e) => { e.preventDefault(); go(all[at - 1]); });
  const closer = () => setZoom((z) => Math.min(z + 1, zooms.length - 1));
  const farther = () => setZoom((z) => Math.max(z - 1, 0));
  useShortcut('+', closer);
  useShortcut('=', closer);
  useShortcut('-', farther);
  useShortcut('r', () => setTurned((t) => (t + 90) % 360));

  const classes = useMemo(() => {
    const out: { code: string; name: string; list: ViewerMaterial[] }[] = [];
    for (const m of materials) {
      const last = out.at(-1);
      if (last?.code === m.class) last.list.push(m);
      else out.push({ code: m.class, name: m.className, list: [m] });
    }
    return out;
  }, [materials]);
  // A long catalog opens at the class that is read, a short one whole.
  const unfolded = materials.length <= wholeCatalog;
  const total = materials.reduce((n, m) => n + m.pages.length, 0);

  return (
    <div className={wide ? 'viewer wide-rail' : 'viewer'}>
      <header className="viewer-head">
        <div className="viewer-who"><img className="viewer-seal" src="/seal.svg" alt="" />{head}</div>
        <div className="viewer-end">{end}</div>
      </header>
      <nav className="viewer-catalog" aria-label="目录">
        <div className="viewer-side-head"><h2>目录</h2><span className="meta">{materials.length} 份 {total} 页</span></div>
        <ul>
          {classes.map((c) => {
            const open = (unfolded || c.code === material?.class) !== toggled.has(c.code);
            return (
              <li key={c.code}>
                <button type="button" className="viewer-class" aria-expanded={open} onClick={() => setToggled((f) => { const next = new Set(f); if (!next.delete(c.code)) next.add(c.code); return next; })}>
                  <span className="code">{c.list[0]?.code ?? c.code}</span><span className="name">{c.name}</span><span className="n">{c.list.length} 份 <i aria-hidden="true">{open ? '▾' : '▸'}</i></span>
                </button>
                {open && (
                  <ul>
                    {c.list.map((m) => {
                      const first = m.pages[0];
                      const done = m.pages.filter((p) => read.has(p.id)).length;
                      const now = m.id === material?.id;
                      const word = m.closed ?? (now && page ? `${m.pages.indexOf(page) + 1}/${m.pages.length}` : done > 0 && done === m.pages.length ? '已阅' : `${m.pages.length}`);
                      return (
                        <li key={m.id}>
                          <button type="button" className={now ? 'viewer-item current' : 'viewer-item'} aria-current={now ? 'true' : undefined} disabled={!first || m.closed !== undefined} onClick={() => first && go({ material: m.id, page: first.id })}>
                            <span className="code">{m.place}</span><span className="name">{m.title}</span><span className="n">{word}</span>
                          </button>
                        </li>
                      );
                    })}
                  </ul>
                )}
              </li>
            );
          })}
        </ul>
        {granted && <div className="viewer-granted">{granted}</div>}
      </nav>
      <main className="viewer-main" id="main">
        <div className="viewer-bar">
          {material && page ? (
            <h1><b>{material.place} {material.title}</b> <span className="meta">{[material.note, `${material.pages.length} 页`].filter(Boolean).join('·')}</span></h1>
          ) : <h1><b>没有可看的影像</b></h1>}
          <div className="viewer-tools" role="toolbar" aria-label="看图">
            <button type="button" aria-label="缩小" disabled={zoom === 0} onClick={farther}><ZoomOutIcon /></button>
            <span className="viewer-zoom" aria-live="polite">{zoom === 0 ? '适合高度' : `${Math.round((zooms[zoom] ?? 1) * 100)}%`}</span>
            <button type="button" aria-label="放大" disabled={zoom === zooms.length - 1} onClick={closer}><ZoomInIcon /></button>
            <i className="sep" aria-hidden="true" />
            <button type="button" aria-label="向右旋转" onClick={() => setTurned((t) => (t + 90) % 360)}><RotateIcon /></button>
            <button type="button" aria-label="适合高度" onClick={() => { setZoom(0); setTurned(0); }}><FitIcon /></button>
            <button type="button" aria-label="加深字迹" aria-pressed={deep} title="加深字迹，便于辨认褪色的纸页；只改变显示" onClick={() => setDeep(!deep)}><InkIcon /></button>
            <i className="sep" aria-hidden="true" />
            <Button size="small" aria-label="上一页" disabled={at <= 0 || !!locked} icon={<LeftIcon />} onClick={() => go(all[at - 1])} />
            <span className="viewer-count num">{page && material ? `${material.pages.indexOf(page) + 1} / ${material.pages.length}` : '0 / 0'}</span>
            <Button size="small" aria-label="下一页" disabled={at < 0 || at >= all.length - 1 || !!locked} icon={<RightIcon />} onClick={() => go(all[at + 1])} />
          </div>
        </div>
        <div className="viewer-stage" ref={stage} role="group" aria-label="影像" {...scrolledByKeys}>
          {locked ? <div className="viewer-locked" role="alert">{locked}</div> : page && material && (
            <PageImage key={page.id} path={imagePath(page.id)} label={`${material.title} 第 ${page.no} 页`} scale={zooms[zoom] ?? 1} turned={turned} deep={deep} onShown={() => seen(page.id)} />
          )}
        </div>
        <footer className="viewer-foot">
          <span>左右键翻页·+/− 缩放·R 旋转{footLeft && <> <i className="sep" aria-hidden="true" /> {footLeft}</>}</span>
          <span>{footRight?.(read.size)}</span>
        </footer>
      </main>
      <aside className="viewer-rail" aria-label="本份各页">
        {material && page && panel?.(material, page)}
        {material && !locked && (
          <Rail material={material} current={page?.id} read={read} thumbs={thumbs} onPick={(id) => go({ material: material.id, page: id })} />
        )}
      </aside>
    </div>
  );
}

function PageImage({ path, label, scale, turned, deep, onShown }: { path: string; label: string; scale: number; turned: number; deep: boolean; onShown: () => void }) {
  const query = useQuery({
    queryKey: ['page-image', path],
    queryFn: async () => (await fetchOrThrow(path)).blob(),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
  const [url, setUrl] = useState<string>();
  const shown = useRef(onShown);
  useEffect(() => { shown.current = onShown; });
  useEffect(() => {
    if (!query.data) return;
    const made = URL.createObjectURL(query.data);
    setUrl(made);
    shown.current();
    return () => URL.revokeObjectURL(made);
  }, [query.data]);
  if (query.error) return <div className="viewer-problem"><ProblemView problem={problemOf(query.error)} onRetry={() => void query.refetch()} /></div>;
  if (!url) return <div className="viewer-wait" role="status" aria-label="正在取影像"><Loading rows={10} /></div>;
  const sideways = turned % 180 !== 0;
  return (
    <div className={['viewer-sheet', sideways && 'sideways', deep && 'deep'].filter(Boolean).join(' ')} style={{ height: `${scale * 100}%` }}>
      <img src={url} alt={label} draggable={false} onContextMenu={(e) => e.preventDefault()} style={{ transform: `rotate(${turned}deg)` }} />
    </div>
  );
}

/** How many thumbnails the API gives at once. */
const stripLength = 60;

function Rail({ material, current, read, thumbs, onPick }: { material: ViewerMaterial; current?: string; read: ReadonlySet<string>; thumbs?: (id: string, after: number) => Promise<Thumb[]>; onPick: (id: string) => void }) {
  const part = Math.floor(Math.max(0, material.pages.findIndex((p) => p.id === current)) / stripLength);
  const after = material.pages[part * stripLength - 1]?.no ?? 0;
  const query = useQuery({
    queryKey: ['page-thumbs', material.id, after],
    queryFn: () => (thumbs ? thumbs(material.id, after) : Promise.resolve([])),
    enabled: thumbs !== undefined,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
  const images = new Map(query.data?.map((t) => [t.id, t.image]));
  return (
    <>
      <div className="viewer-side-head"><h2>本份 {material.pages.length} 页</h2></div>
      <ol>
        {material.pages.map((p) => {
          const image = images.get(p.id);
          return (
            <li key={p.id}>
              <button type="button" className={p.id === current ? 'viewer-thumb current' : 'viewer-thumb'} aria-current={p.id === current ? 'page' : undefined} onClick={() => onPick(p.id)}>
                {image ? <img src={image} alt="" draggable={false} /> : <span className="blank" aria-hidden="true" />}
                <span className="meta">第 {p.no} 页{read.has(p.id) ? '·已阅' : ''}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </>
  );
}

interface CountdownProps {
  /** When the reading ends (ISO time of the server). */
  until: string;
  minutes: number;
  onEnd: () => void;
}

/** 剩余 38:12 共 60 分; spoken at ten and two minutes only. */
export function Countdown({ until, minutes, onEnd }: CountdownProps) {
  const left = () => Math.max(0, Math.floor((new Date(until).getTime() - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  const done = useRef(onEnd);
  useEffect(() => { done.current = onEnd; });
  useEffect(() => {
    const timer = setInterval(() => {
      const now = Math.max(0, Math.floor((new Date(until).getTime() - Date.now()) / 1000));
      setSeconds(now);
      if (now === 0) {
        clearInterval(timer);
        done.current();
      }
    }, 1000);
    return () => clearInterval(timer);
  }, [until]);
  const said = seconds <= 120 ? '还剩两分钟' : seconds <= 600 ? '还剩十分钟' : '';
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <span className={seconds <= 120 ? 'countdown near' : 'countdown'}>
      <span className="meta">剩余</span>
      <b role="timer" aria-label="剩余时间">{clock}</b>
      <span className="bar" aria-hidden="true"><i style={{ width: `${Math.min(100, (seconds / (minutes * 60)) * 100)}%` }} /></span>
      <span className="meta">共 {minutes} 分</span>
      <span className="hidden-text" aria-live="polite">{said}</span>
    </span>
  );
}
