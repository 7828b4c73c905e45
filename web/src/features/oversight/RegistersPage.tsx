import { useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client';
import { figure } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { Answer } from '../../shared/states';
import { ClauseChip } from '../../shared/status';
import { Period, useNarrowed, Where } from './parts';

/** 台账条数 (N3): how many lines each register has in a period. The lines themselves are the agencies'. */
export default function RegistersPage() {
  const n = useNarrowed();
  const query = { from: n.from, until: n.until, ...(n.agency && { agency: n.agency }) };
  const list = useQuery({ queryKey: ['oversight', 'registers', query], queryFn: () => read(api.GET('/api/v1/oversight/registers', { params: { query } })) });
  return (
    <>
      <PageHead title="台账条数" sub="各业务台账在期间内登记的条数；明细由档案机构和主管部门查阅" />
      <div className="page-body">
        <div className="filters"><Period {...n} /><Where {...n} /></div>
        <Answer query={list} rows={12}>
          {({ items }) => (
            <div className="scroll-x">
              <table className="plain list" aria-label="台账条数">
                <thead><tr><th scope="col" className="num">序号</th><th scope="col">台账</th><th scope="col">依据</th><th scope="col" className="num">条数</th><th scope="col">列入的事项</th></tr></thead>
                <tbody>
                  {items.map((r) => (
                    <tr key={`${r.no} ${r.name}`}>
                      <td className="num ink2">{r.no}</td><td className="nowrap">{r.name}</td><td className="nowrap">{r.clause && <ClauseChip>{r.clause}</ClauseChip>}</td><td className="num">{r.n > 0 ? figure(r.n, r.more) : '—'}</td><td className="dense ink2">{r.note}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
    </>
  );
}
