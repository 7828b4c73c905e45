import { Form, Input, Select } from 'antd';
import type { Problem } from '../api/client';
import { Confirm } from './confirm';
import { ProblemView } from './problem';

interface Fact {
  rule: string;
  fact?: string;
}

/** What a refusal rests on: clauses with facts, and the way on (29.8). */
export interface RefusalInput {
  reasons: { rule: string; fact: string }[];
  next: string;
}

interface RefuseProps {
  /** 不予查阅, 不予出具: title and button. */
  verb: string;
  /** When it is no refusal, and where it goes. */
  note: string;
  clauses: { value: string; label: string }[];
  /** Clauses whose fact is told in a fixed sentence, with what it says. */
  fixed?: Record<string, string>;
  nextHint: string;
  /** What is known already. */
  initial?: RefusalInput;
  busy: boolean;
  problem?: Problem;
  onConfirm: (input: RefusalInput) => void;
  onCancel: () => void;
}

/** 不予办理: by clauses, with facts and the way on; a notice is issued. */
export function RefuseDialog({ verb, note, clauses, fixed = {}, nextHint, initial, busy, problem, onConfirm, onCancel }: RefuseProps) {
  const [form] = Form.useForm<{ reasons: Fact[]; next: string }>();
  const reasons = (Form.useWatch('reasons', form) ?? []) as Fact[];
  const first = clauses.find((c) => !(c.value in fixed))?.value ?? '';
  return (
    <Confirm open title={verb} verb={verb} width={560} busy={busy} onConfirm={() => form.submit()} onCancel={onCancel} clause="第二十九条（八）">
      <p className="dense ink2">{note}</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={initial ?? { reasons: [{ rule: first }] }} onFinish={(v) => onConfirm({ reasons: v.reasons.map((r) => ({ rule: r.rule, fact: r.fact ?? '' })), next: v.next })}>
        <Form.List name="reasons">
          {(rows, { add, remove }) => (
            <>
              {rows.map((row) => (
                <div key={row.key} className="refuse-reason">
                  <Form.Item label={`依据 ${row.name + 1}`} name={[row.name, 'rule']}><Select aria-label={`依据 ${row.name + 1}`} options={clauses} /></Form.Item>
                  {fixed[reasons[row.name]?.rule ?? ''] ? (
                    <p className="dense ink2">{fixed[reasons[row.name]?.rule ?? '']}</p>
                  ) : (
                    <Form.Item label="事实" name={[row.name, 'fact']} rules={[{ required: true, message: '请写明事实。' }]}><Input maxLength={500} /></Form.Item>
                  )}
                  {rows.length > 1 && <button type="button" className="bare dense" onClick={() => remove(row.name)}>移除</button>}
                </div>
              ))}
              <button type="button" className="bare" onClick={() => add({ rule: first })}>增加理由</button>
            </>
          )}
        </Form.List>
        <Form.Item label="可以怎样办" name="next" rules={[{ required: true, message: '请告知下一步。' }]}><Input maxLength={500} placeholder={nextHint} /></Form.Item>
      </Form>
      <ProblemView problem={problem} />
    </Confirm>
  );
}
