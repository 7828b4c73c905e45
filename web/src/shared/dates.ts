const zone = 'Asia/Shanghai';

const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

function split(value: string) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const [y, m, d] = value.split('-');
    return { y: Number(y), m: Number(m), d: Number(d), time: '', mm: m ?? '', dd: d ?? '', seconds: '' };
  }
  const found: Record<string, string> = {};
  for (const part of parts.formatToParts(new Date(value))) found[part.type] = part.value;
  return { y: Number(found.year), m: Number(found.month), d: Number(found.day), time: `${found.hour}:${found.minute}`, mm: found.month ?? '', dd: found.day ?? '', seconds: found.second ?? '' };
}

/** Today in China, 2026-11-25. */
export function today(): string {
  const now = split(new Date().toISOString());
  return `${now.y}-${now.mm}-${now.dd}`;
}

/** 2026年11月23日. */
export function longDate(value?: string | null): string {
  if (!value) return '';
  const { y, m, d } = split(value);
  return `${y}年${m}月${d}日`;
}

/** 11月25日 in this year, else 2027年1月6日. */
export function shortDate(value?: string | null): string {
  if (!value) return '';
  const { y, m, d } = split(value);
  return String(y) === today().slice(0, 4) ? `${m}月${d}日` : `${y}年${m}月${d}日`;
}

/** 11-23, for list columns; with the year when it is another one. */
export function columnDate(value?: string | null): string {
  if (!value) return '';
  const { y, mm, dd } = split(value);
  return String(y) === today().slice(0, 4) ? `${mm}-${dd}` : `${y}-${mm}-${dd}`;
}

/** 11-23 14:00, for logs. */
export function logTime(value?: string | null): string {
  if (!value) return '';
  return `${columnDate(value)} ${split(value).time}`;
}

/** 14:00 today, 11月24日 14:00 else. */
export function moment(value?: string | null): string {
  if (!value) return '';
  const { y, mm, dd, time } = split(value);
  return `${y}-${mm}-${dd}` === today() ? time : `${shortDate(value)} ${time}`;
}

const weekdays = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'];

/** 星期一 of a day 2026-11-23. */
export function weekday(day: string): string {
  return weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
}

/** Grouped from 1,000; with more, counting stopped there. */
export function figure(n: number, more = false): string {
  return n.toLocaleString('en-US') + (more ? '+' : '');
}
