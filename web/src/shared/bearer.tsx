import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { Link } from 'react-router';
import { api, read, type Problem, type Schema } from '../api/client';
import { longDate } from './dates';
import { fieldError } from './problem';

/** Who came for a unit, in one line, on the page of its case (12c). */
export function BearerLine({ b }: { b: Schema<'UnitBearer'> }) {
  return <span><Link className="text-link" to={`/units/${b.unit}`}>{b.name}</Link>（{b.idNo}），{b.letter}，授权至{longDate(b.until)}</span>;
}

/**
 * 来办的经办人 of a unit that has an account here (12c): one of those whose authorization holds
 * today. Nothing is asked of a unit without one: it comes on its letter.
 */
export function BearerField({ uscc = '', unit = '', value, onChange, problem, optional }: { uscc?: string | undefined; unit?: string | undefined; value?: string | undefined; onChange: (id: string) => void; problem?: Problem | undefined; optional?: boolean }) {
  const code = uscc.trim().length === 18 ? uscc.trim() : '';
  const query = useQuery({ queryKey: ['unit-workers', code, unit], queryFn: () => read(api.GET('/api/v1/unit-workers', { params: { query: { uscc: code, unit } } })), enabled: code !== '' || unit.trim() !== '' });
  const list = query.data?.items ?? [];
  if (list.length === 0 && !value) return null;
  return (
    <Form.Item label={optional ? '来办的经办人（没有来人的不填）' : '来办的经办人'} htmlFor="b-worker" required={!optional} {...fieldError(problem, 'workerId')}>
      <Select
        id="b-worker" aria-label="来办的经办人" allowClear placeholder="核对居民身份证后选择" value={value || undefined} onChange={(id?: string) => onChange(id ?? '')}
        options={list.map((w) => ({ value: w.id, label: `${w.name}　${w.idNo}　${w.letter}，至${longDate(w.until)}` }))} getPopupContainer={() => document.querySelector('main') ?? document.body}
      />
    </Form.Item>
  );
}
