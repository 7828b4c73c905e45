import { type Schema } from '../../api/client';
import { Status } from '../../shared/status';

/** What went to the reviewer, piece by piece, and what came back of it. */
export function Lines({ items }: { items: Schema<'RetirementLine'>[] }) {
  return (
    <div className="scroll-x">
      <table className="plain tight">
        <thead><tr><th scope="col" className="num">序号</th><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col" className="num">份</th><th scope="col" className="num">页</th><th scope="col">退回核对</th><th scope="col">说明</th></tr></thead>
        <tbody>
          {items.map((i) => (
            <tr key={i.lineNo}>
              <td className="num">{i.lineNo}</td>
              <td className="nowrap">{i.number ?? (i.result === 'extra' ? '未列' : '零散')}</td>
              <td>{i.title}</td>
              <td className="num">{i.copies}</td>
              <td className="num">{i.pages}</td>
              <td className="nowrap">{i.result ? <Status tone={i.result === 'ok' ? 'done' : 'bad'}>{i.resultName}{i.result === 'pages' && `，退回 ${i.backPages} 页`}</Status> : <span className="ink3">未核对</span>}</td>
              <td>{i.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
