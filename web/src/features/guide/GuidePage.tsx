import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, problemOf, read, type Schema } from '../../api/client';
import { longDate } from '../../shared/dates';
import { Outside, Trouble } from '../portal/frame';
import './guide.css';

type Guide = Schema<'GuideView'>;

/** 办事指南 (26): for anybody, on a telephone, at the window, on paper. */
export default function GuidePage() {
  const query = useQuery({ queryKey: ['guide'], queryFn: () => read(api.GET('/api/v1/guide')), staleTime: 60_000 });
  return (
    <Outside title="办事指南" end={<button type="button" className="print" onClick={() => window.print()}>打印</button>}>
      <div aria-live="polite">{query.isLoading && <p className="say">正在打开…</p>}</div>
      {query.error && <section><Trouble problem={problemOf(query.error)} /></section>}
      {query.data && <Whole guide={query.data} />}
    </Outside>
  );
}

function Whole({ guide }: { guide: Guide }) {
  return (
    <>
      <section className="guide-free"><p>{guide.free}</p></section>
      <nav className="guide-index" aria-label="目录">
        {guide.services.map((s) => <a key={s.key} href={`#${s.key}`}>{s.name}</a>)}
        <a href="#categories">人员类别和依据</a>
        <a href="#agents">委托代办</a>
        <a href="#agencies">到哪里办</a>
      </nav>
      {guide.services.map((s) => <Service key={s.key} s={s} />)}
      <section id="categories" aria-labelledby="h-categories">
        <h2 id="h-categories">人员类别和依据</h2>
        <p>存档须属于下列七类人员之一，带上所列的一种依据。</p>
        {guide.categories.map((c) => (
          <div key={c.code} className="guide-category">
            <h3>{c.name}</h3>
            <ul>{c.kinds.map((k) => <li key={k.name ?? ''}>{k.name && <strong>{k.name}：</strong>}{k.evidence}</li>)}</ul>
          </div>
        ))}
      </section>
      <section id="agents" aria-labelledby="h-agents">
        <h2 id="h-agents">委托代办</h2>
        <p>本人不能来的，可以书面委托他人，带委托书和双方的有效证件。不接受有偿中介代办。</p>
        <h3>可以代办</h3>
        <p>{guide.agents.map((a) => a.name).join('、')}</p>
        <h3>不能代办</h3>
        <ul>{guide.personal.map((p) => <li key={p.code}>{p.name}</li>)}</ul>
      </section>
      <Agencies list={guide.agencies} />
      <section><p className="note">内容截至{longDate(guide.asOf)}，以机构现行规定为准。</p></section>
    </>
  );
}

function Service({ s }: { s: Schema<'GuideService'> }) {
  return (
    <section id={s.key} aria-labelledby={`h-${s.key}`} className="guide-service">
      <h2 id={`h-${s.key}`}>{s.name}</h2>
      <dl>
        <div><dt>谁办</dt><dd>{s.who}</dd></div>
        <div><dt>带什么</dt><dd>{s.papers.length === 1 ? s.papers[0] : <ul>{s.papers.map((p) => <li key={p}>{p}</li>)}</ul>}</dd></div>
        <div><dt>多久</dt><dd>{s.term}</dd></div>
        <div><dt>得到什么</dt><dd>{s.result}</dd></div>
        <div><dt>另外</dt><dd>不收取费用</dd></div>
      </dl>
      {s.online && <p className="screen-only"><Link className="text-link" to="/portal">网上申请</Link></p>}
    </section>
  );
}

function Agencies({ list }: { list: Schema<'GuideAgency'>[] }) {
  const [text, setText] = useState('');
  const shown = list.filter((a) => text.trim() === '' || `${a.name}${a.address ?? ''}`.includes(text.trim()));
  return (
    <section id="agencies" aria-labelledby="h-agencies">
      <h2 id="h-agencies">到哪里办</h2>
      <p>到户籍所在地、现工作单位所在地或者其他存档依据所在地的机构办理；走错了的，窗口会转到有依据的机构，不用您再跑。</p>
      <label className="guide-find screen-only">按区县或名称查找<input type="search" value={text} onChange={(e) => setText(e.target.value)} maxLength={40} /></label>
      {shown.length === 0 && <p role="status">没有名称或地址含“{text.trim()}”的机构，请换一个词。</p>}
      <ul className="guide-agencies">
        {shown.map((a) => (
          <li key={a.code}>
            <strong>{a.name}</strong>
            {a.address && <p>{a.address}{a.postcode && `（${a.postcode}）`}</p>}
            {(a.phone ?? a.hotline) && <p>电话 <Call no={a.hotline ?? a.phone} />{a.hotline && a.phone && a.hotline !== a.phone && <>、<Call no={a.phone} /></>}</p>}
            {a.oversight && <p>监督电话 <Call no={a.oversight} /></p>}
            {!a.address && !a.phone && !a.hotline && <p>地址、电话请向主管部门询问。</p>}
            {a.closed && <p className="late">{a.closed}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Call({ no }: { no: string | undefined }) {
  return <a href={`tel:${(no ?? '').replace(/[^\d+]/g, '')}`}>{no}</a>;
}
