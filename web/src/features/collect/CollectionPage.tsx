import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { SentOverNet } from '../handin/Sent';

type Kind = 'urge' | 'withdraw' | 'assign';

const done: Record<Kind, string> = { urge: '已登记催收', withdraw: '已撤回', assign: '已改交，重新开具了通知单' };
const titles: Record<Kind, string> = { urge: '登记催收', withdraw: '撤回这张通知单？', assign: '改交他人办理' };
const verbs: Record<Kind, string> = { urge: '催收', withdraw: '撤回', assign: '改交' };
const says: Record<Kind, string> = {
  urge: '电话或再次送达通知单催收，登记一次；向本人收集的同时发出消息提醒，向本机构收集的提醒办理人。',
  withdraw: '没有形成这些材料的，凭单位或本人的书面说明撤回；通知单作废，理由留在档案里。',
  assign: '向新的办理人重新开具通知单，原通知单作废；期限不变。两人都收到提醒。',
};

/** One notice: what is asked for, of whom, what came of it. */
export default function CollectionPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['collections', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/collections/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Notice v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Notice({ v, etag, reload }: { v: Schema<'CollectionView'>; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState<Kind>();
  const [why, setWhy] = useState('');
  const [handler, setHandler] = useState('');
  const [broken, setBroken] = useState<Problem>();
  const act = useAct({
    etag,
    invalidates: [['collections'], ['dossiers'], ['documents']],
    done: (_, kind: Kind) => done[kind],
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      if (kind === 'assign') return read(api.POST('/api/v1/collections/{id}/assign', { ...params, body: { handler } }));
      return kind === 'urge' ? read(api.POST('/api/v1/collections/{id}/urge', params)) : read(api.POST('/api/v1/collections/{id}/withdraw', { ...params, body: { why } }));
    },
    onDone: () => setAsking(undefined),
  });
  const ask = (kind: Kind) => () => { act.reset(); setWhy(''); setHandler(''); setAsking(kind); };
  const open = () => void openPdf(`/api/v1/documents/${v.documentId}/pdf`).then(() => setBroken(undefined), (x: unknown) => setBroken(problemOf(x)));
  return (
    <>
      <PageHead
        title={`材料收集：${v.personName}`}
        heading={v.personName}
        person
        sub={<>{v.no}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>}
        crumbs={[{ label: '材料收集', to: '/collections' }, { label: v.personName }]}
        acts={<Button onClick={open}>打开通知单</Button>}
      />
      <Split
        label="办理"
        aside={
          <>
            <NowPossible possible={v.possible} busy={act.isPending ? `collection.${act.variables ?? ''}` : undefined} on={{ 'collection.urge': ask('urge'), 'collection.assign': ask('assign'), 'collection.withdraw': ask('withdraw') }} />
            <Papers of={`Collection:${v.id}`} state={v.state} />
          </>
        }
      >
        <div className="page-body">
          <ProblemView problem={asking ? broken : act.problem ?? broken} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <SectionHead>通知</SectionHead>
          <Facts
            items={[
              { label: '档案', value: <Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link> },
              { label: '向谁收集', value: <>{v.addressee}（{v.targetName}）{v.vacant && <span className="ochre">　已不在岗，待负责人交由他人办理</span>}</> },
              { label: '网上提交', value: v.target === 'unit' ? (v.online ? '单位经办人登录后可以看到这张通知并提交' : '这一单位在本机构没有凭证照开立的集体户，请送达通知单') : undefined },
              { label: '事项', value: v.eventName ? `${v.eventName}，${longDate(v.formedOn)}` : '对照清单所缺' },
              { label: '通知单号', value: v.number },
              { label: '交来期限', value: <>{longDate(v.dueOn)}{v.lateDays > 0 && <span className="ochre">　逾期 {v.lateDays} 天</span>}</> },
              { label: '催收', value: v.urged > 0 ? `${v.urged} 次，最近${longDate(v.urgedOn)}` : undefined },
              { label: '系统提醒', value: v.reminded && `${v.reminded}，${longDate(v.remindedOn)}` },
              { label: '撤回', value: v.withdrawnOn && `${longDate(v.withdrawnOn)}　${v.withdrawnBy ?? ''}：${v.why ?? ''}` },
              { label: '保管机构', value: v.agencyName },
            ]}
          />
          <SectionHead n={v.materials.length}>材料</SectionHead>
          <table className="plain">
            <thead><tr><th scope="col">材料名称</th><th scope="col">类别</th><th scope="col">交来</th><th scope="col">状态</th></tr></thead>
            <tbody>
              {v.materials.map((m) => (
                <tr key={m.title}><td>{m.title}{m.maker && m.maker !== v.addressee && <span className="meta">　{m.maker}</span>}</td><td className="dense nowrap">{m.className}</td><td className="dense nowrap">{m.handedOn && longDate(m.handedOn)}</td><td className="dense nowrap">{m.stateName}</td></tr>
              ))}
            </tbody>
          </table>
          <p className="meta">材料交来后在“材料收件”登记；同名材料收到即算交来，归档后自动办结。</p>
          {(v.target === 'person' || v.online) && <SentOverNet id={v.id} version={`${etag}${v.state}`} />}
          <SectionHead>经过</SectionHead>
          <ul className="log">
            <li><time dateTime={v.openedAt}>{logTime(v.openedAt)}</time><span>开具通知单　{v.openedBy}</span></li>
          </ul>
        </div>
      </Split>
      {asking && (
        <Confirm open title={titles[asking]} verb={verbs[asking]} clause="第十四条" busy={act.isPending} problem={act.problem} fields={['why', 'handler']} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{says[asking]}</p>
          {asking === 'withdraw' && (
            <Form layout="vertical" requiredMark={false}>
              <Form.Item label="理由" htmlFor="c-why" {...fieldError(act.problem, 'why')}><Input id="c-why" value={why} maxLength={200} onChange={(x) => setWhy(x.target.value)} /></Form.Item>
            </Form>
          )}
          {asking === 'assign' && (
            <Form layout="vertical" requiredMark={false}>
              <Form.Item label="办理人" htmlFor="c-handler" {...fieldError(act.problem, 'handler')}><Select id="c-handler" aria-label="办理人" showSearch optionFilterProp="label" value={handler || undefined} placeholder="本机构的经办" onChange={(id: string) => { setHandler(id); act.reset(); }} options={v.staff.map((m) => ({ value: m.id, label: m.name }))} /></Form.Item>
            </Form>
          )}
        </Confirm>
      )}
    </>
  );
}
