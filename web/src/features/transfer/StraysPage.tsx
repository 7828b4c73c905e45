import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { columnDate, shortDate, today } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import { Day } from './parts';
import './transfer.css';

/** 误投包裹: what came here and is between two others (20.3a). */
export default function StraysPage() {
  const go = useNavigate();
  const clerk = useSession().user.posts.some((p) => p.code === 'clerk');
  const list = useKeyset<Schema<'StrayItem'>>({ key: ['strays'], fetch: (after, limit) => read(api.GET('/api/v1/strays', { params: { query: { after: after ?? '', limit } } })) });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/strays/${list.items[i].id}`));
  return (
    <>
      <PageHead title="误投包裹" sub="寄给其他机构、误投到本机构的包裹：原封代管，转送或者退回" crumbs={[{ label: '转递', to: '/transfers' }, { label: '误投包裹' }]} />
      <div className="page-body">
        {clerk && <Report />}
        <SectionHead>登记过的</SectionHead>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有登记过误投的包裹。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">登记编号</th><th scope="col">状态</th><th scope="col">收到日期</th><th scope="col">包封</th><th scope="col">转送期限</th><th scope="col">登记单</th><th scope="col">寄出</th></tr></thead>
                <tbody>
                  {list.items.map((s, i) => (
                    <tr key={s.id} className={i === current ? 'current rowlink' : 'rowlink'} data-current-row={i === current} onClick={() => void go(`/strays/${s.id}`)}>
                      <td><Link className="subject" to={`/strays/${s.id}`} onClick={(e) => e.stopPropagation()}>{s.no}</Link></td>
                      <td><Status tone={s.tone}>{s.stateName}</Status></td>
                      <td className="nowrap">{columnDate(s.foundOn)}</td>
                      <td>{s.intact ? '完好' : '有损'}</td>
                      <td className="nowrap">{s.state === 'held' && shortDate(s.dueOn)}</td>
                      <td className="dense nowrap">{s.slipNo}</td>
                      <td className="nowrap">{s.sentOn && columnDate(s.sentOn)}</td>
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

/** By a number on the packet: it is not opened, nor asked whose it is. */
function Report() {
  const go = useNavigate();
  const [v, setV] = useState({ no: '', on: today(), intact: true, seen: '' });
  const act = useAct({
    invalidates: [['strays'], ['transfers']],
    run: (headers, body: typeof v) => read(api.POST('/api/v1/strays', { headers, body })),
    done: (s) => `已登记 ${s.no}，两端和本人已得到告知`,
    onDone: (s) => void go(`/strays/${s.id}`),
  });
  const set = (change: Partial<typeof v>) => { if (act.problem) act.reset(); setV((old) => ({ ...old, ...change })); };
  const p = act.problem;
  return (
    <form style={{ maxWidth: 960 }} onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
      <SectionHead note="不得开拆，不得交给个人">登记误投到本机构的包裹</SectionHead>
      <Form layout="vertical" component={false}>
        <div className="form-grid">
          <Form.Item label="包裹上的编号" htmlFor="s-no" required {...fieldError(p, 'no')}><Input id="s-no" autoComplete="off" placeholder="通知单编号、案号、机要号或邮件号" value={v.no} onChange={(e) => set({ no: e.target.value })} /></Form.Item>
          <Form.Item label="收到日期" htmlFor="s-on" required {...fieldError(p, 'on')}><Day id="s-on" value={v.on} onChange={(on) => set({ on })} /></Form.Item>
        </div>
        <Segments label="包封和封条" value={v.intact ? 'ok' : 'broken'} onChange={(k) => set({ intact: k === 'ok' })} options={[{ key: 'ok', label: '包封、封条完好' }, { key: 'broken', label: '有破损' }]} />
        {!v.intact && <Form.Item label="破损情况" htmlFor="s-seen" required {...fieldError(p, 'seen')} style={{ marginTop: 12 }}><Input id="s-seen" value={v.seen} onChange={(e) => set({ seen: e.target.value })} /></Form.Item>}
      </Form>
      <ProblemView problem={p} fields={['no', 'on', 'seen']} />
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={act.isPending}>登记误投</Button>
        <span className="meta">出具误投包裹登记单，送发出单位和接收单位；包裹上没有编号的按“身份待核”登记。</span>
      </div>
    </form>
  );
}
