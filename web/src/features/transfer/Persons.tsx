import { Button, Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { api, read, type Problem } from '../../api/client';
import { useAct } from '../../shared/act';
import { ProblemView } from '../../shared/problem';

export interface Person { name: string; idNo: string }

/** Lines as they come from a spreadsheet or a scanner: in each a name and a number, whatever stands between; serial numbers are left out. */
export function linesOf(text: string): Person[] {
  return text.split(/\r?\n/).map((line) => line.split(/[\s,，、;；\t]+/).filter(Boolean)).filter((words) => words.length > 0).map((words) => {
    const idNo = words.find((w) => /^[0-9Xx-]{15,}$/.test(w)) ?? '';
    return { idNo, name: words.find((w) => w !== idNo && !/^\d+$/.test(w)) ?? '' };
  });
}

/** The persons a letter names: pasted, typed or scanned, each line with what is wrong in it. */
export function Persons({ value, onChange, problem }: { value: Person[]; onChange: (list: Person[]) => void; problem?: Problem }) {
  const [text, setText] = useState('');
  const [no, setNo] = useState('');
  const scan = useRef<InputRef>(null);
  const find = useAct({
    run: (_headers, wanted: string) => read(api.GET('/api/v1/custody/scan', { params: { query: { no: wanted } } })),
    onDone: (packet) => { onChange([...value, { name: packet.name, idNo: packet.dossierNo }]); setNo(''); scan.current?.focus(); },
  });
  const set = (n: number, change: Partial<Person>) => onChange(value.map((p, i) => (i === n ? { ...p, ...change } : p)));
  const wrong = (n: number) => (problem?.kind === 'invalid' ? (problem.reasons ?? []).filter((r) => r.field?.startsWith(`persons[${n}].`)) : []);
  const bad = value.filter((_, n) => wrong(n).length > 0).length;
  return (
    <>
      <div className="named-entry">
        <div>
          <Input.TextArea aria-label="粘贴名单" rows={3} value={text} placeholder={'每行一人：姓名、公民身份号码（或档案编号），可从表格中整列粘贴'} onChange={(e) => setText(e.target.value)} />
          <Button disabled={text.trim() === ''} onClick={() => { onChange([...value, ...linesOf(text)]); setText(''); }}>加入名单</Button>
        </div>
        <div>
          <Input ref={scan} aria-label="扫描档案编号" placeholder="扫描袋面档案编号" value={no} onChange={(e) => setNo(e.target.value)} onPressEnter={(e) => { e.preventDefault(); if (no.trim()) find.mutate(no.trim()); }} />
          <span className="meta">扫描后自动加入一行；请与函上的姓名对照。</span>
        </div>
      </div>
      <ProblemView problem={find.problem} />
      {bad > 0 && <p className="red" role="alert">名单中有 {bad} 行需要改正，改正前不登记。</p>}
      {value.length > 0 && (
        <div className="scroll-x">
          <table className="plain named">
            <thead><tr><th scope="col" className="num">序号</th><th scope="col">姓名</th><th scope="col">公民身份号码或档案编号</th><th scope="col"><span className="hidden-text">移去</span></th></tr></thead>
            <tbody>
              {value.map((p, n) => (
                <tr key={n}>
                  <td className="num">{n + 1}</td>
                  <td><Input aria-label={`第${n + 1}人姓名`} size="small" style={{ width: 120 }} value={p.name} status={wrong(n).some((r) => r.field?.endsWith('name')) ? 'error' : undefined} onChange={(e) => set(n, { name: e.target.value })} /></td>
                  <td>
                    <Input aria-label={`第${n + 1}人号码`} size="small" style={{ width: 220 }} value={p.idNo} status={wrong(n).some((r) => r.field?.endsWith('idNo')) ? 'error' : undefined} onChange={(e) => set(n, { idNo: e.target.value })} />
                    {wrong(n).map((r) => <span className="wrong" key={r.slug}>{r.message}{r.next}</span>)}
                  </td>
                  <td className="num"><button type="button" className="bare" aria-label={`移去第${n + 1}人`} onClick={() => onChange(value.filter((_, i) => i !== n))}>移去</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** Fields of a letter's persons, which stand by their lines and not above the form. */
export const personFields = (list: Person[]) => list.flatMap((_, n) => [`persons[${n}].name`, `persons[${n}].idNo`]);
