import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import { upload } from '../../shared/files';
import { OneOf, Pick, Some, Text, without } from './fields';
import { Outside, Trouble, useHome } from './frame';
import { Photos, useChosen } from './photos';

type Choices = Schema<'PortalChoices'>;
type Applying = Schema<'PortalApplying'>;
type Reader = Schema<'PortalReader'>;

const kinds = [
  { key: 'custody' as const, label: '存档证明', text: '证明档案现由哪个机构保管' },
  { key: 'history' as const, label: '经历证明', text: '照档案中的记载证明学习、工作经历' },
  { key: 'kinship' as const, label: '亲属关系证明', text: '照档案中的记载证明亲属关系' },
  { key: 'facts' as const, label: '档案记载情况证明', text: '出生日期、参加工作时间、学历学位、入党时间在档案中怎样记载' },
];

const facts = [
  { key: 'birth_date', label: '出生日期' },
  { key: 'work_start', label: '参加工作时间' },
  { key: 'education_degree', label: '学历学位' },
  { key: 'party_joining', label: '入党时间' },
];

/** One application of a unit or a person: what is asked, papers, and nothing that takes effect by itself. */
export default function ApplyPage() {
  const { matter = '' } = useParams();
  const home = useHome();
  const query = useQuery({ queryKey: ['portal', 'choices'], queryFn: () => read(api.GET('/api/v1/portal/choices')), retry: false, refetchOnWindowFocus: false });
  const problem = query.error ? problemOf(query.error) : undefined;
  const one = query.data?.matters.find((m) => m.code === matter);
  const visitor = home.data?.visitor;
  return (
    <Outside title={one?.name ?? '网上申请'} back hotline={visitor?.offices.find((o) => o.hotline)?.hotline}>
      <div aria-live="polite">{query.isLoading && <p className="say">正在打开…</p>}</div>
      {problem && <section><Trouble problem={problem} />{problem.kind === 'signin' && <p><Link className="text-link" to="/portal">去登录</Link></p>}</section>}
      {query.data && !one && <section><p>这一事项不在网上申请，请到存档机构窗口办理。</p></section>}
      {query.data && one && visitor && <Form choices={query.data} matter={one} unit={visitor.kind === 'unit'} name={visitor.kind === 'unit' ? visitor.unit ?? '' : visitor.name} />}
    </Outside>
  );
}

const names = (list: string[]) => list.map((name) => ({ code: name, name }));
const nobody = (): Reader => ({ name: '', idNo: '', post: '', political: '01', nonMember: '', card: '' });

