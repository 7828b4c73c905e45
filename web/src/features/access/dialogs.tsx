import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { fieldError, ProblemView } from '../../shared/problem';
import { RefuseDialog, type RefusalInput } from '../../shared/refuse';

type View = Schema<'ConsultationView'>;

interface DialogProps {
  value: View;
  etag: string;
  onClose: () => void;
}

const invalidates = [['consultations']];
const at = (value: View) => ({ path: { id: value.id } });

/** 初审: the originals agree with the form. */
export function Check({ value, etag, onClose }: DialogProps) {
  const act = useAct({ etag, invalidates, done: '原件已核对', run: (headers) => read(api.POST('/api/v1/consultations/{id}/check', { params: at(value), headers })), onDone: onClose });
  return (
    <Confirm open title="原件与申请一致？" verb="核对无误" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十一条（一）">
      <p>已核对{value.powers ? '法律文书、工作证' : '介绍信、查阅申请表'}和{value.readers.map((r) => r.name).join('、')}的身份证，与申请一致。</p>
      <p className="dense ink2">核对后交由另一人审批，核对人不能审批本件。</p>
    </Confirm>
  );
}

/** 改查原件: the screen has no images of it, or the readers ask for the packet itself. */
export function OnPaper({ value, etag, onClose }: DialogProps) {
  const act = useAct({ etag, invalidates, done: '已改为查阅纸质原件', run: (headers) => read(api.POST('/api/v1/consultations/{id}/onpaper', { params: at(value), headers })), onDone: onClose });
  return (
    <Confirm open title="改为查阅纸质原件？" verb="改查原件" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十八条">
      <p>批准后由库管提档到阅档室，监阅人逐份登记所阅材料；申请的其他内容不变。</p>
    </Confirm>
  );
}

interface GrantForm {
  kind: 'whole' | 'classes' | 'materials';
  classes?: string[];
  materials?: string[];
  reason?: string;
  minutes: number;
  pages: number;
  opinion?: string;
}

/** 准予查阅: the whole of what was asked, or less with a reason. */
export function Approve({ value, etag, onClose }: DialogProps) {
  const [form] = Form.useForm<GrantForm>();
  const kind = Form.useWatch('kind', form) ?? 'whole';
  const options = useQuery({ queryKey: ['consultation-options'], queryFn: () => read(api.GET('/api/v1/consultation-options')), staleTime: Infinity });
  const dossier = useQuery({
    queryKey: ['dossiers', 'catalog', value.dossierId],
    queryFn: () => read(api.GET('/api/v1/dossiers/{id}', { params: { path: { id: value.dossierId } } })),
    enabled: kind === 'materials',
  });
  const act = useAct({
    etag,
    invalidates,
    done: value.needsHead ? '已审批，交负责人批准' : '已准予查阅',
    run: (headers, v: GrantForm) =>
      read(api.POST('/api/v1/consultations/{id}/approve', { params: at(value), headers, body: { kind: v.kind, list: v.kind === 'classes' ? v.classes : v.kind === 'materials' ? v.materials : undefined, reason: v.reason, minutes: v.minutes, pages: v.pages, opinion: v.opinion } })),
    onDone: onClose,
  });
  const p = act.problem;
  const classes = (options.data?.classes ?? []).filter((c) => value.classes.length === 0 || value.classes.includes(c.code));
  const materials = (dossier.data?.catalog.classes ?? []).flatMap((c) => c.items).filter((m) => m.secrecy === 0);
  return (
    <Confirm open title="准予查阅" verb="准予查阅" width={560} busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose} clause="第二十一条（三）">
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ kind: 'whole', minutes: Math.min(60, value.limitMinutes), pages: value.limitPages }} onFinish={(v) => act.mutate(v)}>
        <Form.Item label="准予范围" name="kind" extra="涉密材料不在查阅之列" {...fieldError(p, 'kind')}>
          <Radio.Group options={[{ label: `所申请的全部（${value.askedText}）`, value: 'whole' }, { label: '按类', value: 'classes' }, { label: '按份', value: 'materials', disabled: value.dossierCatalog === 0 }]} />
        </Form.Item>
        {kind === 'classes' && (
          <Form.Item label="类别" name="classes" {...fieldError(p, 'list')}><Select aria-label="类别" mode="multiple" optionFilterProp="label" options={classes.map((c) => ({ value: c.code, label: `${c.code} ${c.short}` }))} /></Form.Item>
        )}
        {kind === 'materials' && (
          <Form.Item label="材料" name="materials" {...fieldError(p, 'list')}><Select aria-label="材料" mode="multiple" loading={dossier.isFetching} optionFilterProp="label" options={materials.map((m) => ({ value: m.id, label: `${m.number ?? m.class ?? ''} ${m.title}` }))} /></Form.Item>
        )}
        {kind !== 'whole' && <Form.Item label="缩小范围的理由（写入申请表）" name="reason" {...fieldError(p, 'reason')}><Input maxLength={500} /></Form.Item>}
        <div className="access-grid">
          <Form.Item label={`查阅时限（分钟，至多 ${value.limitMinutes}）`} name="minutes" {...fieldError(p, 'minutes')}><InputNumber aria-label="查阅时限" min={5} max={value.limitMinutes} precision={0} style={{ width: '100%' }} /></Form.Item>
          <Form.Item label={`页数上限（至多 ${value.limitPages}）`} name="pages" {...fieldError(p, 'pages')}><InputNumber aria-label="页数上限" min={1} max={value.limitPages} precision={0} style={{ width: '100%' }} /></Form.Item>
        </div>
        <Form.Item label="审批意见" name="opinion"><Input maxLength={500} placeholder="同意查阅。" /></Form.Item>
      </Form>
      {value.needsHead && <p className="dense ink2">本件从严查阅，审批后还须机构负责人批准。</p>}
      <ProblemView problem={p} fields={['kind', 'list', 'reason', 'minutes', 'pages']} />
    </Confirm>
  );
}

