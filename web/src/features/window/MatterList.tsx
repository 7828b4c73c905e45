import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { logTime, longDate } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, SectionHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Part = 'open' | 'overdue' | 'answered' | 'receipts' | 'figures';

const names: Record<Part, string> = { open: '待答复', overdue: '逾期未答复', answered: '已答复', receipts: '回执逾期未办结', figures: '各机构情况' };

/** A part with a list of its own. */
const whole = (view: Part) => view === 'figures' || view === 'receipts';

/** 异议与投诉 (28, 29.8): what waits for an answer, by its day; figures of every agency in reach. */
export default function MatterList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<Part>('open');
  const [counts, setCounts] = useState<Record<string, number>>({});
  const [conduct, setConduct] = useState<string[]>([]);
  const agency = useAgency();
  const list = useKeyset<Schema<'MatterItem'>>({
    key: ['matters', view, agency],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/matters', { params: { query: { agency, view: whole(view) ? 'open' : view, cursor, limit } } }));
      setCounts(page.counts);
      setConduct(page.conduct);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/window/${item.id}`);
  });
  return (
    <>
      <PageHead
        title="异议与投诉"
        sub="由上级主管部门在期限内答复；投诉可以匿名"
        acts={(hasPost(session, 'clerk') || hasPost(session, 'supervisor')) && <Button type="primary" onClick={() => void navigate('/window/new')}>登记异议、投诉</Button>}
      >
        <ViewTabs label="异议与投诉" value={view} onChange={setView} views={(Object.keys(names) as Part[]).filter((key) => key !== 'receipts' || hasPost(session, 'head') || hasPost(session, 'supervisor')).map((key) => ({ key, label: names[key], n: counts[key] }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        {view === 'figures' ? <Figures /> : view === 'receipts' ? <LateReceipts /> : (
          <Answer query={list.query}>
            {() => list.items.length === 0 ? <Empty>{view === 'overdue' ? '没有逾期未答复的。' : '没有符合条件的异议、投诉。'}</Empty> : (
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">编号</th><th scope="col">类别</th><th scope="col">事项</th><th scope="col">所涉机构</th><th scope="col">登记时间</th><th scope="col">答复期限</th><th scope="col">状态</th></tr></thead>
                  <tbody>
                    {list.items.map((m, i) => (
                      <tr key={m.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/window/${m.id}`)}>
                        <td className="nowrap"><Link to={`/window/${m.id}`} onClick={(e) => e.stopPropagation()}>{m.no}</Link></td>
                        <td className="nowrap">{m.kindName}</td>
                        <td className="dense">{m.subject}</td>
                        <td className="dense">{m.agencyName}</td>
                        <td className="dense nowrap">{logTime(m.receivedAt)}</td>
                        <td className="dense nowrap">{longDate(m.dueOn)}</td>
                        <td className="nowrap"><Status tone={m.tone as Tone}>{m.stateName}</Status></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Answer>
        )}
        <SectionHead>窗口服务规范</SectionHead>
        <ol className="dense">{conduct.map((line) => <li key={line}>{line}</li>)}</ol>
      </div>
      {!whole(view) && <PagingBar list={list} unit="件" />}
    </>
  );
}

/** Receipts whose case has no end beyond its term, of every room (28): no name is in it. */
function LateReceipts() {
  const list = useKeyset<Schema<'LateReceipt'>>({ key: ['late-receipts'], fetch: (cursor, limit) => read(api.GET('/api/v1/late-receipts', { params: { query: { cursor, limit } } })) });
  return (
    <>
      <p className="dense ink2">出具了受理回执、超过期限还没有结果的申请。逾期的次日提醒负责人，再过 5 个工作日报主管部门。</p>
      <Answer query={list.query}>
        {() => list.items.length === 0 ? <Empty>没有逾期未办结的回执。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">回执编号</th><th scope="col">申请事项</th><th scope="col">机构</th><th scope="col">出具时间</th><th scope="col">应办结</th><th scope="col">提醒负责人</th><th scope="col">报主管部门</th></tr></thead>
              <tbody>
                {list.items.map((r) => (
                  <tr key={r.id}>
                    <td className="nowrap"><Link className="text-link" to={r.link}>{r.number}</Link></td>
                    <td className="nowrap">{r.name}</td>
                    <td className="dense">{r.agencyName}</td>
                    <td className="dense nowrap">{logTime(r.issuedAt)}</td>
                    <td className="dense nowrap red">{longDate(r.dueOn)}</td>
                    <td className="dense nowrap">{r.headOn ? longDate(r.headOn) : '—'}</td>
                    <td className="dense nowrap">{r.aboveOn ? longDate(r.aboveOn) : '—'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      <PagingBar list={list} unit="件" />
    </>
  );
}

/** Numbers of every agency in reach, nobody's name. */
function Figures() {
  const query = useQuery({ queryKey: ['matters', 'by-agency'], queryFn: () => read(api.GET('/api/v1/matter-figures')) });
  return (
    <Answer query={query}>
      {({ items }) => items.length === 0 ? <Empty>还没有不予办理、异议或投诉。</Empty> : (
        <div className="scroll-x">
          <table className="plain">
            <thead><tr><th scope="col">机构</th><th scope="col">不予办理</th><th scope="col">异议</th><th scope="col">异议成立</th><th scope="col">投诉</th><th scope="col">投诉属实</th><th scope="col">涉及免费规定</th><th scope="col">逾期答复</th></tr></thead>
            <tbody>
              {items.map((f) => (
                <tr key={f.agencyName}><td>{f.agencyName}</td><td>{f.refusals}</td><td>{f.objections}</td><td>{f.upheld}</td><td>{f.complaints}</td><td>{f.justly}</td><td>{f.free}</td><td>{f.overdue}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Answer>
  );
}
