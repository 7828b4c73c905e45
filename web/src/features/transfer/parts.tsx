import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useQuery } from '@tanstack/react-query';
import { api, read, type Schema } from '../../api/client';

export type View = Schema<'TransferView'>;
export type Item = Schema<'TransferItem'>;
export type Choices = Schema<'TransferChoices'>;

/** The lists an application and a packing list are filled in from. */
export function useChoices() {
  return useQuery({ queryKey: ['transfers', 'choices'], queryFn: () => read(api.GET('/api/v1/transfers/choices')), staleTime: 3_600_000 });
}

/** A day, as 2026-11-23; the future can't be chosen unless it is allowed. */
export function Day({ id, value, onChange, future = false, label }: { id?: string; value: string; onChange: (day: string) => void; future?: boolean; label?: string }) {
  return (
    <DatePicker
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      format="YYYY年M月D日"
      placeholder="选择日期"
      value={value ? dayjs(value) : null}
      disabledDate={(d) => !future && d.isAfter(dayjs(), 'day')}
      onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : '')}
      getPopupContainer={() => document.querySelector('main') ?? document.body}
    />
  );
}

/** Names of a code list as options. */
export function options(list: { code: string; name: string }[] | undefined, withCode = false) {
  return (list ?? []).map((c) => ({ value: c.code, label: withCode ? `${c.code} ${c.name}` : c.name }));
}
