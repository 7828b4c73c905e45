import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';

interface PageHeadProps {
  title: string;
  /** Shown in place of the title where it is more than text; title still names the window. */
  heading?: ReactNode;
  person?: boolean;
  sub?: ReactNode;
  crumbs?: { label: string; to?: string }[];
  acts?: ReactNode;
  /** Tabs or steps on the ruling line. */
  children?: ReactNode;
  plain?: boolean;
}

/** Title line of a page; its only h1, and the window's title. */
export function PageHead({ title, heading, person, sub, crumbs, acts, children, plain }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title}·流动人员人事档案`;
  }, [title]);
  return (
    <div className={plain ? 'page-head plain' : 'page-head'}>
      {crumbs && (
        <nav className="crumbs" aria-label="所在位置">
          <ol>{crumbs.map((c) => <li key={c.label}>{c.to ? <Link to={c.to}>{c.label}</Link> : c.label}</li>)}</ol>
        </nav>
      )}
      <div className="page-title">
        <h1 className={person ? 'person' : undefined}>{heading ?? title}</h1>
        {sub && <span className="sub">{sub}</span>}
        {acts && <div className="acts">{acts}</div>}
      </div>
      {children}
    </div>
  );
}

/** Main column and an aside split by a line; 304 for work, 268 for a dossier. */
export function Split({ aside, label, width = 304, children }: { aside: ReactNode; label: string; width?: number; children: ReactNode }) {
  return (
    <div className="split">
      <div className="split-main">{children}</div>
      <aside aria-label={label} style={{ width }}>{aside}</aside>
    </div>
  );
}

/** Heading of a section with its number and what stands at the line's end. */
export function SectionHead({ children, n, note, end, level = 2, id }: { children: ReactNode; n?: ReactNode; note?: ReactNode; end?: ReactNode; level?: 2 | 3; id?: string }) {
  const H = level === 2 ? 'h2' : 'h3';
  return (
    <div className="section-head">
      <H id={id}>{children}</H>
      {n !== undefined && <span className="n">{n}</span>}
      {note && <span className="meta">{note}</span>}
      {end && <span className="end">{end}</span>}
    </div>
  );
}

/** Views of one list as tabs that are links or buttons. */
export function ViewTabs<K extends string>({ label, views, value, onChange, end }: { label: string; views: { key: K; label: string; n?: number | string }[]; value: K; onChange: (key: K) => void; end?: ReactNode }) {
  return (
    <div className="page-tabs">
      <nav aria-label={label} className="page-tabs">
        {views.map((v) => (
          <button key={v.key} type="button" className="tab" aria-current={v.key === value ? 'true' : undefined} onClick={() => onChange(v.key)}>
            {v.label}
            {v.n !== undefined && <span className="n">{typeof v.n === 'number' ? v.n.toLocaleString('en-US') : v.n}</span>}
          </button>
        ))}
      </nav>
      {end && <span className="end">{end}</span>}
    </div>
  );
}

/** A few exclusive choices side by side. */
export function Segments<K extends string>({ label, options, value, onChange }: { label: string; options: { key: K; label: string }[]; value: K; onChange: (key: K) => void }) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((o) => <button key={o.key} type="button" aria-pressed={o.key === value} onClick={() => onChange(o.key)}>{o.label}</button>)}
    </div>
  );
}

/** Numbered steps; what is behind is ticked. */
export function StepLine({ label, steps, current }: { label: string; steps: string[]; current: number }) {
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((s, i) => (
        <li key={s} className={i < current ? 'past' : undefined} aria-current={i === current ? 'step' : undefined}>
          <span className="mark" aria-hidden="true">{i < current ? '✓' : i + 1}</span>
          {s}
          {i < current && <span className="hidden-text">（已完成）</span>}
        </li>
      ))}
    </ol>
  );
}

/** Pairs of a label and a value. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="facts">
      {items.filter((i) => i.value !== undefined && i.value !== null && i.value !== '' && i.value !== false).map((i) => (
        <div key={i.label} style={{ display: 'contents' }}>
          <dt>{i.label}</dt>
          <dd>{i.value}</dd>
        </div>
      ))}
    </dl>
  );
}
