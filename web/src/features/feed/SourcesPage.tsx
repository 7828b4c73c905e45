import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { today, longDate } from '../../shared/dates';
import { Day } from '../../shared/day';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import './feed.css';
import { readOut } from './words';

type Source = Schema<'FeedSource'>;

const invalidates = [['feeds']];

/** 数据来源 (18b): who may send, the key its files are signed with, and the columns they have. */
export default function SourcesPage() {
  const [entering, setEntering] = useState<{ from?: Source }>();
  const [confirming, setConfirming] = useState<Source>();
  const [ending, setEnding] = useState<Source>();
  const query = useQuery({ queryKey: ['feeds', 'sources'], queryFn: () => read(api.GET('/api/v1/feed-sources')) });
  const register = query.data?.possible.some((p) => p.action === 'feed.register' && p.allowed);
  const may = (s: Source, action: string) => s.possible.some((p) => p.action === action && p.allowed);
  return (
    <>
      <PageHead title="数据来源" crumbs={[{ label: '部门数据', to: '/feeds' }, { label: '数据来源' }]} sub="只采用登记过公钥、由第二人核对指纹的来源单位签名的文件" acts={register && <Button type="primary" onClick={() => setEntering({})}>登记来源</Button>} />
      <div className="page-body">
        <Answer query={query}>
          {(v) => (
            <>
              {v.items.length === 0 ? <Empty>还没有登记数据来源。</Empty> : (
                <div className="scroll-x">
                  <table className="plain">
                    <thead><tr><th scope="col">来源单位</th><th scope="col">种类</th><th scope="col">公钥指纹</th><th scope="col">有效期</th><th scope="col">登记、确认</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                    <tbody>
                      {v.items.map((s) => (
                        <tr key={s.id}>
                          <td><span className="strong">{s.name}</span><div className="meta">{s.basis}</div></td>
                          <td className="nowrap">{s.kindName}</td>
                          <td><span className="feed-print" title={readOut(s.fingerprint)}>{readOut(s.fingerprint.slice(0, 16))}…</span></td>
                          <td className="nowrap ink2">{longDate(s.validFrom)}<br />至 {longDate(s.validUntil)}</td>
                          <td className="nowrap ink2">{s.registeredBy} {longDate(s.registeredAt)}{s.confirmedBy && <><br />{s.confirmedBy} {longDate(s.confirmedAt)}</>}</td>
                          <td><Status tone={s.tone as Tone}>{s.standing}</Status>{s.revokedWhy && <div className="meta">{s.revokedWhy}</div>}</td>
                          <td className="num nowrap">
                            {may(s, 'feed.confirm') && <><button type="button" className="bare" onClick={() => setConfirming(s)}>核对指纹并确认<span className="hidden-text">{s.name}</span></button>　</>}
                            {register && s.usable && <><button type="button" className="bare" onClick={() => setEntering({ from: s })}>更换公钥<span className="hidden-text">{s.name}</span></button>　</>}
                            {may(s, 'feed.revoke') && <button type="button" className="bare" onClick={() => setEnding(s)}>停用<span className="hidden-text">{s.name}</span></button>}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              {v.kinds.map((k) => (
                <section key={k.key} aria-label={`${k.name}数据的列`}>
                  <SectionHead level={2}>{k.name}数据的列</SectionHead>
                  <table className="plain">
                    <thead><tr><th scope="col">列名</th><th scope="col">必填</th><th scope="col">写法</th></tr></thead>
                    <tbody>{k.columns.map((c) => <tr key={c.name}><td className="nowrap">{c.name}</td><td>{c.required ? '必填' : ''}</td><td className="ink2">{c.note}</td></tr>)}</tbody>
                  </table>
                </section>
              ))}
            </>
          )}
        </Answer>
      </div>
      {entering && query.data && <Enter from={entering.from} kinds={query.data.kinds} onClose={() => setEntering(undefined)} />}
      {confirming && <Compare s={confirming} onClose={() => setConfirming(undefined)} />}
      {ending && <End s={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

const fields = ['kind', 'name', 'basis', 'publicKey', 'from', 'until'];

/** A new source, or the next key of one: the old key counts until it is ended. */
function Enter({ from, kinds, onClose }: { from?: Source; kinds: Schema<'FeedKind'>[]; onClose: () => void }) {
  const [f, setF] = useState({ kind: from?.kind ?? '', name: from?.name ?? '', basis: from?.basis ?? '', publicKey: '', from: today(), until: from?.validUntil ?? '' });
  const act = useAct({ invalidates, onDone: onClose, done: '已登记，待负责人核对指纹后确认', run: (headers) => read(api.POST('/api/v1/feed-sources', { headers, body: f })) });
  const title = from ? '更换公钥' : '登记数据来源';
  return (
    <Confirm open title={title} verb="登记" width={560} busy={act.isPending} problem={act.problem} fields={fields} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十八条">
      {from && <p className="dense ink2">新公钥确认以前，原公钥照常使用；确认以后请停用原公钥。</p>}
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="数据种类" htmlFor="fs-kind" {...fieldError(act.problem, 'kind')}><Select id="fs-kind" aria-label="数据种类" disabled={from !== undefined} value={f.kind || undefined} placeholder="选择" onChange={(kind: string) => setF({ ...f, kind })} options={kinds.map((k) => ({ value: k.key, label: k.name }))} /></Form.Item>
        <Form.Item label="来源单位全称" htmlFor="fs-name" {...fieldError(act.problem, 'name')}><Input id="fs-name" maxLength={100} disabled={from !== undefined} value={f.name} onChange={(e) => setF({ ...f, name: e.target.value })} /></Form.Item>
        <Form.Item label="依据（数据共享的文号或协议号）" htmlFor="fs-basis" {...fieldError(act.problem, 'basis')}><Input id="fs-basis" maxLength={200} value={f.basis} onChange={(e) => setF({ ...f, basis: e.target.value })} /></Form.Item>
        <Form.Item label="公钥或证书（PEM）" htmlFor="fs-key" {...fieldError(act.problem, 'publicKey')}><Input.TextArea id="fs-key" rows={5} maxLength={8000} className="feed-print" placeholder="-----BEGIN PUBLIC KEY-----" value={f.publicKey} onChange={(e) => setF({ ...f, publicKey: e.target.value })} /></Form.Item>
        <div style={{ display: 'flex', gap: 12 }}>
          <Form.Item label="使用起" htmlFor="fs-from" style={{ flex: 1 }} {...fieldError(act.problem, 'from')}><Day id="fs-from" future value={f.from} onChange={(v) => setF({ ...f, from: v })} /></Form.Item>
          <Form.Item label="使用止" htmlFor="fs-until" style={{ flex: 1 }} {...fieldError(act.problem, 'until')}><Day id="fs-until" future value={f.until} onChange={(v) => setF({ ...f, until: v })} /></Form.Item>
        </div>
      </Form>
    </Confirm>
  );
}

/** The second person: the fingerprint is compared with the source by another way than the key came. */
function Compare({ s, onClose }: { s: Source; onClose: () => void }) {
  const [seen, setSeen] = useState(false);
  const act = useAct({ etag: `"${s.version}"`, invalidates, onDone: onClose, done: '已确认，可以导入用它签名的文件', run: (headers) => read(api.POST('/api/v1/feed-sources/{id}/confirm', { params: { path: { id: s.id } }, headers })) });
  return (
    <Confirm open title="核对公钥指纹" verb="确认" disabled={!seen} busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十八条">
      <p>请给 {s.name} 打电话，由对方读出公钥的 SHA-256 指纹，逐组核对：</p>
      <p className="feed-print strong">{readOut(s.fingerprint)}</p>
      <p className="dense ink2">登记人 {s.registeredBy}；电话号码用公开的，不用送来公钥的人给的。</p>
      <Checkbox checked={seen} onChange={(e) => setSeen(e.target.checked)}>指纹与对方读出的一致</Checkbox>
    </Confirm>
  );
}

function End({ s, onClose }: { s: Source; onClose: () => void }) {
  const [why, setWhy] = useState('');
  const act = useAct({ etag: `"${s.version}"`, invalidates, onDone: onClose, done: '已停用', run: (headers) => read(api.POST('/api/v1/feed-sources/{id}/revoke', { params: { path: { id: s.id } }, headers, body: { why } })) });
  return (
    <Confirm open title={`停用“${s.name}”的公钥`} verb="停用" busy={act.isPending} problem={act.problem} fields={['why']} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十八条">
      <p className="dense ink2">停用后不再采用用它签名的文件；以前导入的和已开的收集通知不受影响。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="停用原因" htmlFor="fs-why" {...fieldError(act.problem, 'why')}><Input id="fs-why" maxLength={200} placeholder="例如：更换密钥、协议到期" value={why} onChange={(e) => setWhy(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}
