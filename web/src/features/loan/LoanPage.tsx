import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { BearerLine } from '../../shared/bearer';
import { logTime, longDate, moment } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split, StepLine } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView, ReasonView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Deadline, Status, type Tone } from '../../shared/status';
import { HandOut, Refuse, Words, type Word } from './dialogs';
import './loan.css';

type View = Schema<'LoanView'>;
type Dialog = Word | 'refuse' | 'hand_out';

/** One loan: where it stands, who decided, what went out and what came back. */
export default function LoanPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['loans', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/loans/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Loan value={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

const steps = ['登记', '核对', '审核', '负责人批准', '借出', '归还', '核对'];
const place: Record<string, number> = { draft: 0, incomplete: 0, checking: 1, approving: 2, heading: 3, ready: 4, out: 5, counted: 6, disputed: 6, closed: 7 };

function Loan({ value: v, etag, reload }: { value: View; etag: string; reload: () => void }) {
  const navigate = useNavigate();
  const location = useLocation();
  const [dialog, setDialog] = useState<Dialog>();
  const came = (location.state as { problem?: Problem } | null)?.problem;
  const submit = useAct({
    etag,
    invalidates: [['loans']],
    done: '申请已提交',
    run: (headers) => read(api.POST('/api/v1/loans/{id}/submit', { params: { path: { id: v.id } }, headers })),
  });
  const problem = submit.problem ?? (v.state === 'draft' ? came : undefined);
  const close = () => setDialog(undefined);
  const at = place[v.state];
  const open = (d: Dialog) => () => setDialog(d);
  return (
    <>
      <PageHead
        title={`借阅：${v.personName}`}
        heading={v.personName}
        sub={<><Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link>　{v.unit}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>}
        crumbs={[{ label: '借阅', to: '/loans' }, { label: v.no }]}
      >
        {at !== undefined && <StepLine label="借阅进度" steps={steps} current={at} />}
      </PageHead>
      <Split
        label="办理"
        aside={
          <>
            <NowPossible
              possible={v.possible}
              busy={submit.isPending ? 'loan.submit' : undefined}
              on={{
                'loan.submit': v.state === 'incomplete' ? () => void navigate(`/loans/${v.id}/edit`) : () => submit.mutate(),
                'loan.edit': () => void navigate(`/loans/${v.id}/edit`),
                'loan.check': open('check'),
                'loan.approve': open('approve'),
                'loan.confirm': open('confirm'),
                'loan.refuse': open('refuse'),
                'loan.hand_out': open('hand_out'),
                'loan.return': () => void navigate(`/loans/${v.id}/return`),
                'loan.countersign': open('countersign'),
                'loan.dispute': open('dispute'),
                'loan.settle': open('settle'),
                'loan.extend': open('extend'),
                'loan.recall': open('recall'),
                'loan.withdraw': open('withdraw'),
              }}
            />
            {v.due && <><SectionHead>{v.state === 'out' ? '应还日期' : '期限'}</SectionHead><Deadline due={v.due} /></>}
            <Papers of={`Loan:${v.id}`} state={v.state} />
          </>
        }
      >
        <div className="page-body">
          {problem && problem.kind !== 'incomplete' && <ProblemView problem={problem} onRetry={problem.kind === 'conflict' ? reload : undefined} />}
          {v.state === 'incomplete' && (
            <section aria-label="需要补正">
              <div className="refusal wait">
                <p className="meta">需要补正，共 {v.missing.length} 项，已于{longDate(v.toldOn)}一次告知；本件等待补正</p>
                {v.missing.map((r) => <ReasonView key={`${r.rule}${r.slug}${r.field ?? ''}`} reason={r} />)}
              </div>
            </section>
          )}
          {v.refusal.length > 0 && <section aria-label="不予借阅的理由"><div className="refusal">{v.refusal.map((r, i) => <ReasonView key={i} reason={r} />)}</div></section>}
          {v.late && <p className="red" role="status">借阅期限已于{longDate(v.dueOn)}届满，尚未归还。{v.chasedOn && `最近于${longDate(v.chasedOn)}催还。`}{v.escalatedOn && `已于${longDate(v.escalatedOn)}报上级监督。`}</p>}
          {v.recalledOn && v.state === 'out' && <p className="ochre">已于{longDate(v.recalledOn)}召回：{v.recalledWhy}</p>}
          {v.recount && v.state === 'counted' && <p className="ochre">复核认为清点有误：{v.recount}</p>}
          {v.difference && <Difference v={v} />}
          {v.handedAt && <Outside v={v} />}
          <SectionHead>申请</SectionHead>
          <Facts
            items={[
              { label: '存档人员', value: `${v.personName}　${v.personIdNo}` },
              { label: '借阅单位', value: [v.unit, v.unitCode].filter(Boolean).join('　') },
              { label: '上级主管单位', value: v.superior },
              { label: '单位经办人', value: v.bearer && <BearerLine b={v.bearer} /> },
              { label: '借阅事由', value: [v.purposeName, v.reason].filter(Boolean).join('：') },
              { label: '法律依据', value: v.basis },
              { label: '不能就地查阅', value: v.whyNotHere },
              { label: v.powers ? '法律文书' : '介绍信', value: [v.paperName, v.paperNo, longDate(v.paperOn), v.paperUntil && `有效期至${longDate(v.paperUntil)}`].filter(Boolean).join('　') },
              { label: '窗口核验', value: checks(v) },
              { label: '取送、期限', value: `全卷　${v.wayName}　自交接之日起 ${v.days} 天` },
              { label: '存放地点', value: v.keptAt },
              { label: '档案现在', value: v.dossierState },
            ]}
          />
          <SectionHead n={v.people.length}>借阅人</SectionHead>
          <div className="scroll-x">
            <table className="plain tight">
              <thead><tr><th scope="col">姓名</th><th scope="col">公民身份号码</th><th scope="col">单位职务</th><th scope="col">政治面貌</th><th scope="col">分工</th><th scope="col">回避声明</th><th scope="col">保密承诺</th></tr></thead>
              <tbody>
                {v.people.map((r) => (
                  <tr key={r.id}>
                    <td>{r.name}{r.card && <span className="ink2 dense">（{r.card}）</span>}</td>
                    <td className="nowrap">{r.idNo}</td>
                    <td>{r.post}</td>
                    <td>{r.politicalName}{r.nonMember && <span className="ink2 dense">（{r.nonMember}）</span>}</td>
                    <td>{[r.keeps && '保管责任人', r.carries && '取送人'].filter(Boolean).join('、') || '借阅人'}</td>
                    <td>{r.declared ? '已签' : <span className="ochre">未签</span>}</td>
                    <td>{r.pledged ? '已签' : <span className="ochre">未签</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <SectionHead>办理经过</SectionHead>
          <ul className="log">
            {v.decisions.map((d) => <li key={d.step}><time dateTime={d.at}>{logTime(d.at)}</time><span>{d.step}　{d.by}{d.opinion && `　${d.opinion}`}</span></li>)}
          </ul>
          {v.items.length > 0 && <Lines v={v} />}
        </div>
      </Split>
      {dialog === 'refuse' && <Refuse value={v} etag={etag} onClose={close} />}
      {dialog === 'hand_out' && <HandOut value={v} etag={etag} onClose={close} />}
      {dialog && dialog !== 'refuse' && dialog !== 'hand_out' && <Words kind={dialog} value={v} etag={etag} onClose={close} />}
    </>
  );
}

function Difference({ v }: { v: View }) {
  return (
    <section aria-label="核对差异">
      <div className={v.state === 'closed' ? 'refusal wait' : 'refusal'}>
        <p className="meta">归还核对有差异{v.differenceNo && `　差异记录 ${v.differenceNo}`}</p>
        <p>{v.difference}</p>
        {v.settled && <p>查清：{v.settled}（{v.settledBy}）</p>}
      </div>
    </section>
  );
}

function Outside({ v }: { v: View }) {
  return (
    <section aria-label="借出与归还">
      <SectionHead note={v.number && `审批编号 ${v.number}`}>借出与归还</SectionHead>
      <Facts
        items={[
          { label: '借出', value: `${moment(v.handedAt)}　${v.materials} 份 ${v.pages} 页　密封条 ${v.seal ?? ''}` },
          { label: '经手人', value: [v.takenBy, v.tracking && `机要号 ${v.tracking}`].filter(Boolean).join('　') },
          { label: '应还日期', value: longDate(v.dueOn) },
          { label: '续借', value: v.extendedOn && `${longDate(v.extendedOn)}同意：${v.extendedWhy ?? ''}` },
          { label: '归还', value: v.returnedAt && `${moment(v.returnedAt)}　${v.backMaterials} 份 ${v.backPages} 页　密封${v.packetName ?? ''}　归还人 ${v.broughtBy ?? ''}` },
          { label: '核对人', value: [v.returnedBy, v.signedBy].filter(Boolean).join('、') },
          { label: '结果', value: v.closedWhy },
        ]}
      />
    </section>
  );
}

function Lines({ v }: { v: View }) {
  const back = v.items.some((i) => i.result);
  return (
    <>
      <SectionHead n={v.items.filter((i) => i.result !== 'extra' && i.result !== 'struck').length} note={v.handedAt ? '借出时的清单，归还时逐份核对' : '目录所列，借出时逐页清点'}>材料清单</SectionHead>
      <div className="scroll-x">
        <table className="plain tight">
          <thead><tr><th scope="col" className="num">序号</th><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col" className="num">份</th><th scope="col" className="num">页</th>{back && <><th scope="col">归还核对</th><th scope="col">说明</th></>}</tr></thead>
          <tbody>
            {v.items.map((i) => (
              <tr key={i.lineNo}>
                <td className="num">{i.lineNo}</td>
                <td className="nowrap">{i.number ?? (i.result === 'extra' ? '未列' : '零散')}</td>
                <td>{i.title}</td>
                <td className="num">{i.copies}</td>
                <td className="num">{i.pages}</td>
                {back && <><td className="nowrap">{i.result && <Status tone={i.result === 'ok' ? 'done' : i.result === 'struck' ? 'void' : 'bad'}>{i.resultName}{i.result === 'pages' && `，归还 ${i.backPages} 页`}</Status>}</td><td>{i.note}</td></>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function checks(v: View): string {
  const seen = [v.sealed && '公章', v.matches && '内容一致', v.formSigned && `申请表已签署盖章${v.formBy ? `（${v.formBy}）` : ''}`, v.pledged && '单位已承诺'].filter(Boolean);
  return seen.length > 0 ? seen.join('、') : '尚未核验';
}
