import { SignPad } from '../transfer/SignPad';
import { MandateLine, useAgent } from '../../shared/mandate';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { logTime, longDate, today } from '../../shared/dates';
import { openPdf, upload } from '../../shared/files';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { Facts, PageHead, SectionHead, Segments, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';
import './graduate.css';

type View = Schema<'GraduateView'>;

/** One graduate: the packet, how the person was told, and the claim. */
export default function GraduatePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['graduates', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/graduates/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Page({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const may = (action: string) => v.possible.some((p) => p.action === action && p.allowed);
  const blocked = v.possible.filter((p) => !p.allowed);
  return (
    <Split
      label="办理"
      width={380}
      aside={
        <>
          {v.state === 'elsewhere' && v.ending && <Proposed v={v} etag={etag} reload={reload} may={may('graduate.decide')} />}
          {may('graduate.settle') && <Settle v={v} etag={etag} reload={reload} />}
          {may('graduate.shelve') && <Shelve v={v} etag={etag} reload={reload} />}
          {v.transferId && <><SectionHead>转递</SectionHead><p><Link className="text-link" to={`/transfers/${v.transferId}`}>{v.state === 'handing' ? '办理转递' : '转递经过'}</Link></p><p className="meta">原封转送；清单、封条、方式和回执按转递的规定办理。</p></>}
          {may('graduate.promise') && <Promised v={v} etag={etag} reload={reload} />}
          {may('graduate.dispose') && <Dispose v={v} etag={etag} reload={reload} />}
          {may('graduate.claim') && <Resume<Schema<'GraduateClaim'>>>{(resumed) => <Claim v={v} etag={etag} resumed={resumed} reload={reload} />}</Resume>}
          <Papers of={`Graduate:${v.id}`} state={v.state} />
          {may('graduate.tell') && <Tell v={v} etag={etag} reload={reload} />}
          {blocked.length > 0 && <><SectionHead>现在不可办</SectionHead><Hindrances possible={blocked} /></>}
        </>
      }
    >
      <PageHead title={v.name} sub={<>{v.school}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>} crumbs={[{ label: '毕业生接收', to: '/graduates' }, { label: v.transferNo }]} />
      <div className="page-body">
        <SectionHead>名单和档案袋</SectionHead>
        <Facts
          items={[
            { label: '身份证号', value: v.idNo }, { label: '毕业院校', value: v.school }, { label: '学历', value: v.education }, { label: '电话', value: v.phone }, { label: '转递编号', value: v.transferNo }, { label: '机要或邮件号', value: v.mailNo },
            { label: '接收', value: v.receivedAt && logTime(v.receivedAt) }, { label: '封存', value: v.seal && (v.seal === 'broken' ? `有损：${v.note ?? ''}` : '完好') },
            { label: '档案', value: v.dossierId && <Link className="text-link" to={`/dossiers/${v.dossierId}`}>打开档案</Link> },
          ]}
        />
        {v.held && (
          <>
            <SectionHead>本人已有的档案</SectionHead>
            <Facts
              items={[
                { label: '保管机构', value: v.held.left ? `${v.held.agencyName}，已转出本市` : v.held.agencyName }, { label: '档案', value: v.held.own && v.held.dossierId && <Link className="text-link" to={`/dossiers/${v.held.dossierId}`}>{v.held.no}</Link> },
                { label: '处理', value: v.endingName }, { label: '比对和依据', value: v.evidence }, { label: '提出', value: v.endingBy }, { label: '审核', value: v.decidedBy && `${v.decidedBy}${v.decidedNote ? `：${v.decidedNote}` : ''}` },
                { label: '库位', value: v.state === 'elsewhere' && (v.shelf ?? '尚未登记') }, { label: '办结', value: v.endedAt && `${longDate(v.endedAt)}，${v.stateName}` },
              ]}
            />
          </>
        )}
        {!v.held && <SectionHead>告知和认领</SectionHead>}
        {!v.held && <Facts
          items={[
            { label: '告知', value: v.toldAt ? `${longDate(v.toldAt)}，${v.toldWay ?? ''}` : '尚未告知' }, { label: '认领', value: v.claimedAt ? longDate(v.claimedAt) : '尚未认领，档案继续保管' },
            { label: '查验证件', value: v.document }, { label: '告知书版本', value: v.noticeVersion },
            { label: '委托书', value: v.mandate && <MandateLine m={v.mandate} /> }, { label: '缺少的关键材料', value: v.missing },
            { label: '待签署', value: v.askedOn && !v.promisedOn && [`${longDate(v.askedOn)}告知`, v.reminded ? `已提醒 ${v.reminded} 次` : '', v.escalated === 1 ? '已报负责人' : v.escalated === 2 ? '已报上级监督' : ''].filter(Boolean).join('，') },
            { label: '处置', value: v.disposed && `${longDate(v.disposedOn)}，${v.disposedBy ?? ''}：${v.disposed}` },
          ]}
        />}
        {v.told && v.told.length > 0 && <Undertaken v={v} etag={etag} may={may('graduate.attach')} />}
      </div>
    </Split>
  );
}

const endings = { join: '并入本机构保管的一卷', hand: '移交保管机构', return: '退回学校', open: '立为本机构的一卷' } as const;

/** One person, one dossier (2): what becomes of the packet, with what was compared. */
function Settle({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const fits: (keyof typeof endings)[] = v.held?.left ? ['open', 'return'] : [...(v.held?.own ? ['join'] as const : ['hand'] as const), ...(v.held?.likely ? ['open'] as const : []), 'return'];
  const [ending, setEnding] = useState<keyof typeof endings>(fits[0] ?? 'hand');
  const [evidence, setEvidence] = useState('');
  const [agreed, setAgreed] = useState('');
  const act = useAct({ etag, invalidates: [['graduates'], ['work']], done: '已提出，待另一人审核', run: (headers) => read(api.POST('/api/v1/graduates/{id}/settle', { params: { path: { id: v.id } }, headers, body: { ending, evidence, ...(ending === 'return' ? { agreed } : {}) } })) });
  return (
    <form className="graduate-form" onChange={() => { if (act.problem) act.reset(); }} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>{v.ending ? '改提处理' : '提出处理'}</SectionHead>
      <label htmlFor="g-ending">这一袋</label>
      <Select id="g-ending" value={ending} onChange={(e: keyof typeof endings) => { act.reset(); setEnding(e); }} options={fits.map((k) => ({ value: k, label: endings[k] }))} getPopupContainer={() => document.querySelector('main') ?? document.body} />
      <label htmlFor="g-evidence">比对和依据</label>
      <Input.TextArea id="g-evidence" value={evidence} maxLength={200} autoSize={{ minRows: 2, maxRows: 4 }} placeholder="如 身份证号、毕业生登记表与已有档案的履历表一致" onChange={(e) => setEvidence(e.target.value)} />
      {ending === 'return' && <><label htmlFor="g-agreed">与学校商定</label><Input id="g-agreed" value={agreed} maxLength={200} placeholder="何时、与谁商定；只限错寄、错装" onChange={(e) => setAgreed(e.target.value)} /></>}
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button type={v.ending ? 'default' : 'primary'} block htmlType="submit" loading={act.isPending}>提交审核</Button>
    </form>
  );
}

/** Where the packet stands: it has no dossier of its own that would say it. */
function Shelve({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [shelf, setShelf] = useState(v.shelf ?? '');
  const act = useAct({ etag, invalidates: [['graduates']], done: '已登记库位', run: (headers) => read(api.POST('/api/v1/graduates/{id}/shelf', { params: { path: { id: v.id } }, headers, body: { shelf } })) });
  return (
    <form className="graduate-form" onChange={() => { if (act.problem) act.reset(); }} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>这一袋的库位</SectionHead>
      <label htmlFor="g-shelf">库位</label>
      <Input id="g-shelf" value={shelf} maxLength={40} placeholder="如 01-A-012-03-5-08" onChange={(e) => setShelf(e.target.value)} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button block htmlType="submit" loading={act.isPending}>{v.shelf ? '更改库位' : '登记库位'}</Button>
    </form>
  );
}

/** The head's or the superior's word on an undertaking that nobody signs (20.4a). */
function Dispose({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [note, setNote] = useState('');
  const act = useAct({ etag, invalidates: [['graduates'], ['work']], done: '已登记处置', run: (headers) => read(api.POST('/api/v1/graduates/{id}/dispose', { params: { path: { id: v.id } }, headers, body: { note } })) });
  return (
    <form className="graduate-form" onChange={() => { if (act.problem) act.reset(); }} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>处置未签署的承诺书</SectionHead>
      <p className="dense ink2">{v.escalated === 2 ? '已报上级监督' : '已报负责人'}。继续代管，期限重新计算；档案不退回。</p>
      <label htmlFor="g-dispose">处置意见</label>
      <Input.TextArea id="g-dispose" value={note} maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} placeholder="由谁、用什么方式继续联系" onChange={(e) => setNote(e.target.value)} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button type="primary" block htmlType="submit" loading={act.isPending}>登记处置</Button>
    </form>
  );
}

/** What another person decides about it. */
function Proposed({ v, etag, reload, may }: { v: View; etag: string; reload: () => void; may: boolean }) {
  const [note, setNote] = useState('');
  const act = useAct({
    etag, invalidates: [['graduates'], ['dossiers'], ['work']], done: (_, approve: boolean) => (approve ? '已核准' : '已退回经办'),
    run: (headers, approve: boolean) => read(api.POST('/api/v1/graduates/{id}/decide', { params: { path: { id: v.id } }, headers, body: { approve, note } })),
  });
  return (
    <div className="graduate-form">
      <SectionHead>审核</SectionHead>
      <p className="dense ink2">{v.endingBy}提出：{v.endingName}。{v.evidence}</p>
      {!may && <p className="meta">由另一名审核人员或负责人审核。</p>}
      {may && (
        <>
          <label htmlFor="g-decide">退回说明（退回时必填）</label>
          <Input.TextArea id="g-decide" value={note} maxLength={200} autoSize={{ minRows: 1, maxRows: 4 }} onChange={(e) => setNote(e.target.value)} />
          <ProblemView problem={act.problem} onRetry={reload} />
          <Button type="primary" block loading={act.isPending && act.variables === true} onClick={() => act.mutate(true)}>核准</Button>
          <Button block disabled={note.trim() === ''} loading={act.isPending && act.variables === false} onClick={() => act.mutate(false)}>退回经办</Button>
        </>
      )}
    </div>
  );
}

function Tell({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [way, setWay] = useState('');
  const [on, setOn] = useState(today());
  const act = useAct({ etag, invalidates: [['graduates']], done: '已登记告知', run: (headers) => read(api.POST('/api/v1/graduates/{id}/tell', { params: { path: { id: v.id } }, headers, body: { way, on } })) });
  return (
    <form className="graduate-form" onChange={() => { if (act.problem) act.reset(); }} onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>{v.toldAt ? '再次告知' : '告知本人'}</SectionHead>
      <label htmlFor="g-way">告知方式</label>
      <Select id="g-way" value={way || undefined} placeholder="怎样告知" onChange={(w: string) => setWay(w)} options={['电话', '短信', '信函', '电子邮件', '经学校转告'].map((w) => ({ value: w, label: w }))} getPopupContainer={() => document.querySelector('main') ?? document.body} />
      <label htmlFor="g-on">告知日期</label><Day id="g-on" value={on} onChange={setOn} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button block htmlType="submit" loading={act.isPending}>登记告知</Button>
    </form>
  );
}

function Claim({ v, etag, resumed, reload }: { v: View; etag: string; resumed: Resumed<Schema<'GraduateClaim'>>; reload: () => void }) {
  const was = resumed.application;
  const [f, setF] = useState({ document: was?.document ?? '', phone: was?.phone ?? '', noticeVersion: was?.noticeVersion ?? '', whole: was?.whole ?? false, missing: was?.missing ?? [] });
  const agent = useAgent('claim', { name: v.name });
  const terms = useQuery({ queryKey: ['account-notices', 'personal'], queryFn: () => read(api.GET('/api/v1/account-notices', { params: { query: { kind: 'personal' } } })) });
  const now = terms.data?.items.find((n) => n.current)?.no;
  const wanted = v.asked ?? [];
  const act = useAct({
    etag,
    invalidates: [['graduates'], ['dossiers'], ['intakes']],
    done: f.missing.length > 0 ? '已认领，请本人签署告知承诺书' : '已认领，开立个人户',
    run: (headers) => read(api.POST('/api/v1/graduates/{id}/claim', { params: { path: { id: v.id } }, headers, body: { ...f, ...agent.body, intakeId: resumed.intake?.id } })),
  });
  const set = (change: Partial<typeof f>) => {
    act.reset();
    setF({ ...f, ...change });
  };
  return (
    <form className="graduate-form" onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>本人认领</SectionHead>
      <ResumedNote intake={resumed.intake} />
      {agent.field}
      <label htmlFor="g-doc">查验的证件</label>
      <Select id="g-doc" value={f.document || undefined} placeholder="查验原件后选择" onChange={(document: string) => set({ document })} options={['居民身份证', '社会保障卡', '护照', '其他有效证件'].map((d) => ({ value: d, label: d }))} getPopupContainer={() => document.querySelector('main') ?? document.body} />
      <label htmlFor="g-phone">联系电话</label><Input id="g-phone" value={f.phone} maxLength={40} autoComplete="off" placeholder={v.phone ? `名单所列 ${v.phone}` : '本人电话'} onChange={(e) => set({ phone: e.target.value })} />
      <label htmlFor="g-notice">权利义务告知书版本</label><Input id="g-notice" value={f.noticeVersion} maxLength={40} placeholder={now ? `已交本人的版本，现行 ${now}` : '已交本人的版本'} onChange={(e) => set({ noticeVersion: e.target.value })} />
      <fieldset className="graduate-asked">
        <legend>当面开袋对照：缺少的关键材料</legend>
        {wanted.map((w) => (
          <Checkbox key={w.keyFact} checked={f.missing.includes(w.keyFact)} disabled={f.whole} onChange={(e) => set({ missing: e.target.checked ? [...f.missing, w.keyFact] : f.missing.filter((m) => m !== w.keyFact) })}>
            <b>{w.name}</b>：{w.title}{w.others?.length ? <span className="muted">（或{w.others.join('、')}）</span> : null}
            {f.missing.includes(w.keyFact) && <span className="graduate-effect">{w.consequence}</span>}
          </Checkbox>
        ))}
        <Checkbox checked={f.whole} disabled={f.missing.length > 0} onChange={(e) => set({ whole: e.target.checked })}>以上各项都有，关键材料齐全</Checkbox>
        {f.missing.length > 0 && <p className="meta">认领时一次告知以上所缺各项，出具告知承诺书；本人签署后登记承诺，再出具收档凭证。</p>}
      </fieldset>
      <ProblemView problem={act.problem} onRetry={reload} />
      <RecordIntake matter="claim" problem={act.problem} application={() => ({ ...f, ...agent.body, graduateId: v.id })} intake={resumed.intake} />
      <Button type="primary" block htmlType="submit" loading={act.isPending}>认领并开户</Button>
    </form>
  );
}

/** What was told at once as missing, and how far its undertaking is. */
function Undertaken({ v, etag, may }: { v: View; etag: string; may: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const act = useAct({ etag, invalidates: [['graduates']], done: '扫描件已上传', run: (headers, file: File) => upload<View>(`/api/v1/graduates/${v.id}/undertaking`, file, { headers }) });
  const steps = [
    { label: '一次告知', done: v.askedOn && longDate(v.askedOn), note: '认领时出具告知承诺书' },
    { label: '本人签署', done: v.promisedOn && `${longDate(v.promisedOn)}，${v.signing === 'screen' ? '屏幕签名' : '纸面签名'}`, note: '待本人签名后登记承诺；签署前不算承诺' },
    { label: '补充材料', done: undefined, note: v.promiseDue ? `${longDate(v.promiseDue) ?? ''}前补充，列入待补充材料；逾期只提醒，不退回` : '签署后列入待补充材料' },
  ];
  return (
    <>
      <SectionHead>告知承诺</SectionHead>
      <ul className="graduate-steps">
        {steps.map((s) => <li key={s.label}><span className={s.done ? 'tick' : 'meta'} aria-hidden="true">{s.done ? '✓' : '○'}</span><span>{s.label}　<span className="ink2">{s.done ?? s.note}</span></span></li>)}
      </ul>
      <div className="scroll-x">
        <table className="plain">
          <thead><tr><th scope="col">关键信息</th><th scope="col">所缺材料</th><th scope="col">可替代</th><th scope="col">影响</th></tr></thead>
          <tbody>{v.told?.map((g) => <tr key={g.keyFact}><td className="nowrap">{g.name}</td><td>{g.title}</td><td className="dense">{g.others?.join('、')}</td><td className="dense">{g.consequence}</td></tr>)}</tbody>
        </table>
      </div>
      {v.promisedOn && <Facts items={[{ label: '本人说明', value: v.statement }, { label: '补充期限', value: longDate(v.promiseDue) }, { label: '委托书', value: v.promiser && <MandateLine m={v.promiser} /> }]} />}
      {(may || v.signed.length > 0) && (
        <>
          <SectionHead n={v.signed.length} end={may && <Button size="small" loading={act.isPending} onClick={() => input.current?.click()}>上传扫描件</Button>}>承诺书签署件</SectionHead>
          <input ref={input} type="file" accept=".jpg,.jpeg,.pdf" className="hidden-text" tabIndex={-1} aria-label="承诺书扫描件" onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) act.mutate(f); }} />
          {v.signed.length === 0 ? <p className="dense ink2">本人纸面签名的承诺书，可上传照片 JPG 或 PDF，每个不超过 10 MB。</p> : (
            <ul className="lines">{v.signed.map((s) => <li key={s.no}><button type="button" className="bare text-link" onClick={() => { setProblem(undefined); openPdf(`/api/v1/graduates/${v.id}/undertaking/${s.no}`).catch((e: unknown) => setProblem(problemOf(e))); }}>第 {s.no} 个，{s.format === 'pdf' ? `PDF ${s.pages} 页` : '照片'}</button> <span className="meta">{s.addedBy} {logTime(s.addedAt)}</span></li>)}</ul>
          )}
          <ProblemView problem={act.problem ?? problem} />
        </>
      )}
    </>
  );
}

/** The undertaking as the person signed it: nothing is promised before. */
function Promised({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [f, setF] = useState({ signing: 'paper' as 'paper' | 'screen', signed: false, strokes: [] as number[][], statement: '', on: today(), due: '' });
  const agent = useAgent('undertaking', { name: v.name });
  const act = useAct({
    etag,
    invalidates: [['graduates'], ['dossiers'], ['work'], ['documents']],
    done: '已登记承诺，已出具收档凭证',
    run: (headers) => read(api.POST('/api/v1/graduates/{id}/promise', { params: { path: { id: v.id } }, headers, body: { signing: f.signing, statement: f.statement, on: f.on, due: f.due, ...(f.signing === 'screen' ? { signed: f.strokes.length > 0, strokes: f.strokes } : { signed: f.signed }), ...agent.body } })),
  });
  const set = (change: Partial<typeof f>) => {
    act.reset();
    setF({ ...f, ...change });
  };
  return (
    <form className="graduate-form" onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>登记承诺</SectionHead>
      <p className="meta">告知承诺书已出具，请本人签署后登记。</p>
      {agent.field}
      <Segments label="签署方式" value={f.signing} onChange={(signing) => set({ signing })} options={[{ key: 'paper', label: '纸面签名' }, { key: 'screen', label: '屏幕签名' }]} />
      {f.signing === 'paper'
        ? <Checkbox checked={f.signed} onChange={(e) => set({ signed: e.target.checked })}>本人（代办人）已在告知承诺书上签名</Checkbox>
        : <SignPad strokes={f.strokes} onChange={(strokes) => set({ strokes })} />}
      <label htmlFor="g-words">本人说明</label><Input id="g-words" value={f.statement} maxLength={500} placeholder="照承诺书抄录" onChange={(e) => set({ statement: e.target.value })} />
      <label htmlFor="g-signed-on">签名日期</label><Day id="g-signed-on" value={f.on} onChange={(on) => set({ on })} />
      <label htmlFor="g-due">补充期限（不填的按全市规定）</label><Day id="g-due" future value={f.due} onChange={(due) => set({ due })} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button type="primary" block htmlType="submit" loading={act.isPending}>登记承诺</Button>
    </form>
  );
}
