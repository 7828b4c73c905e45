import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { BearerField } from '../../shared/bearer';
import { today } from '../../shared/dates';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { MandateField } from '../../shared/mandate';
import { Facts, PageHead, SectionHead, Segments } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Day } from '../transfer/parts';
import { NoticeBlock, unaccepted } from '../unit/notice';
import './standing.css';

type Form = Schema<'StandingForm'>;
type Kind = Schema<'StandingApplication'>['kind'];

const inMain = () => document.querySelector('main') ?? document.body;

/** 申请变更与并档: what changes, and the document it rests on. */
export default function StandingNew() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['standing', 'form', id], queryFn: () => readTagged(api.GET('/api/v1/dossiers/{id}/standing', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Resume<Schema<'StandingApplication'>>>{(resumed) => <Page key={etag} f={value} etag={etag} resumed={resumed} reload={() => void query.refetch()} />}</Resume>}</Answer>;
}

const notes: Record<Kind, string> = {
  identity: '变更后，原姓名和原号码仍可查到本人；不产生第二卷档案。',
  category: '类别按第四条的七类；每一类须有相应的依据材料，没有依据不得变更。',
  account: '个人账户凭本人有效证件；集体账户凭单位证照和经办人证件。全程免费。',
  merge: '另一卷的材料、影像、登记内容和待补材料并入这一卷，原编号和原号码仍可查到；误并的可以拆回。',
  split: '最后并入的一卷连同它的材料拆回，各自成卷。',
  rebuild: '须有调查记录，由上级主管部门审批；不得违规重建。',
};

const evidence: Record<Kind, string> = {
  identity: '如 户口簿变更页、公安机关更正证明', category: '', account: '如 居民身份证、单位存档委托', merge: '如 两卷的履历表、公安机关同一人证明', split: '如 两人的居民身份证、核查记录', rebuild: '调查记录的名称和文号',
};

/** The form as it begins. */
const start = (f: Form, me: string) => ({ name: '', idNo: '', category: '', accountKind: f.account === '个人账户' ? 'collective' : 'personal', accountUnit: '', accountUscc: '', accountPaper: '', workerId: '', other: '', shelfmark: '', ...unaccepted, reason: '', document: '', seenBy: me, seenOn: today() });

/** What a recorded application says, in the words of the form. */
function filled(a?: Partial<Schema<'StandingApplication'>>) {
  if (!a) return {};
  const { category, subtype, ...rest } = a;
  return { ...rest, ...(category && { category: `${category}/${subtype ?? ''}` }) };
}

