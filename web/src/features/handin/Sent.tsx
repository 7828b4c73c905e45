import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { api, read } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { logTime, longDate } from '../../shared/dates';
import { SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Status, type Tone } from '../../shared/status';

/** Of a request to a person: the links that went out and what came in by them. */
export function SentOverNet({ id, version }: { id: string; version: string }) {
  const query = useQuery({ queryKey: ['collections', 'hand-ins', id, version], queryFn: () => read(api.GET('/api/v1/collections/{id}/hand-ins', { params: { path: { id } } })) });
  const act = useAct({
    invalidates: [['collections'], ['messages']],
    done: '链接随消息发给本人',
    run: (headers: ActHeaders) => read(api.POST('/api/v1/collections/{id}/link', { params: { path: { id } }, headers })),
  });
  if (!query.data) return null;
  const { links, items, possible } = query.data;
  const may = possible.find((p) => p.action === 'hand_in.link');
  return (
    <>
      <SectionHead n={items.length}>网上交件</SectionHead>
      <ProblemView problem={act.problem} />
      {items.length > 0 && (
        <table className="plain">
          <thead><tr><th scope="col">编号</th><th scope="col">提交</th><th scope="col">文件</th><th scope="col">状态</th></tr></thead>
          <tbody>
            {items.map((h) => (
              <tr key={h.id}><td><Link className="text-link" to={`/hand-ins/${h.id}`}>{h.no}</Link></td><td className="dense nowrap">{logTime(h.sentAt)}</td><td className="dense">{h.files}</td><td className="dense nowrap"><Status tone={h.tone as Tone}>{h.stateName}</Status></td></tr>
            ))}
          </tbody>
        </table>
      )}
      {links.length > 0 && (
        <ul className="log">
          {links.map((l) => (
            <li key={l.sentAt}><time dateTime={l.sentAt}>{logTime(l.sentAt)}</time><span>发出链接　{l.sentBy}　{longDate(l.untilOn)}前有效，{l.stateName}</span></li>
          ))}
        </ul>
      )}
      {may?.allowed && <p><Button loading={act.isPending} onClick={() => act.mutate(undefined)}>{links.length > 0 ? '重新发送链接' : '发送提交链接'}</Button></p>}
      {may && !may.allowed && may.reasons?.map((r) => <p className="meta" key={r.slug}>{r.message}{r.next}</p>)}
    </>
  );
}
