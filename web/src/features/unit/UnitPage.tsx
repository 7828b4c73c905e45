import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { BearerField } from '../../shared/bearer';
import { Confirm } from '../../shared/confirm';
import { columnDate, logTime, longDate, today } from '../../shared/dates';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { PagingBar, useKeyset } from '../../shared/list';
import { Facts, PageHead, SectionHead, Split, ViewTabs } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';
import { ClosingFields, closingFields, noClosing, type Closing } from './closing';
import { UnitStaff } from './staff';
import { NoticeBlock, unaccepted } from './notice';
import { noWorker, WorkerFields, type Worker } from './worker';

type View = Schema<'UnitView'>;

/** One unit's account: its papers, what hangs on it, what changed, and how it is closed. */
export default function UnitPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['units', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/unit-accounts/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} id={id} />}</Answer>;
}

function Page({ v, etag, id }: { v: View; etag: string; id: string }) {
  const go = useNavigate();
  const [params] = useSearchParams();
  const intake = params.get('intake'); // the unit's request to close goes on from its record
  const [asking, setAsking] = useState<'close' | 'tell' | 'authorize' | 'agree' | 'rename' | undefined>(intake && v.possible.some((a) => a.action === 'account.close' && a.allowed) ? 'close' : undefined);
  const [tab, setTab] = useState<'members' | 'staff' | 'changes'>(v.state === 'open' ? (params.get('tab') === 'staff' ? 'staff' : 'members') : 'changes');
  return (
    <Split
      label="办理" width={304}
      aside={
        <>
          <NowPossible possible={v.possible} on={{ 'account.settle': () => void go(`/units/${id}/settle${intake ? `?intake=${intake}` : ''}`), 'account.close': () => setAsking('close'), 'account.tell': () => setAsking('tell'), 'account.authorize': () => setAsking('authorize'), 'account.agree': () => setAsking('agree'), 'account.rename': () => setAsking('rename'), 'account.staff_list': () => setTab('staff') }} />
          <Papers of={`UnitAccount:${id}`} also={`UnitClosing:${id}`} state={`${v.state}${v.untold}${v.accepted.length}`} />
        </>
      }
    >
      <PageHead title={v.unit} crumbs={[{ label: '集体户', to: '/units' }, { label: v.no ?? '' }]} sub={<Status tone={v.tone as Tone}>{v.stateName}</Status>}>
        <ViewTabs label="账户" value={tab} onChange={setTab} views={[...(v.state === 'open' ? [{ key: 'members' as const, label: '名下档案', n: v.dossiers }, { key: 'staff' as const, label: '单位名册' }] : []), { key: 'changes' as const, label: '变动' }]} />
      </PageHead>
      <div className="page-body">
        {v.state === 'open' && !v.agreed && <p className="notice">单位还没有接受现行有效的集体存档协议。</p>}
        {v.untold > 0 && <p className="notice">还有 {v.untold} 人没有告知账户已变更。</p>}
        <Facts
          items={[
            { label: '账户编号', value: v.no }, { label: '存档机构', value: v.agencyName }, { label: '信用代码', value: v.uscc }, { label: '单位证照', value: v.paperName && `${v.paperName}${v.paperNo ? `（${v.paperNo}）` : ''}` },
            { label: '开户', value: `${longDate(v.openedAt ?? '')}，${v.openedBy}，${v.basisName}` },
            { label: '更名', value: v.renamed.length === 0 ? undefined : v.renamed.map((r) => <span key={r.at} style={{ display: 'block' }}>自{longDate(r.from)}起由“{r.was}”更名为“{r.became}”。<span className="meta">{r.document}（{longDate(r.documentOn)}），{r.by}</span></span>) },
            { label: '协议接受', value: v.accepted.map((x) => `${x.noticeNo}，${x.by}，${x.way}，${longDate(x.on)}`).join('；') },
            { label: '销户', value: v.closedAt && `${logTime(v.closedAt)}，${v.closedBy ?? ''}` }, { label: '销户原因', value: v.why }, { label: '依据材料', value: v.document && `${v.document}${v.documentOn ? `（${longDate(v.documentOn)}）` : ''}` }, { label: '说明', value: v.reason },
          ]}
        />
        <Workers id={id} etag={etag} v={v} />
        <Calls list={v.calls} />
        {tab === 'members' ? <Members id={id} /> : tab === 'staff' ? <UnitStaff id={id} unit={v} may={v.possible.some((p) => p.action === 'account.staff_list' && p.allowed)} /> : <Changes id={id} />}
      </div>
      {asking === 'close' && <Resume<Closing>>{(resumed) => <Close id={id} etag={etag} unit={v} resumed={resumed} onClose={() => setAsking(undefined)} />}</Resume>}
      {asking === 'authorize' && <Authorize id={id} etag={etag} onClose={() => setAsking(undefined)} />}
      {asking === 'rename' && <Rename id={id} etag={etag} v={v} onClose={() => setAsking(undefined)} />}
      {asking === 'agree' && <Agree id={id} etag={etag} onClose={() => setAsking(undefined)} />}
      {asking === 'tell' && <Tell id={id} etag={etag} n={v.untold} ways={v.ways} onClose={() => setAsking(undefined)} />}
    </Split>
  );
}

