import type { Schema } from '../../api/client';
import { longDate } from '../../shared/dates';

/** The last day of a hold, with the working days that are left of it. */
export function Left({ h }: { h: Schema<'HoldItem'> }) {
  return (
    <>
      {longDate(h.until)}
      {h.daysLeft != null && <span className={h.daysLeft <= 3 ? 'left near' : 'left'}>　{h.daysLeft < 0 ? '今日到期解除' : `剩 ${h.daysLeft} 个工作日`}</span>}
    </>
  );
}
