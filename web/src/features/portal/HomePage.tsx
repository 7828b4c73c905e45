import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { longDate } from '../../shared/dates';
import { useKeyset, type Keyset } from '../../shared/list';
import { Status, type Tone } from '../../shared/status';
import { Outside, Trouble, useHome, type Visitor } from './frame';

/** 网上办事: the doors, or what waits for the unit or person who is signed in. */
export default function HomePage() {
  const home = useHome();
  const client = useQueryClient();
  const [problem, setProblem] = useState<Problem>();
  const leave = async () => {
    try {
      const { location } = await read(api.DELETE('/api/v1/portal/session'));
      if (location) {
        client.removeQueries({ queryKey: ['portal'] });
        window.location.assign(location);
        return;
      }
    } catch (e) {
      setProblem(problemOf(e));
    }
    client.removeQueries({ queryKey: ['portal'] });
    void home.refetch();
  };
  const visitor = home.data?.visitor;
  return (
    <Outside title={visitor ? (visitor.kind === 'unit' ? '单位办事' : '个人办事') : '网上办事'} end={visitor && <button type="button" onClick={() => void leave()}>退出</button>} hotline={visitor?.offices.find((o) => o.hotline)?.hotline}>
      <div aria-live="polite">{home.isLoading && <p className="say">正在打开…</p>}</div>
      {(problem ?? (home.error && problemOf(home.error))) && <section><Trouble problem={problem ?? problemOf(home.error)} /></section>}
      {home.data && (visitor ? <Inbox visitor={visitor} /> : <Doors providers={home.data.providers} />)}
    </Outside>
  );
}

function Doors({ providers }: { providers: Schema<'PortalProvider'>[] }) {
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const go = async (provider: string) => {
    setProblem(undefined);
    setBusy(provider);
    try {
      window.location.assign((await read(api.POST('/api/v1/portal/sign-in', { body: { provider } }))).location);
    } catch (e) {
      setBusy('');
      setProblem(problemOf(e));
    }
  };
  if (providers.length === 0)
    return (
      <section>
        <h2>还没有开通网上登录</h2>
        <p>单位和个人请携带证件和材料，到存档机构窗口办理；收到短信链接的，可以打开链接提交材料。</p>
      </section>
    );
  const kinds = [{ kind: 'unit', title: '单位', text: '由存档机构登记过授权的经办人登录，查看并提交向本单位收集的材料。' }, { kind: 'person', title: '个人', text: '本人登录，查看并提交向本人收集的材料。' }];
  return (
    <>
      {problem && <section><Trouble problem={problem} /></section>}
      {kinds.filter((k) => providers.some((p) => p.kind === k.kind)).map((k) => (
        <section key={k.kind} aria-labelledby={`door-${k.kind}`}>
          <h2 id={`door-${k.kind}`}>{k.title}</h2>
          <p>{k.text}</p>
          <div className="doors">
            {providers.filter((p) => p.kind === k.kind).map((p) => <button key={p.key} type="button" className="go" disabled={busy !== ''} onClick={() => void go(p.key)}>{busy === p.key ? '正在转到登录服务…' : `用${p.name}登录`}</button>)}
          </div>
        </section>
      ))}
      <section>
        <p>登录由上述服务认证，本系统不要求、也不保存您的口令。不便网上办理的，可到存档机构窗口。</p>
      </section>
    </>
  );
}

type View = 'waiting' | 'ended' | 'applied' | 'consents';
const views: { key: View; label: string }[] = [{ key: 'waiting', label: '待提交' }, { key: 'ended', label: '已交、已撤回' }, { key: 'applied', label: '我的申请' }, { key: 'consents', label: '同意核验' }];

const matters: Record<Visitor['kind'], { code: string; name: string }[]> = {
  unit: [{ code: 'transfer', name: '申请转入档案' }, { code: 'standing', name: '加入、退出集体户' }, { code: 'consultation', name: '申请查阅档案' }],
  person: [{ code: 'certificate', name: '申请证明' }, { code: 'transfer', name: '申请转入档案' }],
};

function Inbox({ visitor }: { visitor: Visitor }) {
  const [view, setView] = useState<View>('waiting');
  const may = visitor.lapsed.length === 0;
  const unit = visitor.kind === 'unit';
  return (
    <>
      <section className="who">
        <h2>{unit ? visitor.unit : visitor.name}</h2>
        <p>{unit ? `统一社会信用代码 ${visitor.uscc ?? ''}　经办人 ${visitor.name}` : `以${visitor.provider}登录`}</p>
        {unit && visitor.offices.length > 0 && <p>可以办理的存档机构：{visitor.offices.map((o) => o.name).join('、')}</p>}
        {!may && <Trouble problem={{ title: '', status: 403, kind: 'refused', reasons: visitor.lapsed }} />}
      </section>
      {may && (
        <>
          <nav className="matters" aria-label="网上申请">
            {matters[visitor.kind].map((m) => <Link key={m.code} to={`/portal/apply/${m.code}`}>{m.name}</Link>)}
          </nav>
          <div className="tabs" role="group" aria-label="材料收集通知">
            {views.filter((v) => v.key !== 'consents' || !unit).map((v) => <button key={v.key} type="button" aria-pressed={view === v.key} onClick={() => setView(v.key)}>{v.key === 'applied' && unit ? '单位的申请' : v.label}</button>)}
          </div>
          {view === 'consents' ? <Consents /> : view === 'applied' ? <Applications unit={unit} /> : <Requests key={view} view={view} unit={unit} />}
        </>
      )}
    </>
  );
}

