import { Button, Checkbox, Dropdown, Modal } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { hasPost, useSession, type Post } from '../../app/session';
import { newKey } from '../../shared/act';
import { download, openPdf } from '../../shared/files';
import { DownIcon } from '../../shared/icons';
import { ProblemView } from '../../shared/problem';
import { say } from '../../shared/say';

type Item = Schema<'DossierItem'>;

const exporters: Post[] = ['clerk', 'reviewer', 'head', 'supervisor'];
const printers: Post[] = ['clerk', 'reviewer', 'keeper'];

/** Saves the list of a filter, or of chosen dossiers, as a workbook; who, when and how much stays on record. */
function useExport() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const run = async (query: Record<string, string>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await download(`/api/v1/dossiers/list.xlsx?${new URLSearchParams(query).toString()}`, '档案清单.xlsx');
      say('已导出清单，证件号遮盖，导出已留存记录');
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run, clear: () => setProblem(undefined) };
}

/** 导出清单 and 更多, in the title line. */
export function ListActs({ filter }: { filter: Record<string, string> }) {
  const session = useSession();
  const navigate = useNavigate();
  const list = useExport();
  const more = [
    hasPost(session, 'clerk') && { key: '/whereabouts', label: '查档去向' },
    hasPost(session, 'clerk', 'head') && { key: '/rosters', label: '导入花名册' },
  ].filter((x) => x !== false);
  return (
    <>
      {hasPost(session, ...exporters) && <Button loading={list.busy} onClick={() => void list.run(filter)}>导出清单</Button>}
      {more.length > 0 && (
        <Dropdown trigger={['click']} placement="bottomRight" menu={{ items: more, onClick: ({ key }) => void navigate(key) }}>
          <Button icon={<DownIcon size={14} />} iconPlacement="end" aria-haspopup="menu">更多</Button>
        </Dropdown>
      )}
      <Modal open={list.problem !== undefined} title="清单没有导出" footer={null} width={480} onCancel={list.clear} closable={{ 'aria-label': '关闭' }} destroyOnHidden>
        <ProblemView problem={list.problem} />
      </Modal>
    </>
  );
}

interface Printed {
  of: string;
  paper: Schema<'DocumentView'>;
}

/** What can be done with several dossiers at once; what can't be is said as a plain fact. */
export function SelectionBar({ chosen, whole, onAll, onClear }: { chosen: Item[]; whole: boolean; onAll: (all: boolean) => void; onClear: () => void }) {
  const session = useSession();
  const list = useExport();
  const [printing, setPrinting] = useState<{ at: number; of: number }>();
  const [printed, setPrinted] = useState<Printed[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const listed = chosen.filter((d) => d.materials > 0);
  const bare = chosen.length - listed.length;
  const print = async () => {
    const out: Printed[] = [];
    setPrinted([]);
    setProblem(undefined);
    try {
      for (const [i, d] of listed.entries()) {
        setPrinting({ at: i + 1, of: listed.length });
        out.push({ of: d.name, paper: await read(api.POST('/api/v1/dossiers/{id}/catalog/print', { params: { path: { id: d.id } }, headers: { 'Idempotency-Key': newKey() } as never })) });
      }
    } catch (error) {
      setProblem(problemOf(error));
    }
    setPrinting(undefined);
    setPrinted(out);
  };
  const shown = printed.length > 0 || problem !== undefined;
  return (
    <div className="selection" role="region" aria-label="已选的档案">
      <Checkbox aria-label="选择本页全部" checked={whole} indeterminate={!whole && chosen.length > 0} onChange={(e) => onAll(e.target.checked)} />
      <span className="strong" aria-live="polite">已选 {chosen.length} 卷</span>
      <span className="rule" aria-hidden="true" />
      {hasPost(session, ...printers) && <Button size="small" loading={printing !== undefined} disabled={listed.length === 0} onClick={() => void print()}>{printing ? `打印目录 ${printing.at} / ${printing.of}` : '打印目录'}</Button>}
      {hasPost(session, ...exporters) && <Button size="small" loading={list.busy} onClick={() => void list.run({ ids: chosen.map((d) => d.id).join(',') })}>导出所选</Button>}
      {bare > 0 && <span className="meta ink2">其中 {bare} 卷未录目录，不列入打印</span>}
      <button type="button" className="bare dense end" onClick={onClear}>取消选择</button>
      <Modal open={shown} title={`已出具目录 ${printed.length} 份`} footer={null} width={480} onCancel={() => { setPrinted([]); setProblem(undefined); }} closable={{ 'aria-label': '关闭' }} destroyOnHidden>
        <ProblemView problem={problem} />
        <ul className="lines">
          {printed.map((d) => (
            <li key={d.paper.id} style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
              <span>{d.of} <span className="meta ink2">{d.paper.number}</span></span>
              <button type="button" className="bare" onClick={() => void openPdf(`/api/v1/documents/${d.paper.id}/pdf`)}>打开</button>
            </li>
          ))}
        </ul>
      </Modal>
      <Modal open={list.problem !== undefined} title="清单没有导出" footer={null} width={480} onCancel={list.clear} closable={{ 'aria-label': '关闭' }} destroyOnHidden>
        <ProblemView problem={list.problem} />
      </Modal>
    </div>
  );
}
