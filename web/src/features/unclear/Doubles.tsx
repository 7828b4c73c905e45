import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { columnDate, logTime, longDate } from '../../shared/dates';
import { StateDistinct } from '../../shared/double';
import { PagingBar, useKeyset } from '../../shared/list';
import { Answer, Empty } from '../../shared/states';

type Double = Schema<'DoubleView'>;
type Said = Schema<'DistinctView'>;
type Likely = Schema<'LikelyView'>;

/** One side of a pair: the dossier's number where it may be seen, else its keeper. */
function Side({ l }: { l: Likely }) {
  return (
    <>
      <span className="subject">{l.name}</span>　{l.idNo}
      <span className="meta" style={{ display: 'block' }}>{l.own ? <Link className="text-link" to={`/dossiers/${l.dossierId}`}>{l.no}</Link> : '编号由保管机构查看'}　{l.agencyName}・{l.stateName}</span>
    </>
  );
}

/** Pairs of dossiers that may be one person's, of whom nobody said otherwise. */
export function Doubles() {
  const list = useKeyset<Double>({ key: ['doubles', 'open'], fetch: (after, limit) => read(api.GET('/api/v1/likely-doubles', { params: { query: { after: after ?? '', limit } } })) });
  const page = list.query.data as Schema<'DoubleList'> | undefined;
  const [about, setAbout] = useState<[string, string] | undefined>();
  return (
    <>
      <div className="page-body">
        <p className="notice" style={{ marginBottom: 12 }}>姓名（含曾用名）、出生日期相同而号码不同的，可能是同一人登记了两次，也可能是两个人。对照证件核实：是两个人的认定不是同一人，是同一人的并档；分属两个机构的，先按转递转到一处再并档。</p>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有姓名、出生日期相同而没有认定的档案。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">出生日期</th><th scope="col">一卷</th><th scope="col">另一卷</th><th scope="col"><span className="hidden-text">处理</span></th></tr></thead>
                <tbody>
                  {list.items.map(({ likely: [a, b], merge, into }) => a && b && (
                    <tr key={a.dossierId + b.dossierId}>
                      <td className="nowrap">{longDate(a.birthDate)}</td>
                      <td><Side l={a} /></td>
                      <td><Side l={b} /></td>
                      <td className="nowrap">
                        {page?.mayState && <Button size="small" onClick={() => setAbout([a.dossierId, b.dossierId])}>不是同一人</Button>}
                        {page?.mayState && merge && <>　<Link className="text-link" to={`/standing/new/${merge}?merge=${encodeURIComponent(into ?? '')}`}>申请并档</Link></>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="对" />
      {about && <StateDistinct body={{ dossierId: about[0], otherId: about[1] }} onCancel={() => setAbout(undefined)} />}
    </>
  );
}

/** What was said of two people: who, when, why; and taken back. */
export function Distinct() {
  const list = useKeyset<Said>({ key: ['doubles', 'distinct'], fetch: (before, limit) => read(api.GET('/api/v1/likely-doubles/distinct', { params: { query: { before: before ?? '', limit } } })) });
  const [about, setAbout] = useState<Said | undefined>();
  return (
    <>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有认定过不是同一人的档案。</Empty> : (
            <div className="scroll-x">
              <table className="plain list">
                <thead><tr><th scope="col">姓名、出生日期</th><th scope="col">两人的档案</th><th scope="col">理由</th><th scope="col">查看的证件、材料</th><th scope="col">认定</th><th scope="col">撤销</th></tr></thead>
                <tbody>
                  {list.items.map((s) => (
                    <tr key={s.id} className={s.state === 'undone' ? 'ink2' : undefined}>
                      <td className="nowrap">{s.name}<span className="meta" style={{ display: 'block' }}>{longDate(s.birthDate)}</span></td>
                      <td>{s.likely.map((l) => <div key={l.dossierId}><Side l={l} /></div>)}{s.likely.length < 2 && <span className="meta">另一人没有在管档案</span>}</td>
                      <td>{s.reason}</td>
                      <td>{s.document}<span className="meta" style={{ display: 'block' }}>{s.seenBy} {longDate(s.seenOn)} 查看</span></td>
                      <td>{s.statedBy}<span className="meta" style={{ display: 'block' }}>{s.agencyName}　{columnDate(s.statedAt)}</span></td>
                      <td>{s.undoneAt ? <>{s.undoneWhy}<span className="meta" style={{ display: 'block' }}>{s.undoneBy} {logTime(s.undoneAt)}</span></> : s.possible.some((p) => p.allowed) && <Button size="small" onClick={() => setAbout(s)}>撤销认定</Button>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" />
      {about && <Undo s={about} onCancel={() => setAbout(undefined)} />}
    </>
  );
}

function Undo({ s, onCancel }: { s: Said; onCancel: () => void }) {
  const [reason, setReason] = useState('');
  const act = useAct({
    etag: s.version, invalidates: [['doubles']], done: '已撤销认定，两卷又列为可能重复', onDone: onCancel,
    run: (headers) => read(api.POST('/api/v1/likely-doubles/distinct/{id}/undo', { params: { path: { id: s.id }, header: { 'If-Match': s.version } }, headers, body: { reason } })),
  });
  return (
    <Confirm open title={`撤销对${s.name}的认定`} clause="第二条" verb="撤销认定" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onCancel}>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="发现了什么" htmlFor="undo-reason"><Input id="undo-reason" value={reason} maxLength={200} placeholder="如：派出所复核两号同属一人" onChange={(e) => setReason(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}