function Form({ choices, matter, unit, name }: { choices: Choices; matter: Schema<'PortalMatter'>; unit: boolean; name: string }) {
  const go = useNavigate();
  const client = useQueryClient();
  const choosing = useChosen(choices.fileSize);
  const [session] = useState(newKey); // the same page sends once, however often an answer is lost
  const [sending, setSending] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [agency, setAgency] = useState(choices.offices.length === 1 ? choices.offices[0]!.code : '');
  const [contact, setContact] = useState('');
  const [certificate, setCertificate] = useState<Schema<'PortalCertificate'>>({ kind: 'custody', use: '' });
  const [t, setT] = useState<Required<Schema<'PortalTransfer'>>>({ name: '', idNo: '', direction: 'inner', holder: '', holderName: '', holderKind: '', province: '', onlineNo: '', reason: '', regionBasis: '', tiePlace: '', employer: '', category: '', political: '' });
  const [c, setC] = useState<Required<Schema<'PortalConsultation'>>>({ name: '', idNo: '', purpose: '', reason: '', basis: '', paperName: '', paperNo: '', paperOn: '', paperUntil: '', formBy: '', readers: [nobody(), nobody()] });
  const [m, setM] = useState({ name: '', idNo: '', leave: false });
  const busy = choosing.arranging ? '正在整理照片…' : sending;
  const tooMany = choosing.chosen.length > choices.files;
  const body = (): Applying => ({
    matter: matter.code, contact,
    ...(matter.code !== 'certificate' && { agency }),
    ...(matter.code === 'certificate' && { certificate: certificate.kind === 'facts' ? certificate : { ...certificate, asks: undefined } }),
    ...(matter.code === 'transfer' && { transfer: t }),
    ...(matter.code === 'consultation' && { consultation: c }),
    ...(matter.code === 'standing' && { standing: m }),
  });
  const send = async () => {
    setProblem(undefined);
    setSending('正在提交…');
    try {
      const made = await upload<Schema<'PortalApplicationView'>>('/api/v1/portal/applications', choosing.form({ name: 'application', value: JSON.stringify(body()) }), { headers: { 'Page-Session': session }, onProgress: (n, all) => setSending(`正在提交 ${Math.floor((n * 100) / all)}%`) });
      client.setQueryData(['portal', 'application', made.id], made);
      void client.invalidateQueries({ queryKey: ['portal', 'applications'] });
      void go(`/portal/applications/${made.id}`, { replace: true });
    } catch (e) {
      setProblem(problemOf(e));
    }
    setSending('');
  };
  const nothing = matter.code === 'certificate' && !choices.kept;
  return (
    <>
      <section className="who">
        <h2>{name}</h2>
        {matter.code === 'certificate' && (choices.kept ? <p>向保管您档案的 <strong>{choices.kept}</strong> 申请。</p> : <p>没有查到您可以在网上办理的档案。请携带身份证件到存档机构窗口办理。</p>)}
        {matter.code === 'transfer' && <p>档案由机构之间转递，不需要您去取送。转往外省或用人单位的，请向接收地的机构（单位）申请，由它发调档函。</p>}
        {matter.code === 'consultation' && <p>提交后由存档机构审核、预约。查阅当天两名查阅人携带证件和文书原件到场，并签署回避声明和保密承诺。</p>}
        {matter.code === 'standing' && <p>加入集体户的，存档人员本人还要接受存档须知，由存档机构联系本人。</p>}
      </section>
      {!nothing && (
        <form className="apply" onChange={(e) => setProblem((p) => without(p, (e.target as HTMLElement).id))} onSubmit={(e) => { e.preventDefault(); void send(); }} noValidate>
          {matter.code === 'certificate' && (
            <>
              <OneOf name="kind" label="要哪种证明" value={certificate.kind} set={(kind) => setCertificate({ ...certificate, kind })} options={kinds} />
              {certificate.kind === 'facts' && <Some name="asks" label="要证明哪些事项" value={certificate.asks ?? []} set={(asks) => setCertificate({ ...certificate, asks })} options={facts} problem={problem} />}
              <Text name="use" label="用途" hint="例如：办理社会保险、落户" value={certificate.use} set={(use) => setCertificate({ ...certificate, use })} problem={problem} />
            </>
          )}
          {matter.code === 'transfer' && <Transfer choices={choices} unit={unit} agency={agency} setAgency={setAgency} v={t} set={(change) => setT({ ...t, ...change })} problem={problem} />}
          {matter.code === 'consultation' && <Consultation choices={choices} agency={agency} setAgency={setAgency} v={c} set={(change) => setC({ ...c, ...change })} problem={problem} />}
          {matter.code === 'standing' && (
            <>
              <OneOf name="move" label="办理什么" value={m.leave ? 'leave' : 'join'} set={(move) => setM({ ...m, leave: move === 'leave' })} options={[{ key: 'join', label: '加入集体户' }, { key: 'leave', label: '退出集体户', text: '转为本人的个人账户，档案仍在原机构' }]} />
              <Pick name="agency" label="存档机构" value={agency} set={setAgency} options={choices.offices} problem={problem} />
              <Text name="name" label="存档人员姓名" value={m.name} set={(x) => setM({ ...m, name: x })} problem={problem} />
              <Text name="idNo" label="公民身份号码" value={m.idNo} set={(idNo) => setM({ ...m, idNo })} problem={problem} max={20} />
            </>
          )}
          <Text name="contact" label="联系电话" type="tel" value={contact} set={setContact} problem={problem} />
          <h2 className="part">附上材料</h2>
          {matter.papers.map((p, i) => (
            <section key={p.key} className="slot" aria-labelledby={`paper-${p.key}`}>
              <h2 id={`paper-${p.key}`}><span>{p.name}</span><span className="status">{p.needed ? '必须附' : '有的附上'}</span></h2>
              <Photos of={choosing} item={p.key} label={p.name} n={i + 1} busy={busy !== ''} />
            </section>
          ))}
          <div className="end">
            <Trouble problem={choosing.problem ?? problem} />
            {tooMany && <p role="alert" className="trouble">最多 {choices.files} 个文件，请去掉一些。</p>}
            <button type="submit" className="go wide" disabled={busy !== '' || tooMany}>{busy || '提交申请'}</button>
            <p className="note">提交后由存档机构的工作人员查看，受理的出具受理回执；需要补正的一次告知。办理进度可以随时在这里查看。请保留原件。</p>
          </div>
        </form>
      )}
    </>
  );
}

