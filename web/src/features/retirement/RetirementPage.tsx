import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, problemOf, read, readTagged, type Problem, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { MandateLine } from '../../shared/mandate';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Lines } from './Lines';

type View = Schema<'RetirementView'>;
type Kind = 'check' | 'drop' | 'countersign' | 'dispute' | 'settle' | 'finish';

const words: Record<Kind, { title: string; verb: string; what: string; clause: string; done: string }> = {
  check: { title: '核对信息、清点档案', verb: '核对完毕', what: '对照信息核对表逐项核对并清点实物。不一致、缺失的告知本人并如实列在送审清单上，由审核单位认定。', clause: '第七条', done: '已核对，可以送审' },
  drop: { title: '终止办理？', verb: '终止办理', what: '已在别处办理退休、改选弹性延迟等。以后需要时可以重新办理。', clause: '第七条', done: '已登记' },
  countersign: { title: '复核退回', verb: '复核无误', what: '请对照实物核对下面登记的结果。复核无误后档案归还入库；有差异的，出具二人签名的差异记录送审核单位。', clause: '第二十二条', done: '已复核' },
  dispute: { title: '清点有误？', verb: '退回重新清点', what: '写明与登记不同的材料和页数，由经办人员重新清点登记。', clause: '第二十二条', done: '已退回重新清点' },
  settle: { title: '差异查清', verb: '登记查清', what: '登记追回、补送的材料，或审核单位书面说明的文号。差异查清前不能办结，也不能再次送审。', clause: '第二十二条', done: '已登记' },
  finish: { title: '办结退休事项', verb: '办结', what: '退休审批表已归档后办结。转出须先登记接收单位的调档函。', clause: '第七条', done: '已办结' },
};

const asks: Partial<Record<Kind, string>> = { drop: '原因', dispute: '复核所见', settle: '怎样查清', finish: '说明（选填）' };

const verdictTone: Record<string, Tone> = { agree: 'done', decided: 'done', differ: 'bad', missing: 'bad', silent: 'wait' };
const verdictName: Record<string, string> = { agree: '一致', decided: '已认定', differ: '不一致', missing: '缺材料', silent: '未登记' };

