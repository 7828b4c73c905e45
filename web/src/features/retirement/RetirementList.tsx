import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { openPdf } from '../../shared/files';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Item = Schema<'RetirementItem'>;
type Somebody = Schema<'RetirementPerson'>;
type Due = 'near' | 'past' | 'unsure';
type Part = Due | 'open' | 'out' | 'back' | 'ended';

const names: Record<Part, string> = { near: '将到龄', unsure: '身份待核', past: '已过龄', open: '核对与待送审', out: '送审中', back: '待归档', ended: '已办结' };

const nothing: Record<Part, string> = {
  near: '没有将到退休年龄、尚未办理的人。', unsure: '没有身份类别待核的人。', past: '没有已过退休年龄而未办理的人。',
  open: '没有正在核对或待送审的人。', out: '没有送审中的档案。', back: '没有等待退休审批表归档的人。', ended: '还没有办结的退休事项。',
};

function isDue(view: Part): view is Due {
  return view === 'near' || view === 'past' || view === 'unsure';
}

/** 退休送审: who is near the age by the table, and how far each matter is. */
export default function RetirementList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<Part>('near');
  const [chosen, setChosen] = useState<string[]>([]);
  const [planning, setPlanning] = useState(false);
  const [counts, setCounts] = useState<Record<string, number>>({});
  const clerk = hasPost(session, 'clerk');
  const printing = useAct({ invalidates: [['work']], done: (doc: Schema<'DocumentView'>) => `已出具 ${doc.number}`, run: (headers) => read(api.POST('/api/v1/retirement-near-list', { headers })), onDone: (doc) => void openPdf(`/api/v1/documents/${doc.id}/pdf`) });
  return (
    <>
      <PageHead
        title="退休送审"
        sub="按渐进式延迟法定退休年龄对照表列出到龄人员；出生日期等记载不一致的由审核单位认定"
        acts={
          <>
            <Button onClick={() => void navigate('/retirements/ages')}>退休年龄对照表</Button>
            <Button onClick={() => void navigate('/retirements/lists')}>送审清单</Button>
            {clerk && view === 'near' && <Button loading={printing.isPending} onClick={() => printing.mutate()}>打印本月名单</Button>}
            {clerk && chosen.length > 0 && <Button type="primary" onClick={() => setPlanning(true)}>拟定送审清单（{chosen.length} 人）</Button>}
          </>
        }
      >
        <ViewTabs label="退休送审" value={view} onChange={(v) => { setView(v); setChosen([]); }} views={(Object.keys(names) as Part[]).map((key) => ({ key, label: names[key], n: counts[key] }))} />
      </PageHead>
      {printing.problem && <div className="page-body"><ProblemView problem={printing.problem} /></div>}
      {isDue(view) ? <Candidates key={view} view={view} clerk={clerk} onCounts={setCounts} /> : <Cases key={view} view={view} choosing={clerk && view === 'open'} chosen={chosen} onChosen={setChosen} onCounts={setCounts} />}
      {planning && <PlanDialog cases={chosen} onCancel={() => setPlanning(false)} />}
    </>
  );
}

