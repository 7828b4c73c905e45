import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { api, fetchOrThrow, problemOf, read, type Problem, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { newKey, useAct } from '../../shared/act';
import { figure, logTime } from '../../shared/dates';
import { openPdf, upload } from '../../shared/files';
import { PagingBar, useKeyset } from '../../shared/list';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { say } from '../../shared/say';
import { Answer, Empty } from '../../shared/states';
import './graduate.css';

type Report = Schema<'GraduateReport'>;

/** 学校名单: read before it is written, what is wrong goes back to the school. */
export default function ListsPage() {
  const session = useSession();
  const clerk = session.user.posts.some((p) => p.code === 'clerk');
  const schools = useQuery({ queryKey: ['graduates', 'schools'], queryFn: () => read(api.GET('/api/v1/graduate-schools')) });
  const list = useKeyset<Schema<'GraduateList'>>({ key: ['graduates', 'lists'], fetch: (after, limit) => read(api.GET('/api/v1/graduate-lists', { params: { query: { after: after ?? '', limit } } })) });
  return (
    <>
      <PageHead title="学校名单" sub="毕业去向登记名单，档案到后按转递编号核对" crumbs={[{ label: '毕业生接收', to: '/graduates' }, { label: '学校名单' }]} />
      <div className="page-body">
        {clerk && <Upload />}
        <SectionHead>各学校</SectionHead>
        <Answer query={schools}>
          {(v) => v.items.length === 0 ? <Empty>还没有登记过名单。</Empty> : (
            <table className="plain">
              <thead><tr><th scope="col">毕业院校</th><th scope="col" className="num">未到</th><th scope="col" className="num">待认领</th><th scope="col" className="num">其中未告知</th><th scope="col" className="num">已认领</th><th scope="col" className="num">已有档案</th><th scope="col" className="num">已转出</th></tr></thead>
              <tbody>
                {v.items.map((s) => (
                  <tr key={s.school}>
                    <td><Link className="text-link" to={`/graduates?school=${encodeURIComponent(s.school)}`}>{s.school}</Link></td>
                    <td className="num">{figure(s.counts.awaited ?? 0)}</td><td className="num">{figure(s.counts.unclaimed ?? 0)}</td><td className="num">{figure(s.untold)}</td><td className="num">{figure(s.counts.claimed ?? 0)}</td><td className="num">{figure(s.counts.elsewhere ?? 0)}</td><td className="num">{figure(s.counts.gone_on ?? 0)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Answer>
        <SectionHead>登记过的名单</SectionHead>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有登记过名单。</Empty> : (
            <table className="plain">
              <thead><tr><th scope="col">文件</th><th scope="col">毕业院校</th><th scope="col" className="num">行数</th><th scope="col">登记</th><th scope="col">给学校的回执</th></tr></thead>
              <tbody>{list.items.map((l) => <tr key={l.id}><td>{l.fileName}</td><td>{l.school}</td><td className="num">{figure(l.rows)}</td><td className="nowrap ink2">{logTime(l.listedAt)}</td><td><SchoolReceipt list={l} may={clerk} /></td></tr>)}</tbody>
            </table>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="份" />
    </>
  );
}

function Upload() {
  const input = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const [report, setReport] = useState<Report>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const send = async (f: File, preview: boolean) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const r = await upload<Report>(`/api/v1/graduate-lists?name=${encodeURIComponent(f.name)}&preview=${String(preview)}`, f);
      setReport(r);
      if (!preview) {
        say(`已登记 ${figure(r.listed)} 人`);
        void client.invalidateQueries({ queryKey: ['graduates'] });
        void client.invalidateQueries({ queryKey: ['work'] });
      }
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const errors = async (f: File) => {
    try {
      const answer = await fetchOrThrow(`/api/v1/graduate-list-errors?name=${encodeURIComponent(f.name)}`, { method: 'POST', body: f, headers: { 'Content-Type': 'application/octet-stream', 'Idempotency-Key': newKey() } });
      const url = URL.createObjectURL(await answer.blob());
      const a = document.createElement('a');
      a.href = url;
      a.download = `${f.name.replace(/\.[^.]*$/, '')}-需改正.xlsx`;
      a.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <section aria-label="上传名单">
      <div className="graduate-filter">
        <Button type={report ? 'default' : 'primary'} loading={busy} onClick={() => input.current?.click()}>选择名单文件</Button>
        <span className="meta">XLSX 或 UTF-8 的 CSV，一份一所学校，最多 5,000 人；须有姓名、身份证号、毕业院校、转递编号四列。先预检，确认前不登记。</span>
        <input ref={input} type="file" accept=".xlsx,.csv" className="hidden-text" tabIndex={-1} aria-label="名单文件" onChange={(e) => { const f = e.target.files?.[0]; e.target.value = ''; if (f) { setFile(f); setReport(undefined); void send(f, true); } }} />
      </div>
      <ProblemView problem={problem} />
      {report && file && (
        <div className="notice" role="status">
          <p>{report.fileName}（{report.school}）：{figure(report.rows)} 行，{report.preview ? '可登记' : '已登记'} {figure(report.listed)}，原已登记 {figure(report.here)}，需改正 {figure(report.rejected)}</p>
          {report.items.length > 0 && <ul className="lines">{report.items.slice(0, 20).map((w) => <li key={w.row}>第 {w.row} 行：{w.problems.join('；')}</li>)}</ul>}
          {report.rejected > 20 && <p className="meta">其余见错误工作簿。</p>}
          <div className="graduate-filter">
            {report.preview && report.listed > 0 && <Button type="primary" loading={busy} onClick={() => void send(file, false)}>登记 {figure(report.listed)} 人</Button>}
            {report.rejected > 0 && <Button onClick={() => void errors(file)}>下载错误工作簿</Button>}
          </div>
        </div>
      )}
    </section>
  );
}

/** 回执: what came, what is missing and what is damaged of a class, to its school. */
function SchoolReceipt({ list, may }: { list: Schema<'GraduateList'>; may: boolean }) {
  const [problem, setProblem] = useState<Problem>();
  const act = useAct({ invalidates: [['graduates', 'lists']], done: '已出具回执', run: (headers) => read(api.POST('/api/v1/graduate-lists/{id}/receipt', { params: { path: { id: list.id } }, headers })) });
  const open = (id: string) => {
    setProblem(undefined);
    openPdf(`/api/v1/documents/${id}/pdf`).catch((e: unknown) => setProblem(problemOf(e)));
  };
  const id = list.receiptId;
  return (
    <>
      {id && <span className="nowrap"><span className="paper-no">{list.receiptNo}</span>　{figure(list.received)} 袋，{logTime(list.receiptAt)}　<button type="button" className="bare" aria-label={`${list.school}回执 PDF`} onClick={() => open(id)}>PDF</button></span>}
      {may && <Button size="small" type="link" loading={act.isPending} onClick={() => act.mutate()}>{id ? '再次出具' : '出具回执'}</Button>}
      <ProblemView problem={problem ?? act.problem} />
    </>
  );
}