function Members({ id }: { id: string }) {
  const list = useKeyset<Schema<'UnitMember'>>({ key: ['units', 'members', id], fetch: (cursor, limit) => read(api.GET('/api/v1/unit-accounts/{id}/dossiers', { params: { path: { id }, query: { cursor, limit } } })) });
  return (
    <>
      <SectionHead>名下档案</SectionHead>
      <Answer query={list.query}>
        {() => list.items.length === 0 ? <Empty>名下没有档案。</Empty> : (
          <>
            <table className="plain list">
              <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">状态</th><th scope="col">本人须知</th></tr></thead>
              <tbody>{list.items.map((m) => <tr key={m.id}><td className="subject"><Link to={`/dossiers/${m.id}`}>{m.name}</Link></td><td className="nowrap">{m.no}</td><td>{m.state}</td><td>{m.accepted ? '已接受' : <Status tone="wait">待接受</Status>}</td></tr>)}</tbody>
            </table>
            <PagingBar list={list} unit="卷" />
          </>
        )}
      </Answer>
    </>
  );
}

function Changes({ id }: { id: string }) {
  const list = useKeyset<Schema<'UnitChange'>>({ key: ['units', 'changes', id], fetch: (cursor, limit) => read(api.GET('/api/v1/unit-accounts/{id}/changes', { params: { path: { id }, query: { cursor, limit } } })) });
  return (
    <>
      <SectionHead>变动</SectionHead>
      <Answer query={list.query}>
        {() => (
          <>
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">变动</th><th scope="col">姓名、档案编号</th><th scope="col">去向</th><th scope="col">告知本人</th><th scope="col">办理</th><th scope="col">日期</th></tr></thead>
                <tbody>
                  {list.items.map((c) => (
                    <tr key={c.id}>
                      <td className="nowrap">{c.kindName}</td>
                      <td className="nowrap">{c.dossierId && <><Link className="strong" to={`/dossiers/${c.dossierId}`}>{c.name}</Link> <span className="meta">{c.dossierNo}</span></>}</td>
                      <td>{c.link ? <Link className="text-link" to={c.link}>{c.to}</Link> : c.to}</td>
                      <td>{c.told}</td>
                      <td className="nowrap">{c.by}</td>
                      <td className="nowrap ink2">{columnDate(c.at)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <PagingBar list={list} unit="条" />
          </>
        )}
      </Answer>
    </>
  );
}

/** Whom the unit authorized, and until when (12c). */
function Workers({ id, etag, v }: { id: string; etag: string; v: View }) {
  const [ending, setEnding] = useState<Schema<'UnitWorker'>>();
  const [why, setWhy] = useState('');
  const act = useAct({ etag, invalidates: [['units']], done: '授权已终止', onDone: () => { setEnding(undefined); setWhy(''); }, run: (headers, worker: string) => read(api.POST('/api/v1/unit-accounts/{id}/workers/{worker}/revoke', { params: { path: { id, worker } }, body: { why }, headers })) });
  const may = v.possible.some((p) => p.action === 'account.authorize' && p.allowed);
  if (v.workers.length === 0) return v.state === 'open' ? <p className="notice">没有登记经办人授权：登记后单位才能申请。</p> : null;
  return (
    <>
      <SectionHead>经办人授权</SectionHead>
      <table className="plain">
        <thead><tr><th scope="col">经办人</th><th scope="col">身份证号</th><th scope="col">授权书</th><th scope="col">期限</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
        <tbody>
          {v.workers.map((w) => (
            <tr key={w.id}>
              <td className="nowrap">{w.name}{w.address && <span className="meta" style={{ display: 'block' }}>{w.address}</span>}</td><td className="nowrap">{w.idNo}</td><td>{w.letter}</td>
              <td className="nowrap">{longDate(w.from)}至{longDate(w.until)}</td>
              <td><Status tone={w.tone as Tone}>{w.stateName}</Status>{w.endedWhy && <span className="meta"> {w.endedWhy}</span>}</td>
              <td className="num">{may && !w.endedOn && <Button size="small" aria-label={`终止${w.name}的授权`} onClick={() => { act.reset(); setEnding(w); }}>终止</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Confirm open={ending !== undefined} title={`终止${ending?.name ?? ''}的授权？`} verb="终止授权" busy={act.isPending} onConfirm={() => ending && act.mutate(ending.id)} onCancel={() => setEnding(undefined)} clause="第十二条">
        <p>此后该经办人不能再为单位申请；单位另行授权的，登记新的授权书。</p>
        <Form layout="vertical" requiredMark={false}>
          <Form.Item label="为什么终止" htmlFor="r-why" {...fieldError(act.problem, 'why')}><Input id="r-why" maxLength={200} value={why} placeholder="如 单位来函更换经办人" onChange={(e) => setWhy(e.target.value)} /></Form.Item>
          <ProblemView problem={act.problem} fields={['why']} />
        </Form>
      </Confirm>
    </>
  );
}

/** Pages of what a worker comes for; an act on the account itself has none of its own. */
const pages: Record<string, string> = { Transfer: 'transfers', Certificate: 'certificates', PersonCase: 'standing', Consultation: 'consultations', Intake: 'intakes', HandIn: 'hand-ins' };

/** Which worker came for the unit with what (12c). */
function Calls({ list }: { list: View['calls'] }) {
  if (list.length === 0) return null;
  return (
    <>
      <SectionHead n={list.length}>经办人来办的事项</SectionHead>
      <table className="plain">
        <thead><tr><th scope="col">事项</th><th scope="col">经办人</th><th scope="col">受理</th><th scope="col">时间</th></tr></thead>
        <tbody>
          {list.map((c) => {
            const [kind = '', id = ''] = c.case.split(':');
            return <tr key={`${c.case}${c.at}`}><td>{pages[kind] ? <Link className="text-link" to={`/${pages[kind]}/${id}`}>{c.did}</Link> : c.did}</td><td className="nowrap">{c.name}</td><td className="nowrap">{c.by}</td><td className="nowrap ink2">{logTime(c.at)}</td></tr>;
          })}
        </tbody>
      </table>
    </>
  );
}

/** A letter that authorizes a worker, or renews the authorization. */
function Authorize({ id, etag, onClose }: { id: string; etag: string; onClose: () => void }) {
  const [w, setW] = useState<Worker>(noWorker);
  const act = useAct({ etag, invalidates: [['units']], done: '授权已登记', onDone: onClose, run: (headers) => read(api.POST('/api/v1/unit-accounts/{id}/workers', { params: { path: { id } }, body: w, headers })) });
  return (
    <Confirm open title="登记经办人授权" verb="登记授权" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条" width={640}>
      <p>查看单位盖章的授权书和经办人居民身份证。同一经办人续期的，原授权以新授权书为准。</p>
      <Form layout="vertical" requiredMark={false}><WorkerFields value={w} onChange={(change) => setW({ ...w, ...change })} /></Form>
    </Confirm>
  );
}

const invalidates = [['units'], ['dossiers'], ['documents'], ['transfers']];

/** Closing an account on which nothing hangs, or putting down a unit's request that cannot be met as it is. */
function Close({ id, etag, unit, resumed, onClose }: { id: string; etag: string; unit: View; resumed: Resumed<Closing>; onClose: () => void }) {
  const [v, setV] = useState<Closing>({ ...noClosing, ...resumed.application, intakeId: resumed.intake?.id ?? '' });
  const act = useAct({ etag, invalidates, done: '集体账户已注销', onDone: onClose, run: (headers) => read(api.POST('/api/v1/unit-accounts/{id}/close', { params: { path: { id } }, body: v, headers })) });
  return (
    <Confirm open title="注销集体账户？" verb="注销" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条" width={560}>
      <p>{unit.unit}名下没有档案。注销后出具销户通知单。</p>
      <Form layout="vertical" requiredMark={false}>
        <ClosingFields unit={unit} value={v} onChange={(change) => setV({ ...v, ...change })} problem={act.problem} />
        <ResumedNote intake={resumed.intake} />
        <ProblemView problem={act.problem} fields={closingFields} />
        {v.why === 'asked' && <RecordIntake matter="closing" problem={act.problem} application={() => ({ ...v, accountId: id })} intake={resumed.intake} />}
      </Form>
    </Confirm>
  );
}

/** That the unit has another name from a day on, on the evidence of who registers units (12c). */
function Rename({ id, etag, v, onClose }: { id: string; etag: string; v: View; onClose: () => void }) {
  const [r, setR] = useState({ unit: '', uscc: v.uscc ?? '', from: '', document: '', documentOn: '', workerId: '' });
  const set = (change: Partial<typeof r>) => setR({ ...r, ...change });
  const act = useAct({ etag, invalidates, done: '更名已登记', onDone: onClose, run: (headers) => read(api.POST('/api/v1/unit-accounts/{id}/rename', { params: { path: { id } }, body: r, headers })) });
  const p = act.problem;
  return (
    <Confirm open title="登记单位更名" verb="登记更名" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条" width={640}>
      <p>查看登记机关的变更证明和变更后的单位证照。信用代码不变的是更名；代码变了的是另一个单位，另行开户。名下 {v.dossiers} 卷档案一并改挂新名称，此后的文书用新名称，原来的文书和记录不变，用原名称仍可查到。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="现在的名称">{v.unit}</Form.Item>
        <Form.Item label="变更后的名称" htmlFor="n-unit" {...fieldError(p, 'unit')}><Input id="n-unit" maxLength={100} value={r.unit} onChange={(e) => set({ unit: e.target.value })} /></Form.Item>
        <Form.Item label="变更后证照上的统一社会信用代码" htmlFor="n-uscc" {...fieldError(p, 'uscc')}><Input id="n-uscc" maxLength={18} value={r.uscc} onChange={(e) => set({ uscc: e.target.value })} /></Form.Item>
        <Form.Item label="核准变更的日期" htmlFor="n-from" {...fieldError(p, 'from')}><Day id="n-from" value={r.from} onChange={(from) => set({ from })} /></Form.Item>
        <Form.Item label="登记机关变更证明" htmlFor="n-document" {...fieldError(p, 'document')}><Input id="n-document" maxLength={200} placeholder="名称和文号，如 准予变更登记通知书（渝）登记〔2026〕第 123 号" value={r.document} onChange={(e) => set({ document: e.target.value })} /></Form.Item>
        <Form.Item label="证明的日期" htmlFor="n-documentOn" {...fieldError(p, 'documentOn')}><Day id="n-documentOn" value={r.documentOn} onChange={(documentOn) => set({ documentOn })} /></Form.Item>
        <BearerField optional uscc={v.uscc} unit={v.unit} value={r.workerId} onChange={(workerId) => set({ workerId })} problem={p} />
        <ProblemView problem={p} fields={['unit', 'uscc', 'from', 'document', 'documentOn', 'workerId']} />
      </Form>
    </Confirm>
  );
}

/** That the unit accepted the present agreement; its worker accepts. */
function Agree({ id, etag, onClose }: { id: string; etag: string; onClose: () => void }) {
  const [a, setA] = useState(unaccepted);
  const act = useAct({ etag, invalidates, done: '已登记接受，协议已出具', onDone: onClose, run: (headers) => read(api.POST('/api/v1/unit-accounts/{id}/agree', { params: { path: { id } }, body: a, headers })) });
  return (
    <Confirm open title="登记单位接受协议" verb="登记接受" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条" width={640}>
      <p>由授权有效的单位经办人接受。登记后出具集体存档协议，列明存档人员名单。</p>
      <NoticeBlock kind="collective" value={a} onChange={(change) => { act.reset(); setA({ ...a, ...change }); }} by="接受人（单位经办人）" />
      <ProblemView problem={act.problem} />
    </Confirm>
  );
}

/** That the persons were told, all of the account at once. */
function Tell({ id, etag, n, ways, onClose }: { id: string; etag: string; n: number; ways: string[]; onClose: () => void }) {
  const [way, setWay] = useState('');
  const [on, setOn] = useState(today());
  const act = useAct({ etag, invalidates, done: '已登记告知', onDone: onClose, run: (headers) => read(api.POST('/api/v1/unit-accounts/{id}/tell', { params: { path: { id } }, body: { way, on }, headers })) });
  return (
    <Confirm open title={`登记已告知 ${n} 人？`} verb="登记告知" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条">
      <p>告知书已随销户一并出具，每人一份。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="告知方式" htmlFor="t-way" {...fieldError(act.problem, 'way')}><Select id="t-way" value={way || undefined} placeholder="怎样告知" onChange={(w: string) => setWay(w)} options={ways.map((w) => ({ value: w, label: w }))} /></Form.Item>
        <Form.Item label="告知日期" htmlFor="t-on" {...fieldError(act.problem, 'on')}><Day id="t-on" value={on} onChange={setOn} /></Form.Item>
        <ProblemView problem={act.problem} fields={['way', 'on']} />
      </Form>
    </Confirm>
  );
}