function Candidates({ view, clerk, onCounts }: { view: Due; clerk: boolean; onCounts: (c: Record<string, number>) => void }) {
  const navigate = useNavigate();
  const list = useKeyset<Somebody>({
    key: ['retirements', 'due', view],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/retirements/due', { params: { query: { view, cursor, limit } } }));
      onCounts(page.counts);
      return page;
    },
  });
  const open = (p: Somebody) => void navigate(clerk ? `/retirements/new/${p.dossierId}` : `/dossiers/${p.dossierId}`);
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) open(item);
  });
  return (
    <>
      <div className="page-body">
        {view === 'unsure' && <p className="dense ink2">女职工的法定退休年龄依岗位身份不同。以下人员已过原50周岁一档，请凭劳动合同、聘任材料核实类别后办理；属原55周岁一档的到龄时再办。</p>}
        {view === 'past' && <p className="dense ink2">已过法定退休年龄、系统中没有退休事项的人。已在别处办理退休的，办理后登记“终止办理”并写明依据。</p>}
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{nothing[view]}</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">出生日期</th><th scope="col">法定退休年龄、日期</th><th scope="col">保管机构</th></tr></thead>
                <tbody>
                  {list.items.map((p, i) => (
                    <tr key={p.dossierId} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => open(p)}>
                      <td className="nowrap"><Link to={clerk ? `/retirements/new/${p.dossierId}` : `/dossiers/${p.dossierId}`} onClick={(e) => e.stopPropagation()}>{p.personName}</Link></td>
                      <td className="nowrap">{p.dossierNo}</td>
                      <td className="dense nowrap">{longDate(p.bornOn)}{p.decided && <div className="meta">经认定</div>}</td>
                      <td className="dense">{p.terms.map((t) => <div key={t.group}>{t.groupName}：{t.ageName}，{longDate(t.statutoryOn)}</div>)}</td>
                      <td className="dense">{p.agencyName}</td>
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

function Cases({ view, choosing, chosen, onChosen, onCounts }: { view: Exclude<Part, Due>; choosing: boolean; chosen: string[]; onChosen: (ids: string[]) => void; onCounts: (c: Record<string, number>) => void }) {
  const navigate = useNavigate();
  const agency = useAgency();
  const list = useKeyset<Item>({
    key: ['retirements', view, agency],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/retirements', { params: { query: { agency, view, cursor, limit } } }));
      onCounts(page.counts);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/retirements/${item.id}`);
  });
  const toggle = (id: string) => onChosen(chosen.includes(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  return (
    <>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{nothing[view]}</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr>{choosing && <th scope="col"><span className="hidden-text">选择</span></th>}<th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">类别</th><th scope="col">法定退休日期</th><th scope="col">退休方式、日期</th><th scope="col">信息核对</th><th scope="col">状态</th></tr></thead>
                <tbody>
                  {list.items.map((r, i) => (
                    <tr key={r.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/retirements/${r.id}`)}>
                      {choosing && <td onClick={(e) => e.stopPropagation()}>{r.state === 'ready' && <Checkbox aria-label={`选择 ${r.personName}`} checked={chosen.includes(r.id)} onChange={() => toggle(r.id)} />}</td>}
                      <td className="nowrap"><Link to={`/retirements/${r.id}`} onClick={(e) => e.stopPropagation()}>{r.personName}</Link></td>
                      <td className="nowrap">{r.dossierNo}</td>
                      <td className="dense">{r.groupName}</td>
                      <td className="dense nowrap">{longDate(r.statutoryOn)}</td>
                      <td className="dense nowrap">{r.choiceName}，{longDate(r.dueOn)}</td>
                      <td className="dense nowrap">{r.pages > 0 ? r.findings > 0 ? <span className="ochre">{r.findings} 处须认定或补充</span> : '一致' : ''}</td>
                      <td className="nowrap"><Status tone={r.tone as Tone}>{r.stateName}</Status></td>
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

/** 拟定送审清单: to which reviewer; the keeper is asked for the packets. */
function PlanDialog({ cases, onCancel }: { cases: string[]; onCancel: () => void }) {
  const navigate = useNavigate();
  const [form] = Form.useForm<{ recipient: string }>();
  const act = useAct({
    invalidates: [['retirements']],
    done: '已拟定，已请库管提档',
    run: (headers, v: { recipient: string }) => read(api.POST('/api/v1/retirement-lists', { headers, body: { cases, recipient: v.recipient } })),
    onDone: (l) => void navigate(`/retirements/lists/${l.id}`),
  });
  return (
    <Confirm open title={`送审 ${cases.length} 人的档案？`} verb="拟定清单" clause="第二十二条" busy={act.isPending} problem={act.problem} onConfirm={form.submit} onCancel={onCancel}>
      <p className="dense ink2">拟定后请库管提档；由另一名审核人员核对实物后移交审核单位，出具送审清单。</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
        <Form.Item label="审核单位全称" name="recipient" rules={[{ required: true, message: '请填写社会保险经办机构的全称。' }]} {...fieldError(act.problem, 'recipient')}><Input maxLength={120} /></Form.Item>
      </Form>
    </Confirm>
  );
}
