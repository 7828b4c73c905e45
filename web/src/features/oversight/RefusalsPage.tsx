import { api, read, type Schema } from '../../api/client';
import { columnDate } from '../../shared/dates';
import { PagingBar, useKeyset } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Period, useNarrowed, Where } from './parts';

/** 不予办理 (29.8): which business, on which clauses, at which agency; never to whom. */
export default function RefusalsPage() {
  const n = useNarrowed();
  const query = { from: n.from, until: n.until, ...(n.agency && { agency: n.agency }) };
  const list = useKeyset<Schema<'OversightRefusal'>>({ key: ['oversight', 'refusals', query], fetch: (cursor, limit) => read(api.GET('/api/v1/oversight/refusals', { params: { query: { ...query, cursor, limit } } })) });
  return (
    <>
      <PageHead title="不予办理" sub="已出具的不予办理告知单，一单一条；不列当事人" />
      <div className="page-body">
        <div className="filters"><Period {...n} /><Where {...n} /></div>
        <Answer query={list.query} rows={10}>
          {() => list.items.length === 0 ? <Empty>期间内没有不予办理的告知单。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">告知日期</th><th scope="col">机构</th><th scope="col">业务</th><th scope="col">告知单编号</th><th scope="col">依据</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {list.items.map((r) => (
                    <tr key={r.id}>
                      <td className="nowrap">{columnDate(r.on)}</td><td>{r.agency}</td><td className="nowrap">{r.kind}</td><td className="nowrap">{r.number}</td><td>{r.clauses || '—'}</td><td className="nowrap"><Status tone={r.tone as Tone}>{r.state}</Status></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" note="按告知日期倒序" />
    </>
  );
}
