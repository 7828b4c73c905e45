import { Button } from 'antd';
import { useRef, useState, type DragEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { figure, logTime } from '../../shared/dates';
import { upload } from '../../shared/files';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, SectionHead, StepLine } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty, LongWork } from '../../shared/states';
import { Status } from '../../shared/status';
import './roster.css';
import { steps, toneOfState, workbookType } from './words';

/** 花名册导入: choose a workbook, and what was imported before. */
export default function RosterList() {
  const go = useNavigate();
  const list = useKeyset<Schema<'RosterItem'>>({
    key: ['rosters'],
    fetch: (after, limit) => read(api.GET('/api/v1/rosters', { params: { query: { cursor: after ?? '', limit } } })),
  });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/rosters/${list.items[i].id}`));
  return (
    <>
      <PageHead title="花名册导入" sub="把本机构已保管的档案登记入册" crumbs={[{ label: '系统维护' }, { label: '花名册导入' }]}>
        <StepLine label="导入步骤" steps={steps} current={0} />
      </PageHead>
      <div className="page-body">
        <Chooser onDone={(id) => void go(`/rosters/${id}`)} />
        <SectionHead>导入记录</SectionHead>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有导入过花名册。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">文件</th><th scope="col">状态</th><th scope="col" className="num">行数</th><th scope="col" className="num">已登记</th>
                    <th scope="col" className="num">需改正</th><th scope="col" className="num">已在本机构</th><th scope="col">登记依据</th><th scope="col">经办</th><th scope="col">上传</th>
                  </tr>
                </thead>
                <tbody>
                  {list.items.map((m, i) => {
                    const counted = m.state !== 'uploaded';
                    return (
                      <tr key={m.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                        <td><Link className="text-link" to={`/rosters/${m.id}`}>{m.fileName}</Link>{m.note && <div className="meta">{m.note}</div>}</td>
                        <td><Status tone={toneOfState[m.state]}>{m.stateName}</Status></td>
                        <td className="num">{counted ? figure(m.counts.rows) : ''}</td>
                        <td className="num">{counted ? figure(m.counts.accepted) : ''}</td>
                        <td className={m.counts.rejected > 0 ? 'num red' : 'num'}>{counted ? figure(m.counts.rejected) : ''}</td>
                        <td className="num">{counted ? figure(m.counts.alreadyHere) : ''}</td>
                        <td className="dense">{m.basis}</td>
                        <td className="nowrap">{m.staffName}</td>
                        <td className="nowrap ink2">{logTime(m.uploadedAt)}</td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="次" />}
    </>
  );
}

/** Takes a workbook by button or by dropping it. */
function Chooser({ onDone }: { onDone: (id: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(null);
  const [sent, setSent] = useState<{ name: string; done: number; total: number }>();
  const [problem, setProblem] = useState<Problem>();
  const [over, setOver] = useState(false);
  const send = async (file: File | undefined) => {
    if (!file) return;
    setProblem(undefined);
    setSent({ name: file.name, done: 0, total: file.size });
    stop.current = new AbortController();
    try {
      const made = await upload<Schema<'RosterView'>>(`/api/v1/rosters?name=${encodeURIComponent(file.name)}`, file, {
        headers: { 'Content-Type': workbookType },
        onProgress: (done, total) => setSent({ name: file.name, done, total }),
        signal: stop.current.signal,
      });
      onDone(made.id);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setSent(undefined);
      if (input.current) input.current.value = '';
    }
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    void send(e.dataTransfer.files[0]);
  };
  return (
    <section aria-label="选择花名册">
      <div className={over ? 'roster-drop over' : 'roster-drop'} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <div>
          <p>选择花名册工作簿（*.xlsx），也可拖到此处。</p>
          <p className="meta">表头自动查找，列的顺序和名称不限，未认出的列存为备注；上传后先预检，确认前不登记任何档案。</p>
        </div>
        <Button type="primary" disabled={sent !== undefined} onClick={() => input.current?.click()}>选择文件</Button>
        <input ref={input} type="file" accept=".xlsx" className="hidden-text" tabIndex={-1} aria-label="花名册工作簿" onChange={(e) => void send(e.target.files?.[0])} />
      </div>
      {sent && <LongWork label={`正在上传 ${sent.name}`} done={Math.ceil(sent.done / 1024)} total={Math.ceil(sent.total / 1024)} note="单位：KB" onCancel={() => stop.current?.abort()} />}
      <ProblemView problem={problem} />
    </section>
  );
}