function Pages({ list }: { list: Keyset }) {
  if (!list.hasPrevious && !list.hasNext) return null;
  return (
    <div className="pages">
      <button type="button" disabled={!list.hasPrevious} onClick={list.previous}>上一页</button>
      <button type="button" disabled={!list.hasNext} onClick={list.next}>下一页</button>
    </div>
  );
}

/** What the unit or the person applied for, and where it stands; what was sent over the net can be opened. */
function Applications({ unit }: { unit: boolean }) {
  const list = useKeyset<Schema<'PortalApplication'>>({ key: ['portal', 'applications'], fetch: (cursor, limit) => read(api.GET('/api/v1/portal/applications', { params: { query: { cursor, limit } } })) });
  return (
    <>
      {list.query.error && <section><Trouble problem={problemOf(list.query.error)} /></section>}
      {list.query.data && list.items.length === 0 && <section><p>{unit ? '贵单位' : '您'}没有申请过转递、证明{unit && '或查阅'}。</p></section>}
      {list.items.length > 0 && (
        <ul className="cards">
          {list.items.map((a) => (
            <li key={a.id} className={a.online ? undefined : 'card'}>
              {a.online ? <Link to={`/portal/applications/${a.id}`}><Line a={a} unit={unit} /></Link> : <Line a={a} unit={unit} />}
              {a.rate && <RateLink slip={a.rate} />}
            </li>
          ))}
        </ul>
      )}
      <Pages list={list} />
    </>
  );
}

/** Who asks to verify something of the person, and what was consented to. */
function Consents() {
  const list = useKeyset<Schema<'ConsentView'>>({ key: ['portal', 'consents'], fetch: (cursor, limit) => read(api.GET('/api/v1/portal/consents', { params: { query: { cursor, limit } } })) });
  return (
    <>
      {list.query.error && <section><Trouble problem={problemOf(list.query.error)} /></section>}
      {list.query.data && list.items.length === 0 && <section><p>没有单位请您同意核验。</p></section>}
      {list.items.length > 0 && (
        <ul className="cards">
          {list.items.map((c) => (
            <li key={c.id}>
              <Link to={`/portal/consents/${c.id}`}>
                <span className="top"><strong>{c.requester}</strong><Status tone={c.tone as Tone}>{c.stateName}</Status></span>
                <p>{c.purposeName}　{c.questions.length} 个问题{c.answeredAt && '，已答复'}</p>
                <p>{longDate(c.askedAt)}提出{c.state === 'asked' && `，等您答复到${longDate(c.askUntil)}`}</p>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Pages list={list} />
    </>
  );
}

function RateLink({ slip }: { slip: Schema<'PortalSlip'> }) {
  return <p><Link className="text-link" to={`/portal/rate?n=${encodeURIComponent(slip.number)}&c=${encodeURIComponent(slip.code)}`}>评价这次服务</Link></p>;
}

function Line({ a, unit }: { a: Schema<'PortalApplication'>; unit: boolean }) {
  return (
    <>
      <span className="top"><strong>{a.kind}</strong><Status tone={a.tone as Tone}>{a.stateName}</Status></span>
      <p>{unit && `${a.personName}　`}{a.agencyName}</p>
      <p>{longDate(a.on)}申请{a.no && `　编号 ${a.no}`}{a.waits && <span className="waits">　请补正</span>}</p>
    </>
  );
}

function Requests({ view, unit }: { view: 'waiting' | 'ended'; unit: boolean }) {
  const list = useKeyset<Schema<'PortalRequest'>>({
    key: ['portal', 'requests', view],
    fetch: (cursor, limit) => read(api.GET('/api/v1/portal/requests', { params: { query: { view, cursor, limit } } })),
  });
  return (
    <>
      {list.query.error && <section><Trouble problem={problemOf(list.query.error)} /></section>}
      {list.query.data && list.items.length === 0 && <section><p>{view === 'waiting' ? `没有等待${unit ? '贵单位' : '您'}提交的材料。` : '还没有交齐或撤回的通知。'}</p></section>}
      {list.items.length > 0 && (
        <ul className="cards">
          {list.items.map((r) => (
            <li key={r.id}>
              <Link to={`/portal/requests/${r.id}`}>
                <span className="top"><strong>{unit ? `${r.personName}的材料` : r.eventName ?? '存档材料'}</strong><Status tone={r.tone as Tone}>{r.stateName}</Status></span>
                <p>{r.items.map((i) => i.title).join('、')}</p>
                <p>{r.agencyName}　{longDate(r.dueOn)}前交来{r.lateDays > 0 && <span className="late">　已逾期 {r.lateDays} 天</span>}</p>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Pages list={list} />
    </>
  );
}
