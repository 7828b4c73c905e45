import { Button, Checkbox, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Item = Schema<'DeathItem'>;
type Part = 'reported' | 'running' | 'near' | 'due' | 'review' | 'retained' | 'moving' | 'ended';

interface Plan {
  reason: 'term' | 'hero';
  recipientKind: 'archive' | 'keeper';
  recipient?: string;
  basis?: string;
}

const names: Record<Part, string> = { reported: '待确认', running: '5年期内', near: '将满5年', due: '已满5年', review: '续管待复核', retained: '期满续管', moving: '移交中', ended: '已办结' };

/** 死亡档案 (20c): by the end of the five years, and what may go on a list. */
export default function DeathList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<Part>('due');
  const [merit, setMerit] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const [planning, setPlanning] = useState(false);
  const [counts, setCounts] = useState<Record<string, number>>({});
  const agency = useAgency();
  const list = useKeyset<Item>({
    key: ['deaths', view, merit, agency],
    fetch: async (cursor, limit) => {
      const page = await read(api.GET('/api/v1/deaths', { params: { query: { agency, view, merit, cursor, limit } } }));
      setCounts(page.counts);
      return page;
    },
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/deaths/${item.id}`);
  });
  const clerk = hasPost(session, 'clerk');
  const choosing = clerk && (view === 'due' || view === 'running' || view === 'near' || view === 'review' || view === 'retained');
  const may = (d: Item) => (d.state === 'kept' || d.state === 'retained') && (d.due || Boolean(d.merit));
  const keptOn = view === 'review' || view === 'retained';
  const empty: Partial<Record<Part, string>> = { due: '没有去世满5年、等待移交或续管的档案。', near: '没有即将满5年的档案。', review: '没有到期待复核的续管档案。', retained: '没有续管的档案。' };
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  return (
    <>
      <PageHead
        title="死亡档案"
        sub="去世满5年的按现行渠道移交或保管，英雄、模范人物的移交档案馆"
        acts={
          <>
            <Button onClick={() => void navigate('/deaths/lists')}>移交清单</Button>
            {clerk && <Button onClick={() => void navigate('/deaths/data')}>导入数据</Button>}
            {clerk && chosen.length > 0 ? <Button type="primary" onClick={() => setPlanning(true)}>拟定移交清单（{chosen.length} 人）</Button> : clerk && <Button type="primary" onClick={() => void navigate('/deaths/new')}>登记死亡</Button>}
          </>
        }
      >
        <ViewTabs
          label="死亡档案"
          value={view}
          onChange={(v) => { setView(v); setChosen([]); }}
          views={(Object.keys(names) as Part[]).map((key) => ({ key, label: names[key], n: counts[key] }))}
          end={<Checkbox checked={merit} onChange={(e) => { setMerit(e.target.checked); setChosen([]); }}>只看英雄模范</Checkbox>}
        />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{empty[view] ?? '没有符合条件的登记。'}</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr>{choosing && <th scope="col"><span className="hidden-text">选择</span></th>}<th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">死亡日期</th><th scope="col">来源、依据</th><th scope="col">5年届满</th>{keptOn ? <><th scope="col">续管到</th><th scope="col">续管理由</th></> : <th scope="col">荣誉称号</th>}<th scope="col">状态</th></tr></thead>
                <tbody>
                  {list.items.map((d, i) => (
                    <tr key={d.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/deaths/${d.id}`)}>
                      {choosing && <td onClick={(e) => e.stopPropagation()}>{may(d) && <Checkbox aria-label={`选择 ${d.personName}`} checked={chosen.includes(d.id)} onChange={() => toggle(d.id)} />}</td>}
                      <td className="nowrap"><Link to={`/deaths/${d.id}`} onClick={(e) => e.stopPropagation()}>{d.personName}</Link></td>
                      <td className="nowrap">{d.dossierNo}</td>
                      <td className="dense nowrap">{longDate(d.diedOn)}</td>
                      <td className="dense">{d.sourceName}，{d.evidence}</td>
                      <td className="dense nowrap">{longDate(d.termEndsOn)}{d.due && d.state === 'kept' && <span className="ochre">（已满）</span>}</td>
                      {keptOn ? (
                        <>
                          <td className="dense nowrap">{d.reviewOn ? longDate(d.reviewOn) : '没有登记'}{d.reviewDue && <span className="ochre">（待复核）</span>}</td>
                          <td className="dense">{d.basis}</td>
                        </>
                      ) : <td className="dense">{d.merit}</td>}
                      <td className="nowrap"><Status tone={d.tone as Tone}>{d.stateName}</Status></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" />
      {planning && <PlanDialog cases={chosen} hero={merit} onCancel={() => setPlanning(false)} />}
    </>
  );
}

/** 拟定移交清单: to whom, on what basis; the keeper is asked for the packets. */
function PlanDialog({ cases, hero, onCancel }: { cases: string[]; hero: boolean; onCancel: () => void }) {
  const navigate = useNavigate();
  const [form] = Form.useForm<Plan>();
  const reason = Form.useWatch('reason', form);
  const act = useAct({
    invalidates: [['deaths']],
    done: '已拟定，已请库管提档',
    run: (headers, plan: Plan) => read(api.POST('/api/v1/death-handovers', { headers, body: { ...plan, cases } })),
    onDone: (h) => void navigate(`/deaths/lists/${h.id}`),
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <Confirm open title={`移交 ${cases.length} 人的档案？`} verb="拟定清单" clause="第二十条" busy={act.isPending} problem={act.problem} onConfirm={form.submit} onCancel={onCancel}>
      <p className="dense ink2">拟定后请库管提档；由另一名审核人员核对实物后移交，出具移交清单。</p>
      <Form form={form} layout="vertical" requiredMark={false} onChange={() => { if (act.problem) act.reset(); }} initialValues={{ reason: hero ? 'hero' : 'term', recipientKind: 'archive' }} onFinish={(v) => act.mutate(v)}>
        <Form.Item label="移交原因" name="reason" {...error('reason')}><Radio.Group options={[{ value: 'term', label: '去世满5年' }, { value: 'hero', label: '英雄模范人物' }]} onChange={() => form.setFieldValue('recipientKind', 'archive')} /></Form.Item>
        <Form.Item label="接收单位类别" name="recipientKind" {...error('recipientKind')}><Radio.Group disabled={reason === 'hero'} options={[{ value: 'archive', label: '档案馆' }, { value: 'keeper', label: '其他保管单位' }]} /></Form.Item>
        <Form.Item label="接收单位全称" name="recipient" rules={[{ required: true, message: '请填写接收单位。' }]} {...error('recipient')}><Input maxLength={120} /></Form.Item>
        <Form.Item label="移交依据（文件、批复的文号）" name="basis" rules={[{ required: true, message: '请填写移交依据。' }]} {...error('basis')}><Input maxLength={200} /></Form.Item>
      </Form>
    </Confirm>
  );
}
