import { Form, Input } from 'antd';
import type { Problem, Schema } from '../../api/client';
import { BearerField } from '../../shared/bearer';
import { today } from '../../shared/dates';
import { Segments } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Day } from '../transfer/parts';

export type Closing = Required<Schema<'UnitClosing'>>;
type Why = 'asked' | 'deregistered' | 'unreachable';

export const noClosing: Closing = { why: 'asked', document: '', documentOn: today(), reason: '', workerId: '', intakeId: '' };

export const closingFields = ['why', 'document', 'documentOn', 'reason', 'workerId'];

const evidence: Record<Why, { label: string; hint: string }> = {
  asked: { label: '单位的销户申请、经办人证件', hint: '如 销户申请（盖章）、经办人居民身份证' },
  deregistered: { label: '注销登记的依据', hint: '如 登记机关准予注销登记通知书、公示系统查询记录' },
  unreachable: { label: '查找单位的依据', hint: '如 退回的挂号信、列入经营异常名录的公示' },
};

/** Why an account is closed and the document it rests on (12d). */
export function ClosingFields({ unit, value, onChange, problem }: { unit: { uscc?: string | undefined; unit: string }; value: Closing; onChange: (change: Partial<Closing>) => void; problem?: Problem }) {
  const why = (value.why || 'asked') as Why;
  return (
    <>
      <Form.Item label="销户原因" {...fieldError(problem, 'why')}>
        <Segments<Why> label="销户原因" value={why} onChange={(w) => onChange({ why: w })} options={[{ key: 'asked', label: '单位申请' }, { key: 'deregistered', label: '单位已注销登记' }, { key: 'unreachable', label: '单位失联' }]} />
      </Form.Item>
      {why === 'asked' && <BearerField uscc={unit.uscc} unit={unit.unit} value={value.workerId} onChange={(workerId) => onChange({ workerId })} problem={problem} />}
      <Form.Item label={evidence[why].label} htmlFor="c-doc" {...fieldError(problem, 'document')}><Input id="c-doc" maxLength={200} value={value.document} placeholder={evidence[why].hint} onChange={(e) => onChange({ document: e.target.value })} /></Form.Item>
      <Form.Item label="材料日期" htmlFor="c-on" {...fieldError(problem, 'documentOn')}><Day id="c-on" value={value.documentOn} onChange={(documentOn) => onChange({ documentOn })} /></Form.Item>
      <Form.Item label={why === 'unreachable' ? '怎样联系过单位' : '说明（可选）'} htmlFor="c-reason" {...fieldError(problem, 'reason')}><Input.TextArea id="c-reason" maxLength={300} autoSize={{ minRows: 2, maxRows: 4 }} value={value.reason} placeholder={why === 'unreachable' ? '联系的日期、方式和结果，至少两次' : ''} onChange={(e) => onChange({ reason: e.target.value })} /></Form.Item>
    </>
  );
}
