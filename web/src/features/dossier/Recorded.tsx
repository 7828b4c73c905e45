import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { SectionHead, Segments } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Status } from '../../shared/status';

type View = Schema<'DossierView'>;
type Kind = 'fact' | 'period' | 'family';

interface Entry {
  kind: Kind | 'determination';
  id: string;
  what: string;
  written: string;
  source: string;
  confirmed: boolean;
  by: string;
  own: boolean;
}

const month = (m: string) => m.replace('-', '.');

/**
 * What materials record, entered with its source and confirmed by a second
 * person: the base of certificates, of the way of transfer, and of recusal.
 */
export function Recorded({ d, etag, mayEnter, entering, onEntering }: { d: View; etag: string; mayEnter: boolean; entering?: Kind; onEntering: (kind?: Kind) => void }) {
  const [family, setFamily] = useState(false);
  const [voiding, setVoiding] = useState<Entry>();
  const kin = useQuery({ queryKey: ['dossiers', d.id, 'family'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/family', { params: { path: { id: d.id } } })), enabled: family, staleTime: Infinity });
  const again = [['dossiers', d.id]];
  const confirm = useAct({
    run: (headers, e: Entry) => read(api.POST('/api/v1/entries/{kind}/{entry}/confirm', { params: { path: { kind: e.kind, entry: e.id } }, headers })),
    invalidates: again,
    done: '已核对',
  });
  const withdraw = useAct({
    run: (headers, v: { e: Entry; reason: string }) => read(api.POST('/api/v1/entries/{kind}/{entry}/withdraw', { params: { path: { kind: v.e.kind, entry: v.e.id } }, body: { reason: v.reason }, headers })),
    invalidates: again,
    done: '已撤销，材料不变',
    onDone: () => setVoiding(undefined),
  });
  const history = useAct({
    run: (headers, step: 'state' | 'confirm') => read(step === 'state' ? api.POST('/api/v1/dossiers/{id}/history/state', { params: { path: { id: d.id } }, headers }) : api.POST('/api/v1/dossiers/{id}/history/confirm', { params: { path: { id: d.id } }, headers })),
    etag,
    invalidates: again,
    done: (_, step) => (step === 'state' ? '已登记，待另一人核对' : '经历已核对完整'),
  });
  const entries: Entry[] = [
    ...d.facts.map((f) => ({ kind: 'fact' as const, id: f.id, what: f.kindName, written: f.written, source: f.source.label + page(f.source.page), confirmed: f.confirmed, by: f.enteredBy, own: f.enteredOwn })),
    ...d.keyFacts.flatMap((k) => k.decisions.map((e) => ({ kind: 'determination' as const, id: e.id, what: `认定·${k.name}`, written: `${e.written}（${e.authority} ${e.docNo}）`, source: e.source.label + page(e.source.page), confirmed: e.confirmed, by: e.enteredBy, own: e.enteredOwn }))),
    ...d.periods.map((p) => ({
      kind: 'period' as const, id: p.id, what: p.kindName,
      written: `${month(p.from)}—${p.to ? month(p.to) : '至今'} ${[p.unit, p.post, p.identityName].filter(Boolean).join('·')}`,
      source: p.source.label + page(p.source.page), confirmed: p.confirmed, by: p.enteredBy, own: p.enteredOwn,
    })),
    ...(kin.data?.items ?? []).map((m) => ({ kind: 'family' as const, id: m.id, what: m.relationName, written: [m.name, m.idNo].filter(Boolean).join(' '), source: m.source.label + page(m.source.page), confirmed: m.confirmed, by: m.enteredBy, own: m.enteredOwn })),
  ];
  return (
    <section aria-label="登记的记载">
      <SectionHead
        level={3}
        n={entries.length}
        end={
          <span style={{ display: 'flex', gap: 12 }}>
            {d.familyCount > 0 && mayEnter && !family && <button type="button" className="bare" onClick={() => setFamily(true)}>查看家庭成员 {d.familyCount} 人（留痕）</button>}
            {mayEnter && <button type="button" className="bare" onClick={() => onEntering('fact')}>登记记载</button>}
          </span>
        }
      >
        登记的记载
      </SectionHead>
      <ProblemView problem={confirm.problem ?? history.problem} />
      {entries.length === 0 ? <p className="dense ink2">还没有登记。转递方式、证明内容和回避都以登记并经第二人核对的记载为准。</p> : (
        <div className="scroll-x">
          <table className="plain tight list">
            <thead><tr><th scope="col">事项</th><th scope="col">记载原文</th><th scope="col">出处</th><th scope="col">登记、核对</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
            <tbody>
              {entries.map((e) => (
                <tr key={e.id}>
                  <td className="nowrap">{e.what}</td>
                  <td>{e.written}</td>
                  <td className="dense">{e.source}</td>
                  <td><Status tone={e.confirmed ? 'plain' : 'wait'}>{e.confirmed ? '已核对' : `${e.by} 登记，待核对`}</Status></td>
                  <td className="num nowrap">
                    {mayEnter && !e.confirmed && !e.own && <Button size="small" onClick={() => confirm.mutate(e)} aria-label={`核对：${e.what} ${e.written}`}>核对</Button>}{' '}
                    {mayEnter && <button type="button" className="bare dense" onClick={() => setVoiding(e)}>撤销<span className="hidden-text">：{e.what} {e.written}</span></button>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="dense ink2" style={{ marginTop: 8, display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        {d.history.confirmed ? `经历已登记完整，${d.history.confirmedBy} 核对。` : d.history.stated ? `经历由 ${d.history.statedBy} 登记为完整，待另一人核对。` : '经历尚未登记为完整：转递按只能机要通信或专人送取办理。'}
        {mayEnter && !d.history.stated && <Button size="small" onClick={() => history.mutate('state')} loading={history.isPending}>登记经历完整</Button>}
        {mayEnter && d.history.stated && !d.history.confirmed && !d.history.statedOwn && <Button size="small" onClick={() => history.mutate('confirm')} loading={history.isPending}>核对经历完整</Button>}
      </p>
      {entering && <EnterForm d={d} kind={entering} onKind={onEntering} onClose={() => onEntering(undefined)} />}
      {voiding && <WithdrawForm entry={voiding} busy={withdraw.isPending} problem={withdraw.problem} onCancel={() => setVoiding(undefined)} onConfirm={(reason) => withdraw.mutate({ e: voiding, reason })} />}
    </section>
  );
}

const page = (n?: number) => (n ? ` 第 ${n} 页` : '');

function WithdrawForm({ entry, busy, problem, onCancel, onConfirm }: { entry: Entry; busy: boolean; problem: ReturnType<typeof useAct>['problem']; onCancel: () => void; onConfirm: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  return (
    <Confirm open title="撤销这条登记？" verb="撤销" busy={busy} problem={problem} disabled={reason.trim() === ''} onCancel={onCancel} onConfirm={() => onConfirm(reason.trim())}>
      <p style={{ marginBottom: 8 }}>{entry.what}：{entry.written}。只撤销登记，材料不变，撤销留存记录。</p>
      <label htmlFor="void-reason">原因</label>
      <Input id="void-reason" value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
    </Confirm>
  );
}

interface Values {
  fact: string;
  written: string;
  period: string;
  from: string;
  to?: string;
  unit: string;
  post?: string;
  identity?: string;
  relation: string;
  name: string;
  idNo?: string;
  material?: string;
  class?: string;
  title?: string;
  page?: number;
}

/** One form for the three kinds; the source is a filed material or a piece on paper cited by hand. */
function EnterForm({ d, kind, onKind, onClose }: { d: View; kind: Kind; onKind: (kind: Kind) => void; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const lists = useQuery({ queryKey: ['dossier-lists'], queryFn: () => read(api.GET('/api/v1/dossier-lists')), staleTime: Infinity });
  const filed = d.catalog.classes.flatMap((c) => c.items);
  const material = Form.useWatch('material', form);
  const byHand = filed.length === 0 || material === 'paper';
  const act = useAct({
    run: async (headers, v: Values) => {
      const params = { path: { id: d.id } };
      const source = byHand ? { class: v.class, title: v.title, page: v.page } : { materialId: v.material, page: v.page };
      if (kind === 'fact') await read(api.POST('/api/v1/dossiers/{id}/facts', { params, headers, body: { kind: v.fact as 'birth_date', written: v.written, source } }));
      else if (kind === 'period') await read(api.POST('/api/v1/dossiers/{id}/periods', { params, headers, body: { kind: v.period as 'work', from: v.from, to: v.to || undefined, unit: v.unit, post: v.post, identity: v.identity, source } }));
      else await read(api.POST('/api/v1/dossiers/{id}/family', { params, headers, body: { relation: v.relation, name: v.name, idNo: v.idNo || undefined, source } }));
    },
    invalidates: [['dossiers', d.id]],
    done: '已登记，待另一人核对',
    onDone: onClose,
  });
  const need = (message: string) => [{ required: true, message }];
  return (
    <Confirm open title="登记记载" verb="登记" width={560} busy={act.isPending} problem={act.problem} onCancel={onClose} onConfirm={() => form.submit()}>
      <Segments label="种类" value={kind} onChange={onKind} options={[{ key: 'fact', label: '关键信息' }, { key: 'period', label: '经历' }, { key: 'family', label: '家庭成员' }]} />
      <Form form={form} layout="vertical" requiredMark={false} style={{ marginTop: 12 }} onFinish={(v) => act.mutate(v)} initialValues={{ fact: 'birth_date', period: 'work' }}>
        {kind === 'fact' && (
          <>
            <Form.Item name="fact" label="信息项"><Select options={(lists.data?.keyFacts ?? []).map((k) => ({ value: k.code, label: k.name }))} /></Form.Item>
            <Form.Item name="written" label="材料原文" extra="照材料上的写法，不换算。" rules={need('请照材料原文填写。')}><Input maxLength={200} /></Form.Item>
          </>
        )}
        {kind === 'period' && (
          <div className="form-grid">
            <Form.Item name="period" label="种类"><Select options={[{ value: 'work', label: '工作' }, { value: 'study', label: '学习' }, { value: 'service', label: '服役' }]} /></Form.Item>
            <Form.Item name="from" label="起（年-月）" rules={[{ required: true, pattern: /^\d{4}-\d{2}$/, message: '如 2013-07。' }]}><Input placeholder="2013-07" maxLength={7} /></Form.Item>
            <Form.Item name="to" label="止（至今留空）" rules={[{ pattern: /^\d{4}-\d{2}$/, message: '如 2019-05。' }]}><Input placeholder="2019-05" maxLength={7} /></Form.Item>
            <Form.Item name="unit" label="单位" rules={need('请填写单位。')} className="wide"><Input maxLength={120} /></Form.Item>
            <Form.Item name="post" label="职务、岗位"><Input maxLength={80} /></Form.Item>
            <Form.Item name="identity" label="身份（第二十条（三））" className="wide"><Select allowClear options={(lists.data?.identities ?? []).map((i) => ({ value: i.slug, label: i.name }))} /></Form.Item>
          </div>
        )}
        {kind === 'family' && (
          <div className="form-grid">
            <Form.Item name="relation" label="关系" rules={need('请选择关系。')}><Select showSearch={{ optionFilterProp: 'label' }} options={(lists.data?.kins ?? []).map((k) => ({ value: k.slug, label: k.name }))} /></Form.Item>
            <Form.Item name="name" label="姓名" rules={need('请填写姓名。')}><Input maxLength={60} /></Form.Item>
            <Form.Item name="idNo" label="身份证号（有则填）"><Input maxLength={30} /></Form.Item>
          </div>
        )}
        <div className="form-grid">
          {filed.length > 0 && (
            <Form.Item name="material" label="出处" rules={need('请选择材料。')} className="wide">
              <Select showSearch={{ optionFilterProp: 'label' }} options={[{ value: 'paper', label: '纸质档案中的材料（手工注明）' }, ...filed.map((m) => ({ value: m.id, label: `${m.number} ${m.title}` }))]} />
            </Form.Item>
          )}
          {byHand && <Form.Item name="class" label="类号" rules={need('请选择类号。')}><Select showSearch={{ optionFilterProp: 'label' }} options={(lists.data?.classes ?? []).filter((c) => c.selectable).map((c) => ({ value: c.code, label: `${c.code} ${c.short}` }))} /></Form.Item>}
          {byHand && <Form.Item name="title" label="材料名称" rules={need('请填写材料名称。')}><Input maxLength={120} /></Form.Item>}
          <Form.Item name="page" label="第几页" rules={need('请填写页码。')}><InputNumber min={1} max={9999} style={{ width: '100%' }} /></Form.Item>
        </div>
      </Form>
    </Confirm>
  );
}
