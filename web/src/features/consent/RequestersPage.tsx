import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { Day } from '../../shared/day';
import { PageHead } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { useQuery } from '@tanstack/react-query';

type Requester = Schema<'RequesterView'>;

const invalidates = [['requesters']];

/** 核验单位 (N2): who may ask persons for their consent; one person registers, another confirms. */
export default function RequestersPage() {
  const [cursors, setCursors] = useState<string[]>([]);
  const [entering, setEntering] = useState(false);
  const [acting, setActing] = useState<{ r: Requester; what: 'confirm' | 'renew' | 'end' }>();
  const [key, setKey] = useState<Schema<'RequesterKeyView'>>();
  const cursor = cursors.at(-1);
  const query = useQuery({ queryKey: ['requesters', cursor ?? ''], queryFn: () => read(api.GET('/api/v1/requesters', { params: { query: { cursor, limit: 50 } } })) });
  const register = query.data?.possible.some((p) => p.action === 'requester.register' && p.allowed);
  const may = (r: Requester, action: string) => r.possible.some((p) => p.action === action && p.allowed);
  const words = [{ what: 'confirm', label: '确认' }, { what: 'renew', label: '换发密钥' }, { what: 'end', label: '停用' }] as const;
  return (
    <>
      <PageHead title="核验单位" sub="经本人同意后只得到“是”“否”“未见记载”；一人登记，另一人确认后密钥才可用" acts={register && <Button type="primary" onClick={() => setEntering(true)}>登记核验单位</Button>} />
      <div className="page-body">
        <Answer query={query}>
          {(v) => (
            <>
              {v.items.length === 0 ? <Empty>还没有登记核验单位。</Empty> : (
                <div className="scroll-x">
                  <table className="plain">
                    <thead><tr><th scope="col">单位</th><th scope="col">依据</th><th scope="col">有效期至</th><th scope="col">登记、确认</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                    <tbody>
                      {v.items.map((r) => (
                        <tr key={r.id}>
                          <td><span className="strong">{r.name}</span><div className="meta">{r.uscc}</div></td>
                          <td className="ink2">{r.basis}</td>
                          <td className="nowrap ink2">{longDate(r.validUntil)}</td>
                          <td className="nowrap ink2">{r.registeredBy} {longDate(r.registeredAt)}{r.confirmedBy && <><br />{r.confirmedBy} {longDate(r.confirmedAt)}</>}</td>
                          <td><Status tone={r.tone as Tone}>{r.standing}</Status>{r.endedWhy && <div className="meta">{r.endedWhy}</div>}</td>
                          <td className="num nowrap">{words.filter((w) => may(r, `requester.${w.what}`)).map((w) => <span key={w.what}>　<button type="button" className="bare" onClick={() => setActing({ r, what: w.what })}>{w.label}<span className="hidden-text">{r.name}</span></button></span>)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              {(cursors.length > 0 || v.next) && (
                <p><Button disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>上一页</Button>　<Button disabled={!v.next} onClick={() => v.next && setCursors([...cursors, v.next])}>下一页</Button></p>
              )}
            </>
          )}
        </Answer>
      </div>
      {entering && <Enter onClose={() => setEntering(false)} onKey={setKey} />}
      {acting && <Act {...acting} onClose={() => setActing(undefined)} onKey={setKey} />}
      {key && (
        <Confirm open title="密钥只显示这一次" verb="已经记下" onConfirm={() => setKey(undefined)} onCancel={() => setKey(undefined)} clause="通知第二条">
          <p>请通过安全的渠道交给 {key.name}。系统不保存密钥，丢失的只能换发；另一人确认以前不能使用。</p>
          <Input aria-label="密钥" readOnly value={key.key} onFocus={(e) => e.target.select()} />
        </Confirm>
      )}
    </>
  );
}

const fields = ['name', 'uscc', 'basis', 'until'];

function Enter({ onClose, onKey }: { onClose: () => void; onKey: (v: Schema<'RequesterKeyView'>) => void }) {
  const [f, setF] = useState({ name: '', uscc: '', basis: '', until: '' });
  const act = useAct({ invalidates, onDone: (v: Schema<'RequesterKeyView'>) => { onKey(v); onClose(); }, done: '已登记，待另一人确认', run: (headers) => read(api.POST('/api/v1/requesters', { headers, body: f })) });
  return (
    <Confirm open title="登记核验单位" verb="登记" busy={act.isPending} problem={act.problem} fields={fields} onConfirm={() => act.mutate()} onCancel={onClose} clause="通知第二条">
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="单位全称" htmlFor="rq-name" {...fieldError(act.problem, 'name')}><Input id="rq-name" maxLength={100} value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} /></Form.Item>
        <Form.Item label="统一社会信用代码" htmlFor="rq-uscc" {...fieldError(act.problem, 'uscc')}><Input id="rq-uscc" maxLength={30} value={f.uscc} onChange={(e) => setF({ ...f, uscc: e.target.value })} /></Form.Item>
        <Form.Item label="依据（同意其接入的协议号或文号）" htmlFor="rq-basis" {...fieldError(act.problem, 'basis')}><Input id="rq-basis" maxLength={200} value={f.basis} onChange={(e) => setF({ ...f, basis: e.target.value })} /></Form.Item>
        <Form.Item label="有效期至（最长一年）" htmlFor="rq-until" {...fieldError(act.problem, 'until')}><Day id="rq-until" future value={f.until} onChange={(v) => setF({ ...f, until: v })} /></Form.Item>
      </Form>
    </Confirm>
  );
}

const says = {
  confirm: { title: '确认核验单位', verb: '确认', done: '已确认，密钥可以使用', text: '请核对单位名称、统一社会信用代码和接入依据的原件。确认后，该单位可以请本人同意核验。' },
  renew: { title: '换发密钥', verb: '换发', done: '已换发，待另一人确认', text: '原密钥立即失效，新密钥经另一人确认后可用；本人已经同意的核验不受影响。' },
  end: { title: '停用核验单位', verb: '停用', done: '已停用', text: '停用后密钥失效，不再答复；答复过的记录保留。' },
};

function Act({ r, what, onClose, onKey }: { r: Requester; what: 'confirm' | 'renew' | 'end'; onClose: () => void; onKey: (v: Schema<'RequesterKeyView'>) => void }) {
  const [why, setWhy] = useState('');
  const say = says[what];
  const act = useAct({
    etag: `"${r.version}"`, invalidates, done: say.done,
    onDone: (v: Requester | Schema<'RequesterKeyView'>) => { if ('key' in v) onKey(v); onClose(); },
    run: async (headers): Promise<Requester | Schema<'RequesterKeyView'>> => {
      const at = { params: { path: { id: r.id } }, headers };
      if (what === 'confirm') return read(api.POST('/api/v1/requesters/{id}/confirm', at));
      if (what === 'renew') return read(api.POST('/api/v1/requesters/{id}/renew', at));
      return read(api.POST('/api/v1/requesters/{id}/end', { ...at, body: { why } }));
    },
  });
  return (
    <Confirm open title={say.title} verb={say.verb} busy={act.isPending} problem={act.problem} fields={['why']} onConfirm={() => act.mutate()} onCancel={onClose} clause="通知第二条">
      <p><strong>{r.name}</strong>　{r.uscc}</p>
      <p className="dense ink2">{say.text}</p>
      {what === 'end' && <Form layout="vertical" requiredMark={false}><Form.Item label="停用原因" htmlFor="rq-why" {...fieldError(act.problem, 'why')}><Input id="rq-why" maxLength={200} placeholder="例如：密钥泄露、协议终止" value={why} onChange={(e) => setWhy(e.target.value)} /></Form.Item></Form>}
    </Confirm>
  );
}
