import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, readTagged, type Problem } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { logTime, longDate, shortDate } from '../../shared/dates';
import { openPdf, upload } from '../../shared/files';
import { BearerLine } from '../../shared/bearer';
import { MandateLine } from '../../shared/mandate';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { ClauseChip, Status } from '../../shared/status';
import { CaseForm } from './forms';
import { Asked, Correcting, Corrections } from './correct';
import { Faults } from './faults';
import { went } from './formparts';
import { SideActs } from './sides';
import type { View } from './parts';
import './transfer.css';

/** One transfer, seen from either end (picture 5). */
export default function TransferPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['transfers', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/transfers/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Case value={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Case({ value, etag, reload }: { value: View; etag: string; reload: () => void }) {
  const [righting, setRighting] = useState<string>();
  const kind = value.side === 'in' ? '转入' : value.side === 'out' ? '转出' : '转递';
  const people = [value.handledBy && `经办 ${value.handledBy}`, value.reviewedBy && `审核 ${value.reviewedBy}`, `案号 ${value.no}`].filter(Boolean).join('・');
  const blocked = value.possible.filter((p) => !p.allowed && !p.reasons?.some((r) => r.slug === 'step_out_of_order' || r.slug === 'step_of_other_way' || r.slug === 'post_not_entitled'));
  return (
    <>
      <PageHead
        title={`${kind}：${value.name}`}
        crumbs={[{ label: '转递', to: '/transfers' }, { label: kind }, { label: value.name }]}
        sub={
          <span className="person-line">
            {value.dossierNo && (value.dossierId && !(value.side === 'in' && value.custodian === 'holder') && !(value.side === 'out' && value.custodian === 'receiver')
              ? <Link to={`/dossiers/${value.dossierId}`}>{value.dossierNo}</Link> : <span>{value.dossierNo}</span>)}
            <Status tone={value.tone}>{value.stateName}</Status>
            {value.packet && <span className="ink2">另一袋（{value.packet.kind}）{value.packet.link && <Link className="text-link" to={value.packet.link}>来由</Link>}</span>}
            {value.listId && <Link className="text-link" to={`/transfers/lists/${value.listId}`}>同批办理</Link>}
            {value.faultName && <Status tone="bad">包裹{value.faultName}</Status>}
          </span>
        }
        acts={<span className="ink2">{people}</span>}
        plain={false}
      />
      <Lanes value={value} />
      {value.exchange.length > 0 && <Exchange value={value} />}
      <div className={value.possible.some((p) => p.action === 'transfer.list' && p.allowed) ? 'case-columns wide' : 'case-columns'}>
        <section aria-labelledby="next-step" className="case-form">
          {!righting && <CaseForm value={value} etag={etag} reload={reload} />}
          <Correcting value={value} etag={etag} reload={reload} now={righting} choose={setRighting} />
          <SideActs value={value} etag={etag} />
          {blocked.length > 0 && (
            <details className="other-acts">
              <summary>现在不可办 {blocked.length} 项</summary>
              <Hindrances possible={blocked} />
            </details>
          )}
        </section>
        <section aria-label="文书与审核结果">
          <Asked value={value} />
          <Corrections value={value} />
          {value.bearer && <><SectionHead>单位来办的经办人</SectionHead><p><BearerLine b={value.bearer} /></p></>}
          {value.promiser && <><SectionHead>承诺由代办人签署</SectionHead><p><MandateLine m={value.promiser} /></p></>}
          {value.mandate && <><SectionHead>代办</SectionHead><p><MandateLine m={value.mandate} /></p></>}
          <Faults value={value} />
          <Papers value={value} />
          <Review value={value} />
          <Arrival value={value} />
          <SignedScans value={value} etag={etag} />
        </section>
        <aside aria-label="经过">
          <Log value={value} />
        </aside>
      </div>
    </>
  );
}

/** The five states of 跨省通办: what the other province's screen shows of the same case. */
function Exchange({ value }: { value: View }) {
  return (
    <div className="exchange" role="group" aria-label="跨省通办">
      <div className="lane-name"><b>跨省通办</b>{value.province}</div>
      <ol>
        {value.exchange.map((s) => (
          <li key={s.no} className={s.state} aria-current={s.state === 'now' ? 'step' : undefined}>
            <span className="mark" aria-hidden="true">{s.state === 'done' ? '✓' : s.state === 'stopped' ? '×' : s.no}</span>
            <span className="name">{s.name}{s.state === 'done' && <span className="hidden-text">（已完成）</span>}</span>
            <span className="on">{s.on && shortDate(s.on)}</span>
            {s.note && <span className="note" title={s.note}>{s.note}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A lane per agency, the steps in order, lines where the packet changes hands. */
function Lanes({ value }: { value: View }) {
  const style = { '--steps': value.stages.length } as React.CSSProperties;
  const lane = (end: 'receiver' | 'holder') => {
    const own = (end === 'receiver' && value.side === 'in') || (end === 'holder' && value.side === 'out');
    return (
      <>
        <div className={own ? 'lane-name own' : 'lane-name'}>
          <b>{end === 'receiver' ? '接收' : '转出'}{own ? '（本机构）' : ''}</b>
          {end === 'receiver' ? value.receiver : value.holder}
        </div>
        <ol className={own ? 'lane own' : 'lane'} style={style} aria-label={end === 'receiver' ? `接收：${value.receiver}` : `转出：${value.holder}`}>
          {value.stages.map((s, n) => {
            if (s.end !== end) return null;
            const next = value.stages[n + 1];
            const turn = next && next.end !== end ? (end === 'receiver' ? ' down' : ' up') : '';
            return (
              <li key={s.no} className={`stage ${s.state}`} style={{ gridColumn: n + 1 }} aria-current={s.state === 'now' ? 'step' : undefined}>
                <span className="mark" aria-hidden="true">{s.state === 'done' ? '✓' : s.state === 'stopped' ? '×' : s.no}</span>
                {next && <span className={`line${turn}`} aria-hidden="true" />}
                <span className="name">{s.name}{s.state === 'done' && <span className="hidden-text">（已完成）</span>}</span>
                {s.on && <span className="on">{shortDate(s.on)}{s.state === 'now' && value.clock ? '止' : ''}</span>}
                <span className="note" title={s.note}>{s.note}</span>
              </li>
            );
          })}
        </ol>
      </>
    );
  };
  return (
    <div className="lanes" role="group" aria-label="办理进度">
      {lane('receiver')}
      {lane('holder')}
      {value.days.length > 0 && value.custodian === 'holder' && (
        <>
          <div className="lane-name" style={{ borderTop: '1px solid var(--line)' }}>
            <b>15 个工作日</b>
            {shortDate(value.registeredOn)}{value.packet ? '核准' : '收函'}起算
          </div>
          <div className="term" style={{ borderTop: '1px solid var(--line)' }}>
            <ol aria-label="工作日">
              {value.days.map((d, n) => (
                <li key={d.on} className={`${d.state === 'due' ? '' : d.state}${n === value.days.length - 1 ? ' end-day' : ''}${n > 0 && newWeek(value.days[n - 1]?.on, d.on) ? ' week' : ''}`} aria-current={d.state === 'today' ? 'date' : undefined}>
                  <b>{Number(d.on.slice(8))}</b>
                  {d.state === 'today' ? '今天' : short(d.on)}
                </li>
              ))}
            </ol>
            <Left value={value} />
          </div>
        </>
      )}
    </div>
  );
}

function Left({ value }: { value: View }) {
  const clause = <ClauseChip>第二十条（二）</ClauseChip>;
  const until = `${shortDate(value.dueOn)}止${value.tentative ? '（暂定）' : ''}`;
  if (!value.clock) return <span className="left">{value.dispatchedOn ? `${shortDate(value.dispatchedOn)}寄出` : '已结束'}，{until} {clause}</span>;
  if (value.left < 0) return <span className="left">逾期 <b className="red">{-value.left}</b> 个工作日，{until} {clause}</span>;
  if (value.left === 0) return <span className="left"><b className="ochre">今天</b> 到期 {clause}</span>;
  return <span className="left">剩 <b className={value.left <= 3 ? 'ochre' : undefined}>{value.left}</b> 个工作日，{until} {clause}</span>;
}

const short = (day: string) => '日一二三四五六'[new Date(`${day}T00:00:00Z`).getUTCDay()];

function newWeek(before: string | undefined, day: string): boolean {
  const monday = (d: string) => {
    const t = new Date(`${d}T00:00:00Z`);
    return t.getTime() - ((t.getUTCDay() + 6) % 7) * 86_400_000;
  };
  return before !== undefined && monday(before) !== monday(day);
}

/** Papers of the case, each to be opened; the reading is on record. */
function Papers({ value }: { value: View }) {
  const [problem, setProblem] = useState<Problem>();
  const open = (id: string) => {
    setProblem(undefined);
    openPdf(`/api/v1/documents/${id}/pdf`).catch((e: unknown) => setProblem(problemOf(e)));
  };
  return (
    <>
      <SectionHead n={value.documents.length}>文书</SectionHead>
      {value.documents.length === 0 ? <p className="dense ink2">还没有出具文书。</p> : (
        <table className="plain">
          <thead><tr><th scope="col">文书和编号</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">打开</span></th></tr></thead>
          <tbody>
            {value.documents.map((d) => (
              <tr key={d.id}>
                <td>{d.kindName}<div className="paper-no">{d.number}</div></td>
                <td><Status tone={d.state === 'void' || d.state === 'superseded' ? 'void' : 'done'}>{d.stateName}</Status></td>
                <td className="num"><button type="button" className="bare" aria-label={`${d.kindName} PDF`} onClick={() => open(d.id)}>PDF</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value.noticeNo && !value.receiptOn && value.direction !== 'in' && <p className="dense ink2" style={{ padding: '6px 10px' }}>通知单回执：未收到{value.receiptDue && `，${shortDate(value.receiptDue)}前应退回`}{value.chased > 0 && `，已催办 ${value.chased} 次`}{value.deliveredOn && `；承运方答复${shortDate(value.deliveredOn)}已投递，催要回执`}</p>}
      <ProblemView problem={problem} />
    </>
  );
}

function Review({ value }: { value: View }) {
  if (value.hinders.length === 0) return null;
  return (
    <>
      <SectionHead end={<ClauseChip>第二十条（二）</ClauseChip>}>{value.reviewedBy ? '审核结果' : '审核项目'}</SectionHead>
      <ul className="result">
        {value.hinders.map((h) => (
          <li key={h.slug}>
            <span className={h.hinders ? 'cross' : 'tick'} aria-hidden="true">{h.hinders ? '×' : '✓'}</span>
            <span>{h.slug === 'catalog_missing' && !h.hinders && value.items.length > 0 ? `目录清单 ${value.copies} 份 ${value.pages} 页` : h.text}</span>
          </li>
        ))}
      </ul>
      {value.review && <p className="dense ink2">{value.review}（仅提示）</p>}
    </>
  );
}

/** Scans of the undertaking that was signed on paper; each look on record. */
function SignedScans({ value, etag }: { value: View; etag: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const act = useAct({ etag, invalidates: [['transfers']], done: '扫描件已上传', run: (headers, file: File) => upload<View>(`/api/v1/transfers/${value.id}/undertaking`, file, { headers }) });
  const may = value.possible.some((p) => p.action === 'transfer.attach' && p.allowed);
  if (!may && value.signed.length === 0) return null;
  return (
    <>
      <SectionHead n={value.signed.length} end={may && <Button size="small" loading={act.isPending} onClick={() => input.current?.click()}>上传扫描件</Button>}>承诺书签署件</SectionHead>
      <input ref={input} type="file" accept=".jpg,.jpeg,.pdf" className="hidden-text" tabIndex={-1} aria-label="承诺书扫描件" onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) act.mutate(f); }} />
      {value.signed.length === 0 ? <p className="dense ink2">本人纸面签名的承诺书，可上传照片 JPG 或 PDF，每个不超过 10 MB。</p> : (
        <ul className="lines">{value.signed.map((s) => <li key={s.no}><button type="button" className="bare text-link" onClick={() => { setProblem(undefined); openPdf(`/api/v1/transfers/${value.id}/undertaking/${s.no}`).catch((e: unknown) => setProblem(problemOf(e))); }}>第 {s.no} 个，{s.format === 'pdf' ? `PDF ${s.pages} 页` : '照片'}</button> <span className="meta">{s.addedBy} {logTime(s.addedAt)}</span></li>)}</ul>
      )}
      <ProblemView problem={act.problem ?? problem} />
    </>
  );
}

function Arrival({ value }: { value: View }) {
  if (!value.arrivedOn) return null;
  const rows: [string, string | false | undefined][] = [
    ['到件', `${shortDate(value.arrivedOn)}，包封${value.intact ? '完好' : '有损'}`],
    ['来件', value.came],
    ['核对', value.checkedBy && `${value.checkedBy}${value.secondBy ? `、${value.secondBy}` : ''}${value.checkResult ? `，${value.checkResult}` : ''}`],
    ['不符情况', value.differences],
    ['处理', value.outcome],
    ['商定', value.agreement],
    ['经历', value.historyBy && `${value.historyBy}登记${value.historyOkBy ? `，${value.historyOkBy}核对` : '，待第二人核对'}`],
    ['退回', value.backNo && `${shortDate(value.dispatchedOn)}，${went(value)}，通知单 ${value.backNo}`],
    ['回执', value.receiptOn && [`${shortDate(value.receiptOn)} ${value.receiptNo ?? ''}`, value.answered].filter(Boolean).join('，')],
    ['回执写明缺少', value.answerMissing],
    ['党组织关系', value.letterOn && value.partyHeading && `接转抬头：${value.partyHeading}`],
    ['告知', value.toldOn && shortDate(value.toldOn)],
    ['提醒', value.reminded > 0 && `已提醒 ${value.reminded} 次${value.escalated === 1 ? '，已报负责人' : value.escalated === 2 ? '，已报上级' : ''}`],
    ['承诺', value.promisedOn && `${shortDate(value.promisedOn)}${value.signing === 'screen' ? '屏幕签名' : ''}，${longDate(value.promiseDue)}前补充`],
    ['入库', value.shelvedOn && shortDate(value.shelvedOn)],
  ];
  return (
    <>
      <SectionHead>签收核对</SectionHead>
      <dl className="facts">{rows.filter(([, v]) => v).map(([k, v]) => <div key={k} style={{ display: 'contents' }}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
      {value.attempts.length > 0 && (
        <>
          <SectionHead n={value.attempts.length}>联系本人</SectionHead>
          <ul className="lines">{value.attempts.map((a, n) => <li key={n}>{shortDate(a.on)} {a.way}{a.way === '处置' ? '' : a.reached ? '，已联系上' : '，没有联系上'}：{a.note} <span className="meta">{a.by}</span></li>)}</ul>
        </>
      )}
      {value.gaps.length > 0 && (
        <>
          <SectionHead n={value.gaps.length}>所缺材料</SectionHead>
          <ul className="lines">{value.gaps.map((g) => <li key={g.title}>{g.keyName && <span className="red">{g.keyName}</span>} {g.title} <span className="meta">{g.class}</span></li>)}</ul>
        </>
      )}
    </>
  );
}

/** What was done; ledger numbers stand behind 详情. */
function Log({ value }: { value: View }) {
  const [detail, setDetail] = useState(false);
  return (
    <>
      <SectionHead end={<Button type="link" size="small" aria-pressed={detail} onClick={() => setDetail(!detail)}>{detail ? '收起' : '详情'}</Button>}>经过</SectionHead>
      {value.log.length === 0 && <p className="dense ink2">还没有办理记录。</p>}
      <ol className="log">
        {value.log.map((l) => (
          <li key={l.entry}>
            <time dateTime={l.at}>{logTime(l.at)}</time>
            <span>
              {l.what}
              <span className="meta" style={{ display: 'block' }}>{l.by}{l.org && `・${l.org}`}</span>
              {detail && <span className="meta hash" style={{ display: 'block' }}>存证序号 {l.number}</span>}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
