import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { Fragment, useMemo, useState, type ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Schema } from '../../api/client';
import { placeOf } from '../../app/registry';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate, shortDate } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { MaskedId } from '../../shared/identity';
import { PageHead, SectionHead, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Recorded } from './Recorded';

type View = Schema<'DossierView'>;
type Material = Schema<'MaterialView'>;

const months = (day: string) => (day ? `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月` : '');

/** The dossier: who, where it is, what it holds, what it proves, what may be done now. */
export default function DossierPage() {
  const { id = '' } = useParams();
  const dossier = useQuery({ queryKey: ['dossiers', id], queryFn: () => readTagged(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })) });
  return <Answer query={dossier} rows={12}>{({ value, etag }) => <Page key={value.id} d={value} etag={etag} />}</Answer>;
}

function Page({ d, etag }: { d: View; etag: string }) {
  const navigate = useNavigate();
  const [entering, setEntering] = useState<'fact' | 'period' | 'family'>();
  const on = Object.fromEntries(
    d.possible.map((p) => {
      const place = placeOf(p.action, d.id);
      return [p.action, p.action === 'dossier.enter' ? () => setEntering('fact') : place ? () => void navigate(place) : undefined];
    }),
  );
  const shown = d.possible.filter((p) => p.action !== 'dossier.reveal' && p.action !== 'dossier.supplement');
  const may = (action: string) => d.possible.some((p) => p.action === action && p.allowed);
  return (
    <Split label="办理" width={268} aside={<Aside d={d} shown={shown} on={on} />}>
      <PageHead
        plain
        person
        title={`${d.person.name}的档案`}
        heading={d.person.name}
        crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: d.no }]}
        sub={
          <span className="person-line">
            <span>{[d.person.sex.replace('性', ''), d.person.ethnic, d.person.birthDate && `${months(d.person.birthDate)}生`, d.person.political].filter(Boolean).join('·')}</span>
            <span style={{ color: 'var(--ink)' }}>{d.no}</span>
            <Status tone={d.tone as Tone}>{d.stateName}</Status>
          </span>
        }
      />
      <div style={{ padding: '0 20px 24px 24px' }}>
        <Header d={d} mayReveal={may('dossier.reveal')} />
        {d.hold && <p className="notice" role="note"><span className="red strong">限制转出</span>　{d.hold}。</p>}
        <Chain d={d} />
        <Anchors d={d} />
        <Catalog d={d}><KeyFacts d={d} /></Catalog>
        <Recorded d={d} etag={etag} mayEnter={may('dossier.enter')} entering={entering} onEntering={setEntering} />
        <Gaps d={d} mayClose={may('dossier.supplement')} />
        <Cases d={d} />
        <Papers id={d.id} />
        <Timeline d={d} />
      </div>
    </Split>
  );
}

const bases: Record<string, string> = { stock: '存量登记', transfer: '转递接收', new: '新建' };

function Header({ d, mayReveal }: { d: View; mayReveal: boolean }) {
  const reveal = (reason: string) => read(api.POST('/api/v1/dossiers/{id}/reveal', { params: { path: { id: d.id } }, body: { reason } })).then((r) => r.idWritten || r.idNo);
  const secrecy = [d.secrecyName, d.senior ? '曾任领导职务' : ''].filter(Boolean).join('，');
  return (
    <dl className="dossier-facts">
      <div><dt>身份证号</dt><dd><MaskedId masked={d.person.idNo} reveal={mayReveal ? reveal : undefined} problemOf={problemOf} /></dd></div>
      <div>
        <dt>人员类别</dt>
        <dd>
          {d.category.code} {d.category.name}
          <p className="dense ink2">{[d.category.subName, d.category.evidence && `依据：${d.category.evidence}`].filter(Boolean).join('·')}</p>
        </dd>
      </div>
      <div><dt>密级</dt><dd>{secrecy}{(d.secrecy > 0 || d.cases.some((c) => c.room === 'secrecy')) && <>　<Link className="text-link" to={`/dossiers/${d.id}/secrecy`}>定密与知悉</Link></>}</dd></div>
      <div><dt>账户</dt><dd>{[d.account.name, d.account.unit].filter(Boolean).join('·')}</dd></div>
      <div>
        <dt>转递方式</dt>
        <dd>{d.forced.text}{d.forced.reason && <p className="dense ink2">{d.forced.reason}</p>}</dd>
      </div>
      <div><dt>规模</dt><dd>{d.catalog.materials > 0 ? `${d.catalog.materials} 份 ${d.catalog.pages} 页·影像 ${d.catalog.images} 页` : '纸质，未录目录'}</dd></div>
      {(d.person.employer || d.person.phone) && <div><dt>单位、电话</dt><dd>{[d.person.employer, d.person.phone].filter(Boolean).join('·')}</dd></div>}
      <div><dt>收档</dt><dd>{[longDate(d.receivedOn), d.receivedFrom && `自${d.receivedFrom}`, bases[d.basis] ?? d.basis].filter(Boolean).join('·')}</dd></div>
      {d.remark && <div><dt>备注</dt><dd>{d.remark}</dd></div>}
    </dl>
  );
}

