import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { logTime } from '../../shared/dates';
import { SectionHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import { formed } from './parts';

type Correction = Schema<'CorrectionView'>;

/** Applications to correct filed materials: decided by another person, the old version stays. */
export function Corrections() {
  const decides = hasPost(useSession(), 'reviewer', 'head');
  const query = useQuery({ queryKey: ['corrections'], queryFn: () => read(api.GET('/api/v1/corrections')) });
  const [deciding, setDeciding] = useState<{ c: Correction; approve: boolean }>();
  return (
    <div className="page-body">
      <Answer query={query}>
        {(page) => page.items.length === 0 ? <Empty>没有更正申请。在材料页上可申请更正已归档的材料。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">材料</th><th scope="col">更正为</th><th scope="col">理由、依据</th><th scope="col">申请</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
              <tbody>
                {page.items.map((c) => (
                  <tr key={c.id}>
                    <td><Link className="text-link" to={`/materials/${c.materialId}`}>{c.label}</Link></td>
                    <td>{c.proposed.class} {c.proposed.title}<div className="meta">{formed(c.proposed)}，{c.proposed.copies} 份 {c.proposed.pages} 页</div></td>
                    <td>{c.reason}{c.basis && <div className="meta">依据：{c.basis}</div>}</td>
                    <td className="nowrap">{c.applicant} <span className="meta">{logTime(c.appliedAt)}</span></td>
                    <td><Status tone={c.state === 'asked' ? 'run' : c.state === 'approved' ? 'plain' : 'void'}>{c.stateName}</Status>{c.note && <div className="meta">{c.note}</div>}</td>
                    <td className="num nowrap">
                      {c.state === 'asked' && (c.applicantOwn || !decides ? <span className="meta">{c.applicantOwn ? '须由他人审批' : '待审核人员审批'}</span> : (
                        <>
                          <Button size="small" onClick={() => setDeciding({ c, approve: true })}>批准</Button>{' '}
                          <button type="button" className="bare" onClick={() => setDeciding({ c, approve: false })}>不批准</button>
                        </>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      <Rearrangements />
      {deciding && <Decide {...deciding} onClose={() => setDeciding(undefined)} />}
    </div>
  );
}

function Decide({ c, approve, onClose }: { c: Correction; approve: boolean; onClose: () => void }) {
  const [note, setNote] = useState('');
  const act = useAct({
    run: (headers, body: { approve: boolean; note?: string }) => read(api.POST('/api/v1/corrections/{id}/decide', { params: { path: { id: c.id } }, body, headers })),
    etag: `"${c.version}"`,
    invalidates: [['corrections'], ['materials'], ['dossiers']],
    done: approve ? '已批准，形成新版本' : '未批准',
    onDone: onClose,
  });
  return (
    <Confirm open title={approve ? '批准这项更正？' : '不批准这项更正？'} verb={approve ? '批准' : '不批准'} clause="第二十九条（二）" busy={act.isPending} problem={act.problem} disabled={!approve && note.trim() === ''} onCancel={onClose}
      onConfirm={() => act.mutate({ approve, ...(note.trim() ? { note: note.trim() } : {}) })}>
      <p>{c.label}，更正为 {c.proposed.class} {c.proposed.title}。原版本保留，目录升一版。</p>
      <label htmlFor="decide-note">{approve ? '说明（可不填）' : '理由'}</label>
      <Input id="decide-note" maxLength={300} value={note} onChange={(e) => setNote(e.target.value)} />
    </Confirm>
  );
}

type Rearrangement = Schema<'RearrangementView'>;

/** Applications to number a class anew, with the order that is asked for. */
function Rearrangements() {
  const decides = hasPost(useSession(), 'reviewer', 'head');
  const query = useQuery({ queryKey: ['rearrangements'], queryFn: () => read(api.GET('/api/v1/rearrangements')) });
  const [deciding, setDeciding] = useState<{ r: Rearrangement; approve: boolean }>();
  if (!query.data || query.data.items.length === 0) return null;
  return (
    <section aria-label="重新编号申请">
      <SectionHead n={query.data.items.length}>重新编号申请</SectionHead>
      <div className="scroll-x">
        <table className="plain">
          <thead><tr><th scope="col">档案</th><th scope="col">类别</th><th scope="col">新的顺序（现编号）</th><th scope="col">理由</th><th scope="col">申请</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
          <tbody>
            {query.data.items.map((r) => (
              <tr key={r.id}>
                <td className="nowrap"><Link className="text-link" to={`/dossiers/${r.dossierId}`}>{r.dossierNo}</Link></td>
                <td className="nowrap">{r.class} {r.className}</td>
                <td>{r.lines.length > 0 ? <ol className="dense" style={{ paddingLeft: 18 }}>{r.lines.map((l) => <li key={l.number + l.title}>{l.title} <span className="meta">{[l.annex && '附件', l.formed, `现 ${l.number}`].filter(Boolean).join('，')}</span></li>)}</ol> : <span className="meta">已审批</span>}</td>
                <td>{r.reason}</td>
                <td className="nowrap">{r.applicant} <span className="meta">{logTime(r.appliedAt)}</span></td>
                <td><Status tone={r.state === 'asked' ? 'run' : r.state === 'approved' ? 'plain' : 'void'}>{r.stateName}</Status>{r.note && <div className="meta">{r.note}</div>}</td>
                <td className="num nowrap">
                  {r.state === 'asked' && (r.applicantOwn || !decides ? <span className="meta">{r.applicantOwn ? '须由他人审批' : '待审核人员审批'}</span> : (
                    <>
                      <Button size="small" onClick={() => setDeciding({ r, approve: true })} aria-label={`批准重新编号 ${r.dossierNo}`}>批准</Button>{' '}
                      <button type="button" className="bare" onClick={() => setDeciding({ r, approve: false })}>不批准</button>
                    </>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {deciding && <DecideOrder {...deciding} onClose={() => setDeciding(undefined)} />}
    </section>
  );
}

function DecideOrder({ r, approve, onClose }: { r: Rearrangement; approve: boolean; onClose: () => void }) {
  const [note, setNote] = useState('');
  const act = useAct({
    run: (headers, body: { approve: boolean; note?: string }) => read(api.POST('/api/v1/rearrangements/{id}/decide', { params: { path: { id: r.id } }, body, headers })),
    etag: `"${r.version}"`,
    invalidates: [['rearrangements'], ['materials'], ['dossiers']],
    done: approve ? '已批准，目录升一版' : '未批准',
    onDone: onClose,
  });
  return (
    <Confirm open title={approve ? '批准重新编号？' : '不批准重新编号？'} verb={approve ? '批准' : '不批准'} clause="第十三条" busy={act.isPending} problem={act.problem} disabled={!approve && note.trim() === ''} onCancel={onClose}
      onConfirm={() => act.mutate({ approve, ...(note.trim() ? { note: note.trim() } : {}) })}>
      <p>{r.dossierNo} 第 {r.class} 类按新的顺序编号，原编号保留为旧版本，目录升一版。</p>
      <label htmlFor="decide-order">{approve ? '说明（可不填）' : '理由'}</label>
      <Input id="decide-order" maxLength={300} value={note} onChange={(e) => setNote(e.target.value)} />
    </Confirm>
  );
}
