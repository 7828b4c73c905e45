import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { BearerField } from '../../shared/bearer';
import { figure, logTime, longDate } from '../../shared/dates';
import { upload } from '../../shared/files';
import { PagingBar, useKeyset } from '../../shared/list';
import { SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { say } from '../../shared/say';
import { Answer, Empty } from '../../shared/states';

type Report = Schema<'UnitStaffReport'>;
type Row = Schema<'UnitStaffRow'>;
type Unit = { uscc?: string | undefined; unit: string };
type Outcome = Schema<'UnitStaffOutcome'>;

/** The unit's newest list of staff, held row by row against what hangs on the account (12c). */
export function UnitStaff({ id, unit, may }: { id: string; unit: Unit; may: boolean }) {
  const [only, setOnly] = useState<Row['outcome']>();
  const head = useQuery({ queryKey: ['units', 'staff', id, 'head'], queryFn: () => read(api.GET('/api/v1/unit-accounts/{id}/staff', { params: { path: { id }, query: { limit: 1 } } })) });
  const list = useKeyset<Row>({
    key: ['units', 'staff', id, only ?? ''],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/unit-accounts/{id}/staff', { params: { path: { id }, query: { cursor: Number(cursor ?? 0), limit, outcome: only === 'wrong' ? undefined : only } } }));
      return { items: page.items, next: page.next };
    },
  });
  return (
    <>
      {may && <Upload id={id} unit={unit} />}
      <Answer query={head}>
        {(h) => !h.listNo ? <Empty>单位还没有报过名册。名册只用来核对，不改动任何账户。</Empty> : (
          <>
            <SectionHead note={`${h.listNo}，${h.importedBy ?? ''} ${logTime(h.importedAt ?? '')} 登记`}>最近一份名册</SectionHead>
            {h.missing > 0 && <p className="notice">登记时名下有 {figure(h.missing)} 卷档案名册没有列，请向单位核实。</p>}
            <Outcomes list={h.outcomes.filter((o) => o.n > 0)} only={only} onPick={(o) => setOnly(o === only ? undefined : o)} />
            <Rows rows={list.items} outcomes={h.outcomes} />
            <PagingBar list={list} unit="人" />
          </>
        )}
      </Answer>
    </>
  );
}

/** What the rows are and do, with how many; a click shows those only. */
function Outcomes({ list, only, onPick }: { list: Outcome[]; only?: string | undefined; onPick?: (key: Row['outcome']) => void }) {
  return (
    <table className="plain">
      <thead><tr><th scope="col">核对结果</th><th scope="col" className="num">人数</th><th scope="col">怎样办</th></tr></thead>
      <tbody>
        {list.map((o) => (
          <tr key={o.key}>
            <td className="nowrap">{onPick ? <button type="button" className="bare text-link" aria-pressed={only === o.key} onClick={() => onPick(o.key as Row['outcome'])}>{o.name}{only === o.key ? '（只看这些，再点取消）' : ''}</button> : o.name}</td>
            <td className="num">{figure(o.n)}</td>
            <td>{o.does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rows({ rows, outcomes }: { rows: Row[]; outcomes: Outcome[] }) {
  return (
    <div className="scroll-x">
      <table className="plain list">
        <thead><tr><th scope="col" className="num">行</th><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">状态</th><th scope="col">核对结果</th></tr></thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.row}>
              <td className="num ink2">{r.row}</td>
              <td className="subject">{r.dossierId ? <Link to={`/dossiers/${r.dossierId}`}>{r.name}</Link> : r.name}</td>
              <td className="nowrap">{r.idNo}</td>
              <td className="nowrap">{r.gone ? `离职${r.leftOn ? `，${longDate(r.leftOn)}` : ''}` : '在职'}</td>
              <td>{r.problems?.length ? <span className="ochre">{r.problems.join('；')}</span> : outcomes.find((o) => o.key === r.outcome)?.name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A file is previewed row by row first; it is registered whole, or nothing of it. */
function Upload({ id, unit }: { id: string; unit: Unit }) {
  const input = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const [report, setReport] = useState<Report>();
  const [problem, setProblem] = useState<Problem>();
  const [worker, setWorker] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (f: File, preview: boolean) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const r = await upload<Report>(`/api/v1/unit-accounts/${id}/staff?name=${encodeURIComponent(f.name)}&preview=${String(preview)}&worker=${worker}`, f);
      if (preview) setReport(r);
      else {
        say(r.already ? `这份名册以前登记过（${r.listNo ?? ''}），没有变化` : `名册已登记，${figure(r.rows)} 人`);
        setReport(undefined);
        void client.invalidateQueries({ queryKey: ['units'] });
        void client.invalidateQueries({ queryKey: ['work'] });
      }
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const wrong = report?.outcomes.find((o) => o.key === 'wrong')?.n ?? 0;
  return (
    <section aria-label="上传名册">
      <SectionHead>上传名册</SectionHead>
      <BearerField optional uscc={unit.uscc} unit={unit.unit} value={worker} onChange={setWorker} problem={problem} />
      <p className="acts">
        <Button type={report ? 'default' : 'primary'} loading={busy} onClick={() => input.current?.click()}>选择名册文件</Button>
        <input ref={input} type="file" accept=".xlsx,.csv" className="hidden-text" tabIndex={-1} aria-label="名册文件" onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) { setFile(f); setReport(undefined); void send(f, true); } }} />
      </p>
      <p className="meta">XLSX 或 UTF-8 的 CSV，最多 5,000 人。须有姓名、身份证号两列；可有状态（在职、离职，空为在职）和离职日期（2026-11-25）。先预检，确认前不登记；有一行需改正的，整份不登记。</p>
      <ProblemView problem={problem} />
      {report && file && (
        <div className="notice" role="status">
          <p>{report.fileName}：{figure(report.rows)} 行{report.missing > 0 && `；名下有、名册没有 ${figure(report.missing)} 卷`}</p>
          <Outcomes list={report.outcomes} />
          <Rows rows={report.items.filter((r) => r.outcome !== 'on' && r.outcome !== 'gone').slice(0, 50)} outcomes={report.outcomes} />
          {report.unlisted.length > 0 && <p className="dense">名册没有的：{report.unlisted.slice(0, 20).map((u) => `${u.name}（${u.no}）`).join('、')}{report.missing > 20 && ' 等'}</p>}
          {wrong === 0 ? <p className="acts"><Button type="primary" loading={busy} onClick={() => void send(file, false)}>登记整份名册</Button></p> : <p>改正 {figure(wrong)} 行后重新上传整份名册。</p>}
        </div>
      )}
    </section>
  );
}
