import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey, useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { fieldError, ProblemView } from '../../shared/problem';
import { Loading } from '../../shared/states';
import { PaperDesk } from './PaperDesk';
import { ScreenDesk } from './ScreenDesk';
import './access.css';

type Desk = Schema<'ReadingView'>;

/** 查阅台 (picture 4): two readers under a monitor, on the clock. */
export default function ReadingPage() {
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['consultations', 'reading', id],
    queryFn: () => read(api.GET('/api/v1/consultations/{id}/reading', { params: { path: { id } } })),
    refetchInterval: 30_000,
    retry: false,
  });
  if (query.error) {
    return (
      <main className="page-body narrow">
        <h1 className="hidden-text">查阅台</h1>
        <ProblemView problem={problemOf(query.error)} />
        <p style={{ marginTop: 12 }}><Button type="primary" onClick={() => void navigate(`/consultations/${id}`)}>返回查阅业务</Button></p>
      </main>
    );
  }
  if (!query.data) return <main className="page-body"><h1 className="hidden-text">查阅台</h1><Loading /></main>;
  return <ReadingDesk desk={query.data} reload={() => void query.refetch()} />;
}

/** Seconds left by the server's own count, ticked here. */
function useCountdown(seconds: number, over: () => void): number {
  const [end, setEnd] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  const [known, setKnown] = useState(seconds);
  if (known !== seconds) {
    setKnown(seconds);
    setEnd(Date.now() + seconds * 1000);
  }
  const done = useRef(over);
  useEffect(() => {
    done.current = over;
  });
  useEffect(() => {
    const timer = window.setInterval(() => {
      const now = Math.max(0, Math.round((end - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) {
        window.clearInterval(timer);
        // A second for the server's clock to be past it too.
        window.setTimeout(() => done.current(), 1200);
      }
    }, 1000);
    return () => window.clearInterval(timer);
  }, [end]);
  return left;
}

/**
 * Nobody's hand on the desk: after some seconds the page leaves the screen, after more it
 * locks; a covered window locks at once (18c, 21.2).
 */
function useIdle(dim: number, idle: number, on: { dim: () => void; lock: () => void }): boolean {
  const [dark, setDark] = useState(false);
  const acts = useRef(on);
  useEffect(() => {
    acts.current = on;
  });
  useEffect(() => {
    let last = Date.now();
    let dimmed = false;
    let locked = false;
    const touched = () => {
      last = Date.now();
      locked = false;
      if (dimmed) setDark(false);
      dimmed = false;
    };
    const lock = () => {
      if (locked) return;
      locked = true;
      acts.current.lock();
    };
    const covered = () => {
      if (document.hidden) lock();
    };
    const timer = window.setInterval(() => {
      const quiet = (Date.now() - last) / 1000;
      if (quiet >= dim && !dimmed) {
        dimmed = true;
        setDark(true);
        acts.current.dim();
      }
      if (quiet >= idle) lock();
    }, 1000);
    const events = ['pointermove', 'pointerdown', 'keydown', 'wheel'];
    events.forEach((e) => window.addEventListener(e, touched, { passive: true }));
    document.addEventListener('visibilitychange', covered);
    return () => {
      window.clearInterval(timer);
      events.forEach((e) => window.removeEventListener(e, touched));
      document.removeEventListener('visibilitychange', covered);
    };
  }, [dim, idle]);
  return dark;
}

const clock = (s: number) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;

function ReadingDesk({ desk, reload }: { desk: Desk; reload: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [ending, setEnding] = useState(false);
  const [extending, setExtending] = useState(false);
  const [minutes, setMinutes] = useState('15');
  const [reason, setReason] = useState('');
  const c = desk.consultation;
  const s = c.session;
  const left = useCountdown(s?.seconds ?? 0, reload);
  const total = Math.max(1, s ? (Date.parse(s.endsAt) - Date.parse(s.openedAt)) / 1000 : (c.minutes ?? 60) * 60);
  const key = ['consultations', 'reading', c.id];
  const params = { path: { id: c.id } };
  const keep = (next: Desk) => client.setQueryData(key, next);
  const end = useAct({
    invalidates: [['consultations']],
    done: '查阅已结束，查阅记录已出具',
    run: (headers) => read(api.POST('/api/v1/consultations/{id}/reading/end', { params, headers })),
    onDone: () => void navigate(`/consultations/${c.id}`),
  });
  const lock = useAct({ run: (headers) => read(api.POST('/api/v1/consultations/{id}/reading/lock', { params, headers })), onDone: keep });
  const extend = useAct({
    run: (headers) => read(api.POST('/api/v1/consultations/{id}/reading/extend', { params, headers, body: { minutes: Number(minutes) || 0, reason } })),
    onDone: (next: Desk) => { keep(next); setExtending(false); },
    done: '已延长',
  });
  const digital = s?.way !== 'paper';
  const dark = useIdle(s?.dim ?? 60, s?.idle ?? 180, {
    dim: () => { if (digital && !s?.locked) void api.POST('/api/v1/consultations/{id}/reading/leave', { params, headers: { 'Idempotency-Key': newKey() } }); },
    lock: () => { if (digital && !s?.locked && !lock.isPending) lock.mutate(); },
  });
  const came = c.readers.filter((r) => r.came);
  const here = came.filter((r) => !r.away);
  useEffect(() => {
    document.title = `查阅台：${c.personName}·流动人员人事档案`;
  }, [c.personName]);
  const members = here.every((r) => r.political === '01' || r.political === '02');
  // Spoken once when ten and when two minutes remain; silent in between.
  const spoken = left <= 0 ? '查阅时限已到' : left <= 120 ? '查阅时间还剩两分钟' : left <= 600 ? '查阅时间还剩十分钟' : '';
  return (
    <div className={dark ? 'desk viewer dimmed' : 'desk viewer'}>
      <header className="desk-head">
        <img src="/seal.svg" alt="" />
        <h1>{c.personName}</h1>
        <span className="ink2">{c.dossierNo}</span>
        <span className="bar aside" />
        <span className="ink2 dense clip aside">事由 {c.purposeName}{'　'}{c.no}</span>
        <div className="who">
          <span className="clip">查阅人 <b>{here.map((r) => r.name).join('、')}</b><span className="aside">（{c.unit}{members ? '，均为党员' : ''}）</span></span>
          <span>监阅 <b>{s?.monitor}</b></span>
          <span className="bar" />
          <span className={left <= 600 ? 'desk-clock near' : 'desk-clock'}>
            剩余 <b role="timer" aria-label={`剩余 ${Math.ceil(left / 60)} 分钟`}>{clock(left)}</b>
            <span className="meter" aria-hidden="true"><span style={{ width: `${Math.min(100, (left / total) * 100)}%` }} /></span>
            共 {Math.round(total / 60)} 分
          </span>
          <span className="hidden-text" aria-live="assertive">{spoken}</span>
        </div>
        {!s?.extended && <Button onClick={() => setExtending(true)}>延长</Button>}
        <Button onClick={() => lock.mutate()} loading={lock.isPending}>离席锁屏</Button>
        <Button onClick={() => setEnding(true)}>结束查阅</Button>
      </header>
      {s?.way === 'paper' ? <PaperDesk desk={desk} onChange={keep} /> : <ScreenDesk desk={desk} hidden={dark || (s?.locked ?? false)} reload={reload} />}
      <footer className="desk-foot">
        {s?.way === 'paper' ? <span>监阅人逐份登记所阅材料</span> : <span>左右键翻页·+/− 缩放·R 旋转</span>}
        <span aria-hidden="true">|</span>
        <b>一人离席即锁屏</b>
        <span>不得拍照、抄录</span>
        <span className="end">查阅号 <b>{s?.no}</b>·每一页的阅看都有记录：本次已阅 <b>{s?.pages ?? 0}</b> 页，上限 {s?.maxPages ?? 0} 页</span>
      </footer>
      {lock.problem && <div className="desk-locked" role="alert"><div><ProblemView problem={lock.problem} /></div></div>}
      {s?.locked && <Locked desk={desk} onChange={keep} />}
      <Confirm open={extending} title="延长本次查阅？" verb="延长" busy={extend.isPending} problem={extend.problem?.reasons?.some((r) => r.field) ? undefined : extend.problem} onConfirm={() => extend.mutate()} onCancel={() => setExtending(false)}>
        <p className="dense ink2">只能延长一次，最多 {s?.longest ?? 30} 分钟，不超过当日闭室。原因写入查阅记录。</p>
        <Form layout="vertical" requiredMark={false}>
          <Form.Item label="延长分钟数" htmlFor="extend-minutes" {...fieldError(extend.problem, 'minutes')}>
            <Input id="extend-minutes" inputMode="numeric" value={minutes} maxLength={3} style={{ width: 120 }} onChange={(e) => { extend.reset(); setMinutes(e.target.value.replace(/\D/g, '')); }} />
          </Form.Item>
          <Form.Item label="原因" htmlFor="extend-reason" {...fieldError(extend.problem, 'reason')}>
            <Input id="extend-reason" value={reason} maxLength={200} onChange={(e) => { extend.reset(); setReason(e.target.value); }} placeholder="如：材料较多，影像辨认费时" />
          </Form.Item>
        </Form>
      </Confirm>
      <Confirm open={ending} title="结束本次查阅？" verb="结束查阅" busy={end.isPending} problem={end.problem} onConfirm={() => end.mutate()} onCancel={() => setEnding(false)}>
        <p>结束后不能再翻阅，系统出具查阅记录；再要查阅须重新申请。</p>
      </Confirm>
    </div>
  );
}

/** Locked until the monitor has seen both readers and gives the password again. */
function Locked({ desk, onChange }: { desk: Desk; onChange: (desk: Desk) => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const came = desk.consultation.readers.filter((r) => r.came);
  const [here, setHere] = useState(() => came.filter((r) => !r.away).map((r) => r.id));
  const act = useAct<void, Desk>({
    done: '已解锁',
    run: async (headers) => {
      await read(api.POST('/api/v1/account/step-up', { body: { password, code: code || undefined }, headers: { 'Idempotency-Key': `${headers['Idempotency-Key'] ?? ''}-s` } }));
      return read(api.POST('/api/v1/consultations/{id}/reading/unlock', { params: { path: { id: desk.consultation.id } }, headers, body: { here } }));
    },
    onDone: onChange,
  });
  const problem: Problem | undefined = act.problem;
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    box.current?.querySelector('input')?.focus();
  }, []);
  return (
    <div className="desk-locked" role="dialog" aria-modal="true" aria-labelledby="locked-title">
      <div>
        <h1 id="locked-title">屏幕已锁定</h1>
        <p className="ink2">查阅须两人以上同时在场。查阅人到齐后，由监阅人输入口令解锁；计时不停。</p>
        <form ref={box} onSubmit={(e) => { e.preventDefault(); act.mutate(); }} style={{ display: 'grid', gap: 10 }}>
          <fieldset className="lock-here">
            <legend>在场的查阅人</legend>
            {came.map((r) => <Checkbox key={r.id} checked={here.includes(r.id)} onChange={(e) => setHere(e.target.checked ? [...here, r.id] : here.filter((x) => x !== r.id))}>{r.name}</Checkbox>)}
          </fieldset>
          <label htmlFor="lock-password">监阅人口令</label>
          <Input id="lock-password" type="password" autoComplete="current-password" value={password} maxLength={256} onChange={(e) => setPassword(e.target.value)} />
          <label htmlFor="lock-code">动态码（已启用的填写）</label>
          <Input id="lock-code" inputMode="numeric" autoComplete="one-time-code" value={code} maxLength={20} onChange={(e) => setCode(e.target.value)} />
          <Button type="primary" htmlType="submit" block loading={act.isPending} disabled={password === '' || here.length < 2}>解锁</Button>
        </form>
        <ProblemView problem={problem} />
      </div>
    </div>
  );
}
