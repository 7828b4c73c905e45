import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { figure, logTime, longDate, moment, shortDate } from '../../shared/dates';
import { download } from '../../shared/files';
import { PageHead, SectionHead, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty, LongWork } from '../../shared/states';
import { ClauseChip, Status } from '../../shared/status';
import { bytesText, Outcome, Root, took } from './parts';
import './ledger.css';

type View = Schema<'LedgerView'>;
type Act = Schema<'ActView'>;
type Point = Schema<'PointView'>;

/** 存证核验: one log for the whole province, and how anybody can check it. */
export default function LedgerPage() {
  const query = useQuery({
    queryKey: ['ledger'],
    queryFn: () => read(api.GET('/api/v1/ledger')),
    refetchInterval: (q) => (q.state.data?.checks.some((c) => c.state === 'running') ? 1500 : 60_000),
  });
  const [offline, setOffline] = useState(false);
  const start = useAct({
    run: (headers) => read(api.POST('/api/v1/ledger/checks', { headers })),
    invalidates: [['ledger']],
    done: '已开始全量核验，结果会记入存证',
  });
  const view = query.data;
  const may = view?.possible.some((p) => p.action === 'ledger.check' && p.allowed);
  const running = view?.checks.some((c) => c.state === 'running');
  return (
    <>
      <PageHead
        title="存证核验"
        sub={view && `全市一本账，${view.agencies} 个机构`}
        acts={
          <>
            <Button disabled={!view?.published} onClick={() => void download('/api/v1/ledger/checkpoints/0', 'checkpoint.txt')}>下载定时存证点</Button>
            <Button onClick={() => setOffline(true)}>离线核验说明</Button>
            {may && <Button loading={start.isPending} disabled={running} onClick={() => start.mutate()}>开始全量核验</Button>}
          </>
        }
      />
      <Answer query={query}>
        {(v) => (
          <Split width={456} label="凭证与历次核验" aside={<Aside view={v} />}>
            <div className="page-body">
              <ProblemView problem={start.problem} />
              <Latest view={v} />
              <SectionHead note="管辖范围内每日新增条目，近 28 天">定时存证点</SectionHead>
              <Days days={v.days} />
              <Points points={v.points} />
            </div>
          </Split>
        )}
      </Answer>
      {view && <Offline open={offline} logKey={view.key} onClose={() => setOffline(false)} />}
    </>
  );
}

/** The last whole check, or the one that runs. */
function Latest({ view }: { view: View }) {
  const running = view.checks.find((c) => c.state === 'running');
  const last = view.checks.find((c) => c.state === 'done');
  return (
    <>
      {running && <Running id={running.id} />}
      <p className="meta">最近一次全量核验</p>
      {last ? (
        <>
          <div className="ledger-verdict">
            <Link to={`/ledger/checks/${last.id}`} className={last.found ? 'red' : 'green'}>{last.found ? `${figure(last.found)} 处差异` : '无差异'}</Link>
            <span>{longDate(last.startedAt)} {logTime(last.startedAt).slice(-5)}—{logTime(last.endedAt).slice(-5)}</span>
            <span className="meta end">由 {last.by} 委派，在本服务器上复算</span>
          </div>
          <dl className="ledger-figures">
            <div><dt>存证条目</dt><dd>{figure(last.entries)}</dd><dd className="meta">逐条重算至校验值</dd></div>
            <div><dt>业务记录防改标记</dt><dd>{figure(last.rows)}</dd><dd className="meta">逐行与最后一条存证比对</dd></div>
            <div><dt>影像与文书</dt><dd>{figure(last.files)}</dd><dd className="meta">逐件重算校验值，{bytesText(last.bytes)}</dd></div>
            <div><dt>定时存证点签名</dt><dd>{figure(last.signed)}</dd><dd className="meta">{last.found ? '见核验报告' : '全部有效'}</dd></div>
          </dl>
        </>
      ) : (
        <p className="ledger-never">还没有做过全量核验。{view.possible.some((p) => p.allowed) ? '可点右上角“开始全量核验”。' : ''}</p>
      )}
      <Hindrances possible={view.possible} />
    </>
  );
}

