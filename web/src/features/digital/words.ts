import { api, read } from '../../api/client';
import { longDate } from '../../shared/dates';
import type { Tone } from '../../shared/status';
import type { Thumb } from './Viewer';

export const toneOfDelivery: Record<string, Tone> = { running: 'run', stopped: 'wait', faulty: 'bad', received: 'wait', sampling: 'run', accepted: 'done', sent_back: 'void' };
export const toneOfFolder: Record<string, Tone> = { waiting: 'wait', quarantined: 'bad', accepted: 'done', rejected: 'void' };

/** What the automatic check would have a person look at. */
export const hintWords: Record<string, string> = { gray: '灰度，非彩色', quality: '压缩质量偏低', skew: '倾斜超过 1°', soft: '可能不清晰', size: '纸张尺寸少见' };

export const imagePath = (id: string) => `/api/v1/pages/${id}/image`;

export async function thumbs(material: string, after: number): Promise<Thumb[]> {
  return (await read(api.GET('/api/v1/materials/{id}/thumbs', { params: { path: { id: material }, query: { after } } }))).items;
}

/** 形成 2013年6月20日; month and day may be unknown. */
export function formedWord(formed: string | undefined): string {
  if (!formed) return '';
  const [y, m, d] = formed.split('-');
  if (y && m && d) return `形成 ${longDate(formed)}`;
  return `形成 ${y}年${m ? `${Number(m)}月` : ''}`;
}
