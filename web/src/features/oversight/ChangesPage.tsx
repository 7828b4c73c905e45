import { api, read, type Schema } from '../../api/client';
import { columnDate } from '../../shared/dates';
import { PagingBar, useKeyset } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Period, useNarrowed, Where } from './parts';

/** 机构变动 (5, 6a): every decision on an agency of the own subtree, on which document and from which day. */
export default function ChangesPage() {
  const n = useNarrowed();
  const query = { from: n.from, until: n.until, ...(n.agency && { agency: n.agency }) };
  const list = useKeyset<Schema<'OversightChange'>>({ key: ['oversight', 'changes', query], fetch: (cursor, limit) => read(api.GET('/api/v1/oversight/agency-changes', { params: { query: { ...query, cursor, limit } } })) });
  return (
    <>
      <PageHead title="机构变动" sub="设立、授权、更名、合并、撤销、调整隶属和联系方式变更的决定" />
      <div className="page-body">
        <div className="filters"><Period {...n} /><Where {...n} authorities /></div>
        <Answer query={list.query} rows={10}>
          {() => list.items.length === 0 ? <Empty>期间内没有登记的机构变动。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">登记日期</th><th scope="col">机构</th><th scope="col">变动</th><th scope="col">内容</th><th scope="col">批准文号</th><th scope="col">生效日期</th><th scope="col">授权至</th><th scope="col">执行</th></tr></thead>
                <tbody>
                  {list.items.map((c) => (
                    <tr key={c.id}>
                      <td className="nowrap">{columnDate(c.on)}</td><td>{c.agency}</td><td className="nowrap">{c.kind}</td><td>{c.what || '—'}</td><td className="ink2">{c.document || '—'}</td>
                      <td className="nowrap">{columnDate(c.effectiveOn)}</td><td className="nowrap">{c.validUntil ? columnDate(c.validUntil) : '—'}</td><td className="nowrap"><Status tone={c.tone as Tone}>{c.done}</Status></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="项" note="按登记日期倒序" />
    </>
  );
}
