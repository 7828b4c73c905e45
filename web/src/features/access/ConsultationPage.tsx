import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Problem, type Schema } from '../../api/client';
import { BearerLine } from '../../shared/bearer';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { logTime, longDate, moment } from '../../shared/dates';
import { Papers } from '../../shared/papers';
import { Facts, PageHead, SectionHead, Split, StepLine } from '../../shared/page';
import { ProblemView, ReasonView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Deadline, Status, type Tone } from '../../shared/status';
import { Approve, Check, Head, OnPaper, OpenReading, Refuse, Withdraw } from './dialogs';
import './access.css';

type View = Schema<'ConsultationView'>;
type Dialog = 'check' | 'onpaper' | 'approve' | 'confirm' | 'refuse' | 'open' | 'withdraw';

/** One consultation: where it stands, who decided what, what was read. */
export default function ConsultationPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['consultations', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/consultations/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Consultation value={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

const place: Record<string, string> = { draft: '登记', incomplete: '登记', checking: '核对', approving: '审批', heading: '负责人批准', ready: '查阅', reading: '查阅' };

function Steps({ value }: { value: View }) {
  const steps = ['登记', '核对', '审批', ...(value.needsHead ? ['负责人批准'] : []), '查阅', '结束'];
  const at = steps.indexOf(place[value.state] ?? '');
  const stopped = ['refused', 'withdrawn', 'expired'].includes(value.state);
  if (stopped) return null;
  return <StepLine label="查阅进度" steps={steps} current={at < 0 ? steps.length : at} />;
}

function Consultation({ value, etag, reload }: { value: View; etag: string; reload: () => void }) {
  const navigate = useNavigate();
  const location = useLocation();
  const [dialog, setDialog] = useState<Dialog>();
  const came = (location.state as { problem?: Problem } | null)?.problem;
  const submit = useAct({
    etag,
    invalidates: [['consultations']],
    done: '申请已提交',
    run: (headers) => read(api.POST('/api/v1/consultations/{id}/submit', { params: { path: { id: value.id } }, headers })),
  });
  const problem = submit.problem ?? (value.state === 'draft' ? came : undefined);
  const close = () => setDialog(undefined);
  const dialogs = { value, etag, onClose: close };
  return (
    <>
      <PageHead
        title={`查阅：${value.personName}`}
        heading={value.personName}
        sub={<><Link className="text-link" to={`/dossiers/${value.dossierId}`}>{value.dossierNo}</Link>　{value.unit}　<Status tone={value.tone as Tone}>{value.stateName}</Status></>}
        crumbs={[{ label: '查阅', to: '/consultations' }, { label: value.no }]}
        acts={value.state === 'reading' && <Link to={`/consultations/${value.id}/reading`}><Button>进入查阅台</Button></Link>}
      >
        <Steps value={value} />
      </PageHead>
      <Split
        label="办理"
        aside={
          <>
            <NowPossible
              possible={value.possible}
              busy={submit.isPending ? 'consultation.submit' : undefined}
              on={{
                'consultation.submit': value.state === 'incomplete' ? () => void navigate(`/consultations/${value.id}/edit`) : () => submit.mutate(),
                'consultation.edit': () => void navigate(`/consultations/${value.id}/edit`),
                'consultation.check': () => setDialog('check'),
                'consultation.onpaper': () => setDialog('onpaper'),
                'consultation.approve': () => setDialog('approve'),
                'consultation.confirm': () => setDialog('confirm'),
                'consultation.refuse': () => setDialog('refuse'),
                'reading.open': () => setDialog('open'),
                'reading.end': () => void navigate(`/consultations/${value.id}/reading`),
                'consultation.withdraw': () => setDialog('withdraw'),
              }}
            />
            {value.due && <><SectionHead>期限</SectionHead><Deadline due={value.due} /></>}
            <Papers of={`Consultation:${value.id}`} state={value.state} />
          </>
        }
      >
        <div className="page-body">
          {problem && problem.kind !== 'incomplete' && <ProblemView problem={problem} onRetry={problem.kind === 'conflict' ? reload : undefined} />}
          {value.state === 'incomplete' && (
            <section aria-label="需要补正">
              <div className="refusal wait">
                <p className="meta">需要补正，共 {value.missing.length} 项，已于{longDate(value.toldOn)}一次告知；本件等待补正</p>
                {value.missing.map((r) => <ReasonView key={`${r.rule}${r.slug}${r.field ?? ''}`} reason={r} />)}
              </div>
            </section>
          )}
          {value.refusal.length > 0 && (
            <section aria-label="不予查阅的理由">
              <div className="refusal">{value.refusal.map((r, i) => <ReasonView key={i} reason={r} />)}</div>
            </section>
          )}
          <SectionHead>申请</SectionHead>
          <Facts
            items={[
              { label: '被查阅人', value: `${value.personName}　${value.personIdNo}` },
              { label: '查阅单位', value: [value.unit, value.unitCode].filter(Boolean).join('　') },
              { label: '单位经办人', value: value.bearer && <BearerLine b={value.bearer} /> },
              { label: '查阅事由', value: value.purposeName },
              { label: '事由说明', value: value.reason },
              { label: '法律依据', value: value.basis },
              { label: value.powers ? '法律文书' : '介绍信', value: [value.paperName, value.paperNo, longDate(value.paperOn), value.paperUntil && `有效期至${longDate(value.paperUntil)}`].filter(Boolean).join('　') },
              { label: '窗口核验', value: checks(value) },
              { label: '申请范围', value: value.askedText },
              { label: '查阅方式', value: value.way === 'paper' ? '纸质原件' : `数字影像（范围内 ${value.screenPages} 页可在屏幕查阅）` },
              { label: '档案现在', value: value.dossierState },
            ]}
          />
          <SectionHead n={value.readers.length}>查阅人</SectionHead>
          <div className="scroll-x">
            <table className="plain tight">
              <thead><tr><th scope="col">姓名</th><th scope="col">公民身份号码</th><th scope="col">单位职务</th><th scope="col">政治面貌</th>{value.powers && <th scope="col">工作证件</th>}<th scope="col">回避声明</th><th scope="col">保密承诺</th></tr></thead>
              <tbody>
                {value.readers.map((r) => (
                  <tr key={r.id}>
                    <td>{r.name}</td>
                    <td className="nowrap">{r.idNo}</td>
                    <td>{r.post}</td>
                    <td>{r.politicalName}{r.nonMember && <span className="ink2 dense">（{r.nonMember}）</span>}</td>
                    {value.powers && <td>{r.card}</td>}
                    <td>{r.declared ? '已签' : <span className="ochre">未签</span>}</td>
                    <td>{r.pledged ? '已签' : <span className="ochre">未签</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <SectionHead>审批</SectionHead>
          <ul className="log">
            {value.decisions.map((d) => (
              <li key={d.step}><time dateTime={d.at}>{logTime(d.at)}</time><span>{d.step}　{d.by}{d.opinion && `　${d.opinion}`}</span></li>
            ))}
          </ul>
          {value.grantText && (
            <Facts
              items={[
                { label: '准予范围', value: `${value.grantText}（涉密材料除外）` },
                { label: '缩小的理由', value: value.grantReason },
                { label: '查阅时限', value: `一次，${value.minutes ?? 0} 分钟以内，${value.maxPages ?? 0} 页以内` },
              ]}
            />
          )}
          {value.session && <ReadingRecord value={value} />}
        </div>
      </Split>
      {dialog === 'check' && <Check {...dialogs} />}
      {dialog === 'onpaper' && <OnPaper {...dialogs} />}
      {dialog === 'approve' && <Approve {...dialogs} />}
      {dialog === 'confirm' && <Head {...dialogs} />}
      {dialog === 'refuse' && <Refuse {...dialogs} />}
      {dialog === 'open' && <OpenReading {...dialogs} />}
      {dialog === 'withdraw' && <Withdraw {...dialogs} />}
    </>
  );
}

function checks(v: View): string {
  const seen = [v.sealed && '公章', v.matches && '内容一致', v.formSigned && `申请表已签署盖章${v.formBy ? `（${v.formBy}）` : ''}`].filter(Boolean);
  return seen.length > 0 ? seen.join('、') : '尚未核验';
}

function ReadingRecord({ value }: { value: View }) {
  const s = value.session;
  if (!s) return null;
  return (
    <section aria-label="查阅记录">
      <SectionHead n={`${s.pages} 页`} note={`查阅号 ${s.no}`}>查阅记录</SectionHead>
      <Facts
        items={[
          { label: '监阅人', value: s.monitor },
          { label: '起止', value: `${moment(s.openedAt)}—${s.endedAt ? moment(s.endedAt) : `最迟 ${moment(s.endsAt)}`}` },
          { label: '结束', value: s.endedWhy && (s.endedWhy === 'time' ? <Status tone="bad">时限已到</Status> : '监阅人结束') },
        ]}
      />
      {value.read.length === 0 ? <p className="dense ink2">{s.endedAt ? '本次没有翻阅任何材料。' : '尚未翻阅材料。'}</p> : (
        <div className="scroll-x">
          <table className="plain tight">
            <thead><tr><th scope="col">类号</th><th scope="col">材料</th><th scope="col">所阅</th><th scope="col" className="num">页数</th><th scope="col">首次</th><th scope="col" className="num">显示</th></tr></thead>
            <tbody>{value.read.map((r, i) => <tr key={i}><td>{r.class}</td><td>{r.title}</td><td>{r.what}</td><td className="num">{r.pages}</td><td className="nowrap">{logTime(r.first)}</td><td className="num nowrap">{r.shown > 0 ? `${Math.floor(r.shown / 60)}分${String(r.shown % 60).padStart(2, '0')}秒` : '—'}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