/** 负责人批准 (21b). */
export function Head({ value, etag, onClose }: DialogProps) {
  const [opinion, setOpinion] = useState('');
  const act = useAct({ etag, invalidates, done: '已批准', run: (headers, text: string) => read(api.POST('/api/v1/consultations/{id}/confirm', { params: at(value), headers, body: { opinion: text || undefined } })), onDone: onClose });
  return (
    <Confirm open title="批准查阅" verb="批准" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(opinion.trim())} onCancel={onClose} clause="第二十一条">
      <p>{value.unit}，{value.purposeName}，{value.grantText}。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="批准意见" htmlFor="head-opinion"><Input id="head-opinion" value={opinion} maxLength={500} placeholder="同意查阅。" onChange={(e) => setOpinion(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}

const clauses = [
  { value: '21a', label: '第二十一条：查阅事由不在规定范围' },
  { value: '21.1', label: '第二十一条（一）：介绍信、申请表' },
  { value: '21.2', label: '第二十一条（二）：查阅人' },
  { value: '21.3', label: '第二十一条（三）：程序和权限' },
  { value: '21b', label: '第二十一条：从严查阅' },
  { value: '21c', label: '第二十一条：查阅人为本人或规定范围内的亲属' },
  { value: '15', label: '第十五条：保密' },
  { value: '29.6', label: '第二十九条（六）：违规查阅' },
];

/** 不予查阅: by clauses, with facts and the way on; the notice is issued. */
export function Refuse({ value, etag, onClose }: DialogProps) {
  const act = useAct({
    etag,
    invalidates,
    done: '已出具不予办理告知单',
    run: (headers, body: RefusalInput) => read(api.POST('/api/v1/consultations/{id}/refuse', { params: at(value), headers, body })),
    onDone: onClose,
  });
  return (
    <RefuseDialog
      verb="不予查阅"
      note="只是材料不齐的，办理补正，不作不予查阅。告知单列出全部理由，并列入上级可查的清单。"
      clauses={clauses}
      fixed={{ '21c': '告知单只写“查阅人中有不得查阅该档案的人员”，不写是谁、是什么关系。' }}
      nextHint="如：更换查阅人后重新申请"
      busy={act.isPending}
      problem={act.problem}
      onConfirm={(input) => act.mutate(input)}
      onCancel={onClose}
    />
  );
}

/** 开始查阅: who came, checked one by one; the clock starts. */
export function OpenReading({ value, etag, onClose }: DialogProps) {
  const navigate = useNavigate();
  const [came, setCame] = useState<string[]>([]);
  const act = useAct({
    etag,
    invalidates,
    run: (headers, readers: string[]) => read(api.POST('/api/v1/consultations/{id}/reading', { params: at(value), headers, body: { readers } })),
    onDone: () => void navigate(`/consultations/${value.id}/reading`),
  });
  return (
    <Confirm open title="开始查阅" verb="开始查阅" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(came)} onCancel={onClose} clause="第二十一条（二）">
      <p>请逐人核验身份证，勾选到场的查阅人（两人以上）：</p>
      <div className="access-present">
        {value.readers.map((r) => (
          <Checkbox key={r.id} checked={came.includes(r.id)} onChange={(e) => setCame(e.target.checked ? [...came, r.id] : came.filter((x) => x !== r.id))}>{r.name}　{r.idNo}</Checkbox>
        ))}
      </div>
      <p className="dense ink2">计时 {value.minutes} 分钟，到时自动结束；{value.way === 'paper' ? '所阅材料逐份登记' : '每一页的阅看都有记录'}，至多 {value.maxPages} 页。您为监阅人。</p>
    </Confirm>
  );
}

/** 撤回申请, at the unit's wish. */
export function Withdraw({ value, etag, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const act = useAct({ etag, invalidates, done: '申请已撤回', run: (headers, text: string) => read(api.POST('/api/v1/consultations/{id}/withdraw', { params: at(value), headers, body: { reason: text } })), onDone: onClose });
  return (
    <Confirm open title="撤回查阅申请？" verb="撤回申请" busy={act.isPending} problem={act.problem} disabled={reason.trim() === ''} onConfirm={() => act.mutate(reason.trim())} onCancel={onClose}>
      <p>撤回后本件终止，再要查阅须重新申请；已提出的档案由库管归还。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="谁提出、因何撤回" htmlFor="withdraw-reason"><Input id="withdraw-reason" value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}