function Running({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['ledger', 'check', id],
    queryFn: () => read(api.GET('/api/v1/ledger/checks/{id}', { params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data?.state === 'running' ? 1000 : false),
  });
  const cancel = useAct({
    run: (headers) => read(api.POST('/api/v1/ledger/checks/{id}/cancel', { params: { path: { id } }, headers })),
    invalidates: [['ledger']],
    done: '已取消核验',
  });
  const check = query.data;
  if (!check) return null;
  return (
    <>
      <LongWork
        label={check.stage ? `正在核验：${check.stage}` : '等待开始'}
        done={check.done}
        total={check.total || undefined}
        onCancel={check.possible.some((p) => p.action === 'ledger.cancel' && p.allowed) ? () => cancel.mutate() : undefined}
        note="核验只读数据，不影响办理；可以离开本页，结果会记入存证。"
      />
      <ProblemView problem={cancel.problem} />
    </>
  );
}

/** Acts a day; the table beside it says the same to screen readers. */
function Days({ days }: { days: View['days'] }) {
  const most = Math.max(1, ...days.map((d) => d.count));
  const unit = 10 ** Math.floor(Math.log10(most));
  const top = Math.ceil(most / unit) * unit;
  const width = 700;
  const step = width / days.length;
  const today = days[days.length - 1];
  return (
    <figure className="ledger-days">
      <svg viewBox={`0 0 ${width} 128`} role="img" aria-label={`近 28 天每日新增条目，最多 ${figure(most)} 条，今日 ${figure(today?.count ?? 0)} 条`}>
        <line x1="0" y1="20" x2={width} y2="20" className="rule" />
        <text x={width} y="14" textAnchor="end">{figure(top)}</text>
        <line x1="0" y1="106" x2={width} y2="106" className="rule" />
        {days.map((d, i) => {
          const h = d.count === 0 ? 0 : Math.max(1.5, (d.count / top) * 86);
          const last = i === days.length - 1;
          return (
            <g key={d.day}>
              <rect x={i * step + step * 0.14} y={106 - h} width={step * 0.72} height={h} className={last ? 'today' : undefined}><title>{`${shortDate(d.day)} ${figure(d.count)} 条`}</title></rect>
              {last && <text x={i * step} y={Math.max(34, 110 - h)} textAnchor="end" className="today">今日 {figure(d.count)}</text>}
              {i % 7 === 0 && <text x={i * step + step * 0.14} y="122">{shortDate(d.day)}</text>}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

function Points({ points }: { points: Point[] }) {
  if (points.length === 0) return <Empty>还没有公布过定时存证点。服务启动后每半秒公布一次。</Empty>;
  return (
    <div className="scroll-x">
      <table className="plain">
        <thead><tr><th scope="col">时间</th><th scope="col" className="num">条目数</th><th scope="col">校验值</th><th scope="col">与上个定时存证点</th><th scope="col"><span className="hidden-text">下载</span></th></tr></thead>
        <tbody>
          {points.map((p) => (
            <tr key={p.size}>
              <td>{logTime(p.at)}</td>
              <td className="num">{figure(p.size)}</td>
              <td><Root value={p.root} /></td>
              <td>{p.consistent ? <Status tone="done">一致</Status> : <Status tone="bad">不一致</Status>}</td>
              <td className="num"><button type="button" className="bare" aria-label={`下载 ${logTime(p.at)} 的定时存证点`} onClick={() => void download(`/api/v1/ledger/checkpoints/${p.size}`, `checkpoint-${p.size}.txt`)}>下载</button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Aside({ view }: { view: View }) {
  const shown = view.checks.find((c) => c.state === 'done' && c.found > 0);
  return (
    <>
      <SectionHead>核验存证凭证</SectionHead>
      <Voucher />
      <SectionHead note="近 5 次">全量核验</SectionHead>
      {view.checks.length === 0 ? <p className="dense ink2">还没有做过。</p> : (
        <table className="plain">
          <thead><tr><th scope="col">开始</th><th scope="col">用时</th><th scope="col" className="num">条目</th><th scope="col">结果</th></tr></thead>
          <tbody>
            {view.checks.map((c) => (
              <tr key={c.id}>
                <td><Link to={`/ledger/checks/${c.id}`}>{logTime(c.startedAt)}</Link></td>
                <td className="nowrap">{took(c)}</td>
                <td className="num">{c.state === 'done' ? figure(c.entries) : ''}</td>
                <td><Outcome check={c} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown && (
        <div className="refusal ledger-shown">
          <p className="fact">{shortDate(shown.startedAt)}的核验发现 {figure(shown.found)} 处差异 <ClauseChip>第二十九条（一）</ClauseChip></p>
          <p className="dense">有记录或文件在系统之外被改动，逐处列在报告里。</p>
          <p className="next"><Link className="text-link" to={`/ledger/checks/${shown.id}`}>查看核验报告</Link></p>
        </div>
      )}
    </>
  );
}

interface Result { act: Act; point?: Point | null; nodes?: number }

/** A number, a voucher or a proof's file: what it shows, computed again. */
function Voucher() {
  const [text, setText] = useState('');
  const [result, setResult] = useState<Result>();
  const [bad, setBad] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const file = useRef<HTMLInputElement>(null);
  const clear = () => {
    setResult(undefined);
    setBad(undefined);
    setProblem(undefined);
  };
  const prove = useAct({
    run: (headers, entry: string) => read(api.POST('/api/v1/ledger/entries/{entry}/proof', { params: { path: { entry } }, headers })),
    done: '已出具凭证，出具本身已记入存证',
    onDone: (proof) => save(proof, `存证凭证-${proof.number}.json`),
  });
  const check = async (proof: Schema<'Proof'>, known?: Act) => {
    const answer = await read(api.POST('/api/v1/ledger/proofs/check', { body: proof }));
    if (!answer.valid || !answer.entry) setBad(answer.trouble || '凭证无效');
    else setResult({ act: known ?? answer.entry, point: answer.point, nodes: answer.nodes });
  };
  const look = async () => {
    clear();
    try {
      setResult({ act: await read(api.GET('/api/v1/ledger/entries/{entry}', { params: { path: { entry: text.trim() } } })) });
    } catch (error) {
      const p = problemOf(error);
      if (p.kind === 'absent') setBad('没有这样的凭证号或编号，或不在您的监督范围内。');
      else setProblem(p);
    }
  };
  const take = async (f: File | undefined) => {
    clear();
    if (!f) return;
    try {
      await check(JSON.parse(await f.text()) as Schema<'Proof'>);
    } catch (error) {
      if (error instanceof SyntaxError || problemOf(error).kind === 'invalid') setBad('不是存证凭证文件。');
      else setProblem(problemOf(error));
    }
  };
  return (
    <>
      <form className="ledger-voucher" onSubmit={(e) => { e.preventDefault(); if (text.trim()) void look(); }}>
        <Input className="hash" aria-label="凭证号或存证编号" placeholder="凭证号，如 CZ-1024-7F2C，或编号" maxLength={60} value={text} onChange={(e) => setText(e.target.value)} />
        <input ref={file} type="file" accept=".json,application/json" hidden aria-hidden="true" onChange={(e) => { void take(e.target.files?.[0]); e.target.value = ''; }} />
        <Button onClick={() => file.current?.click()}>选文件</Button>
        <Button type="primary" htmlType="submit">核验</Button>
      </form>
      <div aria-live="polite">
        {bad && <div className="refusal"><p className="fact">凭证无效</p><p className="dense">{bad}</p></div>}
        <ProblemView problem={problem ?? prove.problem} />
        {result && <Shown {...result} onProve={() => prove.mutate(result.act.id)} busy={prove.isPending} />}
      </div>
    </>
  );
}

function Shown({ act, point, nodes, onProve, busy }: Result & { onProve: () => void; busy: boolean }) {
  return (
    <div className="ledger-valid">
      <div className="top">
        <Status tone="done">{point ? '凭证有效' : '存证在册'}</Status>
        <span className="meta">{point ? '不依赖本服务器，可离线复算' : act.voucher}</span>
      </div>
      <dl>
        <dt>条目</dt><dd>第 {figure(act.number)} 条</dd>
        <dt>何时何人</dt><dd>{longDate(act.at)} {logTime(act.at).slice(-5)}·{[act.org, act.by].filter(Boolean).join(' ')}</dd>
        <dt>何事</dt>
        <dd>
          {act.label || act.action}{act.refused && '（不予办理）'}{' '}
          {(act.refused ? act.reasons : act.rules).map((r) => r.clause && <ClauseChip key={r.rule}>{r.clause}</ClauseChip>)}
        </dd>
        <dt>事由</dt><dd className="hash ledger-key">{act.on}</dd>
        {point && <><dt>包含证明</dt><dd>{nodes} 个节点，复算得校验值 <Root value={point.root} /></dd></>}
        {point && <><dt>定时存证点</dt><dd>{moment(point.at)}，共 {figure(point.size)} 条</dd></>}
      </dl>
      {!point && <Button size="small" loading={busy} onClick={onProve}>出具凭证文件</Button>}
    </div>
  );
}

function save(value: unknown, name: string) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** How to check without this server. */
function Offline({ open, logKey, onClose }: { open: boolean; logKey: string; onClose: () => void }) {
  return (
    <Confirm open={open} title="离线核验说明" verb="知道了" onConfirm={onClose} onCancel={onClose} width={640}>
      <div className="ledger-offline">
        <p>存证凭证是一个 JSON 文件，含条目原文、从条目到根的旁支和签过名的定时存证点。任何人用公开核验密钥就能复算，不需要本系统：</p>
        <p className="hash">proofcheck --key &apos;公开核验密钥&apos; 存证凭证-1024.json</p>
        <p>把定时存证点抄存到系统之外（U 盘、纸质、上级机关），日后可以证明整个系统没有被退回到较早的副本：</p>
        <p className="hash">dangan verify --data 数据目录 --checkpoint checkpoint-1024.txt</p>
        <p>公开核验密钥：</p>
        <p className="hash ledger-key">{logKey}</p>
      </div>
    </Confirm>
  );
}
