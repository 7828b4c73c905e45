import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useRef, useState, type ChangeEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate, today } from '../../shared/dates';
import { DossierPick } from '../../shared/DossierPick';
import { openPdf, upload } from '../../shared/files';
import { useAgent } from '../../shared/mandate';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { fieldError, ProblemView } from '../../shared/problem';
import { Shoot } from '../../shared/Shoot';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { category, Day, options, useChoices } from '../transfer/parts';

type View = Schema<'FoundView'>;
type Kind = 'seal' | 'ask' | 'answer' | 'remind' | 'receive' | 'join';

const words: Record<Kind, { title: string; verb: string; what: string; done: string; clause: string }> = {
  seal: { title: '二人封存', verb: '封存', what: '登记人和您二人当面清点、贴封条并在接收登记单上签名。封存后由本机构保管，列为待核实。', done: '已封存，待核实', clause: '第六条' },
  ask: { title: '发函核实', verb: '发函', what: '向最后存档单位核实；已撤并的向承继单位，都没有的向主管部门或毕业院校。', done: '已出具核实函', clause: '第六条' },
  answer: { title: '登记核实答复', verb: '登记答复', what: '属实的凭书面答复登记；查无记载或不符的，档案仍由本机构保管，再向下一单位核实。', done: '已登记答复', clause: '第六条' },
  remind: { title: '催复这份核实函？', verb: '催复', what: '电话或再次去函催复，登记一次；仍无答复的可登记查无记载，向下一单位核实。', done: '已登记催复', clause: '第六条' },
  receive: { title: '转接收', verb: '转接收', what: '按转入办理：对照清单逐份核对，缺关键材料的一次告知，另一人复核后签收。', done: '已转接收，请逐份核对', clause: '第二十条' },
  join: { title: '并入在档的档案', verb: '并入', what: '该同志的档案已在本机构的，一人一档：并入后在其档案页逐份收集材料。', done: '已并入', clause: '第二条' },
};

const kinds = [{ value: 'keeper', label: '最后存档单位' }, { value: 'successor', label: '承继单位' }, { value: 'bureau', label: '主管部门' }, { value: 'school', label: '毕业院校' }];
const results = [{ value: 'genuine', label: '属实' }, { value: 'unknown', label: '查无记载' }, { value: 'differs', label: '与记载不符' }];

