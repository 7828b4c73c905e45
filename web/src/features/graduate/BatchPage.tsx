import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { logTime } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './graduate.css';

type Batch = Schema<'GraduateBatchView'>;

/** One batch of the July desk: what one signature took over. */
export default function BatchPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['graduates', 'batch', id], queryFn: () => read(api.GET('/api/v1/graduate-batches/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{(batch) => <View batch={batch} />}</Answer>;
}

function View({ batch }: { batch: Batch }) {
  const title = batch.number ? `接收批次 ${batch.number}` : '接收批次';
  return (
    <Split label="文书" width={360} aside={<Papers of={`GraduateBatch:${batch.id}`} state={batch.state} />}>
      <PageHead title={title} crumbs={[{ label: '毕业生接收', to: '/graduates' }, { label: '接收台', to: '/graduates/desk' }, { label: batch.number ?? '待签收' }]} />
      <div className="page-body">
        <SectionHead>签收</SectionHead>
        <Facts
          items={[
            { label: '状态', value: batch.state === 'signed' ? '已签收' : '待签收' },
            { label: '经办人', value: batch.staffName },
            { label: '袋数', value: batch.packets },
            { label: '签收时间', value: batch.signedAt ? logTime(batch.signedAt) : undefined },
            { label: '签名板签名', value: batch.signature ? <SignedBy batch={batch} /> : '没有，以重新验证身份签收' },
            { label: '签名文件摘要', value: batch.signature ? <span style={{ overflowWrap: 'anywhere' }}>{batch.signature.digest}</span> : undefined },
          ]}
        />
        <SectionHead n={batch.packets}>档案袋</SectionHead>
        <table className="plain">
          <thead><tr><th scope="col" className="num">序号</th><th scope="col">姓名</th><th scope="col">毕业院校</th><th scope="col">转递编号</th><th scope="col">封存</th><th scope="col">状态</th></tr></thead>
          <tbody>
            {batch.lines.map((l) => (
              <tr key={l.graduate.id}>
                <td className="num">{l.seq}</td><td className="subject"><Link to={`/graduates/${l.graduate.id}`}>{l.graduate.name}</Link></td><td>{l.graduate.school}</td><td className="nowrap">{l.graduate.transferNo}</td>
                <td>{l.seal === 'broken' ? `有损：${l.note}` : '完好'}</td><td><Status tone={l.graduate.tone as Tone}>{l.graduate.stateName}</Status></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Split>
  );
}

/** Who signed on the pad and when; opens the signature, on record. */
export function SignedBy({ batch }: { batch: Batch }) {
  const [problem, setProblem] = useState<Problem>();
  const s = batch.signature;
  if (!s) return null;
  return (
    <>
      <button type="button" className="bare text-link" onClick={() => { setProblem(undefined); openPdf(`/api/v1/graduate-batches/${batch.id}/signature`).catch((e: unknown) => setProblem(problemOf(e))); }}>打开签名</button>
      <span className="ink2">　{s.by} {logTime(s.at)}，{s.packets} 袋</span>
      <ProblemView problem={problem} />
    </>
  );
}
