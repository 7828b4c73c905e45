import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Problem, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime, longDate } from '../../shared/dates';
import { RecordIntake } from '../../shared/intake';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView, ReasonView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Shown } from '../handin/Shown';

type View = Schema<'IntakeView'>;
type Ask = 'ask' | 'refuse' | 'return' | 'withdraw';

const asks: Record<Ask, { title: string; verb: string; note: string; label: string }> = {
  ask: { title: '告知补正', verb: '告知补正', note: '申请人登录后看到，补齐后在网上提交，也可交到窗口。', label: '需要补正的（每行一项，一次写全）' },
  refuse: { title: '不予办理', verb: '出具告知单', note: '出具不予办理告知单，写明理由、依据和提出异议的办法；监督岗可见。', label: '审核意见（可不填）' },
  return: { title: '退回受理', verb: '退回受理', note: '经办人在期限内继续受理，申请人不必重新申请。', label: '为什么应予受理' },
  withdraw: { title: '登记撤回', verb: '登记撤回', note: '只按申请人自己的意思登记，不得劝退。', label: '申请人撤回的原因' },
};

/** The page on which an application goes on. */
function form(v: View) {
  const on = (v.application ?? {}) as { accountId?: string; graduateId?: string };
  const to = { transfer: '/transfers/new', certificate: '/certificates/new', standing: v.dossierId && (v.keptHere || !v.online) ? `/standing/new/${v.dossierId}` : '/dossiers', account: '/units/new', whereabouts: '/whereabouts', consultation: `/consultations/new`, closing: `/units/${on.accountId ?? ''}`, claim: `/graduates/${on.graduateId ?? ''}` }[v.matter];
  return `${to}?intake=${v.id}`;
}

const elsewhere: Problem = { title: '', status: 403, kind: 'refused', reasons: [{ rule: '29.8', clause: '', slug: 'not_kept_here', message: '本机构没有保管申请所指的档案。', next: '' }] };

/** What came, by paper, in the order it was sent. */
function papers(files: View['files']) {
  const by = new Map<string, View['files']>();
  for (const f of files) by.set(f.paper, [...(by.get(f.paper) ?? []), f]);
  return [...by];
}

