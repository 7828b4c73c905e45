import { DatePicker } from 'antd';
import dayjs from 'dayjs';

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
      onKeyDown={(e) => { if (e.key === 'Enter') e.preventDefault(); }} // takes the day, and does not send the form
      onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : '')}
      getPopupContainer={() => document.querySelector('main') ?? document.body}
    />
  );
}
