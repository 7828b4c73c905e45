import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Segments } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { Answer } from '../../shared/states';
import { Status } from '../../shared/status';
import { carried, Foot, going, WayFields, went } from './formparts';
import './transfer.css';

type View = Schema<'StrayView'>;

/** One stray packet: numbers and ends, nothing of the person; sent on or back. */
export default function StrayPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['strays', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/strays/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Packet v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Packet({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const may = v.possible.some((p) => p.action === 'transfer.stray_send' && p.allowed);
  return (
    <>
      <PageHead title={`误投包裹 ${v.no}`} sub={<Status tone={v.tone}>{v.stateName}</Status>} crumbs={[{ label: '转递', to: '/transfers' }, { label: '误投包裹', to: '/strays' }, { label: v.no }]} />
      <div className="page-body" style={{ maxWidth: 960 }}>
        <SectionHead>包裹</SectionHead>
        <Facts
          items={[
            { label: '发出单位', value: v.holder },
            { label: '接收单位', value: v.receiver },
            { label: '案号', value: v.caseNo },
            { label: '通知单编号', value: v.noticeNo },
            { label: '封条编号', value: v.sealNo },
            { label: '收到', value: `${longDate(v.foundOn)}，${v.foundBy}登记` },
            { label: '包封', value: v.intact ? '完好' : `有损：${v.seen ?? ''}` },
            { label: '去向', value: v.state !== 'held' && [v.outcome, v.sentOn && longDate(v.sentOn), went(v), v.sentBy].filter(Boolean).join('，') },
          ].filter((x) => x.value)}
        />
        {may && <SendOn v={v} etag={etag} reload={reload} />}
        <Papers of={`Stray:${v.id}`} state={v.state} />
      </div>
    </>
  );
}

function SendOn({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [to, setTo] = useState<'receiver' | 'sender'>('receiver');
  const [way, setWay] = useState(() => going());
  const act = useAct({
    etag,
    invalidates: [['strays'], ['transfers']],
    done: to === 'receiver' ? '已登记转送' : '已登记退回',
    run: (headers) => read(api.POST('/api/v1/strays/{id}/send', { params: { path: { id: v.id } }, headers, body: { to, ...carried(way) } })),
  });
  return (
    <form onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead note={`${longDate(v.dueOn)}前寄出`}>转送或退回</SectionHead>
      <Segments label="去向" value={to} onChange={(k) => { act.reset(); setTo(k); }} options={[{ key: 'receiver', label: '转送接收单位' }, { key: 'sender', label: '退回发出单位' }]} />
      <WayFields value={{ forced: 'no', secretWhy: v.bound ? '按这份档案的登记' : undefined }} going={way} set={(change) => setWay((old) => ({ ...old, ...change }))} problem={act.problem} reset={act.reset} reload={reload} />
      <Foot act={act.problem ? { isPending: act.isPending } : act} verb={to === 'receiver' ? '登记转送' : '登记退回'} note="原封寄出，不得交给个人；出具转送单随包裹寄送" reload={reload} />
    </form>
  );
}