/** Where it was and is: the last handovers and now. */
function Chain({ d }: { d: View }) {
  const last = d.custody.slice(-4);
  const tone = d.tone === 'plain' ? '' : d.tone;
  return (
    <ol className="chain" aria-label="保管经过">
      {last.map((e) => (
        <li key={`${e.at} ${e.kind}`}>
          <p className="meta">{longDate(e.at)}</p>
          <p className="strong">{e.name}</p>
          <p className="meta">{[e.to, e.by].filter(Boolean).join('·')}</p>
        </li>
      ))}
      <li className={`now ${tone}`} aria-current="true">
        <p className="meta">现在</p>
        <p className="strong">{d.where}</p>
        <p className="meta">{d.agencyName}</p>
      </li>
    </ol>
  );
}

function Anchors({ d }: { d: View }) {
  const [at, setAt] = useState('catalog');
  const images = placeOf('digital.open', d.id);
  const differ = d.keyFacts.filter((k) => k.verdict === 'differ').length;
  const anchors: [string, string, string][] = [
    ['catalog', '目录', String(d.catalog.materials)],
    ['facts', '关键信息', [differ ? `${differ} 处待核` : '', d.unconfirmed ? `${d.unconfirmed} 条待核对` : ''].filter(Boolean).join('，')],
    ['cases', '业务', String(d.cases.length)],
    ['timeline', '时间线', String(d.timelineCount)],
  ];
  return (
    <nav className="page-tabs anchors" aria-label="本页各部分">
      {anchors.map(([key, label, n]) => (
        <a
          key={key}
          className="tab"
          href={`#${key}`}
          aria-current={at === key ? 'true' : undefined}
          onClick={(e) => {
            e.preventDefault();
            setAt(key);
            document.getElementById(key)?.scrollIntoView({ block: 'start' });
          }}
        >
          {label}
          {n && <span className="n">{n}</span>}
        </a>
      ))}
      {images && d.catalog.images > 0 && <Link className="tab" to={images}>影像<span className="n">{d.catalog.images}</span></Link>}
    </nav>
  );
}

