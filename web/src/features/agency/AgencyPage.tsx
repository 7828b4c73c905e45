import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { columnDate, figure, logTime, longDate, today } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView, ReasonView } from '../../shared/problem';
import { Answer, Loading } from '../../shared/states';
import { Status } from '../../shared/status';
import { Day } from '../transfer/parts';
import { basisName, kindNames, NodeState, Validity } from './parts';

type View = Schema<'AgencyView'>;
type Change = View['changes'][number];
type Kind = 'authorized' | 'renamed' | 'merged' | 'closed' | 'assigned';

/** One agency: its basis, what it has under way, its history, and as it was on a day. */
export default function AgencyPage() {
  const { code = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const on = params.get('on') ?? '';
  const query = useQuery({ queryKey: ['agencies', 'one', code, on], queryFn: () => readTagged(api.GET('/api/v1/agencies/{code}', { params: { path: { code }, query: { on: on || undefined } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page v={value} etag={etag} on={on} setOn={(day) => setParams(day && day !== today() ? { on: day } : {})} />}</Answer>;
}

function Page({ v, etag, on, setOn }: { v: View; etag: string; on: string; setOn: (day: string) => void }) {
  const [open, setOpen] = useState<Kind>();
  const [settling, setSettling] = useState<Change>();
  const [reaching, setReaching] = useState(false);
  const acts = { 'agency.authorize': () => setOpen('authorized'), 'agency.rename': () => setOpen('renamed'), 'agency.merge': () => setOpen('merged'), 'agency.close': () => setOpen('closed'), 'agency.assign': () => setOpen('assigned'), 'agency.contact': () => setReaching(true) };
  const then = v.standing;
  const past = on !== '' && on !== today();
  return (
    <Split label="办理" aside={<NowPossible possible={v.possible} on={acts} />}>
      <PageHead title={v.name} crumbs={[{ label: '机构管理', to: '/agencies' }, { label: v.code }]} sub={<span className="person-line"><span>{kindNames[v.kind]}</span><NodeState n={v} /></span>} />
      <div className="page-body">
        {v.ended && (
          <div className="notice">
            授权已于{longDate(v.validUntil)}到期：不能新接收档案。在办的转递、查阅、出具证明照常办理，期限照算，由{v.parentName}督促办结。续期的，登记授权。
          </div>
        )}
        <SectionHead end={<span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}><label htmlFor="agency-day" className="nowrap">看某一日</label><span style={{ width: 170 }}><Day id="agency-day" future value={on || today()} onChange={setOn} /></span></span>}>{past ? `${longDate(on)}的情况` : '现在的情况'}</SectionHead>
        {!then.there ? <p className="notice">{past || v.state !== 'pending' ? '该日还没有设立登记。' : '尚未设立：设立登记在生效日由系统执行。'}</p> : (
          <Facts
            items={[
              { label: '名称', value: then.name }, { label: '文书代字', value: then.short },
              { label: '依据', value: then.basisKind && `${basisName(then.basisKind)}，${then.basis}` },
              { label: '有效期', value: then.basisKind && <Validity kind={then.basisKind} until={then.validUntil} /> },
              { label: '新接收档案', value: v.keeps ? (then.takesIn ? '可以' : '不可以') : undefined },
              { label: v.keeps ? '存续' : '状态', value: then.state === 'merged' ? `已并入${then.successorName}` : then.state === 'closed' ? '已撤销' : '在设' },
              { label: '上级', value: then.parent ? <Link className="text-link" to={`/agencies/${then.parent}`}>{then.parentName || then.parent}</Link> : then.parentName },
            ]}
          />
        )}
        {then.there && (
          <>
            <SectionHead>{past ? '该日的联系方式' : '联系方式'}</SectionHead>
            {v.contacts.some((d) => d.value) ? <Facts items={v.contacts.map((d) => ({ label: d.name, value: d.value || (d.key === 'oversight' ? '同服务热线' : undefined) }))} /> : <p className="dense ink2">没有登记。</p>}
          </>
        )}
        {v.keeps && (
          <>
            <SectionHead>在管档案与在办事项</SectionHead>
            {v.ended && <p className="dense ink2">授权到期后下列事项照常办理，由{v.parentName}督促办结。</p>}
            <Running list={v.open.filter((o) => o.n > 0)} />
          </>
        )}
        {!v.keeps && then.there && (
          <>
            <SectionHead n={v.below.length}>{past ? '该日的下属机构' : '下属机构'}</SectionHead>
            {v.below.length === 0 ? <p className="dense ink2">没有下属机构。</p> : (
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">机构</th><th scope="col">编码</th><th scope="col">层级</th><th scope="col">依据</th><th scope="col">状态</th></tr></thead>
                  <tbody>
                    {v.below.map((b) => (
                      <tr key={b.code}>
                        <td className="nowrap"><Link className="text-link" to={`/agencies/${b.code}${past ? `?on=${on}` : ''}`}>{b.name}</Link></td>
                        <td className="nowrap ink2">{b.code}</td>
                        <td className="nowrap ink2">{kindNames[b.kind]}</td>
                        <td className="ink2">{b.basisKind && `${basisName(b.basisKind)}，${b.basis}`}</td>
                        <td className="nowrap">{past && b.state === 'active' ? <Status tone="plain">在设</Status> : <NodeState n={b} />}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
        <SectionHead n={v.changes.length}>沿革</SectionHead>
        <div className="scroll-x">
          <table className="plain">
            <thead><tr><th scope="col">生效</th><th scope="col">变动</th><th scope="col">内容</th><th scope="col">批准文号</th><th scope="col">登记</th><th scope="col">状态</th></tr></thead>
            <tbody>
              {[...v.changes].reverse().map((c) => (
                <tr key={c.id}>
                  <td className="nowrap">{columnDate(c.effectiveOn)}</td>
                  <td className="nowrap strong">{c.kindName}</td>
                  <td>{told(v, c)}{c.contacts?.map((d) => <p key={d.name} className="dense">{d.name}：{c.appliedAt ? `${d.old || '（无）'} → ` : ''}{d.new || '（无）'}</p>)}{c.state === 'lapsed' && <Lapse c={c} onSettle={() => setSettling(c)} />}</td>
                  <td className="ink2">{c.document}{c.dated && <p className="meta">{longDate(c.dated)}发文</p>}{c.evidence && <p className="meta">{c.evidence}</p>}</td>
                  <td className="ink2 nowrap">{c.decidedBy}　{logTime(c.decidedAt)}</td>
                  <td className="nowrap">{c.state === 'applied' ? <Status tone="done">已生效</Status> : c.state === 'waiting' ? <Status tone="wait">待生效</Status> : c.settledAt ? <Status tone="void">未生效</Status> : <Status tone="bad">未生效</Status>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {reaching && <Reach v={v} etag={etag} onClose={() => setReaching(false)} />}
      {settling && <Settle c={settling} onClose={() => setSettling(undefined)} />}
      {open && <Decide v={v} etag={etag} kind={open} onClose={() => setOpen(undefined)} />}
    </Split>
  );
}

/** What runs at an agency, by kind, with the earliest day one is due. */
function Running({ list }: { list: View['open'] }) {
  if (list.length === 0) return <p className="dense ink2">没有在管档案和在办事项。</p>;
  return (
    <div className="scroll-x">
      <table className="plain" aria-label="在管档案与在办事项">
        <thead><tr><th scope="col">事项</th><th scope="col">数量</th><th scope="col">最早的期限</th><th scope="col">等得最久的</th></tr></thead>
        <tbody>
          {list.map((o) => (
            <tr key={o.name}>
              <td>{o.link ? <Link className="text-link" to={o.link}>{o.name}</Link> : o.name}</td>
              <td className="nowrap">{figure(o.n, o.more)} {o.unit}</td>
              <td className="nowrap">{o.due && (o.due < today() ? <Status tone="bad">{columnDate(o.due)}</Status> : columnDate(o.due))}</td>
              <td className="nowrap ink2">{o.since && `${columnDate(o.since)} ${o.from}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a decision did, in a sentence. */
function told(v: View, c: Change): string {
  if (c.kind === 'contact') return '';
  if (c.kind === 'renamed') return `${c.oldName} → ${c.newName}`;
  if (c.kind === 'assigned') return c.agency === v.code ? `${c.oldParentName} → ${c.newParentName}` : `${c.agencyName}：${c.oldParentName} → ${c.newParentName}`;
  if (c.kind === 'merged' && !v.keeps) return c.agency === v.code ? `并入${c.successorName}` : `${c.agencyName}并入本部门`;
  if (c.kind === 'merged') return c.agency === v.code ? `并入${c.successorName}${c.appliedAt ? `，接管档案 ${figure(c.moved)} 份` : ''}` : `${c.agencyName}并入本机构${c.appliedAt ? `，接管档案 ${figure(c.moved)} 份` : ''}`;
  if (c.kind === 'authorized') return `授权至${longDate(c.validUntil)}`;
  return c.newName ?? '';
}

/** Why a decision did not take effect on its day, and what was made of it. */
function Lapse({ c, onSettle }: { c: Change; onSettle: () => void }) {
  return (
    <div className="dense">
      {c.reasons?.map((r) => <ReasonView key={r.rule + r.slug} reason={r} />)}
      {c.settledAt && <p className="meta">处理：{c.settled}　{c.settledBy}　{logTime(c.settledAt)}</p>}
      {c.possible?.some((p) => p.action === 'agency.settle' && p.allowed) && <Button size="small" onClick={onSettle}>了结</Button>}
    </div>
  );
}

/** Closes a decision that did not take effect; to decide anew is on the page itself. */
function Settle({ c, onClose }: { c: Change; onClose: () => void }) {
  const [note, setNote] = useState('');
  const act = useAct({
    etag: `"${c.version}"`, invalidates: [['agencies'], ['work']], onDone: onClose, done: '已了结',
    run: (headers) => read(api.POST('/api/v1/agency-changes/{id}/settle', { params: { path: { id: c.id } }, body: { note }, headers })),
  });
  return (
    <Confirm open title="了结未生效的变动" verb="了结" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第六条">
      <p>{c.agencyName}的{c.kindName}（{c.document}）原定{longDate(c.effectiveOn)}生效，当日有妨碍，没有生效。仍要办理的，妨碍办结后另行登记同类变动，本项随之了结。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="处理情况" htmlFor="settle-note" {...fieldError(act.problem, 'note')}><Input.TextArea id="settle-note" rows={3} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['note']} />
    </Confirm>
  );
}

type Key = View['current'][number]['key'];

/** Where an agency is reached, from today or a coming day (26): papers print what holds on their day. */
function Reach({ v, etag, onClose }: { v: View; etag: string; onClose: () => void }) {
  const [f, setF] = useState<Partial<Record<Key, string>>>({});
  const [paper, setPaper] = useState({ effectiveOn: today(), document: '', evidence: '' });
  const [mended, setMended] = useState<string[]>([]);
  const act = useAct({
    etag, invalidates: [['agencies']], onDone: onClose,
    done: paper.effectiveOn > today() ? `已登记，${longDate(paper.effectiveOn)}启用` : '联系方式已变更',
    run: (headers) => read(api.POST('/api/v1/agencies/{code}/contact', {
      params: { path: { code: v.code } }, headers,
      body: { effectiveOn: paper.effectiveOn, document: paper.document || undefined, evidence: paper.evidence || undefined, contacts: (Object.keys(f) as Key[]).map((key) => ({ key, value: f[key] ?? '' })) },
    })),
  });
  const error = (field: string) => (mended.includes(field) ? {} : fieldError(act.problem, field));
  const wide = (key: Key) => key === 'address' || key === 'partyHeading';
  return (
    <Confirm open title="变更联系方式" verb="变更" width={600} busy={act.isPending} onConfirm={() => { setMended([]); act.mutate(); }} onCancel={onClose} clause="第二十六条">
      <p className="dense ink2">启用之后出具的文书、办事指南印新的联系方式；已出具的不变。没有改动的项目不变。</p>
      <Form layout="vertical" requiredMark={false}>
        <div className="form-grid">
          {v.current.map((d) => (
            <Form.Item key={d.key} className={wide(d.key) ? 'wide' : undefined} label={d.key === 'oversight' ? '监督电话（可空）' : d.name} htmlFor={`reach-${d.key}`} {...error(d.key)}>
              <Input id={`reach-${d.key}`} placeholder={d.key === 'oversight' ? '空：同服务热线' : undefined} maxLength={wide(d.key) ? 200 : 64} value={f[d.key] ?? d.value} onChange={(e) => { setF({ ...f, [d.key]: e.target.value }); setMended([...mended, d.key]); }} />
            </Form.Item>
          ))}
          <Form.Item label="启用日期（可晚于今天）" htmlFor="reach-on" {...error('effectiveOn')}><Day id="reach-on" future value={paper.effectiveOn} onChange={(effectiveOn) => { setPaper({ ...paper, effectiveOn }); setMended([...mended, 'effectiveOn']); }} /></Form.Item>
          <Form.Item label="文号（如有）" htmlFor="reach-document"><Input id="reach-document" maxLength={120} value={paper.document} onChange={(e) => setPaper({ ...paper, document: e.target.value })} /></Form.Item>
          <Form.Item className="wide" label="依据（可空）" htmlFor="reach-evidence"><Input id="reach-evidence" maxLength={300} placeholder="如：办公地点搬迁通知" value={paper.evidence} onChange={(e) => setPaper({ ...paper, evidence: e.target.value })} /></Form.Item>
        </div>
      </Form>
      <ProblemView problem={act.problem} fields={reachFields} />
    </Confirm>
  );
}
const reachFields = ['address', 'postcode', 'desk', 'phone', 'hotline', 'oversight', 'partyHeading', 'effectiveOn'];

const words: Record<Kind, { title: string; verb: string }> = {
  authorized: { title: '登记授权', verb: '登记授权' }, renamed: { title: '机构更名', verb: '更名' }, merged: { title: '并入承接机构', verb: '合并' }, closed: { title: '撤销', verb: '撤销' }, assigned: { title: '调整隶属', verb: '调整隶属' },
};
const fields = ['document', 'effectiveOn', 'validUntil', 'name', 'successor', 'parent', 'dated', 'evidence'];

/** One decision: its paper, its day, and beforehand what it will do. */
function Decide({ v, etag, kind, onClose }: { v: View; etag: string; kind: Kind; onClose: () => void }) {
  const [f, setF] = useState({ document: '', effectiveOn: today(), validUntil: '', name: '', short: '', successor: '', parent: '', dated: '', evidence: '' });
  const foreseen = useQuery({
    queryKey: ['agencies', 'one', v.code, 'foresee', kind, f.successor, f.parent, f.effectiveOn],
    queryFn: () => read(api.GET('/api/v1/agencies/{code}/foresee', { params: { path: { code: v.code }, query: { kind, successor: f.successor || undefined, parent: f.parent || undefined, effectiveOn: f.effectiveOn || undefined } } })),
  });
  const tree = useQuery({ queryKey: ['agencies', 'tree'], queryFn: () => read(api.GET('/api/v1/agencies/tree')), enabled: kind === 'merged' || kind === 'assigned' });
  const act = useAct({
    etag, invalidates: [['agencies']], onDone: onClose,
    done: f.effectiveOn > today() ? `已登记，${longDate(f.effectiveOn)}生效` : `已${words[kind].verb}`,
    run: (headers) => {
      const order = { document: f.document, effectiveOn: f.effectiveOn, dated: f.dated || undefined, evidence: f.evidence || undefined };
      const params = { path: { code: v.code } };
      if (kind === 'authorized') return read(api.POST('/api/v1/agencies/{code}/authorize', { params, body: { ...order, validUntil: f.validUntil }, headers }));
      if (kind === 'renamed') return read(api.POST('/api/v1/agencies/{code}/rename', { params, body: { ...order, name: f.name, short: f.short || undefined }, headers }));
      if (kind === 'merged') return read(api.POST('/api/v1/agencies/{code}/merge', { params, body: { ...order, successor: f.successor }, headers }));
      if (kind === 'assigned') return read(api.POST('/api/v1/agencies/{code}/assign', { params, body: { ...order, parent: f.parent }, headers }));
      return read(api.POST('/api/v1/agencies/{code}/close', { params, body: order, headers }));
    },
  });
  // What was mended since the refusal is no longer marked; the rest still is.
  const [mended, setMended] = useState<string[]>([]);
  const change = (part: Partial<typeof f>) => { setF({ ...f, ...part }); setMended([...mended, ...Object.keys(part)]); };
  const error = (field: string) => (mended.includes(field) ? {} : fieldError(act.problem, field));
  const against = foreseen.data?.reasons ?? [];
  return (
    <Confirm open title={kind === 'merged' && !v.keeps ? '并入承接的主管部门' : words[kind].title} verb={words[kind].verb} width={600} busy={act.isPending} disabled={against.length > 0} onConfirm={() => { setMended([]); act.mutate(); }} onCancel={onClose} clause={against.length > 0 ? undefined : '第六条'}>
      <Form layout="vertical" requiredMark={false}>
        {kind === 'merged' && (
          <Form.Item label={v.keeps ? '承接机构' : '承接的主管部门'} {...fieldError(act.problem, 'successor')}>
            <Select aria-label={v.keeps ? '承接机构' : '承接的主管部门'} showSearch optionFilterProp="label" value={f.successor || undefined} onChange={(successor) => setF({ ...f, successor })} options={(tree.data?.items ?? []).filter((n) => n.code !== v.code && n.keeps === v.keeps && (n.state === 'pending' || (n.keeps ? n.takesIn : n.state === 'active'))).map((n) => ({ value: n.code, label: n.state === 'pending' ? `${n.name}（待设立）` : n.name }))} />
          </Form.Item>
        )}
        {kind === 'assigned' && (
          <Form.Item label="新的主管部门" {...fieldError(act.problem, 'parent')}>
            <Select aria-label="新的主管部门" showSearch optionFilterProp="label" value={f.parent || undefined} onChange={(parent) => setF({ ...f, parent })} options={(tree.data?.items ?? []).filter((n) => !n.keeps && n.code !== v.parent && (n.state === 'active' || n.state === 'pending')).map((n) => ({ value: n.code, label: n.name }))} />
          </Form.Item>
        )}
        {kind === 'renamed' && (
          <div className="form-grid">
            <Form.Item label="新名称" htmlFor="change-name" {...fieldError(act.problem, 'name')}><Input id="change-name" maxLength={120} value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} /></Form.Item>
            <Form.Item label="新的文书代字（不变可空）" htmlFor="change-short"><Input id="change-short" maxLength={32} value={f.short} onChange={(e) => setF({ ...f, short: e.target.value })} /></Form.Item>
          </div>
        )}
        <div className="form-grid">
          <Form.Item label="批准文号" htmlFor="change-document" {...error('document')}><Input id="change-document" maxLength={120} value={f.document} onChange={(e) => change({ document: e.target.value })} /></Form.Item>
          <Form.Item label="生效日期（可晚于今天）" htmlFor="change-on" {...fieldError(act.problem, 'effectiveOn')}><Day id="change-on" future value={f.effectiveOn} onChange={(day) => setF({ ...f, effectiveOn: day })} /></Form.Item>
          {kind === 'authorized' && <Form.Item label="授权至（含当日）" htmlFor="change-until" {...fieldError(act.problem, 'validUntil')}><Day id="change-until" future value={f.validUntil} onChange={(day) => setF({ ...f, validUntil: day })} /></Form.Item>}
          {!v.keeps && <Form.Item label="发文日期" htmlFor="change-dated" {...error('dated')}><Day id="change-dated" value={f.dated} onChange={(day) => change({ dated: day })} /></Form.Item>}
          {!v.keeps && <Form.Item className="wide" label="所核验的批准文件" htmlFor="change-evidence" {...error('evidence')}><Input id="change-evidence" maxLength={300} placeholder="文件名称，原件或复印件" value={f.evidence} onChange={(e) => change({ evidence: e.target.value })} /></Form.Item>}
        </div>
      </Form>
      <SectionHead level={3}>将会怎样</SectionHead>
      {foreseen.isPending && <Loading rows={2} />}
      {kind === 'merged' && !f.successor && <p className="dense ink2">选择{v.keeps ? '承接机构' : '承接的主管部门'}后显示。</p>}
      {kind === 'assigned' && !f.parent && <p className="dense ink2">选择新的主管部门后显示。</p>}
      {against.length > 0 && <div className="refusal" role="alert">{against.map((r) => <ReasonView key={r.rule + r.slug} reason={r} />)}</div>}
      {(foreseen.data?.effects.length ?? 0) > 0 && <ul className="dense">{foreseen.data?.effects.map((e) => <li key={e}>{e}</li>)}</ul>}
      <ProblemView problem={foreseen.error ? undefined : act.problem} fields={fields} />
    </Confirm>
  );
}
