import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { useAct, type ActHeaders } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { logTime, longDate, today } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Segments, Split } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { Day } from '../transfer/parts';
import { Alike } from './Alike';
import './unclear.css';

type View = Schema<'UnclearView'>;

/** One packet: what stands on it, what it may be, and whose it was found to be. */
export default function UnclearPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['unclear', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/unclear/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} reload={() => void query.refetch()} />}</Answer>;
}

function Page({ v, etag, reload }: { v: View; etag: string; reload: () => void }) {
  const [ending, setEnding] = useState<'person' | 'same'>(v.kind === 'second' ? 'same' : 'person');
  const [chosen, setChosen] = useState('');
  const may = (action: string) => v.possible.some((p) => p.action === action && p.allowed);
  const blocked = v.possible.filter((p) => !p.allowed);
  const picked = v.likely.find((l) => l.dossierId === chosen);
  const choose = may('unclear.propose') ? (l: View['likely'][number]) => (
    <Button size="small" aria-pressed={chosen === l.dossierId} onClick={() => { setEnding('same'); setChosen(chosen === l.dossierId ? '' : l.dossierId); }}>{chosen === l.dossierId ? '已选' : '是同一人'}</Button>
  ) : undefined;
  return (
    <Split
      label="查实"
      width={400}
      aside={
        <>
          {may('unclear.propose') && <Propose v={v} etag={etag} reload={reload} ending={ending} setEnding={setEnding} picked={picked} />}
          {(may('unclear.confirm') || may('unclear.return')) && <Decide v={v} etag={etag} reload={reload} may={may} />}
          {blocked.length > 0 && <><SectionHead>现在不可办</SectionHead><Hindrances possible={blocked} /></>}
          {v.transferId && (
            <>
              <SectionHead>移交</SectionHead>
              <p><Link className="text-link" to={`/transfers/${v.transferId}`}>{v.state === 'resolved' ? '移交的转递' : '办理转递'}</Link></p>
              <p className="meta">清单、封条、转递方式、送取人和回执按转递的规定办理；对方复核签收后自动归并。</p>
            </>
          )}
          {v.state === 'resolved' && (
            <>
              <SectionHead>已归入</SectionHead>
              <p>{v.dossierId ? <Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.finding?.dossierNo || '档案'}</Link> : <span>{v.receiver}保管的一卷</span>}</p>
              <p className="meta">袋面编号和待核编号都可查到这一卷。</p>
            </>
          )}
        </>
      }
    >
      <PageHead title={v.name || '姓名不详'} sub={<>{v.kindName}　<Status tone={v.tone as Tone}>{v.stateName}</Status></>} crumbs={[{ label: '身份待核', to: '/unclear' }, { label: v.no }]} />
      <div className="page-body">
        {v.returned && <p className="notice">审核退回：{v.returned}</p>}
        <SectionHead>{v.cameOn ? '来件所载' : '袋上和花名册所载'}</SectionHead>
        <Facts
          items={[
            { label: '待核编号', value: v.no }, { label: '袋面编号', value: v.coverNo }, { label: '库位', value: v.shelfmark }, { label: '封存', value: v.sealName }, { label: '所在机构', value: v.agencyName },
            { label: '身份证号', value: v.idNo && <>{v.idNo}<span className="meta">　{v.cameOn ? '申请所填' : '花名册所写，不可用'}</span></> }, { label: '出生日期', value: v.birthDate && longDate(v.birthDate) }, { label: '人员类别', value: v.category && `${v.category} ${v.categories.find((c) => c.rule === v.category)?.name ?? ''}` },
            { label: '接收', value: [v.receivedOn && longDate(v.receivedOn), v.receivedFrom].filter(Boolean).join('，') }, { label: '备注', value: v.remark },
            { label: '问题', value: v.found.join('，') }, { label: '他处档案', value: v.receiver && `${v.receiver}已保管此人的档案` },
            { label: '来源', value: v.cameOn ? <><Link className="text-link" to={`/transfers/${v.cameOn}`}>转入核对时发现</Link>・{v.takenBy} {logTime(v.takenAt)} 登记</> : `${v.roster} 第 ${v.row} 行・${v.takenBy} ${logTime(v.takenAt)} 登记` },
          ]}
        />
        {v.finding && <Finding v={v} />}
        {(v.state === 'open' || v.state === 'proposed') && (
          <>
            <SectionHead n={v.likely.length}>可能是同一人的档案</SectionHead>
            {v.likely.length === 0 ? <Empty>全市在管档案中，没有号码相同，或姓名、出生日期都相同的。</Empty> : <div className="scroll-x"><Alike likely={v.likely} choose={choose} /></div>}
          </>
        )}
      </div>
    </Split>
  );
}