interface PartProps<T> { choices: Choices; agency: string; setAgency: (code: string) => void; v: T; set: (change: Partial<T>) => void; problem?: Problem }

function Transfer({ choices, unit, agency, setAgency, v, set, problem }: PartProps<Required<Schema<'PortalTransfer'>>> & { unit: boolean }) {
  return (
    <>
      {unit && (
        <>
          <Text name="name" label="存档人员姓名" value={v.name} set={(name) => set({ name })} problem={problem} />
          <Text name="idNo" label="公民身份号码" value={v.idNo} set={(idNo) => set({ idNo })} problem={problem} max={20} />
        </>
      )}
      <OneOf name="direction" label="档案现在哪里" value={v.direction} set={(direction) => set({ direction, holder: '', holderName: '', holderKind: '', province: '', onlineNo: '' })} options={[{ key: 'inner', label: '本市的存档机构' }, { key: 'in', label: '单位、学校或外省市' }]} />
      {v.direction === 'inner' ? <Pick name="holder" label="现在的存档机构" value={v.holder} set={(holder) => set({ holder })} options={choices.agencies} problem={problem} /> : (
        <>
          <Text name="holderName" label="现在保管档案的单位全称" value={v.holderName} set={(holderName) => set({ holderName })} problem={problem} />
          <Pick name="holderKind" label="是什么单位" value={v.holderKind} set={(holderKind) => set({ holderKind })} options={choices.ends} problem={problem} />
          <Pick name="province" label="在外省的，是哪个省" value={v.province} set={(province) => set({ province, onlineNo: '' })} options={choices.provinces} problem={problem} none="在本市" />
          {v.province && <Text name="onlineNo" label="跨省通办申请编号" hint="在国家政务服务平台申请过的填写，没有的不填" value={v.onlineNo} set={(onlineNo) => set({ onlineNo })} problem={problem} max={60} />}
          <Pick name="category" label="人员类别" value={v.category} set={(category) => set({ category })} options={choices.categories} problem={problem} none="不清楚的可以不选" />
        </>
      )}
      <Pick name="agency" label="转到哪个存档机构" value={agency} set={setAgency} options={choices.offices} problem={problem} />
      <Pick name="reason" label="调档原因" value={v.reason} set={(reason) => set({ reason })} options={names(choices.reasons)} problem={problem} />
      <Pick name="regionBasis" label="为什么存在这里" hint="户籍、工作等与该地的联系，任一项都可以" value={v.regionBasis} set={(regionBasis) => set({ regionBasis })} options={names(choices.ties)} problem={problem} />
      <Pick name="tiePlace" label="是哪个区县" value={v.tiePlace} set={(tiePlace) => set({ tiePlace })} options={choices.divisions} problem={problem} />
      {(!unit || v.regionBasis !== '现工作单位所在地') && <Text name="employer" label="现工作单位" hint="没有的不填" value={v.employer} set={(employer) => set({ employer })} problem={problem} />}
    </>
  );
}

