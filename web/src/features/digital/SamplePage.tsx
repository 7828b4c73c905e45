import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { figure } from '../../shared/dates';
import { useKeyset, type Keyset } from '../../shared/list';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Viewer, type ViewerMaterial } from './Viewer';
import { hintWords, imagePath, thumbs } from './words';

type Sampled = Schema<'SampledPage'>;

/** 抽样查看: the pages drawn, each with the reviewer's verdict. */
export default function SamplePage() {
  const { id = '' } = useParams();
  const go = useNavigate();
  const list = useKeyset<Sampled>({
    key: ['deliveries', id, 'sample'],
    limit: 100,
    fetch: (after, limit) => read(api.GET('/api/v1/deliveries/{id}/sample', { params: { path: { id }, query: { cursor: after ?? '', limit } } })),
  });
  const delivery = useQuery({ queryKey: ['deliveries', id], queryFn: () => readTagged(api.GET('/api/v1/deliveries/{id}', { params: { path: { id } } })) });
  const tally = delivery.data?.value.sample;
  useEffect(() => {
    document.title = '抽样查看·数字化成果';
  }, []);
  const back = () => void go(`/deliveries/${id}`);
  return (
    <Answer query={list.query}>
      {(data) => data.items.length === 0
        ? <main className="page-body narrow" id="main"><h1>抽样查看</h1><Empty act={{ label: '返回批次', onClick: back }}>这批成果还没有抽样。</Empty></main>
        : <Sample key={data.items[0]?.id} id={id} items={data.items} tally={tally} list={list} back={back} />}
    </Answer>
  );
}

interface SampleProps {
  id: string;
  items: Sampled[];
  tally?: Schema<'DeliveryTally'>;
  list: Pick<Keyset, 'hasPrevious' | 'hasNext' | 'previous' | 'next'>;
  back: () => void;
}

function Sample({ id, items, tally, list, back }: SampleProps) {
  const byPage = new Map(items.map((x) => [x.pageId, x]));
  const groups = new Map<string, ViewerMaterial>();
  for (const x of [...items].sort((a, b) => a.dossierNo.localeCompare(b.dossierNo) || a.place.localeCompare(b.place) || a.pageNo - b.pageNo)) {
    const m = groups.get(x.materialId) ?? { id: x.materialId, class: x.dossierNo, className: x.dossierNo, code: x.person, place: x.place, title: x.title, note: x.why === 'key' ? '关键材料，全查' : '抽取', pages: [] };
    m.pages.push({ id: x.pageId, no: x.pageNo });
    groups.set(x.materialId, m);
  }
  const open = items.filter((x) => x.verdict === '').length;
  const several = list.hasPrevious || list.hasNext;
  return (
    <Viewer
      head={
        <>
          <span className="name">抽样查看</span>
          {tally && <span className="ink2">共 {figure(tally.drawn)} 页·未看 {figure(tally.drawn - tally.passed - tally.failed)} 页</span>}
          {several && <><i className="sep" aria-hidden="true" /><span className="ink2">本组 {items.length} 页·未看 {open} 页</span></>}
        </>
      }
      end={
        <>
          {several && <><Button disabled={!list.hasPrevious} onClick={list.previous}>上一组</Button><Button disabled={!list.hasNext} onClick={list.next}>下一组</Button></>}
          <Button onClick={back}>返回批次</Button>
        </>
      }
      materials={[...groups.values()]}
      imagePath={imagePath}
      thumbs={thumbs}
      panel={(_, page) => {
        const sampled = byPage.get(page.id);
        return sampled && <Verdict key={sampled.id} id={id} sampled={sampled} />;
      }}
      footRight={() => <>合格、不合格逐页留痕；不合格须写明原因</>}
    />
  );
}

function Verdict({ id, sampled }: { id: string; sampled: Sampled }) {
  const [note, setNote] = useState(sampled.note ?? '');
  const judge = useAct({
    run: (headers, verdict: 'pass' | 'fail') => read(api.POST('/api/v1/deliveries/{id}/verdicts', { params: { path: { id } }, body: { verdicts: [{ id: sampled.id, verdict, note }] }, headers })),
    invalidates: [['deliveries']],
    done: (_, verdict) => (verdict === 'pass' ? '已记合格' : '已记不合格'),
  });
  const q = sampled.image;
  const field = `note-${sampled.id}`;
  return (
    <div className="viewer-panel">
      <div className="meta">{q.width}×{q.height}·{q.dpi ? `${q.dpi} dpi` : '未注明 dpi'}</div>
      {q.blank && <div className="ochre meta">疑似空白页</div>}
      {q.hints.map((h) => <div key={h} className="ochre meta">{hintWords[h] ?? h}</div>)}
      {sampled.verdict !== '' && <div className={sampled.verdict === 'pass' ? 'green strong' : 'red strong'}>{sampled.verdict === 'pass' ? '✓ 合格' : '◆ 不合格'}</div>}
      <Button size="small" block type={sampled.verdict === '' ? 'primary' : 'default'} disabled={judge.isPending} onClick={() => judge.mutate('pass')}>合格</Button>
      <label className="meta" htmlFor={field}>不合格原因</label>
      <Input.TextArea id={field} rows={2} maxLength={200} value={note} onChange={(e) => setNote(e.target.value)} />
      <Button size="small" block disabled={judge.isPending} onClick={() => judge.mutate('fail')}>不合格</Button>
      <ProblemView problem={judge.problem} />
    </div>
  );
}
