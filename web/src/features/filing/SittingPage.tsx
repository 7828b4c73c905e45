import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { logTime } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './filing.css';
import { formed } from './parts';
import { AsideLines, PieceLines } from './sittings';
import { PrintSittingReceipt } from './receipt';

/** One pile after the signature: what it was, where its review stands, what lies aside. */
export default function SittingPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['sittings', id], queryFn: () => readTagged(api.GET('/api/v1/material-sittings/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={value.version} s={value} etag={etag} />}</Answer>;
}

function Page({ s, etag }: { s: Schema<'SittingPageView'>; etag: string }) {
  const clerk = hasPost(useSession(), 'clerk');
  const submit = useAct({
    etag,
    invalidates: [['sittings'], ['materials'], ['batches'], ['dossiers']],
    done: (p: Schema<'SittingPageView'>) => `已整批提交 ${p.batchNo}，待另一人审核`,
    run: (headers) => read(api.POST('/api/v1/material-sittings/{id}/submit', { params: { path: { id: s.id } }, headers })),
  });
  const aside = s.lines.filter((l) => l.state === 'aside');
  const pieces = s.lines.filter((l) => l.state !== 'aside');
  return (
    <Split
      label="审核"
      aside={
        <>
          <SectionHead>审核</SectionHead>
          {s.batchId ? <p className="dense"><Link className="text-link" to={`/filing/batches/${s.batchId}`}>{s.batchNo}</Link>　<Status tone={s.tone as Tone}>{s.stateName}</Status></p> : <p className="dense ink2">尚未签收。</p>}
          {s.own && s.state !== 'open' && <PrintSittingReceipt sitting={s.id} />}
          {s.state === 'rejected' && (
            <>
              <p className="dense">抽查不符，整批退回：{s.reviewNote}</p>
              <p className="dense ink2" style={{ margin: '6px 0 10px' }}>不符的先在“待鉴别”中更正、重新鉴别，或退回形成单位；再整批提交，另抽一次样。</p>
              <ProblemView problem={submit.problem} />
              {clerk && <Button type="primary" block loading={submit.isPending} onClick={() => submit.mutate()}>整批重新提交</Button>}
            </>
          )}
        </>
      }
    >
      <PageHead title={s.no} sub={<>整批收材料　<Status tone={s.tone as Tone}>{s.stateName}</Status></>} crumbs={[{ label: '收集归档', to: '/filing?view=sittings' }, { label: s.no }]} />
      <div className="page-body">
        <Facts items={[
          { label: '材料', value: `${s.class}　${s.title}` },
          { label: '形成', value: `${s.maker}　${formed(s)}` },
          { label: '移交', value: s.giver },
          { label: '每份', value: `${s.copies} 份 ${s.pages} 页${s.isCopy ? `·复制件，${s.compared} 核对` : ''}` },
          { label: '份数', value: `${s.pieces} 份${s.expected ? `，清单 ${s.expected} 份` : ''}${s.aside ? `，搁置 ${s.aside} 份` : ''}` },
          { label: '签收', value: s.signedAt && `${s.by} ${logTime(s.signedAt)}` },
          { label: '备注', value: s.note },
        ]} />
        {aside.length > 0 && (
          <>
            <SectionHead n={`${aside.length} 份`} note="未随本批收下">搁置</SectionHead>
            <AsideLines id={s.id} lines={aside} may={clerk} />
          </>
        )}
        <SectionHead n={`${pieces.length} 份`}>本批材料</SectionHead>
        <PieceLines id={s.id} lines={pieces} may={false} />
      </div>
    </Split>
  );
}