function Consultation({ choices, agency, setAgency, v, set, problem }: PartProps<Required<Schema<'PortalConsultation'>>>) {
  const purpose = choices.purposes.find((p) => p.slug === v.purpose);
  const reader = (i: number, change: Partial<Reader>) => set({ readers: v.readers.map((r, n) => (n === i ? { ...r, ...change } : r)) });
  const paper = purpose?.powers ? '法律文书' : '介绍信';
  return (
    <>
      <Pick name="agency" label="向哪个存档机构申请" value={agency} set={setAgency} options={choices.offices} problem={problem} />
      <Text name="name" label="被查阅人姓名" value={v.name} set={(name) => set({ name })} problem={problem} />
      <Text name="idNo" label="被查阅人公民身份号码" value={v.idNo} set={(idNo) => set({ idNo })} problem={problem} max={20} />
      <Pick name="purpose" label="查阅事由" value={v.purpose} set={(x) => set({ purpose: x })} options={choices.purposes.map((p) => ({ code: p.slug, name: p.name }))} problem={problem} hint={purpose && `需要：${purpose.papers}`} />
      <Text name="reason" label="事由说明" hint="因何事查阅，依据什么文件" rows={3} max={1000} value={v.reason} set={(reason) => set({ reason })} problem={problem} />
      {purpose?.basis && <Text name="basis" label="法律依据" hint="法律、法规或规章的名称和条款" rows={2} max={1000} value={v.basis} set={(basis) => set({ basis })} problem={problem} />}
      {purpose?.powers && <Text name="paperName" label="法律文书名称" value={v.paperName} set={(paperName) => set({ paperName })} problem={problem} max={60} />}
      <Text name="paperNo" label={`${paper}文号`} value={v.paperNo} set={(paperNo) => set({ paperNo })} problem={problem} max={80} />
      <Text name="paperOn" label={`${paper}日期`} type="date" value={v.paperOn} set={(paperOn) => set({ paperOn })} problem={problem} />
      <Text name="paperUntil" label="有效期至" hint="没有写明的不填" type="date" value={v.paperUntil} set={(paperUntil) => set({ paperUntil })} problem={problem} />
      {!purpose?.powers && <Text name="formBy" label="签署申请表的单位负责人" value={v.formBy} set={(formBy) => set({ formBy })} problem={problem} max={60} />}
      <h2 className="part">查阅人（两人以上，一般为中共党员）</h2>
      {v.readers.map((r, i) => (
        <fieldset key={i} className="reader">
          <legend>查阅人 {i + 1}</legend>
          <Text name={`readers.${i}.name`} label="姓名" value={r.name} set={(name) => reader(i, { name })} problem={problem} max={60} />
          <Text name={`readers.${i}.idNo`} label="公民身份号码" value={r.idNo} set={(idNo) => reader(i, { idNo })} problem={problem} max={20} />
          <Text name={`readers.${i}.post`} label="职务" value={r.post ?? ''} set={(post) => reader(i, { post })} problem={problem} />
          <Pick name={`readers.${i}.political`} label="政治面貌" value={r.political ?? ''} set={(political) => reader(i, { political })} options={choices.politicals} problem={problem} />
          {purpose?.powers ? <Text name={`readers.${i}.card`} label="工作证件号" value={r.card ?? ''} set={(card) => reader(i, { card })} problem={problem} max={60} /> : r.political !== '01' && <Text name={`readers.${i}.nonMember`} label="不是中共党员的，为什么由其查阅" value={r.nonMember ?? ''} set={(nonMember) => reader(i, { nonMember })} problem={problem} max={200} />}
          {v.readers.length > 2 && <button type="button" onClick={() => set({ readers: v.readers.filter((_, n) => n !== i) })}>去掉查阅人 {i + 1}</button>}
        </fieldset>
      ))}
      {v.readers.length < 10 && <button type="button" onClick={() => set({ readers: [...v.readers, nobody()] })}>再加一名查阅人</button>}
    </>
  );
}
