import type { ReactNode } from 'react';
import { shortDate, today } from './dates';

export type Tone = 'plain' | 'run' | 'wait' | 'done' | 'bad' | 'void';

/** The table of the design: which tone a state's word has in each room. */
const tones = {
  dossier: { plain: '待转入 在库', run: '转入核对中 整理中 查阅中 转出办理中 在途', wait: '借阅在外 待补充', bad: '限制 差异', void: '已转出 已移交' },
  material: { plain: '已归档 涉密件（纸质）', run: '已收 鉴别中 待归档', wait: '限期补办 待补充', done: '验证通过', bad: '缺关键材料 存疑 不相符', void: '已退回 旧版本' },
  transfer: { plain: '已申请 未收到', run: '已开函 已登记 提档中 审核中 待寄送 在途 核对中', wait: '待回执 待承诺', done: '已签发 已接收 已办结', bad: '不予转出 不符', void: '已撤回 协商退回 函已过期' },
  loan: { plain: '待交接', run: '审批中 归还核对', wait: '借阅在外', done: '已归还', bad: '逾期未还 核对有差异 不予借阅', void: '已撤回' },
  consultation: { plain: '草稿 待查阅', run: '待核对 待审批 待负责人批准 查阅中', wait: '待补正', done: '已结束', bad: '不予查阅 时限已到', void: '已撤回 已过期' },
  import: { run: '整改中', wait: '提示', done: '可导入 凭证有效 无差异', bad: '需改正 已登记核查', void: '已在本机构' },
} satisfies Record<string, Partial<Record<Tone, string>>>;

export type StatusKind = keyof typeof tones;

export function toneOf(kind: StatusKind, word: string): Tone {
  for (const [tone, words] of Object.entries(tones[kind])) if (words.split(' ').includes(word)) return tone as Tone;
  return 'plain';
}

/** Shape and word, never color alone. Give a tone, or a room whose table knows the word. */
export function Status({ kind, tone, children }: { kind?: StatusKind; tone?: Tone; children: ReactNode }) {
  const shown = tone ?? (kind && typeof children === 'string' ? toneOf(kind, children) : 'plain');
  return <span className={`status ${shown}`}>{children}</span>;
}

/** 第二十条（二）. Only for terms and hindrances of the regulation. */
export function ClauseChip({ children }: { children: ReactNode }) {
  return <span className="chip">{children}</span>;
}

/** A term as the API gives it: days left are working days, counted by the server. */
export interface Due {
  on: string;
  left: number;
  tentative?: boolean;
  clause?: string;
  word?: string;
}

/** What stands beside a date: 逾期 2 天, 今天, 剩 2 天, 暂定. */
export function DueLeft({ due }: { due: Due }) {
  if (due.left < 0) return <span className="left over">逾期 {-due.left} 天</span>;
  if (due.tentative) return <span className="left">暂定</span>;
  if (due.left === 0) return <span className="left near">今天到期</span>;
  return <span className={due.left <= 3 ? 'left near' : 'left'}>剩 {due.left} 天</span>;
}

/** Date, working days left, and what the term rests on. */
export function Deadline({ due, basis = true }: { due: Due; basis?: boolean }) {
  return (
    <span className="due">
      <span>{due.on === today() ? '今天' : shortDate(due.on)}</span>
      <DueLeft due={due} />
      {basis && <Basis due={due} />}
    </span>
  );
}

/** A clause chip for a 法定 term, else the word 承诺 or 约定. */
export function Basis({ due }: { due: Pick<Due, 'clause' | 'word'> }) {
  if (due.clause) return <ClauseChip>{due.clause}</ClauseChip>;
  return <span className="dense ink2">{due.word}</span>;
}
