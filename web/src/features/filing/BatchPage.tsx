import { useQuery } from '@tanstack/react-query';
import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { logTime } from '../../shared/dates';
import { PageHead, SectionHead, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './filing.css';
import { formed } from './parts';

type Batch = Schema<'BatchView'>;

/** 审核归档批次: the drawn sample is compared piece by piece, then the whole batch is filed or goes back. */
export default function BatchPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['batches', id], queryFn: () => readTagged(api.GET('/api/v1/filing/batches/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={value.version} b={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Page({ b, etag, reload }: { b: Batch; etag: string; reload: () => void }) {
  const [checks, setChecks] = useState<Record<string, boolean>>({});
  const [note, setNote] = useState('');
  const review = useAct({
    run: (headers, accept: boolean) => read(api.POST('/api/v1/filing/batches/{id}/review', { params: { path: { id: b.id } }, body: { accept, checks, ...(note ? { note } : {}) }, headers })),
    etag,
    invalidates: [['batches'], ['materials'], ['dossiers']],
    done: (_, accept) => (accept ? '已归档，目录已升版' : '已退回经办'),
  });
  const may = b.possible.some((p) => p.allowed);
  const items = b.items ?? [];
  const drawn = items.filter((m) => b.sample.includes(m.id));
  const left = drawn.filter((m) => checks[m.id] === undefined).length;
  const wrong = drawn.filter((m) => checks[m.id] === false).length;
  const open = b.state === 'waiting';
  const rows = open ? [...drawn, ...items.filter((m) => !b.sample.includes(m.id))] : items;
  return (
    <Split
      label="审核"
      aside={
        <>
          {open && may && (
            <>
              <SectionHead n={`${drawn.length} 份`}>抽查</SectionHead>
              <p className="dense ink2">由系统按批次和材料的编号计算抽取，提交人不能预知，可以复算。逐份对照原件：题名、日期、页数、类号、是不是本人的；有一份不符，整批退回。</p>
              <p className="dense" role="status" style={{ margin: '6px 0' }}>{left > 0 ? `还有 ${left} 份未核对` : wrong > 0 ? `${wrong} 份不符` : '全部相符'}</p>
              <label htmlFor="review-note" className="dense">说明（退回时必填）</label>
              <Input.TextArea id="review-note" value={note} maxLength={300} autoSize={{ minRows: 1, maxRows: 4 }} onChange={(e) => setNote(e.target.value)} />
              <ProblemView problem={review.problem} onRetry={reload} />
              <div style={{ display: 'grid', gap: 8, marginTop: 10 }}>
                <Button type="primary" block disabled={left > 0 || wrong > 0} loading={review.isPending && review.variables} onClick={() => review.mutate(true)}>归档</Button>
                <Button block disabled={note.trim() === ''} loading={review.isPending && review.variables === false} onClick={() => review.mutate(false)}>退回经办</Button>
              </div>
            </>
          )}
          {open && !may && <><SectionHead>现在不可办</SectionHead><Hindrances possible={b.possible} /></>}
          {(b.packets?.length ?? 0) > 0 && (
            <>
              <SectionHead n={b.packets?.length}>归入的档案</SectionHead>
              <ul className="lines dense">
                {b.packets?.map((p) => <li key={p.dossierId}><Link className="text-link" to={`/dossiers/${p.dossierId}`}>{p.no}</Link>　<Status tone={p.ready ? 'plain' : 'wait'}>{p.ready ? p.where : `待提档（${p.where}）`}</Status></li>)}
              </ul>
            </>
          )}
        </>
      }
    >
      <PageHead title={b.no} sub={<>{b.kindName}　<Status tone={b.tone as Tone}>{b.stateName}</Status></>} crumbs={[{ label: '收集归档', to: '/filing?view=batches' }, { label: b.no }]} />
      <div className="page-body">
        <p className="dense ink2">{b.submittedBy} {logTime(b.submittedAt)} 提交，{b.materials} 份材料，归入 {b.dossiers} 卷。{b.reviewedBy && `${b.reviewedBy} ${logTime(b.reviewedAt)} 审核。`}{b.note && `说明：${b.note}`}</p>
        <div className="scroll-x">
          <table className="plain">
            <thead><tr><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">姓名、档案编号</th><th scope="col">形成时间</th><th scope="col" className="num">份/页</th><th scope="col">备注</th><th scope="col">{open ? '核对' : '状态'}</th></tr></thead>
            <tbody>
              {rows.map((m) => (
                <tr key={m.id}>
                  <td className="nowrap">{m.number ?? m.class}</td>
                  <td><Link className="text-link" to={`/materials/${m.id}`}>{m.title}</Link></td>
                  <td><Link className="text-link" to={`/dossiers/${m.dossierId}`}>{m.person}</Link> <span className="meta nowrap">{m.dossierNo}</span></td>
                  <td className="nowrap">{formed(m)}</td>
                  <td className="num nowrap">{m.copies} / {m.pages}</td>
                  <td className="meta">{[m.mainId && '附件', m.isCopy && '复制件', m.note].filter(Boolean).join('，')}</td>
                  <td className="nowrap">
                    {!open ? <Status tone={m.tone as Tone}>{m.stateName}</Status> : b.sample.includes(m.id) ? (
                      may ? <Radio.Group aria-label={`核对 ${m.title}`} size="small" value={checks[m.id]} onChange={(e) => setChecks({ ...checks, [m.id]: e.target.value as boolean })} options={[{ value: true, label: '相符' }, { value: false, label: '不符' }]} /> : '抽中'
                    ) : <span className="ink3">未抽中</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Split>
  );
}
