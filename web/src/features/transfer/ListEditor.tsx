import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { ProblemView } from '../../shared/problem';
import { useChoices, type View } from './parts';

interface Line { class: string; title: string; formed: string; copies: number; pages: number; keyFacts: string[]; loose: boolean; secret: boolean; isCopy: boolean }

const blank: Line = { class: '', title: '', formed: '', copies: 1, pages: 1, keyFacts: [], loose: false, secret: false, isCopy: false };

/** The packing list of a paper-only dossier, entered for this case: Enter adds a line. */
export function ListEditor({ value, etag, reload }: { value: View; etag: string; reload: () => void }) {
  const choices = useChoices().data;
  const [lines, setLines] = useState<Line[]>(() => value.items.length > 0
    ? value.items.map((i) => ({ class: i.class, title: i.secret ? '' : i.title, formed: i.formed, copies: i.copies, pages: i.pages, keyFacts: i.keyFacts, loose: i.loose, secret: i.secret, isCopy: i.isCopy }))
    : [{ ...blank }]);
  const set = (n: number, change: Partial<Line>) => setLines((old) => old.map((l, i) => (i === n ? { ...l, ...change } : l)));
  const add = () => {
    setLines((old) => [...old, { ...blank, class: old[old.length - 1]?.class ?? '' }]);
    requestAnimationFrame(() => document.getElementById(`line-title-${lines.length}`)?.focus());
  };
  const act = useAct({
    etag,
    invalidates: [['transfers']],
    done: `清单已登记，${lines.length} 项`,
    run: (headers, body: Line[]) => read(api.PUT('/api/v1/transfers/{id}/list', { params: { path: { id: value.id } }, headers, body: { lines: body } })),
  });
  const popup = () => document.querySelector('main') ?? document.body;
  const copies = lines.reduce((n, l) => n + (l.copies || 0), 0);
  const pages = lines.reduce((n, l) => n + (l.pages || 0), 0);
  return (
    <form onSubmit={(e) => { e.preventDefault(); act.mutate(lines); }}>
      <div className="scroll-x">
        <table className="plain entry">
          <thead>
            <tr><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">形成时间</th><th scope="col">份</th><th scope="col">页</th><th scope="col">关键信息</th><th scope="col">零散</th><th scope="col">涉密</th><th scope="col"><span className="hidden-text">移去</span></th></tr>
          </thead>
          <tbody>
            {lines.map((l, n) => (
              <tr key={n}>
                <td><Select aria-label={`第${n + 1}项类号`} size="small" style={{ width: 84 }} showSearch optionFilterProp="label" value={l.class || undefined} onChange={(c: string) => set(n, { class: c })} popupMatchSelectWidth={200} getPopupContainer={popup} options={(choices?.classes ?? []).map((c) => ({ value: c.code, label: `${c.code} ${c.name}` }))} labelRender={(o) => o.value} /></td>
                <td style={{ minWidth: 150 }}><Input id={`line-title-${n}`} aria-label={`第${n + 1}项材料名称`} size="small" value={l.title} disabled={l.secret} placeholder={l.secret ? '涉密材料（纸质随转）' : ''} onChange={(e) => set(n, { title: e.target.value })} onPressEnter={(e) => { e.preventDefault(); add(); }} /></td>
                <td><Input aria-label={`第${n + 1}项形成时间`} size="small" style={{ width: 84 }} value={l.formed} onChange={(e) => set(n, { formed: e.target.value })} placeholder="2015.07" /></td>
                <td><InputNumber aria-label={`第${n + 1}项份数`} size="small" style={{ width: 52 }} min={1} max={99} value={l.copies} onChange={(c) => set(n, { copies: c ?? 0 })} /></td>
                <td><InputNumber aria-label={`第${n + 1}项页数`} size="small" style={{ width: 60 }} min={1} max={2000} value={l.pages} onChange={(c) => set(n, { pages: c ?? 0 })} /></td>
                <td><Select aria-label={`第${n + 1}项关键信息`} mode="multiple" size="small" style={{ width: 132 }} maxTagCount={1} value={l.keyFacts} onChange={(keyFacts: string[]) => set(n, { keyFacts })} getPopupContainer={popup} options={(choices?.keyFacts ?? []).map((c) => ({ value: c.code, label: c.name }))} /></td>
                <td><Checkbox aria-label={`第${n + 1}项零散`} checked={l.loose} onChange={(e) => set(n, { loose: e.target.checked })} /></td>
                <td><Checkbox aria-label={`第${n + 1}项涉密`} checked={l.secret} onChange={(e) => set(n, { secret: e.target.checked, title: '' })} /></td>
                <td>{lines.length > 1 && <button type="button" className="bare" aria-label={`移去第${n + 1}项`} onClick={() => setLines((old) => old.filter((_, i) => i !== n))}>移去</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ProblemView problem={act.problem} onRetry={reload} />
      <div className="form-end">
        <Button onClick={add}>增加一项</Button>
        <Button type="primary" htmlType="submit" loading={act.isPending}>登记清单</Button>
        <span className="meta">共 {copies} 份 {pages} 页。名称栏按回车增加一项；零散材料单列在后。</span>
      </div>
    </form>
  );
}
