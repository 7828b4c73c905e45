import { useQuery } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { MandateLine } from '../../shared/mandate';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';

type View = Schema<'DeathView'>;
type Kind = 'confirm' | 'reject' | 'honor' | 'retain' | 'review' | 'revoke';

const words: Record<Kind, { title: string; verb: string; what: string; ask?: string; done: string }> = {
  confirm: { title: '确认死亡？', verb: '确认死亡', what: '请对照证明原件或数据核对姓名、号码和死亡日期。确认后不再按本人申请办理，5年期自死亡日期起算。', done: '已确认' },
  reject: { title: '不予确认？', verb: '不予确认', what: '登记保留，不生效；档案照常服务。', ask: '核实的情况', done: '未予确认' },
  honor: { title: '登记荣誉称号', verb: '登记', what: '英雄、模范人物的档案向有关档案馆移交，不受5年限制。', ask: '荣誉称号、授予机关、年份', done: '已登记' },
  retain: { title: '由本机构续管？', verb: '期满续管', what: '去世满5年、按现行渠道不移交的，由本机构继续保管，到期复核；以后仍可列入移交清单。', ask: '依据', done: '已登记续管' },
  review: { title: '复核续管', verb: '继续保管', what: '核对是否仍需由本机构保管。改为移交的，取消后在列表中勾选、拟定移交清单。', ask: '继续保管的理由', done: '已复核' },
  revoke: { title: '撤销死亡登记？', verb: '撤销登记', what: '误登或人民法院撤销死亡宣告的，撤销后恢复按本人办理。', ask: '依据（判决、核实的情况）', done: '已撤销' },
};

/** One death: evidence, who confirmed it, the five years, where the dossier went. */
export default function DeathPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['deaths', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/deaths/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Death v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Death({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [asking, setAsking] = useState<Kind>();
  const [basis, setBasis] = useState('');
  const [until, setUntil] = useState(v.nextReview);
  const act = useAct({
    etag,
    invalidates: [['deaths'], ['dossiers']],
    done: (_, kind: Kind) => words[kind].done,
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      const body = { basis: basis.trim() };
      switch (kind) {
        case 'confirm': return read(api.POST('/api/v1/deaths/{id}/confirm', params));
        case 'reject': return read(api.POST('/api/v1/deaths/{id}/reject', { ...params, body }));
        case 'honor': return read(api.POST('/api/v1/deaths/{id}/honor', { ...params, body }));
        case 'retain': return read(api.POST('/api/v1/deaths/{id}/retain', { ...params, body: { ...body, until } }));
        case 'review': return read(api.POST('/api/v1/deaths/{id}/review', { ...params, body: { ...body, until } }));
        case 'revoke': return read(api.POST('/api/v1/deaths/{id}/revoke', { ...params, body }));
      }
    },
    onDone: () => { setAsking(undefined); setBasis(''); },
  });
  const ask = (kind: Kind) => () => { act.reset(); setBasis(kind === 'honor' ? v.merit ?? '' : ''); setUntil(v.nextReview); setAsking(kind); };
  const holds = !['reported', 'rejected', 'revoked'].includes(v.state);
  const w = asking && words[asking];
  return (
    <>
      <PageHead
        title={`死亡档案：${v.personName}`}
        heading={v.personName}
        person
        sub={<><Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link>　<Status tone={v.tone as Tone}>{v.stateName}</Status></>}
        crumbs={[{ label: '死亡档案', to: '/deaths' }, { label: v.personName }]}
      />
      <Split
        label="办理"
        aside={<NowPossible possible={v.possible} busy={act.isPending ? `death.${act.variables ?? ''}` : undefined} on={{ 'death.confirm': ask('confirm'), 'death.reject': ask('reject'), 'death.honor': ask('honor'), 'death.retain': ask('retain'), 'death.review': ask('review'), 'death.revoke': ask('revoke') }} />}
      >
        <div className="page-body">
          <ProblemView problem={asking ? undefined : act.problem} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <SectionHead>死亡登记</SectionHead>
          <Facts
            items={[
              { label: '死亡日期', value: longDate(v.diedOn) },
              { label: '来源', value: v.sourceName },
              { label: '依据', value: `${v.evidence}　${v.evidenceNo}` },
              { label: '告知人', value: [v.informant, v.relation].filter(Boolean).join('，') },
              { label: '代办', value: v.mandate && <MandateLine m={v.mandate} /> },
              { label: '5年届满', value: <>{longDate(v.termEndsOn)}{v.due && v.state === 'kept' && <span className="ochre">　已满，请移交或续管</span>}</> },
              { label: '荣誉称号', value: v.merit },
              { label: '原单位及职务', value: v.lastPost },
              { label: '保管机构', value: v.agencyName },
              { label: '续管', value: v.state === 'retained' && <>{v.reviewOn ? `至 ${longDate(v.reviewOn)}，届时复核` : '没有登记期限'}{v.reviewDue && <span className="ochre">　已到期，请复核或移交</span>}</> },
              { label: v.state === 'retained' ? '续管理由' : '说明', value: v.basis },
              { label: '移交清单', value: v.listId && <><Link className="text-link" to={`/deaths/lists/${v.listId}`}>{v.listNo}</Link>　{v.recipient}{v.handedOn && `，${longDate(v.handedOn)}移交`}</> },
            ].filter((x) => x.value)}
          />
          {holds && (
            <section aria-label="现在的服务对象">
              <SectionHead>现在为谁服务</SectionHead>
              <Facts
                items={[
                  { label: '亲属', value: '持关系证明申请出具证明' },
                  { label: '单位', value: `办理${v.served.join('、')}的，凭介绍信申请证明，无需本人同意` },
                  { label: '查阅', value: '社会保险、取证、公证等事项照常受理；录用、职称、出国等以本人在世为前提的不受理' },
                  { label: '转递', value: '不按调档函转递，按移交清单移交' },
                ]}
              />
            </section>
          )}
          <SectionHead>经过</SectionHead>
          <ul className="log">
            <li><time dateTime={v.registeredAt}>{logTime(v.registeredAt)}</time><span>登记　{v.registeredBy}</span></li>
            {v.decidedAt && <li><time dateTime={v.decidedAt}>{logTime(v.decidedAt)}</time><span>{v.state === 'rejected' ? '未予确认' : '确认'}　{v.decidedBy}</span></li>}
            {v.looks.map((l, n) => <li key={l.at}><time dateTime={l.at}>{logTime(l.at)}</time><span>{n === 0 ? '期满续管' : '复核续管'}至 {longDate(l.until)}　{l.by}　{l.reason}</span></li>)}
          </ul>
        </div>
      </Split>
      {asking && w && (
        <Confirm open title={w.title} verb={w.verb} clause="第二十条" busy={act.isPending} disabled={Boolean(w.ask) && basis.trim() === ''} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{w.what}</p>
          {w.ask && <Form layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }}>{(asking === 'retain' || asking === 'review') && <Form.Item label="续管到（届时复核）" htmlFor="death-until" {...fieldError(act.problem, 'until')}><Day id="death-until" future value={until} onChange={setUntil} /></Form.Item>}<Form.Item label={w.ask} htmlFor="death-basis"><Input id="death-basis" value={basis} maxLength={200} onChange={(e) => setBasis(e.target.value)} /></Form.Item></Form>}
        </Confirm>
      )}
    </>
  );
}
