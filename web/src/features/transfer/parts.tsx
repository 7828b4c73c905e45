import { Form, Input, Select } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { api, read, type Problem, type Schema } from '../../api/client';
import { fieldError } from '../../shared/problem';

export type View = Schema<'TransferView'>;
export type Item = Schema<'TransferItem'>;
export type Choices = Schema<'TransferChoices'>;

/** The lists an application and a packing list are filled in from. */
export function useChoices() {
  return useQuery({ queryKey: ['transfers', 'choices'], queryFn: () => read(api.GET('/api/v1/transfers/choices')), staleTime: 3_600_000 });
}

export { Day } from '../../shared/day';

/** 4.7/other as the form sends it: category and subtype. */
export function category(chosen: string): { category: string; subtype: string } {
  const [category = '', subtype = ''] = chosen.split('/');
  return { category, subtype };
}

/** Names of a code list as options. */
export function options(list: { code: string; name: string }[] | undefined, withCode = false) {
  return (list ?? []).map((c) => ({ value: c.code, label: withCode ? `${c.code} ${c.name}` : c.name }));
}

/** The other province of a letter, and the number under which its electronic letter came over the national platform. */
export function ProvinceFields({ value, set, choices, problem }: { value: { province: string; onlineNo: string }; set: (change: { province?: string; onlineNo?: string }) => void; choices: Choices; problem?: Problem }) {
  return (
    <>
      <Form.Item label="在外省的，所在省份" htmlFor="o-province" {...fieldError(problem, 'province')}>
        <Select id="o-province" aria-label="所在省份" allowClear showSearch={{ optionFilterProp: 'label' }} placeholder="在本市的不选" value={value.province || undefined} onChange={(w?: string) => set({ province: w ?? '', onlineNo: '' })} options={options(choices.provinces)} getPopupContainer={() => document.querySelector('main') ?? document.body} />
      </Form.Item>
      {value.province && <Form.Item label="全国平台编号" htmlFor="o-online"><Input id="o-online" placeholder="纸质来函的不填" value={value.onlineNo} onChange={(e) => set({ onlineNo: e.target.value })} /></Form.Item>}
    </>
  );
}
