import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { useAct } from '../../shared/act';
import { columnDate, figure } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './graduate.css';

type View = 'untold' | 'unclaimed' | 'awaited' | 'claimed' | 'elsewhere' | 'handing' | 'joined' | 'sent_back' | 'gone_on';

const views: { key: View; label: string }[] = [
  { key: 'unclaimed', label: '待认领' }, { key: 'untold', label: '其中未告知' }, { key: 'awaited', label: '未到' }, { key: 'claimed', label: '已认领' }, { key: 'elsewhere', label: '已有档案' }, { key: 'handing', label: '转递中' }, { key: 'joined', label: '已归并' }, { key: 'sent_back', label: '已退学校' }, { key: 'gone_on', label: '已转出' },
];

/** 毕业生接收: who is listed, whose packet came, who was told and who came. */
export default function GraduateList() {
  const [params, setParams] = useSearchParams();
  const session = useSession();
  const go = useNavigate();
  const state = views.find((v) => v.key === params.get('state'))?.key ?? 'unclaimed';
  const school = params.get('school') ?? '';
  const q = params.get('q') ?? '';
  const agency = useAgency();
  const set = (change: Record<string, string>) => setParams(Object.fromEntries(Object.entries({ state, school, q, agency: agency ?? '', ...change }).filter(([, v]) => v !== '')));
  const list = useKeyset<Schema<'GraduateItem'>>({
    key: ['graduates', 'list', state, school, q, agency],
    fetch: (after, limit) => read(api.GET('/api/v1/graduates', { params: { query: { agency, state, school, q, after: after ?? '', limit } } })),
  });
  const page = list.query.data as Schema<'GraduatePage'> | undefined;
  const schools = useQuery({ queryKey: ['graduates', 'schools'], queryFn: () => read(api.GET('/api/v1/graduate-schools')) });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/graduates/${list.items[i].id}`));
  const clerk = session.user.posts.some((p) => p.code === 'clerk');
  return (
    <>
      <PageHead title="毕业生接收" sub="按学校毕业去向登记名单接收，自收到之日起保管，不因无人申请退回" acts={<><Button onClick={() => void go('/graduates/lists')}>学校名单</Button>{clerk && <Button type="primary" onClick={() => void go('/graduates/desk')}>接收档案袋</Button>}</>}>
        <ViewTabs label="毕业生的状态" value={state} onChange={(v) => set({ state: v })} views={views.map((v) => ({ ...v, n: page && figure(v.key === 'untold' ? page.untold : (page.counts[v.key] ?? 0)) }))} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <div className="graduate-filter">
          <Select aria-label="学校" value={school} onChange={(v: string) => set({ school: v })} style={{ minWidth: 220 }} options={[{ value: '', label: '全部学校' }, ...(schools.data?.items ?? []).map((s) => ({ value: s.school, label: s.school }))]} getPopupContainer={() => document.querySelector('main') ?? document.body} />
          <Input.Search key={q} aria-label="查找毕业生" defaultValue={q} allowClear maxLength={64} placeholder="姓名、转递编号、机要号或身份证号" style={{ width: 320 }} onSearch={(v) => set({ q: v.trim() })} />
        </div>
        {clerk && state === 'untold' && <TellAll key={school} school={school} untold={page?.untold ?? 0} />}
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有符合条件的毕业生。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">毕业院校</th><th scope="col">转递编号</th><th scope="col">机要或邮件号</th><th scope="col">状态</th><th scope="col">接收</th><th scope="col">告知</th><th scope="col">认领</th></tr></thead>
                <tbody>
                  {list.items.map((g, i) => (
                    <tr key={g.id} className={i === current ? 'rowlink current' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/graduates/${g.id}`)}>
                      <td className="subject"><Link to={`/graduates/${g.id}`} onClick={(e) => e.stopPropagation()}>{g.name}</Link></td>
                      <td className="nowrap">{g.idNo}</td>
                      <td>{g.school}</td>
                      <td className="nowrap">{g.transferNo}</td>
                      <td className="nowrap">{g.mailNo}</td>
                      <td className="nowrap"><Status tone={g.tone as Tone}>{g.stateName}</Status></td>
                      <td className="nowrap ink2">{columnDate(g.receivedAt)}</td>
                      <td className="nowrap ink2">{g.toldAt && `${columnDate(g.toldAt)} ${g.toldWay}`}</td>
                      <td className="nowrap ink2">{columnDate(g.claimedAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="人" />
    </>
  );
}

/** One act tells a whole class; asked again it goes on with who is left. */
function TellAll({ school, untold }: { school: string; untold: number }) {
  const act = useAct<void, Schema<'GraduateTold'>>({
    invalidates: [['graduates']],
    done: (r) => `已告知 ${figure(r.told)} 人`,
    run: (headers) => read(api.POST('/api/v1/graduate-tellings', { headers, body: { school } })),
  });
  if (!school) return <p className="meta">选择学校后，可以一次告知该校档案已到而尚未告知的毕业生。</p>;
  const r = act.data;
  return (
    <div className="graduate-filter">
      <Button type="primary" disabled={untold === 0} loading={act.isPending} onClick={() => act.mutate()}>一次告知 {figure(untold)} 人</Button>
      <span className="meta">经短信或本人选择的方式发送，写明档案已到和办理认领，不重复发送。</span>
      {r && <span role="status">{[`已告知 ${figure(r.told)} 人`, r.unreachable > 0 && `没有登记联系方式 ${figure(r.unreachable)} 人，请以信函、电话或经学校告知后逐人登记`, r.left > 0 && `还有 ${figure(r.left)} 人，请再按一次`].filter(Boolean).join('；')}</span>}
      <ProblemView problem={act.problem} />
    </div>
  );
}