function Finding({ v }: { v: View }) {
  const f = v.finding;
  if (!f) return null;
  return (
    <>
      <SectionHead>查实结果</SectionHead>
      <Facts
        items={[
          { label: '结果', value: f.ending === 'person' ? '查清本人，立为此人的档案' : '与已有档案同属一人，归并' },
          { label: '姓名', value: f.name }, { label: '身份证号', value: f.idNo }, { label: '人员类别', value: f.category }, { label: '类别依据', value: f.evidence },
          { label: '归入', value: f.ending === 'same' && (v.receiver ? `${v.receiver}保管的一卷${f.dossierNo ? `（${f.dossierNo}）` : ''}` : f.dossierNo) }, { label: '移交方式', value: f.way },
          { label: '依据', value: f.document }, { label: '查看', value: `${f.seenBy}，${longDate(f.seenOn)}` }, { label: '提交', value: `${f.proposedBy} ${logTime(f.proposedAt)}` }, { label: '核准', value: f.decidedBy },
        ]}
      />
    </>
  );
}

/** 查实: whose it is, by which document, seen by whom. */
function Propose({ v, etag, reload, ending, setEnding, picked }: { v: View; etag: string; reload: () => void; ending: 'person' | 'same'; setEnding: (e: 'person' | 'same') => void; picked?: View['likely'][number] }) {
  const session = useSession();
  const only = v.categories.filter((c) => c.rule === v.category);
  const [f, setF] = useState({ name: v.name ?? '', idNo: '', category: only.length === 1 ? `${v.category}/` : '', evidence: '', dossierNo: '', document: '', seenBy: session.user.name, seenOn: today() });
  const [category = '', subtype = ''] = f.category.split('/');
  const chosen = v.categories.find((c) => c.rule === category && (c.subtype ?? '') === subtype);
  const set = (change: Partial<typeof f>) => setF({ ...f, ...change });
  const away = ending === 'same' && (picked ? !picked.own : v.kind === 'second');
  const act = useAct({
    etag,
    invalidates: [['unclear']],
    done: '已提交，待另一人审核',
    run: (headers) => read(api.POST('/api/v1/unclear/{id}/propose', {
      params: { path: { id: v.id } }, headers,
      body: { ending, document: f.document, seenBy: f.seenBy, seenOn: f.seenOn, ...(ending === 'person' ? { name: f.name, idNo: f.idNo, category, subtype, evidence: f.evidence } : { ...(picked ? { dossierId: picked.dossierId } : { dossierNo: f.dossierNo }) }) },
    })),
  });
  return (
    <form className="unclear-form" onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <SectionHead>查实结果</SectionHead>
      <Segments label="查实结果" value={ending} onChange={(e) => { act.reset(); setEnding(e); }} options={[{ key: 'person', label: '查清本人' }, { key: 'same', label: '与已有档案同属一人' }]} />
      {ending === 'person' ? (
        <>
          <label htmlFor="u-name">姓名</label><Input id="u-name" value={f.name} maxLength={60} onChange={(e) => set({ name: e.target.value })} />
          <label htmlFor="u-id">身份证号</label><Input id="u-id" value={f.idNo} maxLength={30} autoComplete="off" placeholder="对照证件录入 18 位" onChange={(e) => set({ idNo: e.target.value })} />
          <label htmlFor="u-cat">人员类别</label><Select id="u-cat" value={f.category || undefined} placeholder="按第四条选择，分小类的选到小类" showSearch={{ optionFilterProp: 'label' }} onChange={(c: string) => set({ category: c })} options={v.categories.map((c) => ({ value: `${c.rule}/${c.subtype ?? ''}`, label: `${c.rule} ${c.subName || c.name}` }))} getPopupContainer={() => document.querySelector('main') ?? document.body} />
          <label htmlFor="u-ev">类别依据</label><Input id="u-ev" value={f.evidence} maxLength={200} placeholder={chosen ? `须有：${chosen.evidence}` : '这一类别的依据材料'} onChange={(e) => set({ evidence: e.target.value })} />
        </>
      ) : (
        <>
          <label htmlFor="u-no">档案编号</label>
          {picked ? <Input id="u-no" readOnly value={picked.no || `${picked.agencyName}的一卷`} /> : <Input id="u-no" value={f.dossierNo} maxLength={64} placeholder="同一人那一卷的编号，或在左侧选择" onChange={(e) => set({ dossierNo: e.target.value })} />}
          {away && <p className="meta">那一卷由其他机构保管：核准后按转递移交，有清单、封条和回执。</p>}
        </>
      )}
      <label htmlFor="u-doc">查看的证件或材料</label><Input.TextArea id="u-doc" value={f.document} maxLength={200} autoSize={{ minRows: 2, maxRows: 4 }} placeholder="如 袋内招工登记表、居民身份证原件" onChange={(e) => set({ document: e.target.value })} />
      <label htmlFor="u-by">查看人</label><Input id="u-by" value={f.seenBy} maxLength={60} onChange={(e) => set({ seenBy: e.target.value })} />
      <label htmlFor="u-on">查看日期</label><Day id="u-on" value={f.seenOn} onChange={(seenOn) => set({ seenOn })} />
      <ProblemView problem={act.problem} onRetry={reload} />
      <Button type="primary" block htmlType="submit" loading={act.isPending}>提交审核</Button>
      <p className="meta">由另一名审核人员或负责人核准后生效。</p>
    </form>
  );
}

