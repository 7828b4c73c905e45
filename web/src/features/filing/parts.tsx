import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { api, read, type Problem, type Schema } from '../../api/client';
import { shortDate } from '../../shared/dates';
import { fieldError } from '../../shared/problem';
import { Deadline, type Due } from '../../shared/status';

export type Material = Schema<'MaterialView'>;
export type Description = Schema<'DescriptionView'>;

/** Classes, defects and the other lists that forms offer. */
export function useLists() {
  return useQuery({ queryKey: ['dossier-lists'], queryFn: () => read(api.GET('/api/v1/dossier-lists')), staleTime: Infinity }).data;
}

/** Classes a material can be filed to, for a Select. */
export function useClassOptions() {
  return (useLists()?.classes ?? []).filter((c) => c.selectable).map((c) => ({ value: c.code, label: `${c.code}　${c.short}` }));
}

/** When the material was formed, as far as known. */
export function formed(m: { year?: number; month?: number; day?: number }): string {
  if (!m.year) return '—';
  return `${m.year}年${m.month ? `${m.month}月` : ''}${m.day ? `${m.day}日` : ''}`;
}

/** The term a waiting material stands under: two months from receipt, or the day to cure by. */
export function dueOf(m: Material): Due | undefined {
  if (m.state === 'curing') return m.cureBy ? { on: m.cureBy, left: m.daysLeft ?? 0, word: '约定' } : undefined;
  return m.dueOn ? { on: m.dueOn, left: m.daysLeft ?? 0, tentative: m.dueTentative, clause: '第十三条' } : undefined;
}

export function Term({ m, basis = false }: { m: Material; basis?: boolean }) {
  const due = dueOf(m);
  if (m.pausedOn) return <span className="ochre">暂停计时</span>;
  return due ? <Deadline due={due} basis={basis} /> : <span className="ink3">—</span>;
}

/** Days late against one month from being formed (14b). */
export function Late({ m }: { m: Material }) {
  if (!m.lateDays) return <span className="ink3">按时</span>;
  return <span className="ochre">迟 {m.lateDays} 天</span>;
}

export function received(m: Material): string {
  return [m.receivedOn && `${shortDate(m.receivedOn)}收`, m.originName, m.source].filter(Boolean).join('·');
}

interface DescriptionFieldsProps {
  problem?: Problem;
  withTitle?: boolean;
  withClass?: boolean;
  prefix?: string;
}

/** The fields of a catalog line (title, class, date formed, copies, pages, note). */
export function DescriptionFields({ problem, withTitle = true, withClass = true, prefix = '' }: DescriptionFieldsProps) {
  const classes = useClassOptions();
  const at = (field: string) => fieldError(problem, `${prefix}${field}`);
  return (
    <>
      {withTitle && (
        <Form.Item name="title" label="材料名称" rules={[{ required: true, message: '请照材料原题名填写。' }]} {...at('title')}>
          <Input maxLength={120} autoComplete="off" />
        </Form.Item>
      )}
      {withClass && (
        <Form.Item name="class" label="类号" rules={[{ required: true, message: '请选择类号。' }]} {...at('class')}>
          <Select options={classes} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
      )}
      <div className="filing-row">
        <Form.Item name="year" label="形成年" {...at('formed')}><InputNumber min={1900} max={2200} controls={false} style={{ width: 88 }} /></Form.Item>
        <Form.Item name="month" label="月"><InputNumber min={1} max={12} controls={false} style={{ width: 60 }} /></Form.Item>
        <Form.Item name="day" label="日"><InputNumber min={1} max={31} controls={false} style={{ width: 60 }} /></Form.Item>
        <Form.Item name="copies" label="份数" {...at('copies')}><InputNumber min={1} max={99} controls={false} style={{ width: 60 }} /></Form.Item>
        <Form.Item name="pages" label="页数" rules={[{ required: true, message: '请填页数。' }]} {...at('pages')}><InputNumber min={1} max={9999} controls={false} style={{ width: 72 }} /></Form.Item>
        <Form.Item name="isCopy" valuePropName="checked" label=" " colon={false}><Checkbox>复制件</Checkbox></Form.Item>
      </div>
      <Form.Item name="note" label="备注"><Input maxLength={200} /></Form.Item>
    </>
  );
}

/** Blank fields of antd's InputNumber are null; the API wants them left out. */
export function described(v: Partial<Description>): Description {
  return {
    title: v.title ?? '', class: v.class ?? '', copies: v.copies ?? 1, pages: v.pages ?? 0,
    ...(v.year ? { year: v.year } : {}), ...(v.month ? { month: v.month } : {}), ...(v.day ? { day: v.day } : {}),
    ...(v.isCopy ? { isCopy: true } : {}), ...(v.note ? { note: v.note } : {}),
  };
}

/** What a material says now, as the first content of a form. */
export function descriptionOf(m: Material): Description {
  return described({ title: m.title, class: m.class ?? '', year: m.year, month: m.month, day: m.day, copies: m.copies, pages: m.pages, isCopy: m.isCopy, note: m.note });
}
