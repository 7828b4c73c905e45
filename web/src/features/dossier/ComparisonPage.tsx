import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { placeOf } from '../../app/registry';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate, shortDate } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = Schema<'ComparisonView'>;
type Fact = Schema<'KeyFactView'>;

/** 信息核对表: every mention of the five key facts side by side, what was recorded first, what departments decided. */
export default function ComparisonPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['dossiers', id, 'comparison'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/comparison', { params: { path: { id } } })) });
  return <Answer query={query} rows={10}>{(v) => <Sheet v={v} />}</Answer>;
}

function Sheet({ v }: { v: View }) {
  const [deciding, setDeciding] = useState(false);
  const may = (action: string) => v.possible.some((p) => p.action === action && p.allowed);
  const again = [['dossiers', v.dossierId]];
  const print = useAct({
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/comparison/print', { params: { path: { id: v.dossierId } }, headers })),
    invalidates: [['documents'], ...again],
    done: (paper) => `已出具 ${paper.number}`,
    onDone: (paper) => void openPdf(`/api/v1/documents/${paper.id}/pdf`),
  });
  const confirm = useAct({
    run: (headers, e: { kind: 'fact' | 'determination'; id: string }) => read(api.POST('/api/v1/entries/{kind}/{entry}/confirm', { params: { path: { kind: e.kind, entry: e.id } }, headers })),
    invalidates: again,
    done: '已核对',
  });
  const images = placeOf('digital.open', v.dossierId);
  return (
    <>
      <PageHead title="信息核对表" sub={`${v.person}　${v.no}`} crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: v.no, to: `/dossiers/${v.dossierId}` }, { label: '信息核对表' }]}
        acts={<>{may('dossier.print_comparison') && <Button loading={print.isPending} onClick={() => print.mutate()}>打印信息核对表</Button>}{may('dossier.determine') && <Button onClick={() => setDeciding(true)}>登记认定</Button>}</>} />
      <div className="page-body">
        <p className="dense ink2">本表照材料原文列出记载和差异，机构不作认定；认定由主管部门依规定作出，凭其认定材料登记。{images && may('dossier.enter') && <>　<Link className="text-link" to={images}>对照影像登记记载</Link></>}</p>
        <ProblemView problem={print.problem ?? confirm.problem} />
        {v.facts.filter((f) => five.includes(f.kind) || f.mentions.length + f.decisions.length > 0).map((f) => <FactTable key={f.kind} f={f} v={v} mayConfirm={may('dossier.enter')} busy={confirm.isPending} onConfirm={(kind, id) => confirm.mutate({ kind, id })} />)}
        <SectionHead n={v.flags.length} note="只供核查，不作结论，不影响办理">合理性提示</SectionHead>
        {v.flags.length === 0 ? <p className="dense ink2">登记的记载没有不合常理之处。</p> : (
          <table className="plain tight" aria-label="合理性提示"><thead><tr><th scope="col">提示</th><th scope="col">记载</th></tr></thead>
            <tbody>{v.flags.map((f) => <tr key={f.kind + f.text}><td className="nowrap"><Status tone="wait">{f.name}</Status></td><td>{f.text}</td></tr>)}</tbody>
          </table>
        )}
        <SectionHead n={v.intervals.length} note="相差三个月以内不列">经历的空白和重叠</SectionHead>
        {v.intervals.length === 0 ? <p className="dense ink2">登记的经历前后衔接，没有空白和重叠。</p> : (
          <table className="plain tight"><thead><tr><th scope="col">情形</th><th scope="col">时段和单位</th></tr></thead>
            <tbody>{v.intervals.map((i) => <tr key={i.kind + i.text}><td className="nowrap"><Status tone={i.kind === 'gap' ? 'wait' : 'bad'}>{i.name}</Status></td><td>{i.text}</td></tr>)}</tbody>
          </table>
        )}
      </div>
      {deciding && <DecideForm v={v} onClose={() => setDeciding(false)} />}
    </>
  );
}

/** The five key facts always stand in the sheet, the others once somebody took them down. */
const five = ['birth_date', 'work_start', 'party_joining', 'education_degree', 'work_history'];

