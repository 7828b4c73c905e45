import { Status } from '../../shared/status';
import { figure } from '../../shared/dates';
import type { Schema } from '../../api/client';

export type Check = Schema<'CheckSummary'>;
export type Detail = Schema<'CheckDetail'>;

/** 8f3a 51c0 … d27e: enough of a root to compare by eye; the whole stands in its title. */
export function Root({ value }: { value: string }) {
  return <span className="hash nowrap" title={value}>{value.slice(0, 4)} {value.slice(4, 8)} … {value.slice(-4)}</span>;
}

export function Outcome({ check }: { check: Check }) {
  if (check.state === 'running') return <Status tone="run">核验中</Status>;
  if (check.state === 'cancelled') return <Status tone="void">已取消</Status>;
  if (check.state === 'failed') return <Status tone="bad">没有做成</Status>;
  return check.found > 0 ? <Status tone="bad">{`${figure(check.found)} 处差异`}</Status> : <Status tone="done">无差异</Status>;
}

/** 47 分 12 秒. */
export function took(check: Check): string {
  if (!check.endedAt) return '';
  const seconds = Math.max(1, Math.round((Date.parse(check.endedAt) - Date.parse(check.startedAt)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} 分 ${seconds % 60} 秒` : `${seconds} 秒`;
}

export function bytesText(n: number): string {
  const units = ['字节', 'KB', 'MB', 'GB', 'TB'];
  let i = 0;
  let v = n;
  while (v >= 1024 && i < units.length - 1) {
    v /= 1024;
    i++;
  }
  return `${i === 0 || v >= 100 ? Math.round(v) : v.toFixed(1)} ${units[i] ?? ''}`;
}

/** What a check found: each table and row, or file. */
export function Differences({ check }: { check: Detail }) {
  return (
    <div className="scroll-x">
      <table className="plain tight">
        <thead><tr><th scope="col">差异</th><th scope="col">所在</th><th scope="col">标识</th><th scope="col">说明</th></tr></thead>
        <tbody>
          {check.differences.map((d) => (
            <tr key={d.kind + d.table + d.key + d.detail}>
              <td className="nowrap"><Status tone="bad">{d.kindName}</Status></td>
              <td>{d.tableName || '未登记的表'}<div className="meta hash">{d.table}</div></td>
              <td className="hash ledger-key">{d.key || '—'}</td>
              <td>{d.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
