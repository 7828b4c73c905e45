import type { Tone } from '../../shared/status';

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const steps = ['选文件', '字段对应', '预检', '确认导入', '完成'];

export const toneOfState: Record<string, Tone> = { uploaded: 'wait', running: 'run', finished: 'done', cancelled: 'void', failed: 'bad' };

/** How a column came to its field. */
export const confidence: Record<string, { word: string; tone: Tone }> = {
  auto: { word: '自动', tone: 'done' },
  chosen: { word: '我指定', tone: 'run' },
  confirm: { word: '请确认', tone: 'wait' },
  note: { word: '备注', tone: 'void' },
};