/** One packet: how it came, its seal, who was asked and what they answered, where it went. */
export default function FoundPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['found', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/found-packets/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Packet v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

/** Photos of the packet and the signatures to its seal: files to the page, whatever device they come from. */
function Pictures({ v, etag }: { v: View; etag: string }) {
  const photo = useRef<HTMLInputElement>(null);
  const signature = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const act = useAct({ etag, invalidates: [['found']], done: '已上传', run: (headers, [kind, file]: ['photo' | 'signature', File]) => upload<View>(`/api/v1/found-packets/${v.id}/pictures?kind=${kind}`, file, { headers }) });
  const may = v.possible.some((p) => p.action === 'found.picture' && p.allowed);
  const unsigned = [v.registeredBy, v.sealedBy].filter((name): name is string => !!name && !!v.sealedBy && !v.pictures.some((x) => x.kind === 'signature' && x.by === name));
  const chosen = (kind: 'photo' | 'signature') => (e: ChangeEvent<HTMLInputElement>) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) act.mutate([kind, f]); };
  return (
    <section aria-label="包封照片、封存签名">
      <SectionHead n={v.pictures.length} end={may && (
        <span style={{ display: 'inline-flex', gap: 8 }}>
          <Shoot name="包封" size="small" disabled={act.isPending} onTaken={(file) => act.mutate(['photo', file])} />
          <Button size="small" disabled={act.isPending} onClick={() => photo.current?.click()}>上传照片</Button>
          {v.maySign && <Button size="small" disabled={act.isPending} onClick={() => signature.current?.click()}>上传签名</Button>}
        </span>
      )}>包封照片、封存签名</SectionHead>
      <input ref={photo} type="file" accept=".jpg,.jpeg,.pdf" className="hidden-text" tabIndex={-1} aria-label="包封照片" onChange={chosen('photo')} />
      <input ref={signature} type="file" accept=".png,.jpg,.jpeg,.pdf" className="hidden-text" tabIndex={-1} aria-label="签名板的签名文件" onChange={chosen('signature')} />
      {v.pictures.length === 0 ? <Empty>还没有照片。包封状态拍照留存；封存后二人在签名板签名，存为 PNG 或 JPG 上传。</Empty> : (
        <table className="plain">
          <thead><tr><th scope="col" className="num">序号</th><th scope="col">文件</th><th scope="col">格式</th><th scope="col">上传（签名）人</th><th scope="col">时间</th></tr></thead>
          <tbody>
            {v.pictures.map((x) => (
              <tr key={x.no}>
                <td className="num">{x.no}</td>
                <td><button type="button" className="bare text-link" aria-label={`打开${x.kindName}，第 ${x.no} 个`} onClick={() => { setProblem(undefined); openPdf(`/api/v1/found-packets/${v.id}/pictures/${x.no}`).catch((e: unknown) => setProblem(problemOf(e))); }}>{x.kindName}</button></td>
                <td className="ink2">{x.format === 'jpeg' ? 'JPG' : x.format.toUpperCase()}</td>
                <td>{x.by}</td>
                <td className="nowrap ink2">{logTime(x.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {may && unsigned.length > 0 && <p className="dense ink2">还没有封存签名：{unsigned.join('、')}。由本人在签名板上签名后上传。</p>}
      <ProblemView problem={act.problem ?? problem} />
    </section>
  );
}

const blank = { sealNo: '', shelf: '', kind: 'keeper', addressee: '', result: '', no: '', on: '', note: '', idNo: '', document: '', regionBasis: '', tiePlace: '', tieDespite: '', category: '', evidence: '', political: '', dossierId: '' };

function Packet({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Kind>();
  const [broken, setBroken] = useState<Problem>();
  const [f, setF] = useState(blank);
  const set = (change: Partial<typeof blank>) => setF((old) => ({ ...old, ...change }));
  const choices = useChoices();
  const agent = useAgent('transfer', { name: v.personName });
  const act = useAct({
    etag,
    invalidates: [['found'], ['transfers'], ['documents']],
    done: (_, kind: Kind) => words[kind].done,
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      switch (kind) {
        case 'seal': return read(api.POST('/api/v1/found-packets/{id}/seal', { ...params, body: { sealNo: f.sealNo, shelf: f.shelf } }));
        case 'ask': return read(api.POST('/api/v1/found-packets/{id}/ask', { ...params, body: { kind: f.kind, addressee: f.addressee } }));
        case 'answer': return read(api.POST('/api/v1/found-packets/{id}/answer', { ...params, body: { result: f.result, no: f.no, on: f.on, note: f.note, idNo: f.idNo } }));
        case 'remind': return read(api.POST('/api/v1/found-packets/{id}/remind', params));
        case 'receive': return read(api.POST('/api/v1/found-packets/{id}/receive', { ...params, body: { idNo: f.idNo, document: f.document, regionBasis: f.regionBasis, tiePlace: f.tiePlace, tieDespite: f.tieDespite, ...category(f.category), evidence: f.evidence, political: f.political, ...agent.body } }));
        case 'join': return read(api.POST('/api/v1/found-packets/{id}/join', { ...params, body: { dossierId: f.dossierId } }));
      }
    },
    onDone: (p) => {
      setAsking(undefined);
      if (p.transferId) void navigate(`/transfers/${p.transferId}`);
    },
  });
  const ask = (kind: Kind) => () => { act.reset(); setF({ ...blank, addressee: kind === 'ask' && v.inquiries.length === 0 ? v.keeper ?? '' : '', on: today() }); setAsking(kind); };
  const w = asking && words[asking];
  const e = (field: string) => fieldError(act.problem, field);
  const popup = (field: HTMLElement) => field.parentElement ?? document.body;
  const names = (list?: string[]) => (list ?? []).map((value) => ({ value, label: value }));
  const open = (paper: string) => void openPdf(`/api/v1/documents/${paper}/pdf`).then(() => setBroken(undefined), (x: unknown) => setBroken(problemOf(x)));
  return (
    <>
      <PageHead
        title={`个人手中档案：${v.personName}`}
        heading={v.personName}
        person
        sub={<>{v.no}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>}
        crumbs={[{ label: '个人手中档案', to: '/found' }, { label: v.personName }]}
        acts={v.slipId && <Button onClick={() => open(v.slipId ?? '')}>打开接收登记单</Button>}
      />
      <Split
        label="办理"
        aside={
          <>
            <NowPossible possible={v.possible.filter((p) => p.action !== 'found.picture')} busy={act.isPending ? `found.${act.variables ?? ''}` : undefined} on={{ 'found.seal': ask('seal'), 'found.ask': ask('ask'), 'found.answer': ask('answer'), 'found.remind': ask('remind'), 'found.receive': ask('receive'), 'found.join': ask('join') }} />
            <Papers of={`Found:${v.id}`} state={v.state} />
          </>
        }
      >
        <div className="page-body">
          <ProblemView problem={asking ? broken : act.problem ?? broken} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <SectionHead>来档登记</SectionHead>
          <Facts
            items={[
              { label: '公民身份号码', value: v.idNo ?? '封面未载明' },
              { label: '交来人', value: `${v.bringer}（${v.relation}）${v.bringerPaper ? `，核验${v.bringerPaper}` : ''}` },
              { label: '联系电话', value: v.phone },
              { label: '怎样来的', value: v.came },
              { label: '包封', value: `${v.seal}${v.seen ? `：${v.seen}` : ''}` },
              { label: '卷（袋）数', value: v.volumes },
              { label: '最后存档单位', value: v.keeper },
              { label: '保管机构', value: v.agencyName },
              { label: '封存', value: v.sealedAt && `${logTime(v.sealedAt)}　${v.registeredBy}、${v.sealedBy ?? ''}二人，封条号 ${v.sealNo ?? ''}` },
              { label: '存放位置', value: v.shelf },
              { label: '核实', value: v.holder && `${v.holder}答复属实，${v.proofNo ?? ''}` },
              { label: '去向', value: v.transferId ? <Link className="text-link" to={`/transfers/${v.transferId}`}>转入接收</Link> : v.dossierId && <Link className="text-link" to={`/dossiers/${v.dossierId}`}>并入在档的档案</Link> },
            ]}
          />
          {v.inquiries.length > 0 && (
            <>
              <SectionHead n={v.inquiries.length}>核实</SectionHead>
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">核实单位</th><th scope="col">函号</th><th scope="col">发函</th><th scope="col">答复期限</th><th scope="col">答复</th></tr></thead>
                  <tbody>
                    {v.inquiries.map((q) => (
                      <tr key={q.documentId}>
                        <td>{q.addressee}<div className="meta">{q.kindName}</div></td>
                        <td className="nowrap"><button type="button" className="bare" onClick={() => open(q.documentId)}>{q.number}</button></td>
                        <td className="dense nowrap">{longDate(q.sentOn)}</td>
                        <td className="dense nowrap">{longDate(q.dueOn)}{q.overdue && <span className="ochre">（已过期）</span>}{q.reminded > 0 && <div className="meta">已催复 {q.reminded} 次</div>}</td>
                        <td className="dense">{q.resultName ? <>{q.resultName}，{longDate(q.answeredOn)}　{q.answerNo}<div className="meta">{q.answer}</div></> : '待答复'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )}
          <Pictures v={v} etag={etag} />
          <SectionHead>经过</SectionHead>
          <ul className="log">
            <li><time dateTime={v.registeredAt}>{logTime(v.registeredAt)}</time><span>登记　{v.registeredBy}</span></li>
            {v.sealedAt && <li><time dateTime={v.sealedAt}>{logTime(v.sealedAt)}</time><span>封存　{v.sealedBy}</span></li>}
          </ul>
        </div>
      </Split>
      {asking && w && (
        <Confirm open title={w.title} verb={w.verb} clause={w.clause} busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{w.what}</p>
          <Form layout="vertical" requiredMark={false}>
            {asking === 'seal' && (
              <>
                <Form.Item label="封条号" htmlFor="f-sealNo" {...e('sealNo')}><Input id="f-sealNo" value={f.sealNo} maxLength={60} onChange={(x) => set({ sealNo: x.target.value })} /></Form.Item>
                <Form.Item label="存放位置（待核实专柜）" htmlFor="f-shelf"><Input id="f-shelf" value={f.shelf} maxLength={60} onChange={(x) => set({ shelf: x.target.value })} /></Form.Item>
              </>
            )}
            {asking === 'ask' && (
              <>
                <Form.Item label="核实单位类别" htmlFor="f-kind"><Select id="f-kind" aria-label="核实单位类别" value={f.kind} onChange={(kind: string) => set({ kind })} options={kinds} getPopupContainer={popup} /></Form.Item>
                <Form.Item label="核实单位全称" htmlFor="f-addressee" {...e('addressee')}><Input id="f-addressee" value={f.addressee} maxLength={120} onChange={(x) => set({ addressee: x.target.value })} /></Form.Item>
              </>
            )}
            {asking === 'answer' && (
              <>
                <Form.Item label="核实结果" htmlFor="f-result" {...e('result')}><Select id="f-result" aria-label="核实结果" value={f.result || undefined} placeholder="照答复选择" onChange={(result: string) => set({ result })} options={results} getPopupContainer={popup} /></Form.Item>
                <Form.Item label="答复文号" htmlFor="f-no" {...e('no')}><Input id="f-no" value={f.no} maxLength={100} onChange={(x) => set({ no: x.target.value })} /></Form.Item>
                <Form.Item label="答复日期" htmlFor="f-on" {...e('on')}><Day id="f-on" value={f.on} onChange={(on) => set({ on })} /></Form.Item>
                <Form.Item label="答复内容" htmlFor="f-note" {...e('note')}><Input id="f-note" value={f.note} maxLength={500} onChange={(x) => set({ note: x.target.value })} /></Form.Item>
                {!v.idNo && <Form.Item label="公民身份号码（答复载明的）" htmlFor="f-idNo" {...e('idNo')}><Input id="f-idNo" value={f.idNo} maxLength={20} autoComplete="off" onChange={(x) => set({ idNo: x.target.value })} /></Form.Item>}
              </>
            )}
            {asking === 'receive' && (
              <>
                <Form.Item label="由谁申请存档">{agent.field}</Form.Item>
                {!v.idNo && <Form.Item label="公民身份号码" htmlFor="f-idNo" {...e('idNo')}><Input id="f-idNo" value={f.idNo} maxLength={20} autoComplete="off" onChange={(x) => set({ idNo: x.target.value })} /></Form.Item>}
                <Form.Item label="已核验的证件" htmlFor="f-document" {...e('document')}><Select id="f-document" aria-label="已核验的证件" value={f.document || undefined} onChange={(document: string) => set({ document })} options={names(choices.data?.documents)} getPopupContainer={popup} /></Form.Item>
                <Form.Item label="存档依据" htmlFor="f-tie" {...e('regionBasis')}><Select id="f-tie" aria-label="存档依据" value={f.regionBasis || undefined} onChange={(regionBasis: string) => set({ regionBasis })} options={names(choices.data?.ties)} getPopupContainer={popup} /></Form.Item>
                <Form.Item label="所在区县" htmlFor="f-place" {...e('tiePlace')}><Select id="f-place" aria-label="所在区县" showSearch optionFilterProp="label" value={f.tiePlace || undefined} onChange={(tiePlace: string) => set({ tiePlace })} options={options(choices.data?.divisions)} getPopupContainer={popup} /></Form.Item>
                <Form.Item label="人员类别" htmlFor="f-category" {...e('category')}><Select id="f-category" aria-label="人员类别" value={f.category || undefined} onChange={(category: string) => set({ category })} options={options(choices.data?.categories)} getPopupContainer={popup} /></Form.Item>
                <Form.Item label="所核验的类别证明" htmlFor="f-evidence" {...e('evidence')}><Input id="f-evidence" value={f.evidence} maxLength={200} onChange={(x) => set({ evidence: x.target.value })} /></Form.Item>
                <Form.Item label="在本机构受理的理由（本区没有联系的才填）" htmlFor="f-despite"><Input id="f-despite" value={f.tieDespite} maxLength={200} onChange={(x) => set({ tieDespite: x.target.value })} /></Form.Item>
              </>
            )}
            {asking === 'join' && <Form.Item label="在档的档案" htmlFor="f-dossier" {...e('dossierId')}><DossierPick id="f-dossier" value={f.dossierId} onChange={(dossierId: string) => set({ dossierId })} /></Form.Item>}
          </Form>
        </Confirm>
      )}
    </>
  );
}