/** One person's matter: the age, the facts, the way to the reviewer and back. */
export default function RetirementPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['retirements', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/retirements/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Matter v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Matter({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const go = useNavigate();
  const [asking, setAsking] = useState<Kind>();
  const [broken, setBroken] = useState<Problem>();
  const blank = { materials: v.materials || 1, pages: v.pages || 1, note: v.note ?? '', basis: '', way: 'keep' as 'keep' | 'pass' };
  const [f, setF] = useState(blank);
  const act = useAct({
    etag,
    invalidates: [['retirements'], ['dossiers'], ['custody']],
    done: (_, kind: Kind) => words[kind].done,
    run: (headers: ActHeaders, kind: Kind) => {
      const params = { params: { path: { id: v.id } }, headers };
      switch (kind) {
        case 'check': return read(api.POST('/api/v1/retirements/{id}/check', { ...params, body: { materials: f.materials, pages: f.pages, note: f.note } }));
        case 'drop': return read(api.POST('/api/v1/retirements/{id}/drop', { ...params, body: { basis: f.basis } }));
        case 'countersign': return read(api.POST('/api/v1/retirements/{id}/countersign', params));
        case 'dispute': return read(api.POST('/api/v1/retirements/{id}/dispute', { ...params, body: { basis: f.basis } }));
        case 'settle': return read(api.POST('/api/v1/retirements/{id}/settle', { ...params, body: { basis: f.basis } }));
        case 'finish': return read(api.POST('/api/v1/retirements/{id}/finish', { ...params, body: { way: f.way, basis: f.basis } }));
      }
    },
    onDone: () => setAsking(undefined),
  });
  // What was refused was refused of what stood there: another choice is not.
  const set = (change: Partial<typeof f>) => { if (act.problem) act.reset(); setF({ ...f, ...change }); };
  const ask = (kind: Kind) => () => { act.reset(); setF(blank); setAsking(kind); };
  const w = asking && words[asking];
  return (
    <>
      <PageHead
        title={`退休送审：${v.personName}`}
        heading={v.personName}
        person
        sub={<><Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link>　<Status tone={v.tone as Tone}>{v.stateName}</Status></>}
        crumbs={[{ label: '退休送审', to: '/retirements' }, { label: v.personName }]}
      />
      <Split
        label="办理"
        aside={<NowPossible possible={v.possible} busy={act.isPending ? `retirement.${act.variables ?? ''}` : undefined} on={{ 'retirement.check': ask('check'), 'retirement.drop': ask('drop'), 'retirement.return': () => void go(`/retirements/${v.id}/return`), 'retirement.countersign': ask('countersign'), 'retirement.dispute': ask('dispute'), 'retirement.settle': ask('settle'), 'retirement.finish': ask('finish') }} />}
      >
        <div className="page-body">
          <ProblemView problem={broken ?? (asking ? undefined : act.problem)} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <SectionHead>退休年龄</SectionHead>
          <Facts
            items={[
              { label: '类别', value: [v.groupName, v.ground].filter(Boolean).join('，依据 ') },
              { label: '出生日期', value: `${longDate(v.bornOn)}　${v.bornBy}` },
              { label: '法定退休年龄', value: `${v.term.ageName}，${longDate(v.statutoryOn)}` },
              { label: '弹性范围', value: `${longDate(v.term.earliestOn)} 至 ${longDate(v.term.latestOn)}` },
              { label: '退休方式', value: [`${v.choiceName}，${longDate(v.dueOn)}`, v.choicePaper].filter(Boolean).join('，依据 ') },
              { label: '委托书', value: v.mandate && <MandateLine m={v.mandate} /> },
              { label: '保管机构', value: v.agencyName },
            ]}
          />
          <SectionHead end={<Link className="text-link" to={`/dossiers/${v.dossierId}/facts`}>信息核对表</Link>}>关键信息</SectionHead>
          <Facts items={v.facts.map((x) => ({ label: x.name, value: <><Status tone={verdictTone[x.verdict] ?? 'plain'}>{verdictName[x.verdict] ?? x.verdict}</Status>　{x.verdict === 'agree' || x.verdict === 'silent' ? '' : x.note}</> }))} />
          {(v.checkedBy || v.listId || v.result) && (
            <>
              <SectionHead>核对与送审</SectionHead>
              <Facts
                items={[
                  { label: '清点', value: v.checkedBy && `${v.materials} 份 ${v.pages} 页` },
                  { label: '核对结果', value: v.checkedBy && (v.findingList ?? '各项一致') },
                  { label: '告知情况', value: v.note },
                  { label: '送审清单', value: v.listId && <><Link className="text-link" to={`/retirements/lists/${v.listId}`}>{v.listNo}</Link>　{v.recipient}{v.handedOn && `，${longDate(v.handedOn)}送出，应于 ${longDate(v.dueBack)}前退回`}</> },
                  { label: '审核结果', value: v.result && (v.result === 'approved' ? `通过，${v.approvalNo ?? ''}，${longDate(v.approvedOn)}` : `未通过：${v.basis ?? ''}`) },
                  { label: '退回', value: v.packet && `${v.backMaterials ?? 0} 份 ${v.backPages ?? 0} 页，封存${v.packet === 'intact' ? '完好' : '有损'}` },
                  { label: '退回核对', value: v.returnedBy && (v.difference ?? '与送出时相符') },
                  { label: '复核意见', value: v.disputed && <span className="ochre">清点有误，待重新清点：{v.disputed}</span> },
                  { label: '差异记录', value: v.recordId && <><Button type="link" size="small" style={{ padding: 0 }} onClick={() => void openPdf(`/api/v1/documents/${v.recordId ?? ''}/pdf`).then(() => setBroken(undefined), (e: unknown) => setBroken(problemOf(e)))}>{v.recordNo}</Button>　清点 {v.returnedBy}、复核 {v.signedBy}</> },
                  { label: '差异查清', value: v.difference && v.signedBy && (v.settled ?? <span className="ochre">待查清</span>) },
                ].filter((x) => x.value)}
              />
            </>
          )}
          {v.items.length > 0 && v.handedOn && (
            <section aria-label="送审的材料">
              <SectionHead note={v.returnedBy ? '退回核对的结果' : '送出时的目录，退回时逐份核对'}>送审的材料</SectionHead>
              <Lines items={v.items} />
            </section>
          )}
          {v.state === 'back' && (
            <section aria-label="退休审批表">
              <SectionHead>退休审批表</SectionHead>
              <p>{v.formId ? <>已收到，<Link className="text-link" to={`/materials/${v.formId}`}>{v.formState}</Link>{v.formState !== '已归档' && '；归档后即可办结。'}</> : <>审批表随档案退回后，<Link className="text-link" to={`/filing/receive/${v.dossierId}`}>登记收到“退休（退职）审批表”</Link>，归入9-2，两个月内归档。</>}</p>
            </section>
          )}
          <SectionHead>经过</SectionHead>
          <ul className="log">
            <li><time dateTime={v.openedAt}>{logTime(v.openedAt)}</time><span>受理　{v.openedBy}</span></li>
            {v.checkedAt && <li><time dateTime={v.checkedAt}>{logTime(v.checkedAt)}</time><span>核对　{v.checkedBy}</span></li>}
            {v.returnedAt && <li><time dateTime={v.returnedAt}>{logTime(v.returnedAt)}</time><span>退回清点　{v.returnedBy}</span></li>}
            {v.signedAt && <li><time dateTime={v.signedAt}>{logTime(v.signedAt)}</time><span>退回复核　{v.signedBy}</span></li>}
            {v.settledAt && <li><time dateTime={v.settledAt}>{logTime(v.settledAt)}</time><span>差异查清　{v.settledBy}　{v.settled}</span></li>}
            {v.endedAt && <li><time dateTime={v.endedAt}>{logTime(v.endedAt)}</time><span>{v.stateName}　{v.endedBy}{v.basis && `　${v.basis}`}</span></li>}
          </ul>
        </div>
      </Split>
      {asking && w && (
        <Confirm open title={w.title} verb={w.verb} clause={w.clause} busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p className="dense ink2">{w.what}</p>
          <Form layout="vertical" requiredMark={false}>
            {asking === 'check' && (
              <div style={{ display: 'flex', gap: 16 }}>
                <Form.Item label="份数" htmlFor="retire-pieces"><InputNumber id="retire-pieces" min={0} precision={0} value={f.materials} onChange={(n) => set({ materials: n ?? 0 })} /></Form.Item>
                <Form.Item label="页数" htmlFor="retire-pages"><InputNumber id="retire-pages" min={0} precision={0} value={f.pages} onChange={(n) => set({ pages: n ?? 0 })} /></Form.Item>
              </div>
            )}
            {asking === 'check' && <Form.Item label="不一致、缺失怎样告知本人（一致的不填）" htmlFor="retire-note"><Input.TextArea id="retire-note" rows={2} maxLength={500} value={f.note} onChange={(e) => set({ note: e.target.value })} /></Form.Item>}
            {asking === 'countersign' && (
              <Facts
                items={[
                  { label: '送出', value: `${v.materials} 份 ${v.pages} 页` },
                  { label: '退回', value: `${v.backMaterials ?? 0} 份 ${v.backPages ?? 0} 页，封存${v.packet === 'broken' ? '有损' : '完好'}` },
                  { label: '清点人', value: v.returnedBy },
                  { label: '差异', value: v.difference ?? '没有差异' },
                ]}
              />
            )}
            {asking === 'finish' && <Form.Item label="档案去向"><Radio.Group aria-label="档案去向" value={f.way} onChange={(e) => set({ way: e.target.value as 'keep' | 'pass' })} options={[{ value: 'keep', label: '由本机构继续保管' }, { value: 'pass', label: '转出（已登记调档函）' }]} /></Form.Item>}
            {asks[asking] && <Form.Item label={asks[asking]} htmlFor="retire-basis"><Input id="retire-basis" maxLength={200} value={f.basis} onChange={(e) => set({ basis: e.target.value })} /></Form.Item>}
          </Form>
        </Confirm>
      )}
    </>
  );
}
