import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schema } from '../../api/client';

type Likely = Schema<'LikelyView'>;

/** Dossiers that may be one person's; another agency's are named by their keeper alone. */
export function Alike({ likely, choose }: { likely: Likely[]; choose?: (l: Likely) => ReactNode }) {
  return (
    <table className="plain">
      <thead><tr><th scope="col">姓名</th><th scope="col">出生日期</th><th scope="col">身份证号</th><th scope="col">档案编号</th><th scope="col">保管机构</th><th scope="col">状态</th>{choose && <><th scope="col">为何</th><th scope="col"><span className="hidden-text">选择</span></th></>}</tr></thead>
      <tbody>
        {likely.map((l) => (
          <tr key={l.dossierId}>
            <td className="nowrap">{l.name}</td>
            <td className="nowrap">{l.birthDate}</td>
            <td className="nowrap">{l.idNo}</td>
            <td className="nowrap">{l.own ? <Link className="text-link" to={`/dossiers/${l.dossierId}`}>{l.no}</Link> : <span className="ink2">由保管机构查看</span>}</td>
            <td>{l.agencyName}</td>
            <td className="nowrap">{l.stateName}</td>
            {choose && <><td className="nowrap">{l.why}</td><td className="nowrap">{choose(l)}</td></>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
