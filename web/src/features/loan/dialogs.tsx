import { Checkbox, Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { Day } from '../../shared/day';
import { fieldError } from '../../shared/problem';
import { RefuseDialog, type RefusalInput } from '../../shared/refuse';

type View = Schema<'LoanView'>;

interface DialogProps {
  value: View;
  etag: string;
  onClose: () => void;
}

const invalidates = [['loans'], ['dossiers'], ['custody']];

/** Acts that take some words, a term or a day. */
export type Word = 'check' | 'approve' | 'confirm' | 'withdraw' | 'extend' | 'recall' | 'countersign' | 'dispute' | 'settle';

const words: Record<Word, { title: string; verb: string; what: (v: View) => string; done: string; asks?: string; need?: boolean; clause?: string }> = {
  check: { title: '原件与申请一致？', verb: '核对无误', what: (v) => `已核对${v.powers ? '法律文书、工作证' : '介绍信、借阅申请表、单位承诺'}和${v.people.map((p) => p.name).join('、')}的身份证，与申请一致。核对后交由另一人审核，核对人不能审批本件。`, done: '原件已核对' },
  approve: { title: '审核同意借阅', verb: '审核同意', what: (v) => `${v.unit}，${v.purposeName}。不能就地查阅：${v.whyNotHere ?? ''}。审核后一律由机构负责人批准。`, done: '已审核，交负责人批准', asks: '审核意见（选填）' },
  confirm: { title: '批准借阅', verb: '批准', what: (v) => `${v.unit}，${v.purposeName}，全卷借出 ${v.days} 天，${v.wayName}。不能就地查阅：${v.whyNotHere ?? ''}。批准后出具审批表，库管提档；10 个工作日内无人取档的自动过期。`, done: '已批准', asks: '批准意见（选填）' },
  withdraw: { title: '撤回借阅申请？', verb: '撤回申请', what: () => '撤回后本件终止，再要借阅须重新申请；已提出的档案由库管归还。', done: '申请已撤回', asks: '谁提出、因何撤回', need: true },
  extend: { title: '同意续借', verb: '同意续借', what: (v) => `现应于${longDate(v.dueOn)}归还。只能续借一次；出具新的代卷卡。`, done: '已同意续借', asks: '续借的理由（续借函文号）', need: true },
  recall: { title: '召回档案', verb: '召回', what: (v) => `现应于${longDate(v.dueOn)}归还。出具召回函送借阅单位，召回后不能续借。`, done: '已召回，召回函已出具', asks: '召回的理由', need: true },
  countersign: { title: '复核归还', verb: '复核无误', what: () => '请对照实物核对下面登记的结果。复核无误后出具归还回执，档案可以入库；有差异的另立差异记录，查清前本件不办结。', done: '已复核' },
  dispute: { title: '清点有误？', verb: '退回重新清点', what: () => '写明与登记不同的材料和页数，由清点人重新清点登记。', done: '已退回重新清点', asks: '复核所见', need: true },
  settle: { title: '差异查清', verb: '登记查清', what: () => '登记追回、补送的材料，或借阅单位书面说明的文号。遗失的，同时按遗失档案办理。', done: '已登记', asks: '怎样查清', need: true },
};

/** One act with its words. */
export function Words({ kind, value: v, etag, onClose }: DialogProps & { kind: Word }) {
  const w = words[kind];
  const [text, setText] = useState('');
  const [days, setDays] = useState<number | null>(kind === 'extend' ? Math.min(7, v.mostDays) : v.days);
  const [dueOn, setDueOn] = useState('');
  const act = useAct({
    etag,
    invalidates,
    done: w.done,
    run: (headers: ActHeaders, reason: string) => {
      const params = { params: { path: { id: v.id } }, headers };
      switch (kind) {
        case 'check': return read(api.POST('/api/v1/loans/{id}/check', params));
        case 'approve': return read(api.POST('/api/v1/loans/{id}/approve', { ...params, body: { days: days ?? 0, opinion: reason || undefined } }));
        case 'confirm': return read(api.POST('/api/v1/loans/{id}/confirm', { ...params, body: { opinion: reason || undefined } }));
        case 'withdraw': return read(api.POST('/api/v1/loans/{id}/withdraw', { ...params, body: { reason } }));
        case 'extend': return read(api.POST('/api/v1/loans/{id}/extend', { ...params, body: { days: days ?? 0, reason } }));
        case 'recall': return read(api.POST('/api/v1/loans/{id}/recall', { ...params, body: { dueOn, reason } }));
        case 'countersign': return read(api.POST('/api/v1/loans/{id}/countersign', params));
        case 'dispute': return read(api.POST('/api/v1/loans/{id}/dispute', { ...params, body: { reason } }));
        case 'settle': return read(api.POST('/api/v1/loans/{id}/settle', { ...params, body: { reason } }));
      }
    },
    onDone: onClose,
  });
  const p = act.problem;
  const asksDays = kind === 'approve' || kind === 'extend';
  return (
    <Confirm
      open
      title={w.title}
      verb={w.verb}
      busy={act.isPending}
      problem={p}
      fields={['days', 'dueOn', 'reason']}
      disabled={(w.need && text.trim() === '') || (asksDays && days === null) || (kind === 'recall' && dueOn === '')}
      onConfirm={() => act.mutate(text.trim())}
      onCancel={onClose}
      clause="第二十二条"
    >
      <p style={{ marginBottom: 12 }}>{w.what(v)}</p>
      {kind === 'countersign' && (
        <dl className="dense ink2">
          <dd>借出 {v.materials} 份 {v.pages} 页，归还 {v.backMaterials} 份 {v.backPages} 页，密封{v.packetName}；清点人 {v.returnedBy}</dd>
          <dd>{v.difference ?? '没有差异'}</dd>
        </dl>
      )}
      <Form layout="vertical" requiredMark={false}>
        {asksDays && <Form.Item label={kind === 'extend' ? `续借天数（至多 ${v.mostDays}）` : `借阅期限（天，至多 ${v.days}）`} htmlFor="loan-days" {...fieldError(p, 'days')}><InputNumber id="loan-days" min={1} max={kind === 'extend' ? v.mostDays : v.days} precision={0} value={days} onChange={setDays} /></Form.Item>}
        {kind === 'recall' && <Form.Item label="应于何日归还" htmlFor="loan-recall" {...fieldError(p, 'dueOn')}><Day id="loan-recall" future value={dueOn} onChange={setDueOn} /></Form.Item>}
        {w.asks && <Form.Item label={w.asks} htmlFor="loan-reason" {...fieldError(p, 'reason')}><Input id="loan-reason" maxLength={500} placeholder={w.need ? undefined : '同意借阅。'} value={text} onChange={(e) => setText(e.target.value)} /></Form.Item>}
      </Form>
    </Confirm>
  );
}

interface HandForm {
  materials: number | null;
  pages: number | null;
  seal: string;
  came: string[];
  takenBy: string;
  tracking: string;
}

/** 借出交接: counted by the page, sealed, to two messengers or to 机要通信. */
export function HandOut({ value: v, etag, onClose }: DialogProps) {
  const [f, setF] = useState<HandForm>({ materials: null, pages: null, seal: '', came: [], takenBy: '', tracking: '' });
  const set = (change: Partial<HandForm>) => setF({ ...f, ...change });
  const act = useAct({
    etag,
    invalidates,
    done: '已借出，交接单和代卷卡已出具',
    run: (headers, b: HandForm) => read(api.POST('/api/v1/loans/{id}/hand-out', { params: { path: { id: v.id } }, headers, body: { ...b, materials: b.materials ?? 0, pages: b.pages ?? 0 } })),
    onDone: onClose,
  });
  const p = act.problem;
  const carriers = v.people.filter((x) => x.carries);
  return (
    <Confirm open title="借出交接" verb="借出" width={560} busy={act.isPending} problem={p} fields={['pages', 'seal', 'came', 'takenBy', 'tracking']} onConfirm={() => act.mutate(f)} onCancel={onClose} clause="第二十二条">
      <p style={{ marginBottom: 12 }}>当面逐页清点、密封，与目录一致方可借出。交接单由取送人签字，代卷卡放在原库位。</p>
      <Form layout="vertical" requiredMark={false}>
        <div className="loan-grid three">
          <Form.Item label="密封条号" htmlFor="loan-seal" {...fieldError(p, 'seal')}><Input id="loan-seal" maxLength={60} value={f.seal} onChange={(e) => set({ seal: e.target.value })} /></Form.Item>
          <Form.Item label="实点份数" htmlFor="loan-pieces"><InputNumber id="loan-pieces" min={1} precision={0} style={{ width: '100%' }} value={f.materials} onChange={(materials) => set({ materials })} /></Form.Item>
          <Form.Item label="实点页数" htmlFor="loan-pages" {...fieldError(p, 'pages')}><InputNumber id="loan-pages" min={1} precision={0} style={{ width: '100%' }} value={f.pages} onChange={(pages) => set({ pages })} /></Form.Item>
        </div>
        {v.way === 'messenger' ? (
          <Form.Item label="到场的取送人（两人，逐人核验身份证）" {...fieldError(p, 'came')}>
            <div className="loan-came">
              {carriers.map((x) => <Checkbox key={x.id} checked={f.came.includes(x.id)} onChange={(e) => set({ came: e.target.checked ? [...f.came, x.id] : f.came.filter((y) => y !== x.id) })}>{x.name}　{x.idNo}</Checkbox>)}
            </div>
          </Form.Item>
        ) : (
          <div className="loan-grid">
            <Form.Item label="机要号" htmlFor="loan-tracking" {...fieldError(p, 'tracking')}><Input id="loan-tracking" maxLength={60} value={f.tracking} onChange={(e) => set({ tracking: e.target.value })} /></Form.Item>
            <Form.Item label="机要通信接收人" htmlFor="loan-taken" {...fieldError(p, 'takenBy')}><Input id="loan-taken" maxLength={60} value={f.takenBy} onChange={(e) => set({ takenBy: e.target.value })} /></Form.Item>
          </div>
        )}
      </Form>
    </Confirm>
  );
}

const clauses = [
  { value: '22', label: '第二十二条：一般不外借' },
  { value: '21a', label: '第二十一条：事由不在规定范围' },
  { value: '21.1', label: '第二十一条（一）：介绍信、申请表' },
  { value: '21.2', label: '第二十一条（二）：借阅人' },
  { value: '21c', label: '第二十一条：借阅人、取送人为本人或规定范围内的亲属' },
  { value: '15', label: '第十五条：保密' },
  { value: '29.6', label: '第二十九条（六）：违规借阅' },
];

/** 不予借阅: by clauses, with facts and the way on; the notice is issued. */
export function Refuse({ value, etag, onClose }: DialogProps) {
  const act = useAct({
    etag,
    invalidates,
    done: '已出具不予办理告知单',
    run: (headers, body: RefusalInput) => read(api.POST('/api/v1/loans/{id}/refuse', { params: { path: { id: value.id } }, headers, body })),
    onDone: onClose,
  });
  return (
    <RefuseDialog
      verb="不予借阅"
      note="只是材料不齐的，办理补正，不作不予借阅。告知单列出全部理由，并列入上级可查的清单。"
      clauses={clauses}
      fixed={{ '21c': '告知单只写“有不得接触该档案的人员”，不写是谁、是什么关系。' }}
      nextHint="如：请改到阅档室查阅"
      busy={act.isPending}
      problem={act.problem}
      onConfirm={(input) => act.mutate(input)}
      onCancel={onClose}
    />
  );
}
