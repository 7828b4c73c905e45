import { useQuery } from '@tanstack/react-query';
import { Button, Form, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { RecordIntake } from '../../shared/intake';
import { PagingBar, useKeyset } from '../../shared/list';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { ClosingFields, closingFields, noClosing, type Closing } from './closing';

type Choice = Schema<'UnitChoice'>;

/** 销户 (12d): what hangs on the account, where each goes, one signature for all. */
export default function UnitSettle() {
  const { id = '' } = useParams();
  const unit = useQuery({ queryKey: ['units', 'of', id], queryFn: () => read(api.GET('/api/v1/unit-accounts/{id}', { params: { path: { id } } })) });
  const preview = useQuery({ queryKey: ['units', 'preview', id], queryFn: () => readTagged(api.GET('/api/v1/unit-accounts/{id}/settlement', { params: { path: { id } } })) });
  return <Answer query={unit}>{(u) => <Answer query={preview}>{({ value, etag }) => <Page key={value.seen} id={id} u={u} p={value} etag={etag} reload={() => void preview.refetch()} />}</Answer>}</Answer>;
}

function Page({ id, u, p, etag, reload }: { id: string; u: Schema<'UnitView'>; p: Schema<'UnitPreview'>; etag: string; reload: () => void }) {
  const go = useNavigate();
  const session = useSession();
  const [v, setV] = useState<Closing>({ ...noClosing, intakeId: useSearchParams()[0].get('intake') ?? '' });
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [signing, setSigning] = useState(false);
  const list = useKeyset<Schema<'UnitMember'>>({ key: ['units', 'members', id], limit: 50, fetch: (cursor, limit) => read(api.GET('/api/v1/unit-accounts/{id}/dossiers', { params: { path: { id }, query: { cursor, limit } } })) });
  const sent = Object.values(choices);
  const act = useAct({
    etag, invalidates: [['units'], ['dossiers'], ['documents'], ['transfers']], done: `已销户，${p.dossiers} 卷档案全部办理`, onDone: () => void go(`/units/${id}`),
    run: (headers) => read(api.POST('/api/v1/unit-accounts/{id}/settle', { params: { path: { id } }, body: { ...v, seen: p.seen, choices: sent }, headers })),
  });
  const choose = (dossierId: string, change?: Partial<Choice>) => {
    const next = { ...choices };
    if (change) next[dossierId] = { ...next[dossierId], dossierId, ...change };
    else delete next[dossierId];
    setChoices(next);
    if (act.problem) act.reset();
  };
  const targets = p.agencies.map((a) => ({ name: a.name, n: sent.filter((c) => c.to === a.code).length })).filter((t) => t.n > 0);
  const stale = act.problem?.reasons?.some((r) => r.slug === 'list_changed') || act.problem?.kind === 'conflict';
  const form = act.problem?.reasons?.some((r) => r.field && closingFields.includes(r.field));
  const inMain = () => document.querySelector('main') ?? document.body;
  return (
    <>
      <PageHead title="集体账户销户" sub={`${u.unit}　${u.no ?? ''}`} crumbs={[{ label: '集体户', to: '/units' }, { label: u.unit, to: `/units/${id}` }, { label: '销户' }]} />
      <div className="page-body">
        <p className="notice">名下 {p.dossiers} 卷档案一次办理：没有选择转递的都转为个人账户；全部办成，或都不办理。启动转递的，由接收机构开具调档函后寄送。</p>
        <SectionHead>销户原因和依据</SectionHead>
        <Form layout="vertical" requiredMark={false} style={{ maxWidth: 640 }}>
          <ClosingFields unit={u} value={v} onChange={(change) => setV({ ...v, ...change })} problem={act.problem} />
        </Form>
        <SectionHead n={p.dossiers} end={sent.length > 0 && <button type="button" className="bare" onClick={() => setChoices({})}>全部改为转个人账户</button>}>名下档案的去向</SectionHead>
        <Answer query={list.query}>
          {() => (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">状态</th><th scope="col">去向</th><th scope="col">接收机构的存档依据</th></tr></thead>
                <tbody>
                  {list.items.map((m) => (
                    <tr key={m.id}>
                      <td className="subject">{m.name}</td>
                      <td className="nowrap">{m.no}</td>
                      <td className="nowrap">{m.state}</td>
                      <td><Select aria-label={`${m.name}的去向`} size="small" style={{ width: 300 }} showSearch={{ optionFilterProp: 'label' }} value={choices[m.id]?.to ?? ''} onChange={(to: string) => (to ? choose(m.id, { to }) : choose(m.id))} options={[{ value: '', label: '转为个人账户' }, ...p.agencies.map((a) => ({ value: a.code, label: `转递至${a.name}` }))]} getPopupContainer={inMain} /></td>
                      <td>{choices[m.id]?.to && <Select aria-label={`${m.name}的存档依据`} size="small" style={{ width: 190 }} placeholder="选择依据" value={choices[m.id]?.tie} onChange={(tie: string) => choose(m.id, { tie })} options={p.ties.map((t) => ({ value: t, label: t }))} getPopupContainer={inMain} />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
        {(!signing || form || stale) && <ProblemView problem={act.problem} fields={closingFields} onRetry={stale ? () => { act.reset(); reload(); } : undefined} />}
        {v.why === 'asked' && !v.intakeId && !stale && hasPost(session, 'clerk') && <RecordIntake matter="closing" problem={act.problem} application={() => ({ ...v, accountId: id })} />}
        <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
          <Button type="primary" onClick={() => { act.reset(); setSigning(true); }}>核对并签批</Button>
          <Button onClick={() => void go(`/units/${id}`)}>返回</Button>
        </div>
      </div>
      <PagingBar list={list} unit="卷" note={`转个人账户 ${p.dossiers - sent.length} 卷，启动转递 ${sent.length} 卷`} />
      <Confirm open={signing && !form && !stale} title="签批销户？" verb="签批，全部办理" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={() => setSigning(false)} clause="第十二条" width={560}>
        <p>{u.unit}名下共 {p.dossiers} 卷档案：</p>
        <ul>
          <li>{p.dossiers - sent.length} 卷转为存档人员的个人账户</li>
          {targets.map((t) => <li key={t.name}>{t.n} 卷启动转递至{t.name}</li>)}
        </ul>
        <p className="dense ink2">签批后账户注销，出具销户通知单和每人一份告知书。</p>
      </Confirm>
    </>
  );
}
