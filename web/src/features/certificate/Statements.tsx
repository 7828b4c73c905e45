import { Checkbox } from 'antd';
import type { Schema } from '../../api/client';
import { longDate } from '../../shared/dates';
import { ReasonView } from '../../shared/problem';

type Statement = Schema<'StatementView'>;

/** A day or a month as papers say it. */
const day = (text: string) => (text.length > 7 ? longDate(text) : text.replace('-', '.'));

/** One statement as the certificate will say it. */
function sentence(s: Statement): string {
  const span = s.from ? `${day(s.from)}—${s.to ? day(s.to) : '至今'}` : '';
  return [s.kindName, span, s.unit, s.post, s.written, s.authority && `${s.authority}认定`, s.relation, s.name, s.idNo].filter(Boolean).join('　');
}

/**
 * What the dossier records, each with the material it rests on; what can't be
 * stated stays in the list with the reason (29.7).
 */
export function Statements({ list, head = '拟证明的内容', chosen, onChange }: { list: Statement[]; head?: string; chosen?: string[]; onChange?: (keys: string[]) => void }) {
  return (
    <div className="scroll-x">
      <table className="plain tight">
        <thead><tr>{onChange && <th scope="col" style={{ width: 40 }}><span className="hidden-text">选择</span></th>}<th scope="col">{head}</th><th scope="col">依据的材料</th></tr></thead>
        <tbody>
          {list.map((s) => (
            <tr key={s.key}>
              {onChange && (
                <td>
                  <Checkbox
                    aria-label={`证明：${sentence(s)}`}
                    disabled={!s.available}
                    checked={chosen?.includes(s.key)}
                    onChange={(e) => onChange(e.target.checked ? [...(chosen ?? []), s.key] : (chosen ?? []).filter((k) => k !== s.key))}
                  />
                </td>
              )}
              <td>
                {sentence(s)}
                {s.remark && <p className="dense ochre">{s.remark}</p>}
                {!s.available && s.why && <ReasonView reason={s.why} />}
              </td>
              <td className="dense">{s.source}{s.recorded && <span className="ink2">（{s.recorded}）</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
