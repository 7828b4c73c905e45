import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { figure, logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Message = Schema<'MessageItem'>;
type View = 'open' | 'queued' | 'all';

const views: { key: View; label: string; empty: string }[] = [
  { key: 'open', label: '待处理', empty: '没有未送达的消息。' },
  { key: 'queued', label: '待发送', empty: '没有等待发送的消息。' },
  { key: 'all', label: '全部', empty: '还没有发出的消息。' },
];

/** 消息告知: what persons were told by SMS or e-mail, and who has to be called (29.8). */
export default function MessageList() {
  const [params, setParams] = useSearchParams();
  const dossier = params.get('dossier') ?? undefined;
  const view = views.find((v) => v.key === params.get('view')) ?? views[dossier ? 2 : 0]!;
  const [calling, setCalling] = useState<Message>();
  const [again, setAgain] = useState<Message>();
  const list = useKeyset<Message>({
    key: ['messages', view.key, dossier ?? ''],
    fetch: (cursor, limit) => read(api.GET('/api/v1/messages', { params: { query: { view: view.key, dossier, cursor, limit } } })),
  });
  const page = list.query.data as Schema<'MessageList'> | undefined;
  const able = (m: Message, action: string) => m.possible.some((p) => p.action === action && p.allowed);
  const [current] = useRowKeys(list.items.length, (i) => { const m = list.items[i]; if (m && able(m, 'message.by_hand')) setCalling(m); });
  return (
    <>
      <PageHead title="消息告知" sub="业务办理时自动告知本人和单位经办人；消息里没有证件号和档案内容。未送达的请人工告知">
        <ViewTabs label="消息的状态" value={view.key} onChange={(v) => setParams({ view: v, ...(dossier ? { dossier } : {}) })} views={views.map((v) => ({ key: v.key, label: v.label, n: page && v.key !== 'all' && !dossier ? figure(page.counts[v.key] ?? 0, page.more) : undefined }))} />
      </PageHead>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>{view.empty}</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名或单位</th><th scope="col">内容</th><th scope="col">方式</th><th scope="col">状态</th><th scope="col">时间</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                <tbody>
                  {list.items.map((m, i) => (
                    <tr key={m.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                      <td className="nowrap">{m.dossierId ? <Link className="strong" to={`/dossiers/${m.dossierId}`}>{m.personName}</Link> : <span className="strong">{m.personName}</span>}<span className="meta" style={{ display: 'block' }}>{m.dossierId ? m.dossierNo : '单位经办人'}</span></td>
                      <td><span className="strong">{m.templateName}</span><span className="dense ink2" style={{ display: 'block' }}>{m.text}</span></td>
                      <td className="nowrap">{m.address ? m.wayName : '—'}<span className="meta" style={{ display: 'block' }}>{m.address}</span></td>
                      <td><Status tone={m.tone as Tone}>{m.stateName}</Status>{(m.why || m.note) && <span className="meta" style={{ display: 'block' }}>{m.note || m.why}{m.handledBy && `（${m.handledBy}）`}</span>}</td>
                      <td className="nowrap ink2">{logTime(m.createdAt)}</td>
                      <td className="nowrap">
                        {able(m, 'message.by_hand') && <Button size="small" onClick={() => setCalling(m)}>人工告知</Button>}{' '}
                        {able(m, 'message.resend') && <Button size="small" onClick={() => setAgain(m)}>重发</Button>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="条" note="按时间倒序" />
      {calling && <ByHand message={calling} onClose={() => setCalling(undefined)} />}
      {again && <Resend message={again} onClose={() => setAgain(undefined)} />}
    </>
  );
}

function ByHand({ message, onClose }: { message: Message; onClose: () => void }) {
  const [form] = Form.useForm<{ note: string }>();
  const act = useAct({
    etag: `"${message.version}"`,
    invalidates: [['messages']],
    done: '已登记人工告知',
    run: (headers, note: string) => read(api.POST('/api/v1/messages/{id}/by-hand', { params: { path: { id: message.id } }, body: { note }, headers })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`人工告知：${message.personName}`} verb="登记人工告知" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose}>
      <p className="dense ink2">{message.text}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v.note ?? '')}>
        <Form.Item label="怎样告知" name="note" {...fieldError(act.problem, 'note')}><Input maxLength={200} placeholder="如：11月26日电话告知本人" /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['note']} />
    </Confirm>
  );
}

function Resend({ message, onClose }: { message: Message; onClose: () => void }) {
  const act = useAct({
    etag: `"${message.version}"`,
    invalidates: [['messages']],
    done: '已重发',
    run: (headers) => read(api.POST('/api/v1/messages/{id}/resend', { params: { path: { id: message.id } }, headers })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`重发：${message.personName}`} verb="重发" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose}>
      <p>按现在登记的联系方式再发一次。号码有误的，请先{message.dossierId ? <Link to={`/messages/contact?dossier=${message.dossierId}`}>登记联系方式</Link> : <Link to="/units">在集体户登记经办人的手机号或邮箱</Link>}。</p>
      <ProblemView problem={act.problem} fields={[]} />
    </Confirm>
  );
}
