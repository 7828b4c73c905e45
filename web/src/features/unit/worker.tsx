import { Form, Input } from 'antd';
import type { Problem, Schema } from '../../api/client';
import { fieldError } from '../../shared/problem';
import { Day } from '../transfer/parts';

export type Worker = Required<Schema<'UnitAuthorization'>>;

export const noWorker: Worker = { workerName: '', workerIdNo: '', workerLetter: '', workerFrom: '', workerUntil: '', workerAddress: '' };

/** What the unit's letter says of its worker (12c). */
export function WorkerFields({ value, onChange, problem }: { value: Worker; onChange: (change: Partial<Worker>) => void; problem?: Problem }) {
  return (
    <div className="form-grid">
      <Form.Item label="经办人姓名" htmlFor="w-name" {...fieldError(problem, 'workerName')}><Input id="w-name" maxLength={60} value={value.workerName} onChange={(e) => onChange({ workerName: e.target.value })} /></Form.Item>
      <Form.Item label="经办人身份证号" htmlFor="w-id" {...fieldError(problem, 'workerIdNo')}><Input id="w-id" maxLength={30} autoComplete="off" placeholder="对照证件录入 18 位" value={value.workerIdNo} onChange={(e) => onChange({ workerIdNo: e.target.value })} /></Form.Item>
      <Form.Item label="授权书名称、文号" htmlFor="w-letter" {...fieldError(problem, 'workerLetter')}><Input id="w-letter" maxLength={80} value={value.workerLetter} onChange={(e) => onChange({ workerLetter: e.target.value })} /></Form.Item>
      <Form.Item label="授权至（含当日）" htmlFor="w-until" {...fieldError(problem, 'workerUntil')}><Day id="w-until" future value={value.workerUntil} onChange={(workerUntil) => onChange({ workerUntil })} /></Form.Item>
      <Form.Item label="经办人手机号或邮箱（可选）" htmlFor="w-address" {...fieldError(problem, 'workerAddress')}><Input id="w-address" maxLength={120} autoComplete="off" placeholder="办理情况告知经办人" value={value.workerAddress} onChange={(e) => onChange({ workerAddress: e.target.value })} /></Form.Item>
    </div>
  );
}
