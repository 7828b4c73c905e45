import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { OfAgency, useAgency } from '../../shared/agency';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Deadline, Status } from '../../shared/status';

type Line = Schema<'TransferLine'>;
type Page = Schema<'TransferPage'>;
type ViewKey = 'open' | 'out' | 'in' | 'overdue' | 'soon' | 'unbooked' | 'done';

const filters: Record<ViewKey, { side?: 'in' | 'out'; state?: string; due?: 'overdue' | 'soon' | 'unbooked' }> = {
  open: { state: 'open' }, out: { state: 'open', side: 'out' }, in: { state: 'open', side: 'in' }, overdue: { due: 'overdue' }, soon: { due: 'soon' }, unbooked: { due: 'unbooked' }, done: { state: 'done' },
};

const states = [
  ['applied', '已申请'], ['lettered', '已开函'], ['registered', '已登记'], ['pulled', '审核中'], ['approved', '待装封'], ['packed', '待寄送'], ['in_transit', '在途'],
  ['checking', '核对中'], ['promising', '待承诺'], ['shelving', '待入库'], ['awaiting', '待回执'], ['missing', '查找中'], ['closed', '已办结'], ['not_sent', '不予转出'], ['withdrawn', '已撤回'], ['expired', '函已过期'], ['returned', '协商退回'],
].map(([value, label]) => ({ value, label }));

/** 转递: both ends' cases of the agency. */
export default function TransferList() {
  const go = useNavigate();
  const [params, setParams] = useSearchParams();
  const view = (params.get('view') ?? 'open') as ViewKey;
  const q = params.get('q') ?? '';
  const state = params.get('state') ?? '';
  const [text, setText] = useState(q);
  const set = (change: Record<string, string>) => {
    const next = new URLSearchParams(params);
    for (const [k, v] of Object.entries(change)) if (v) next.set(k, v); else next.delete(k);
    setParams(next, { replace: true });
  };
  const f = { ...filters[view], ...(state ? { state } : {}) };
  const agency = useAgency();
  const list = useKeyset<Line>({
    key: ['transfers', 'list', f, q, agency],
    fetch: (after, limit) => read(api.GET('/api/v1/transfers', { params: { query: { agency, side: f.side ?? '', state: f.state ?? '', due: f.due ?? '', q, after: after ?? '', limit } } })),
  });
  const page = list.query.data as Page | undefined;
  const count = (n: number | undefined) => n === undefined ? undefined : figure(n, page?.more);
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/transfers/${list.items[i].id}`));
  return (
    <>
      <PageHead
        title="转递"
        sub="转入、转出与外单位往来"
        acts={page?.mayApply ? (
          <>
            <Button onClick={() => void go('/strays')}>误投包裹</Button>
            <Button onClick={() => void go('/transfers/lists')}>批量转出</Button>
            <Button onClick={() => void go('/transfers/outside')}>登记外单位来函</Button>
            <Button type="primary" onClick={() => void go('/transfers/new')}>受理转入申请</Button>
          </>
        ) : <Button onClick={() => void go('/transfers/lists')}>批量转出</Button>}
      >
        <ViewTabs
          label="视图"
          value={view}
          onChange={(key) => set({ view: key === 'open' ? '' : key, state: '' })}
          views={[
            { key: 'open', label: '在办', n: count(page?.open) }, { key: 'out', label: '转出', n: count(page?.outgoing) }, { key: 'in', label: '转入', n: count(page?.incoming) },
            { key: 'soon', label: '3 日内到期', n: count(page?.soon) }, { key: 'overdue', label: '逾期', n: count(page?.overdue) }, { key: 'unbooked', label: '来函未登记', n: count(page?.unbooked) }, { key: 'done', label: '已结束' },
          ]}
        />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <form className="filters" onSubmit={(e) => { e.preventDefault(); set({ q: text.trim() }); }}>
          <Input aria-label="姓名、证件号、案号、函号或通知单号" placeholder="姓名、证件号、案号、函号、通知单号" value={text} onChange={(e) => setText(e.target.value)} allowClear style={{ width: 300 }} />
          <Select aria-label="状态" placeholder="全部状态" allowClear value={state || undefined} onChange={(v: string | undefined) => set({ state: v ?? '' })} options={states} style={{ width: 140 }} />
          <Button htmlType="submit">查询</Button>
        </form>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? (
            <Empty act={page?.mayApply && !q ? { label: '受理转入申请', onClick: () => void go('/transfers/new') } : undefined}>{q ? '没有符合条件的转递。' : '这里没有转递。'}</Empty>
          ) : (
            <div className="scroll-x">
              <table className="plain list">
                <thead>
                  <tr>
                    <th scope="col">姓名</th><th scope="col">方向</th><th scope="col">状态</th><th scope="col">对方</th><th scope="col">调档函</th><th scope="col">办理时限</th><th scope="col">案号</th><th scope="col">更新</th>
                  </tr>
                </thead>
                <tbody>
                  {list.items.map((m, i) => (
                    <tr key={m.id} className={i === current ? 'current rowlink' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/transfers/${m.id}`)}>
                      <td><Link className="subject" to={`/transfers/${m.id}`} onClick={(e) => e.stopPropagation()}>{m.name}</Link></td>
                      <td className="nowrap">{sideName(m)}</td>
                      <td><Status tone={m.tone}>{m.stateName}</Status>{m.faultName && m.state !== 'missing' && <span className="meta red"> {m.faultName}</span>}</td>
                      <td>{m.side === 'in' ? m.holder : m.side === 'out' ? m.receiver : `${m.holder} → ${m.receiver}`}</td>
                      <td className="dense nowrap">{m.letterNo}</td>
                      <td>{m.clock && m.dueOn ? <Deadline due={{ on: m.dueOn, left: m.left, tentative: m.tentative, clause: '第二十条（二）' }} />
                        : m.chased > 0 && m.tone !== 'done' ? <span className="dense ochre">回执已催办 {figure(m.chased)} 次</span> : null}</td>
                      <td className="dense nowrap">{m.no}</td>
                      <td className="nowrap ink2">{columnDate(m.changedAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" />
    </>
  );
}

function sideName(m: Line): string {
  if (m.direction === 'in') return '外来转入';
  if (m.direction === 'out') return '转往外单位';
  return m.side === 'in' ? '转入' : m.side === 'out' ? '转出' : '市内转递';
}
