import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { logTime, longDate } from '../../shared/dates';
import { BearerLine } from '../../shared/bearer';
import { MandateLine } from '../../shared/mandate';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './standing.css';

type View = Schema<'StandingView'>;

/** One case: before and after, the document, and the other person's word. */
export default function StandingPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['standing', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/standing/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Page({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const may = v.possible.some((p) => p.action === 'standing.decide' && p.allowed);
  const blocked = v.possible.filter((p) => !p.allowed);
  return (
    <Split
      label="审批"
      width={340}
      aside={
        <>
          {may && <Decide v={v} etag={etag} reload={reload} />}
          {blocked.length > 0 && <><SectionHead>现在不可办</SectionHead><Hindrances possible={blocked} /></>}
          {v.state !== 'asked' && (
            <>
              <SectionHead>审批结果</SectionHead>
              <Facts items={[{ label: '结果', value: v.stateName }, { label: '审批人', value: v.decidedBy }, { label: '时间', value: v.decidedAt && logTime(v.decidedAt) }, { label: '意见', value: v.note }]} />
              <p><Link className="text-link" to={`/dossiers/${v.dossierId}`}>打开档案 {v.dossierNo}</Link></p>
            </>
          )}
        </>
      }
    >
      <PageHead title={v.kindName} sub={<>{v.name}　{v.dossierNo}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>} crumbs={[{ label: '变更与并档', to: '/standing' }, { label: v.no }]} />
      <div className="page-body">
        {v.changes.length > 0 && (
          <>
            <SectionHead>变更内容</SectionHead>
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">项目</th><th scope="col">变更前</th><th scope="col">变更后</th></tr></thead>
                <tbody>{v.changes.map((c) => <tr key={c.label}><td className="nowrap">{c.label}</td><td>{c.was || '—'}</td><td>{c.now}</td></tr>)}</tbody>
              </table>
            </div>
          </>
        )}
        {v.sides.length > 0 && (
          <>
            <SectionHead>{v.kind === 'merge' ? '两卷档案' : '拆成两卷'}</SectionHead>
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col"><span className="hidden-text">哪一卷</span></th><th scope="col">档案编号</th><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">出生日期</th><th scope="col">人员类别</th><th scope="col">材料</th><th scope="col">库位</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {v.sides.map((x, i) => (
                    <tr key={x.dossierId}>
                      <td className="nowrap">{i === 0 ? '保留' : v.kind === 'merge' ? '并入' : '拆出'}</td>
                      <td className="nowrap"><Link className="text-link" to={`/dossiers/${x.dossierId}`}>{x.no}</Link></td>
                      <td className="nowrap">{x.name}</td><td className="nowrap">{x.idNo}</td><td className="nowrap">{x.birthDate}</td><td>{x.category}</td>
                      <td className="nowrap">{x.materials} 件 {x.pages} 页</td><td className="nowrap">{x.shelfmark}</td><td className="nowrap">{x.stateName}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
        <SectionHead>依据</SectionHead>
        <Facts items={[{ label: '缘由', value: v.reason }, { label: '查看的材料', value: v.document }, { label: '单位经办人', value: v.bearer && <BearerLine b={v.bearer} /> }, { label: '代办', value: v.mandate && <MandateLine m={v.mandate} /> }, { label: '查看', value: `${v.seenBy}，${longDate(v.seenOn)}` }, { label: '机构', value: v.agencyName }, { label: '申请', value: `${v.applicant} ${logTime(v.appliedAt)}` }]} />
      </div>
    </Split>
  );
}

const effects: Record<string, string> = {
  identity: '批准后即改登记，原姓名和原号码仍可查到本人。', category: '批准后即改类别，原类别留在本件中。', account: '批准后即改账户。',
  merge: '批准后并入的一卷不再单独办理业务；材料、影像、登记内容都在保留的一卷中，原编号和原号码仍可查到。', split: '批准后两卷各自成卷，并入时移动的材料各归原处。', rebuild: '批准后按调查记录重建，记入保管登记。',
};

function Decide({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [note, setNote] = useState('');
  const act = useAct({
    etag,
    invalidates: [['standing'], ['dossiers']],
    done: (_, approve: boolean) => (approve ? '已批准' : '已登记不批准；本人申请的，告知单在档案页“文书”中'),
    run: (headers: ActHeaders, approve: boolean) => read(api.POST('/api/v1/standing/{id}/decide', { params: { path: { id: v.id } }, headers, body: { approve, note } })),
  });
  return (
    <div className="standing-decide">
      <SectionHead>审批</SectionHead>
      <p className="dense ink2">对照所列依据核实后批准。{effects[v.kind]}</p>
      <label htmlFor="s-note">意见（不批准时必填）</label>
      <Input.TextArea id="s-note" value={note} maxLength={200} autoSize={{ minRows: 1, maxRows: 4 }} onChange={(e) => setNote(e.target.value)} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button type="primary" block loading={act.isPending && act.variables} onClick={() => act.mutate(true)}>批准</Button>
      <Button block disabled={note.trim() === ''} loading={act.isPending && act.variables === false} onClick={() => act.mutate(false)}>不批准</Button>
    </div>
  );
}
