import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { columnDate, longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Lower, Move, Name, Raise } from './dialogs';

type Sheet = Schema<'SecrecySheet'>;
type Reader = Schema<'SecrecyReaderView'>;

/** 定密与知悉 (15, 21b): a dossier's class, its marked materials, every change, and who is named to know. */
export default function SheetPage() {
  const { id = '' } = useParams();
  const [told, setTold] = useState('');
  const navigate = useNavigate();
  const query = useQuery({ queryKey: ['secrecy', 'sheet', id], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/secrecy', { params: { path: { id } } })), enabled: told === '' });
  if (told !== '') {
    return (
      <>
        <PageHead title="已提高密级" />
        <div className="page-body narrow">
          <p className="notice" role="status">{told}</p>
          <p style={{ marginTop: 12 }}><Button type="primary" onClick={() => void navigate('/dossiers')}>回到档案查询</Button></p>
        </div>
      </>
    );
  }
  return <Answer query={query}>{(v) => <Page v={v} onGone={setTold} />}</Answer>;
}

function Page({ v, onGone }: { v: Sheet; onGone: (told: string) => void }) {
  const [open, setOpen] = useState<'raise' | 'lower' | 'name' | 'move'>();
  const [ending, setEnding] = useState<Reader>();
  const close = () => setOpen(undefined);
  const mayName = v.possible.some((p) => p.action === 'secrecy.name' && p.allowed);
  const label = (id?: string) => (id ? (v.marked.find((m) => m.id === id)?.title ?? '一份材料') : '整卷');
  const now = v.readers.filter((r) => !r.endedAt);
  return (
    <Split label="办理" width={304} aside={<NowPossible possible={v.possible} on={{ 'secrecy.raise': () => setOpen('raise'), 'secrecy.propose': () => setOpen('lower'), 'secrecy.name': () => setOpen('name'), 'zone.move': () => setOpen('move') }} />}>
      <PageHead title="定密与知悉" crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: `${v.person} ${v.dossierNo}`, to: `/dossiers/${v.dossierId}` }, { label: '定密与知悉' }]} sub="知悉范围之外的人，不知道有这卷档案" />
      <div className="page-body">
        <SectionHead>密级</SectionHead>
        <Facts items={[{ label: '本卷密级', value: v.highName }, { label: '整卷自身', value: v.ownName }, { label: '库位', value: v.shelfmark }]} />
        <p className="meta">本卷密级取整卷与卷内材料中最高的。商业秘密、个人隐私只限定单份材料，不提高本卷密级。</p>
        <SectionHead n={v.marked.length}>定密的材料</SectionHead>
        {v.marked.length === 0 ? <Empty>卷内没有定密的材料。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">类号</th><th scope="col">材料名称</th><th scope="col">密级</th><th scope="col" className="num">份</th><th scope="col" className="num">页</th><th scope="col">状态</th></tr></thead>
              <tbody>
                {v.marked.map((m) => (
                  <tr key={m.id}>
                    <td className="ink2 nowrap">{m.number ?? m.class}</td>
                    <td>{m.title}</td>
                    <td className="nowrap">{m.secrecyName || '—'}</td>
                    <td className="num">{m.copies}</td>
                    <td className="num">{m.pages}</td>
                    <td><Status tone={m.tone as Tone}>{m.stateName}</Status></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <SectionHead n={v.history.length} note="新的在前">变更经过</SectionHead>
        {v.history.length === 0 ? <Empty>没有变更过密级。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">编号</th><th scope="col">对象</th><th scope="col">变更</th><th scope="col">依据</th><th scope="col">登记</th><th scope="col">批准</th><th scope="col">状态</th></tr></thead>
              <tbody>
                {v.history.map((c) => (
                  <tr key={c.id}>
                    <td className="nowrap"><Link className="text-link" to={`/secrecy/${c.id}`}>{c.no}</Link></td>
                    <td>{c.label}</td>
                    <td className="nowrap">{c.fromName} → {c.toName}</td>
                    <td>{c.document || c.reason}</td>
                    <td className="nowrap ink2">{c.askedBy} {columnDate(c.askedAt)}</td>
                    <td className="nowrap ink2">{c.decidedBy}</td>
                    <td className="nowrap"><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <SectionHead n={now.length} note="指定以后，其他人即使有知悉范围也不知道">知悉人员</SectionHead>
        {v.readers.length === 0 ? <Empty>没有指定；本机构知悉范围内的人员都可办理。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead><tr><th scope="col">姓名</th><th scope="col">对象</th><th scope="col">承办的工作</th><th scope="col">指定</th><th scope="col">止</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
              <tbody>
                {v.readers.map((r) => (
                  <tr key={r.id}>
                    <td className="nowrap">{r.person}</td>
                    <td>{label(r.materialId)}</td>
                    <td>{r.reason}</td>
                    <td className="nowrap ink2">{r.namedBy} {columnDate(r.namedAt)}</td>
                    <td className="nowrap ink2">{r.endedAt && longDate(r.endedAt)}</td>
                    <td className="num">{!r.endedAt && mayName && <button type="button" className="bare" onClick={() => setEnding(r)}>不再指定<span className="hidden-text">{r.person}</span></button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {open === 'raise' && <Raise v={v} onClose={close} onGone={onGone} />}
      {open === 'lower' && <Lower v={v} onClose={close} />}
      {open === 'name' && <Name v={v} onClose={close} />}
      {open === 'move' && <Move v={v} onClose={close} />}
      {ending && <End r={ending} onClose={() => setEnding(undefined)} />}
    </Split>
  );
}

function End({ r, onClose }: { r: Reader; onClose: () => void }) {
  const act = useAct({ invalidates: [['secrecy'], ['dossiers']], done: '已不再指定', onDone: onClose, run: (headers) => read(api.POST('/api/v1/secrecy-readers/{id}/end', { params: { path: { id: r.id } }, headers })) });
  return (
    <Confirm open title={`不再指定${r.person}？`} verb="不再指定" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十一条">
      <p className="dense ink2">即时生效。名单上没有在任负责人时，整份名单失效，由知悉范围决定谁能办理。</p>
    </Confirm>
  );
}