/** Catalog by class, what it proves below it; a dossier on paper only says so and how to go on. */
function Catalog({ d, children }: { d: View; children: ReactNode }) {
  const navigate = useNavigate();
  const classes = d.catalog.classes;
  const [code, setCode] = useState(() => classes.find((c) => c.items.length > 0)?.code ?? classes[0]?.code ?? '');
  const [find, setFind] = useState('');
  const found = useMemo(() => {
    const text = find.trim();
    return text ? classes.flatMap((c) => c.items).filter((m) => m.title.includes(text)) : undefined;
  }, [find, classes]);
  const chosen = classes.find((c) => c.code === code);
  const list = found ?? chosen?.items ?? [];
  const print = placeOf('dossier.print_catalog', d.id);
  const enter = d.possible.find((p) => p.action === 'material.enter_catalog');
  const enterAt = placeOf('material.enter_catalog', d.id);
  return (
    <section id="catalog" aria-label="目录" className="catalog">
      {(d.catalog.materials > 0 || d.loose.length > 0) && <nav aria-label="类别" className="classes">
        {classes.map((c) => (
          <button key={c.code} type="button" aria-current={!found && c.code === code ? 'true' : undefined} onClick={() => { setCode(c.code); setFind(''); }} className={c.items.length === 0 ? 'none' : undefined}>
            <span className="c">{c.code}</span>{c.short}<span className="n">{c.items.length || '无'}</span>
          </button>
        ))}
        {d.loose.length > 0 && <a href="#loose" className="loose-link" onClick={(e) => { e.preventDefault(); document.getElementById('loose')?.scrollIntoView({ block: 'center' }); }}><span className="c" />零散材料<span className="n">{d.loose.length}</span></a>}
      </nav>}
      <div className={d.catalog.materials > 0 || d.loose.length > 0 ? 'materials' : 'materials alone'}>
        {(d.catalog.materials > 0 || d.loose.length > 0) && <div className="section-head" style={{ alignItems: 'center' }}>
          <h2>{found ? '查找结果' : <>{chosen?.code}{'　'}{chosen?.name}</>}</h2>
          <span className="meta ink2">{list.length} 份 {list.reduce((n, m) => n + m.pages, 0)} 页{'　'}{d.catalog.version > 0 && `目录版本 ${d.catalog.version}`}</span>
          <span className="end" style={{ display: 'flex', gap: 8 }}>
            <Input size="small" aria-label="在目录中查找" placeholder="在目录中查找" value={find} onChange={(e) => setFind(e.target.value)} allowClear style={{ width: 150 }} />
            {print && d.catalog.materials > 0 && <Button size="small" onClick={() => void navigate(print)}>打印目录</Button>}
          </span>
        </div>}
        {d.catalog.materials === 0 && d.loose.length === 0 ? (
          <Empty act={enter?.allowed && enterAt ? { label: '录入目录', onClick: () => void navigate(enterAt) } : undefined}>这份档案只有纸质，系统中还没有目录。提档后可逐份录入，由第二人核对；不录目录也可照常转递、查阅和出具存档证明。</Empty>
        ) : (
          <div className="scroll-x">
            <table className="plain tight list">
              <thead>
                <tr>
                  <th scope="col">类号</th><th scope="col">材料名称</th><th scope="col" className="num">年</th><th scope="col" className="num">月</th><th scope="col" className="num">日</th><th scope="col" className="num">页</th>
                  <th scope="col">关键信息</th><th scope="col">状态</th><th scope="col">备注</th>
                </tr>
              </thead>
              <tbody>
                {list.map((m) => <MaterialRow key={m.id} m={m} d={d} />)}
                {list.length === 0 && <tr><td colSpan={9} className="ink3">{found ? '目录中没有这个名称。' : '本类没有材料。'}</td></tr>}
                {d.loose.length > 0 && (
                  <tr className="group" id="loose">
                    <th scope="rowgroup" colSpan={9} style={{ fontSize: 14 }}>零散材料（待鉴别）{d.loose.length} 份 <span className="meta" style={{ fontWeight: 400, marginLeft: 6 }}>未编类号，归档后列入目录</span></th>
                  </tr>
                )}
                {d.loose.map((m) => <MaterialRow key={m.id} m={m} d={d} />)}
              </tbody>
            </table>
          </div>
        )}
        {children}
      </div>
    </section>
  );
}

function MaterialRow({ m, d }: { m: Material; d: View }) {
  const at = placeOf('material.open', d.id, m.id);
  const title = m.title || '涉密件（纸质）';
  const note = [m.mainId && '附件', m.note, m.isCopy && !m.note?.includes('复制件') ? '复制件' : '', m.state !== 'filed' && m.receivedOn ? `${shortDate(m.receivedOn)}收` : ''].filter(Boolean).join('，');
  return (
    <tr>
      <td className="ink2 nowrap">{m.number}</td>
      <td>{at ? <Link to={at}>{title}</Link> : title}</td>
      <td className="num">{m.year || ''}</td>
      <td className="num">{m.month || ''}</td>
      <td className="num">{m.day || ''}</td>
      <td className="num">{m.pages || ''}</td>
      <td className="dense" style={{ color: 'var(--accent)' }}>{m.keyFactNames.join('、')}</td>
      <td><Status tone={m.tone as Tone}>{m.stateName}</Status></td>
      <td className="meta">{note}</td>
    </tr>
  );
}

