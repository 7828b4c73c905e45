import { useQuery } from '@tanstack/react-query';
import { Segmented, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAgency } from '../../shared/agency';
import { longDate, shortDate } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';

type Part = 'overdue' | 'soon' | 'asked' | 'escalated' | 'open' | 'agencies';
type Promised = '' | 'yes' | 'no';

const names: Record<Part, string> = { overdue: '逾期', soon: '30 天内到期', asked: '待批延期', escalated: '已报请', open: '全部待补', agencies: '按机构' };
const none: Record<Exclude<Part, 'agencies'>, string> = { overdue: '没有逾期未补的材料。', soon: '30 天内没有到期的。', asked: '没有等待批准的延期。', escalated: '没有报请处置的。', open: '没有待补充的材料。' };

/** What persons owe (20.4a, 20.4b): who let a term pass, who asks for more time, what was put before the head. */
export default function SupplementList() {
  const [view, setView] = useState<Part>('overdue');
  const [agency, setAgency] = useState(useAgency() ?? '');
  const [promised, setPromised] = useState<Promised>('');
  const [counts, setCounts] = useState<Record<string, number>>({});
  const offices = useQuery({ queryKey: ['supplements', 'agencies'], queryFn: () => read(api.GET('/api/v1/supplements/agencies')) });
  const many = (offices.data?.items.length ?? 0) > 1;
  const parts = (Object.keys(names) as Part[]).filter((p) => p !== 'agencies' || many);
  return (
    <>
      <PageHead title="补充材料" sub="承诺补充和先存后补的材料，到期没有补来的催补、延期一次或者报请处置；档案不退回">
        <ViewTabs
          label="补充材料"
          value={view}
          onChange={setView}
          views={parts.map((key) => ({ key, label: names[key], n: counts[key] }))}
          end={view !== 'agencies' && (
            <>
              {many && <Select aria-label="机构" allowClear showSearch={{ optionFilterProp: 'label' }} placeholder="全部机构" value={agency || undefined} onChange={(a?: string) => setAgency(a ?? '')} options={(offices.data?.items ?? []).map((a) => ({ value: a.code, label: a.name }))} style={{ width: 220, marginRight: 8 }} />}
              <Segmented aria-label="承诺" value={promised} onChange={setPromised} options={[{ value: '', label: '全部' }, { value: 'yes', label: '本人承诺' }, { value: 'no', label: '先存后补' }]} />
            </>
          )}
        />
      </PageHead>
      {view === 'agencies' ? (
        <div className="page-body">
          <Answer query={offices}>{(page) => <Offices items={page.items} choose={(code) => { setAgency(code); setView('overdue'); }} />}</Answer>
        </div>
      ) : <Owed key={`${view} ${agency} ${promised}`} view={view} agency={agency} promised={promised} onCounts={setCounts} />}
    </>
  );
}

function Offices({ items, choose }: { items: Schema<'OwedAgency'>[]; choose: (code: string) => void }) {
  if (items.length === 0) return <Empty>没有待补充的材料。</Empty>;
  return (
    <table className="plain">
      <thead><tr><th scope="col">机构</th><th scope="col">待补</th><th scope="col">逾期</th><th scope="col">逾期的书面承诺</th><th scope="col">待批延期</th><th scope="col">已报请</th><th scope="col">最早到期</th></tr></thead>
      <tbody>
        {items.map((a) => (
          <tr key={a.code}>
            <td><button type="button" className="bare" onClick={() => choose(a.code)}>{a.name}</button></td>
            <td>{a.open}</td><td>{a.overdue > 0 ? <b className="ochre">{a.overdue}</b> : 0}</td><td>{a.promised}</td><td>{a.asked}</td><td>{a.escalated}</td><td className="dense nowrap">{a.oldest && longDate(a.oldest)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Owed({ view, agency, promised, onCounts }: { view: Exclude<Part, 'agencies'>; agency: string; promised: Promised; onCounts: (counts: Record<string, number>) => void }) {
  const navigate = useNavigate();
  const list = useKeyset<Schema<'OwedItem'>>({
    key: ['supplements', view, agency, promised],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/supplements', { params: { query: { view, agency: agency || undefined, promised: promised || undefined, cursor, limit } } }));
      onCounts(page.counts);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/supplements/${item.id}`);
  });
  return (
    <>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{none[view]}</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">姓名</th><th scope="col">应补充的材料</th><th scope="col">缺什么</th><th scope="col">来由</th><th scope="col">期限</th><th scope="col">催补</th><th scope="col">机构</th><th scope="col">情况</th></tr></thead>
                <tbody>
                  {list.items.map((r, i) => (
                    <tr key={r.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/supplements/${r.id}`)}>
                      <td className="nowrap"><Link to={`/supplements/${r.id}`} onClick={(e) => e.stopPropagation()}>{r.personName}</Link><div className="meta">{r.dossierNo}</div></td>
                      <td className="dense">{r.title}<div className="meta">{r.className}</div></td>
                      <td className="dense nowrap">{r.keyName ?? '其他材料'}</td>
                      <td className="dense nowrap">{r.promised ? '本人承诺' : '先存后补'}</td>
                      <td className="dense nowrap">{longDate(r.dueOn)}{r.lateDays > 0 && <div className="ochre">逾期 {r.lateDays} 天</div>}{r.firstDue && <div className="meta">原为{shortDate(r.firstDue)}</div>}</td>
                      <td className="dense nowrap">{r.reminded > 0 && <>{r.reminded} 次<div className="meta">{shortDate(r.remindedOn)}</div></>}</td>
                      <td className="dense">{r.agencyName}</td>
                      <td className="nowrap"><State r={r} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="项" />
    </>
  );
}

/** Where a supplement stands. */
export function State({ r }: { r: Schema<'OwedItem'> }) {
  if (r.state === 'done') return <Status tone="done">已补充</Status>;
  if (r.state === 'closed') return <Status tone="void">已说明</Status>;
  if (r.askedUntil) return <Status tone="wait">待批延期</Status>;
  if (r.escalated > 0) return <Status tone="bad">{r.escalated > 1 ? '已报上级' : '已报负责人'}</Status>;
  if (r.lateDays > 0) return <Status tone="bad">逾期</Status>;
  return <Status tone="run">待补充</Status>;
}