/** What another person decides, or the receiving agency says. */
function Decide({ v, etag, reload, may }: { v: View; etag: string; reload: () => void; may: (action: string) => boolean }) {
  const [note, setNote] = useState('');
  const act = useAct({
    etag,
    invalidates: [['unclear'], ['dossiers']],
    done: (_, what: 'confirm' | 'return') => ({ confirm: v.receiver && v.finding?.ending === 'same' ? '已核准，请办理转递' : '已核准', return: '已退回经办' })[what],
    run: (headers: ActHeaders, what: 'confirm' | 'return') => {
      const params = { path: { id: v.id } };
      if (what === 'return') return read(api.POST('/api/v1/unclear/{id}/return', { params, headers, body: { note } }));
      return read(api.POST('/api/v1/unclear/{id}/confirm', { params, headers }));
    },
  });
  return (
    <div className="unclear-form">
      <SectionHead>审核</SectionHead>
      {may('unclear.confirm') && (
        <>
          <p className="dense ink2">对照所列依据核实后核准；核准后{v.finding?.ending === 'person' ? '立为此人的档案，可以提供服务' : v.receiver ? '按转递移交保管机构，由其核对签收后归并' : '归并到那一卷，原编号仍可查到'}。</p>
        </>
      )}
      <label htmlFor="u-note">退回说明（退回时必填）</label>
      <Input.TextArea id="u-note" value={note} maxLength={200} autoSize={{ minRows: 1, maxRows: 4 }} onChange={(e) => setNote(e.target.value)} />
      <ProblemView problem={act.problem} onRetry={reload} />
      {may('unclear.confirm') && <Button type="primary" block loading={act.isPending && act.variables === 'confirm'} onClick={() => act.mutate('confirm')}>核准</Button>}
      {may('unclear.return') && <Button block disabled={note.trim() === ''} loading={act.isPending && act.variables === 'return'} onClick={() => act.mutate('return')}>退回经办</Button>}
    </div>
  );
}