const verdicts: Record<string, { tone: Tone; word: string }> = { agree: { tone: 'done', word: '一致' }, differ: { tone: 'bad', word: '不一致' }, missing: { tone: 'wait', word: '缺材料' }, silent: { tone: 'plain', word: '未登记' }, decided: { tone: 'done', word: '已认定' } };

/** 打印信息核对表: a numbered, sealed paper of what is written where. */
function Comparison({ d }: { d: View }) {
  const may = d.possible.some((p) => p.action === 'dossier.print_comparison' && p.allowed) && d.keyFacts.some((k) => k.mentions.length > 0);
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/comparison/print', { params: { path: { id: d.id } }, headers })),
    invalidates: [['documents'], ['dossiers', d.id]],
    done: (paper) => `已出具 ${paper.number}`,
    onDone: (paper) => void openPdf(`/api/v1/documents/${paper.id}/pdf`),
  });
  return (
    <span style={{ display: 'flex', gap: 12, alignItems: 'baseline' }}>
      <span className="meta ink2">机构只列出记载和差异，不作认定</span>
      <Link className="text-link dense" to={`/dossiers/${d.id}/facts`}>信息核对表</Link>
      {may && <button type="button" className="bare dense" disabled={act.isPending} onClick={() => act.mutate()}>打印信息核对表</button>}
      {act.problem && <span className="meta red" role="alert">{act.problem.detail ?? act.problem.title}</span>}
    </span>
  );
}