/** Who compared, or who entered, and on which day. */
function Hands({ entered, checked }: { entered?: Schema<'HandView'>; checked: Schema<'HandView'>[] }) {
  const say = (h: Schema<'HandView'>) => [h.by, h.at && shortDate(h.at)].filter(Boolean).join(' ');
  if (!entered && checked.length === 0) return null;
  return <div className="meta">{[entered && `经办 ${say(entered)}`, checked.length > 0 && `核对 ${checked.map(say).join('、')}`].filter(Boolean).join('；')}</div>;
}

const tones: Record<Fact['verdict'], Tone> = { agree: 'done', differ: 'bad', missing: 'wait', silent: 'plain', decided: 'done' };

function FactTable({ f, v, mayConfirm, busy, onConfirm }: { f: Fact; v: View; mayConfirm: boolean; busy: boolean; onConfirm: (kind: 'fact' | 'determination', id: string) => void }) {
  const checked = (confirmed: boolean, own: boolean, kind: 'fact' | 'determination', id: string | undefined, what: string) => (
    <>
      <Status tone={confirmed ? 'plain' : 'wait'}>{confirmed ? '已核对' : own ? '待另一人核对' : '待核对'}</Status>
      {mayConfirm && !confirmed && !own && id && <>{' '}<Button size="small" disabled={busy} aria-label={`核对：${what}`} onClick={() => onConfirm(kind, id)}>核对</Button></>}
    </>
  );
  return (
    <section aria-label={f.name}>
      <SectionHead level={3} n={f.mentions.length} end={<>{f.unread.length > 0 && <span className="ochre">{f.unread.length} 份未读　</span>}<Status tone={tones[f.verdict]}>{f.note}</Status></>}>{f.name}</SectionHead>
      <p className="dense" style={{ marginBottom: 6 }}>采用值：{f.adopted ? <strong>{f.adopted}</strong> : <span className="ink2">主管部门尚未认定</span>}{f.highest.map((h) => <span key={h}>　{h}</span>)}</p>
      {f.mentions.length + f.decisions.length + f.unread.length === 0 ? <p className="dense ink2">还没有登记记载。</p> : (
        <div className="scroll-x">
          <table className="plain tight list">
            <thead><tr><th scope="col" style={{ width: '26%' }}>材料</th><th scope="col" className="num">页</th><th scope="col">材料形成</th><th scope="col">原文记载</th><th scope="col">规范值</th><th scope="col">与最早记载</th><th scope="col">存疑</th><th scope="col">采用值</th><th scope="col">核对</th></tr></thead>
            <tbody>
              {f.mentions.map((m, i) => {
                const at = m.materialId ? placeOf('material.open', v.dossierId, m.materialId) : undefined;
                return (
                  <tr key={m.entry ?? m.label + i}>
                    <td>{at ? <Link className="text-link" to={at}>{m.label}</Link> : m.label}</td>
                    <td className="num">{m.page || ''}</td>
                    <td className="nowrap">{m.formed ?? <span className="ink3">未登记</span>}</td>
                    <td className="strong">{m.written}</td>
                    <td className="ink2">{m.value}{m.conversion && <div className="meta">{m.conversion}</div>}</td>
                    <td>{m.earliest ? <span style={{ color: 'var(--accent)' }}>最早记载</span> : <span className={m.against && !['一致', '无法比较', '以此对照', '另一学历', '曾用名'].includes(m.against) ? 'red' : 'ink2'}>{m.against ?? '—'}</span>}</td>
                    <td className="dense">{m.doubts.length > 0 ? <span className="red">{m.doubts.join('；')}</span> : ''}</td>
                    <td />
                    <td>{m.entry || m.checked.length > 0 ? <>{checked(m.confirmed, m.enteredOwn ?? false, 'fact', m.entry, `${f.name} ${m.written}`)}<Hands entered={m.entered} checked={m.checked} /></> : <span className="ink2">供参照</span>}</td>
                  </tr>
                );
              })}
              {f.decisions.map((e) => (
                <tr key={e.id}>
                  <td>认定：{e.authority} {e.docNo}<div className="meta">{e.source.label}</div></td>
                  <td className="num">{e.source.page}</td>
                  <td className="nowrap">{longDate(e.on)}</td>
                  <td className="strong">{e.written}</td>
                  <td className="nowrap ink2">{e.value}</td>
                  <td className="nowrap">主管部门认定</td>
                  <td />
                  <td className="strong">{e.confirmed && e.written === f.adopted ? e.written : ''}</td>
                  <td>{checked(e.confirmed, e.enteredOwn, 'determination', e.id, `认定 ${f.name} ${e.written}`)}<Hands entered={{ by: e.enteredBy, at: e.enteredAt }} checked={e.checked} /></td>
                </tr>
              ))}
              {f.unread.map((m) => {
                const at = placeOf('material.open', v.dossierId, m.materialId);
                return (
                  <tr key={m.materialId}>
                    <td>{at ? <Link className="text-link" to={at}>{m.label}</Link> : m.label}</td>
                    <td />
                    <td className="nowrap">{m.formed ?? <span className="ink3">未登记</span>}</td>
                    <td colSpan={6}><Status tone="wait">未读</Status><span className="ink2">　已归档，尚未登记其中的记载</span></td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface Values { kind: string; written: string; authority: string; docNo: string; on: Dayjs; material?: string; class?: string; title?: string; page: number }

/** A decision of the competent department, with the paper it stands on. */
function DecideForm({ v, onClose }: { v: View; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const head = useQuery({ queryKey: ['dossiers', v.dossierId, 'head'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}', { params: { path: { id: v.dossierId } } })), staleTime: 60_000 });
  const papers = (head.data?.catalog.classes ?? []).filter((c) => c.code === '5' || c.code === '6').flatMap((c) => c.items);
  const material = Form.useWatch('material', form);
  const byHand = papers.length === 0 || material === 'paper';
  const act = useAct({
    run: (headers, x: Values) => read(api.POST('/api/v1/dossiers/{id}/determinations', { params: { path: { id: v.dossierId } }, headers,
      body: { kind: x.kind as 'birth_date', written: x.written, authority: x.authority, docNo: x.docNo, on: x.on.format('YYYY-MM-DD'), source: byHand ? { class: x.class, title: x.title, page: x.page } : { materialId: x.material, page: x.page } } })),
    invalidates: [['dossiers', v.dossierId]],
    done: '已登记认定，待另一人核对',
    onDone: onClose,
  });
  const need = (message: string) => [{ required: true, message }];
  return (
    <Confirm open title="登记主管部门的认定" verb="登记" width={600} clause="第二十九条（二）" busy={act.isPending} problem={act.problem} onCancel={onClose} onConfirm={() => form.submit()}>
      <p className="dense ink2" style={{ marginBottom: 8 }}>机构只登记主管部门已作出的认定，不改动任何材料和记载。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ kind: 'birth_date', class: '5' }} onFinish={(x) => act.mutate(x)}>
        <div className="form-grid">
          <Form.Item name="kind" label="信息项"><Select options={v.facts.map((f) => ({ value: f.kind, label: f.name }))} /></Form.Item>
          <Form.Item name="written" label="认定的内容（照原文）" rules={need('请照认定材料填写。')} className="wide" {...fieldError(act.problem, 'written')}><Input maxLength={200} /></Form.Item>
          <Form.Item name="authority" label="认定机关" rules={need('请填写机关全称。')} className="wide" {...fieldError(act.problem, 'authority')}><Input maxLength={80} placeholder="作出认定的主管部门全称" /></Form.Item>
          <Form.Item name="docNo" label="文号" rules={need('请填写文号。')} {...fieldError(act.problem, 'docNo')}><Input maxLength={60} /></Form.Item>
          <Form.Item name="on" label="认定日期" rules={need('请选择日期。')} {...fieldError(act.problem, 'on')}><DatePicker style={{ width: '100%' }} /></Form.Item>
          {papers.length > 0 && <Form.Item name="material" label="认定材料" rules={need('请选择材料。')} className="wide"><Select options={[{ value: 'paper', label: '纸质档案中的材料（手工注明）' }, ...papers.map((m) => ({ value: m.id, label: `${m.number} ${m.title}` }))]} /></Form.Item>}
          {byHand && <Form.Item name="class" label="类号"><Select options={[{ value: '5', label: '5 政审、审计、审核' }, { value: '6', label: '6 党、团' }]} /></Form.Item>}
          {byHand && <Form.Item name="title" label="认定材料名称" rules={need('请填写材料名称。')}><Input maxLength={120} /></Form.Item>}
          <Form.Item name="page" label="第几页" rules={need('请填写页码。')} {...fieldError(act.problem, 'source.page')}><InputNumber min={1} max={9999} style={{ width: '100%' }} /></Form.Item>
        </div>
      </Form>
    </Confirm>
  );
}