function Page({ f, etag, resumed, reload }: { f: Form; etag: string; resumed: Resumed<Schema<'StandingApplication'>>; reload: () => void }) {
  const session = useSession();
  const go = useNavigate();
  const merge = useSearchParams()[0].get('merge') ?? ''; // the other dossier of a likely double
  const [kind, setKind] = useState<Kind>(resumed.application?.kind ?? (merge && f.kinds.some((k) => k.code === 'merge') ? 'merge' : 'identity'));
  const [v, setV] = useState({ ...start(f, session.user.name), other: merge, ...filled(resumed.application) });
  const [asker, setAsker] = useState<'person' | 'agent'>('person');
  const [mandate, setMandate] = useState<Schema<'MandateItem'>>();
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const [category = '', subtype = ''] = v.category.split('/');
  const chosen = f.categories.find((c) => c.rule === category && (c.subtype ?? '') === subtype);
  const now = f.categories.find((c) => c.rule === f.category && (c.subtype ?? '') === (f.subtype ?? '')) ?? f.categories.find((c) => c.rule === f.category);
  const personal = kind === 'identity' || kind === 'category' || kind === 'account';
  const whole = (): Schema<'StandingApplication'> => ({
    kind, reason: v.reason, document: v.document, seenBy: v.seenBy, seenOn: v.seenOn,
    ...(personal && asker === 'agent' && { mandateId: mandate?.id ?? '' }),
    ...(kind === 'identity' && { name: v.name, idNo: v.idNo }), ...(kind === 'category' && { category, subtype }), ...(kind === 'merge' && { other: v.other }), ...(kind === 'split' && { shelfmark: v.shelfmark }),
    ...(kind === 'account' && { noticeNo: v.noticeNo, noticeWay: v.noticeWay, noticeBy: v.noticeBy, accountKind: v.accountKind as 'personal' | 'collective', ...(v.accountKind === 'collective' && { accountUnit: v.accountUnit, accountUscc: v.accountUscc, accountPaper: v.accountPaper, workerId: v.workerId }) }),
  });
  const act = useAct({
    etag,
    invalidates: [['standing'], ['dossiers'], ['intakes']],
    done: '已提交，待另一人审批',
    onDone: (c: Schema<'StandingView'>) => void go(`/standing/${c.id}`),
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/standing', {
      params: { path: { id: f.dossierId } }, headers, body: { ...whole(), intakeId: resumed.intake?.id },
    })),
  });
  const field = (id: string, label: string, input: ReactNode) => <><label htmlFor={id}>{label}</label>{input}</>;
  return (
    <>
      <PageHead title="变更与并档" sub={`${f.name}　${f.no}`} crumbs={[{ label: f.name, to: `/dossiers/${f.dossierId}` }, { label: '变更与并档' }]} />
      <div className="page-body">
        <Facts items={[{ label: '姓名', value: f.name }, { label: '身份证号', value: f.idNo }, { label: '人员类别', value: now && `${now.rule} ${now.name}${f.subtype && now.subName ? `·${now.subName}` : ''}` }, { label: '账户', value: f.unit ? `${f.account}（${f.unit}）` : f.account }]} />
        <ResumedNote intake={resumed.intake} />
        <form className="standing-form" onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
          <SectionHead>申请事项</SectionHead>
          <Segments label="申请事项" value={kind} onChange={(k) => { act.reset(); setKind(k); }} options={f.kinds.map((k) => ({ key: k.code as Kind, label: k.name }))} />
          <p className="dense ink2">{notes[kind]}</p>
          {kind === 'identity' && (
            <>
              {field('s-name', '新姓名（不变的不填）', <Input id="s-name" value={v.name} maxLength={60} onChange={(e) => set({ name: e.target.value })} />)}
              {field('s-id', '新身份证号（不变的不填）', <Input id="s-id" value={v.idNo} maxLength={30} autoComplete="off" placeholder="对照证件录入 18 位" onChange={(e) => set({ idNo: e.target.value })} />)}
            </>
          )}
          {kind === 'category' && (
            <>
              {field('s-cat', '变更后的类别', <Select id="s-cat" value={v.category || undefined} placeholder="按第四条选择" showSearch={{ optionFilterProp: 'label' }} onChange={(c: string) => set({ category: c })} options={f.categories.map((c) => ({ value: `${c.rule}/${c.subtype ?? ''}`, label: `${c.rule} ${c.subName || c.name}` }))} getPopupContainer={inMain} />)}
              {chosen && <p className="notice">第四条（{'一二三四五六七'[Number(chosen.rule.slice(2)) - 1]}）{chosen.name}。这一类的依据：{chosen.evidence}。</p>}
            </>
          )}
          {kind === 'account' && (
            <>
              <Segments label="变更后的账户" value={v.accountKind} onChange={(accountKind) => set({ accountKind })} options={[{ key: 'personal', label: '个人账户' }, { key: 'collective', label: '集体账户' }]} />
              {v.accountKind === 'collective' && (
                <>
                  {field('s-unit', '存档单位', <Input id="s-unit" value={v.accountUnit} maxLength={100} onChange={(e) => set({ accountUnit: e.target.value, workerId: '' })} />)}
                  {field('s-uscc', '统一社会信用代码', <Input id="s-uscc" value={v.accountUscc} maxLength={30} onChange={(e) => set({ accountUscc: e.target.value, workerId: '' })} />)}
                  {field('s-paper', '查看的单位证照', <Select id="s-paper" value={v.accountPaper || undefined} placeholder="选择证照" onChange={(accountPaper: string) => set({ accountPaper })} options={f.unitPapers.map((p) => ({ value: p.code, label: p.name }))} getPopupContainer={inMain} />)}
                  <BearerField uscc={v.accountUscc} unit={v.accountUnit} value={v.workerId} onChange={(workerId) => set({ workerId })} problem={act.problem} />
                </>
              )}
              <NoticeBlock kind="personal" value={v} onChange={set} by="接受人（本人）" />
            </>
          )}
          {kind === 'merge' && field('s-other', '并入的一卷（档案编号）', <Input id="s-other" value={v.other} maxLength={64} placeholder="本机构保管的另一卷" onChange={(e) => set({ other: e.target.value })} />)}
          {kind === 'split' && field('s-shelf', '拆出的一卷放在何处（库位）', <Input id="s-shelf" value={v.shelfmark} maxLength={60} onChange={(e) => set({ shelfmark: e.target.value })} />)}
          {personal && <Segments label="谁来申请" value={asker} onChange={setAsker} options={[{ key: 'person', label: '本人申请' }, { key: 'agent', label: '代办人申请' }]} />}
          {personal && asker === 'agent' && <MandateField matter="standing" principal={{ name: f.name }} value={mandate} onChange={setMandate} />}
          {field('s-reason', '缘由', <Input id="s-reason" value={v.reason} maxLength={200} onChange={(e) => set({ reason: e.target.value })} />)}
          {field('s-doc', kind === 'rebuild' ? '调查记录' : '查看的证件或材料', <Input.TextArea id="s-doc" value={v.document} maxLength={200} autoSize={{ minRows: 2, maxRows: 4 }} placeholder={kind === 'category' ? chosen?.evidence ?? '' : evidence[kind]} onChange={(e) => set({ document: e.target.value })} />)}
          {field('s-by', '查看人', <Input id="s-by" value={v.seenBy} maxLength={60} onChange={(e) => set({ seenBy: e.target.value })} />)}
          {field('s-on', '查看日期', <Day id="s-on" value={v.seenOn} onChange={(seenOn) => set({ seenOn })} />)}
          <ProblemView problem={act.problem} onRetry={reload} />
          {personal && <RecordIntake matter="standing" problem={act.problem} application={() => ({ ...whole(), dossierId: f.dossierId })} intake={resumed.intake} />}
          <Button type="primary" htmlType="submit" loading={act.isPending}>提交审批</Button>
          <p className="meta">{kind === 'rebuild' ? '由上级主管部门审批后生效。' : '由另一名审核人员或负责人批准后生效。'}</p>
        </form>
      </div>
    </>
  );
}