/** Mentions side by side; nothing is decided here. */
function KeyFacts({ d }: { d: View }) {
  return (
    <section id="facts" aria-label="关键信息">
      <SectionHead end={<Comparison d={d} />}>关键信息</SectionHead>
      <div className="scroll-x">
        <table className="plain tight list">
          <thead><tr><th scope="col">信息项</th><th scope="col">档案记载（最早）</th><th scope="col">依据的材料·原文</th><th scope="col">对照材料·原文</th><th scope="col">核对</th></tr></thead>
          <tbody>
            {d.keyFacts.map((k) => {
              const [first, ...others] = k.mentions;
              const verdict = verdicts[k.verdict] ?? { tone: 'plain' as Tone, word: '' };
              return (
                <tr key={k.kind}>
                  <td>{k.name}</td>
                  <td className="strong">{first?.written ?? <span className="ink3" style={{ fontWeight: 400 }}>未登记</span>}</td>
                  <td>{first && <Mention m={first} d={d} />}</td>
                  <td>{others.slice(0, 3).map((m) => <div key={m.label + m.written}><Mention m={m} d={d} /></div>)}{others.length > 3 && <Link className="text-link dense" to={`/dossiers/${d.id}/facts`}>另 {others.length - 3} 处</Link>}{k.decisions.map((e) => <div key={e.id} className="dense">认定：{e.authority} {e.docNo} <b>{e.written}</b>{!e.confirmed && <span className="meta">（待核对）</span>}</div>)}</td>
                  <td><Status tone={verdict.tone}>{k.note || verdict.word}</Status></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Mention({ m, d }: { m: Schema<'MentionView'>; d: View }) {
  const at = m.materialId ? placeOf('material.open', d.id, m.materialId) : undefined;
  return (
    <>
      {at ? <Link to={at} className="text-link">{m.label}</Link> : m.label} <span className={m.differs ? 'dense red strong' : 'dense ink2'}>{m.written}</span>
      {!m.confirmed && <span className="meta">（待核对）</span>}
    </>
  );
}

/** What the checklist lacks, and what was asked for. */
function Gaps({ d, mayClose }: { d: View; mayClose: boolean }) {
  const [closing, setClosing] = useState<View['supplements'][number]>();
  if (d.gaps.length === 0 && d.supplements.length === 0) return null;
  return (
    <section aria-label="缺少的材料">
      <SectionHead n={d.gaps.length + d.supplements.length}>缺少的材料</SectionHead>
      <table className="plain tight">
        <thead><tr><th scope="col">材料</th><th scope="col">归入</th><th scope="col">说明</th>{mayClose && <th scope="col"><span className="hidden-text">办理</span></th>}</tr></thead>
        <tbody>
          {d.supplements.map((s) => (
            <tr key={s.id}>
              <td>{s.title}{s.maker && <span className="meta">　{s.maker}</span>}</td>
              <td>{s.class}</td>
              <td className="dense">{s.handedOn ? `${shortDate(s.handedOn)}已交来，待归档` : s.promised ? '本人已承诺补充' : '待补充'}{s.dueOn && `，${shortDate(s.dueOn)}前`}{s.daysLeft !== undefined && s.daysLeft !== null && (s.daysLeft < 0 ? <span className="red">　逾期 {-s.daysLeft} 天</span> : `　剩 ${s.daysLeft} 天`)}</td>
              {mayClose && <td className="num"><Button size="small" onClick={() => setClosing(s)} aria-label={`补充办结：${s.title}`}>办结</Button></td>}
            </tr>
          ))}
          {d.gaps.map((g) => (
            <tr key={g.title + g.class}>
              <td>{g.title}{g.others && g.others.length > 0 && <span className="meta">　或 {g.others.join('、')}</span>}</td>
              <td>{g.class}</td>
              <td className="dense ink2">{[g.keyFactName ? `证明${g.keyFactName}` : '非关键材料，可以后补', g.consequence, g.because].filter(Boolean).join('；')}</td>
              {mayClose && <td />}
            </tr>
          ))}
        </tbody>
      </table>
      {closing && <CloseSupplement d={d} owed={closing} onEnd={() => setClosing(undefined)} />}
    </section>
  );
}

/** A piece that was owed came in, or there is none and why (20.4b). */
function CloseSupplement({ d, owed, onEnd }: { d: View; owed: View['supplements'][number]; onEnd: () => void }) {
  const [material, setMaterial] = useState<string>();
  const [why, setWhy] = useState('');
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/supplements/{id}/close', { params: { path: { id: owed.id } }, headers, body: { materialId: material, why: why.trim() || undefined } })),
    invalidates: [['dossiers', d.id]],
    done: '补充材料已办结',
    onDone: onEnd,
  });
  const pieces = [...d.loose, ...d.catalog.classes.flatMap((c) => c.items)];
  return (
    <Confirm open title={`“${owed.title}”已补充？`} verb="补充办结" clause="第二十条（四）" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onEnd}>
      <p className="dense ink2">选择补来的材料；没有此项材料的，写明情况。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="补来的材料"><Select aria-label="补来的材料" allowClear placeholder={pieces.length > 0 ? '已收或已归档的材料' : '系统中还没有收到的材料'} value={material} onChange={setMaterial} options={pieces.map((m) => ({ value: m.id, label: `${m.number ? `${m.number} ` : ''}${m.title ?? '涉密材料'}` }))} /></Form.Item>
        <Form.Item label="无此材料的说明"><Input aria-label="无此材料的说明" value={why} maxLength={200} onChange={(e) => setWhy(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}

function Cases({ d }: { d: View }) {
  return (
    <section id="cases" aria-label="业务">
      <SectionHead n={d.cases.length}>业务</SectionHead>
      {d.cases.length === 0 ? <p className="dense ink2">没有办理过的业务。</p> : (
        <table className="plain tight list">
          <thead><tr><th scope="col">业务</th><th scope="col">编号</th><th scope="col">状态</th><th scope="col">开始</th><th scope="col">期限</th><th scope="col">说明</th></tr></thead>
          <tbody>
            {d.cases.map((c) => (
              <tr key={c.ref}>
                <td>{c.kind}</td>
                <td><Link to={c.link}>{c.no || '查看'}</Link></td>
                <td><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                <td className="nowrap">{shortDate(c.since)}</td>
                <td className="nowrap">{shortDate(c.dueOn)}</td>
                <td className="dense ink2">{c.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Papers issued about this dossier. */
function Papers({ id }: { id: string }) {
  const papers = useQuery({ queryKey: ['documents', { dossier: id }], queryFn: () => read(api.GET('/api/v1/documents', { params: { query: { dossier: id } } })) });
  const open = useAct({ run: (_, document: string) => openPdf(`/api/v1/documents/${document}/pdf`) });
  if (!papers.data || papers.data.items.length === 0) return null;
  return (
    <section aria-label="文书">
      <SectionHead n={papers.data.items.length}>文书</SectionHead>
      <ProblemView problem={open.problem} />
      <table className="plain tight list">
        <thead><tr><th scope="col">文书</th><th scope="col">编号</th><th scope="col">日期</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">查看</span></th></tr></thead>
        <tbody>
          {papers.data.items.map((p) => (
            <tr key={p.id}>
              <td>{p.kindName}</td>
              <td>{p.number}</td>
              <td className="nowrap">{shortDate(p.issuedOn)}</td>
              <td><Status tone={p.state === 'issued' || p.state === 'answered' ? 'done' : 'void'}>{p.stateName}</Status></td>
              <td className="num"><button type="button" className="bare dense" onClick={() => open.mutate(p.id)}>PDF<span className="hidden-text"> {p.kindName} {p.number}</span></button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Moment = Schema<'MomentView'>;

function MomentRow({ m, detail, brief }: { m: Moment; detail?: boolean; brief?: boolean }) {
  return (
    <li>
      <time dateTime={m.at}>{logTime(m.at)}</time>
      <span>
        {m.label}{m.detail && <span className="ink2">　{m.detail}</span>}{m.refused && <span className="red">　不予办理{m.reasons && m.reasons.length > 0 && `（${m.reasons.join('、')}）`}</span>}
        <span className="meta" style={{ display: 'block' }}>{[m.by, brief ? '' : m.org].filter(Boolean).join('·')}{detail && m.number ? `·第 ${m.number.toLocaleString('en-US')} 条` : ''}</span>
      </span>
    </li>
  );
}

/** All acts, newest first; ledger numbers stand behind 详情. */
function Timeline({ d }: { d: View }) {
  const [detail, setDetail] = useState(false);
  const all = useInfiniteQuery({
    queryKey: ['dossiers', d.id, 'timeline'],
    queryFn: ({ pageParam }) => read(api.GET('/api/v1/dossiers/{id}/timeline', { params: { path: { id: d.id }, query: { before: pageParam, limit: 20 } } })),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.next ? Number(last.next) : undefined),
  });
  return (
    <section id="timeline" aria-label="时间线">
      <SectionHead n={d.timelineCount} end={<button type="button" className="bare" aria-pressed={detail} onClick={() => setDetail(!detail)}>{detail ? '收起详情' : '详情'}</button>}>时间线</SectionHead>
      <ol className="log">
        {all.data?.pages.map((p) => <Fragment key={p.items[0]?.ord ?? 0}>{p.items.map((m) => <MomentRow key={m.ord} m={m} detail={detail} />)}</Fragment>)}
      </ol>
      {all.hasNextPage && <p style={{ marginTop: 8 }}><Button size="small" loading={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>更早的记录</Button></p>}
    </section>
  );
}

function Aside({ d, shown, on }: { d: View; shown: View['possible']; on: Record<string, (() => void) | undefined> }) {
  return (
    <NowPossible possible={shown} on={on}>
      <SectionHead end={<a href="#timeline" onClick={(e) => { e.preventDefault(); document.getElementById('timeline')?.scrollIntoView(); }}>全部 {d.timelineCount} 条</a>}>最近办理</SectionHead>
      <ol className="log">{d.timeline.slice(0, 4).map((m) => <MomentRow key={m.ord} m={m} brief />)}</ol>
    </NowPossible>
  );
}
