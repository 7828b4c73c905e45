import { Checkbox } from 'antd';
import type { Schema } from '../../api/client';
import { SectionHead } from '../../shared/page';

type View = Schema<'CertificateView'>;
type Absent = Schema<'AbsentBody'>;

/**
 * What was searched for and is not recorded: each subject asked for, with the filed
 * materials that could prove it and of which nobody took down what they say (23).
 */
export function Absences({ value, chosen, onChange }: { value: View; chosen: Absent[]; onChange: (list: Absent[]) => void }) {
  if (value.subjects.length === 0) return null;
  const of = (subject: string) => chosen.find((a) => a.subject === subject);
  const mark = (subject: string, looked: string[]) => onChange([...chosen.filter((a) => a.subject !== subject), { subject, looked }]);
  return (
    <>
      <SectionHead note="提档对照原件逐份查找，确无记载的勾选；出具查无记载告知单，不是证明">查无记载</SectionHead>
      {!value.searched && <p className="dense ink2">纸质档案还没有提到本件。请先“请库管提档”，查找以后再作结论。</p>}
      <table className="plain tight">
        <thead><tr><th scope="col" style={{ width: 40 }}><span className="hidden-text">查无记载</span></th><th scope="col">事项</th><th scope="col">能证明这一事项、还没有登记记载的材料</th></tr></thead>
        <tbody>
          {value.subjects.map((x) => {
            const now = of(x.subject);
            return (
              <tr key={x.subject}>
                <td><Checkbox aria-label={`查无记载：${x.name}`} disabled={!value.searched} checked={now !== undefined} onChange={(e) => (e.target.checked ? mark(x.subject, []) : onChange(chosen.filter((a) => a.subject !== x.subject)))} /></td>
                <td>{x.name}</td>
                <td className="dense">
                  {x.looked.length === 0 && '没有'}
                  {x.looked.map((m) => (
                    <div key={m.id}>
                      <Checkbox disabled={now === undefined} checked={now?.looked?.includes(m.id)} onChange={(e) => mark(x.subject, e.target.checked ? [...(now?.looked ?? []), m.id] : (now?.looked ?? []).filter((id) => id !== m.id))}>
                        {m.label}　已查看，未写明
                      </Checkbox>
                    </div>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