/** One application that was not taken in as it came: what stands against it, its term, its end. */
export default function IntakePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['intakes', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/intakes/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Intake v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Intake({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const go = useNavigate();
  const session = useSession();
  const [ask, setAsk] = useState<Ask>();
  const [note, setNote] = useState('');
  const [still, setStill] = useState<number[]>([]);
  const act = useAct({
    etag,
    invalidates: [['intakes'], ['documents'], ['work']],
    done: (r: View) => ({ refused: '不予办理告知单已出具', returned: '已退回受理', withdrawn: '已登记撤回', completing: '已告知补正' } as Record<string, string>)[r.state] ?? '已办理',
    onDone: () => { setAsk(undefined); setNote(''); setStill([]); },
    run: (headers, what: Ask) => {
      if (what === 'ask') return read(api.POST('/api/v1/intakes/{id}/ask', { params: { path: { id: v.id } }, headers, body: v.told ? { still } : { missing: note.split('\n').map((s) => s.trim()).filter(Boolean) } }));
      const request = { params: { path: { id: v.id } }, headers, body: { note } };
      if (what === 'refuse') return read(api.POST('/api/v1/intakes/{id}/refuse', request));
      if (what === 'return') return read(api.POST('/api/v1/intakes/{id}/return', request));
      return read(api.POST('/api/v1/intakes/{id}/withdraw', request));
    },
  });
  const open = (what: Ask) => () => { act.reset(); setAsk(what); };
  const missing = v.told && v.state !== 'refused' && v.state !== 'proposed';
  return (
    <>
      <PageHead title={`${v.matterName}申请 ${v.name}`} sub={<Status tone={v.tone as Tone}>{v.stateName}</Status>} crumbs={[{ label: '网上申请与补正', to: '/intakes' }, { label: v.no }]} />
      <Split
        label="办理"
        aside={<><NowPossible possible={v.possible} on={{ 'intake.record': () => void go(form(v)), 'intake.ask': open('ask'), 'intake.refuse': open('refuse'), 'intake.return': open('return'), 'intake.withdraw': open('withdraw') }} /><Papers of={`Intake:${v.id}`} state={v.state} /></>}
      >
        <div className="page-body">
          <ProblemView problem={ask ? undefined : act.problem} onRetry={act.problem?.kind === 'conflict' ? () => { act.reset(); reload(); } : undefined} />
          <Facts
            items={[
              { label: '收件编号', value: v.no },
              { label: '申请人', value: v.applicant },
              { label: '联系方式', value: v.contact },
              { label: '公民身份号码', value: v.idNo },
              { label: '机构', value: v.agencyName },
              { label: v.online ? '网上提交' : '登记', value: `${logTime(v.recordedAt)}　${v.online ? `${v.senderUnit ? '单位经办人' : '本人'} ${v.sender ?? ''} 登录提交` : v.recordedBy}` },
              { label: '期限', value: v.endedOn ? `${longDate(v.endedOn)}办结` : <>{longDate(v.dueOn)}{v.overdue && <span className="ochre">　已过期</span>}</> },
              { label: '受理后的业务', value: v.case && <Link className="text-link" to={v.case}>查看</Link> },
            ]}
          />
          {v.online && (
            <section aria-label="网上申请">
              <SectionHead note="申请人网上填写，核对以后受理才生效">申请的内容</SectionHead>
              <Facts items={v.said.map((x) => ({ label: x.label, value: x.value }))} />
              {!v.keptHere && v.state === 'sent' && v.application !== undefined && (v.matter === 'consultation' || v.matter === 'standing') && (
                <>
                  <p className="dense">按姓名、号码在本机构没有查到这份档案。请先核对；确实不在的，可以报审核不予受理。</p>
                  <RecordIntake matter={v.matter} problem={elsewhere} application={() => v.application} intake={v} />
                </>
              )}
              {v.answeredOn && <p className="dense">{longDate(v.answeredOn)}补正：{v.answer || '见所附文件'}</p>}
              {v.files.length > 0 && (
                <div className="handed-in">
                  {papers(v.files).map(([name, files]) => (
                    <section key={name} aria-label={name}>
                      <SectionHead n={files.length}>{name}</SectionHead>
                      {files.map((f) => <Shown key={f.no} path={`/api/v1/intakes/${v.id}/files/${f.no}`} file={f} />)}
                    </section>
                  ))}
                </div>
              )}
            </section>
          )}
          {v.reasons.length > 0 && <>
          <SectionHead note={v.told ? '已一次性告知' : undefined}>{missing ? '需要补正的内容' : '不予办理的情形'}</SectionHead>
          <div className={missing ? 'refusal wait' : 'refusal'}>{v.reasons.map((r) => <ReasonView key={`${r.rule}/${r.slug}/${r.field ?? ''}/${r.message}`} reason={r} />)}</div>
          </>}
          {(v.decidedBy || v.note) && (
            <section aria-label="审核">
              <SectionHead>审核</SectionHead>
              <Facts
                items={[
                  { label: '审核人', value: v.decidedBy && `${v.decidedAt ? logTime(v.decidedAt) : ''}　${v.decidedBy}` },
                  { label: '意见', value: v.note },
                  { label: '告知单', value: v.noticeNo && <>{v.noticeNo}{v.state === 'refused' && hasPost(session, 'clerk') && <>　<Link className="text-link" to={`/window/new?notice=${encodeURIComponent(v.noticeNo)}`}>登记异议</Link></>}</> },
                  { label: '异议', value: v.upheld ? '异议成立，告知单作废，应予受理' : undefined },
                ]}
              />
            </section>
          )}
        </div>
      </Split>
      {ask && (
        <Confirm open title={asks[ask].title} verb={asks[ask].verb} clause="第二十九条（八）" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(ask)} onCancel={() => setAsk(undefined)}>
          <p className="dense ink2">{asks[ask].note}</p>
          <Form layout="vertical" requiredMark={false}>
            {ask === 'ask' && v.told ? (
              <Form.Item label="仍未补齐的（只能是原来告知过的）"><Checkbox.Group aria-label="仍未补齐的" value={still} onChange={setStill} options={v.reasons.map((r, i) => ({ value: i, label: r.message }))} /></Form.Item>
            ) : <Form.Item label={asks[ask].label} htmlFor="intake-note"><Input.TextArea id="intake-note" rows={3} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} /></Form.Item>}
          </Form>
        </Confirm>
      )}
    </>
  );
}
