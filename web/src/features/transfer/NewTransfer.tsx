import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, read, type Reason, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { BearerField } from '../../shared/bearer';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { MandateField } from '../../shared/mandate';
import { PageHead, SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { category, options, useChoices, type Choices } from './parts';
import './transfer.css';

const empty = {
  direction: 'inner' as 'inner' | 'in', name: '', idNo: '', document: '', holder: '', holderName: '', holderKind: '', applicant: '', contact: '', reason: '', regionBasis: '', tiePlace: '', tieDespite: '', passTo: '', employer: '',
  category: '', evidence: '', political: '', wayRequired: '', applicantKind: 'person' as 'person' | 'unit' | 'agent', applicantDoc: '', applicantUscc: '', workerId: '', province: '', onlineNo: '',
};

/** 受理转入申请: the first step of every transfer in. */
export default function NewTransfer() {
  return <Answer query={useChoices()}>{(choices) => <Resume<typeof empty>>{(resumed) => <Application choices={choices} resumed={resumed} />}</Resume>}</Answer>;
}

function Application({ choices, resumed }: { choices: Choices; resumed: Resumed<typeof empty> }) {
  const go = useNavigate();
  const [v, setV] = useState({ ...empty, ...resumed.application, passTo: '' });
  const set = (change: Partial<typeof empty>) => setV((old) => ({ ...old, ...change }));
  const act = useAct({
    run: (headers, body: typeof empty & { mandateId?: string }) => read(api.POST('/api/v1/transfers', { body: { ...body, intakeId: resumed.intake?.id }, headers })),
    invalidates: [['transfers'], ['intakes']],
    done: (made) => (made.passedBy ? `已受理并转交${made.receiver}，案号 ${made.no}` : `已受理，案号 ${made.no}`),
    onDone: (made) => void go(`/transfers/${made.id}`),
  });
  const [mandate, setMandate] = useState<Schema<'MandateItem'>>();
  const whole = (change: Partial<typeof empty> = {}) => ({ ...v, ...category(v.category), applicant: v.applicant || v.name, ...(v.applicantKind === 'agent' && mandate ? { mandateId: mandate.id } : {}), ...change });
  const p = act.problem;
  const names = (list: string[]) => list.map((value) => ({ value, label: value }));
  const popup = () => document.querySelector('main') ?? document.body;
  return (
    <>
      <PageHead title="受理转入申请" crumbs={[{ label: '转递', to: '/transfers' }, { label: '受理转入申请' }]} sub="受理后即可开具调档函" />
      <div className="page-body" style={{ maxWidth: 960 }}>
        <ResumedNote intake={resumed.intake} />
        <form onSubmit={(e) => { e.preventDefault(); act.mutate(whole()); }}>
          <Form layout="vertical" component={false}>
            <SectionHead>档案现在哪里</SectionHead>
            <Segments label="转入来源" value={v.direction} onChange={(direction) => set({ direction, province: '', onlineNo: '' })} options={[{ key: 'inner', label: '市内机构' }, { key: 'in', label: '外单位或外省市' }]} />
            <div className="form-grid" style={{ marginTop: 12 }}>
              {v.direction === 'inner' ? (
                <Form.Item className="wide" label="原存档机构" htmlFor="t-holder" required {...fieldError(p, 'holder')}>
                  <Select id="t-holder" aria-label="原存档机构" showSearch optionFilterProp="label" placeholder="输入区县名称" value={v.holder || undefined} onChange={(holder: string) => set({ holder })} options={options(choices.agencies)} getPopupContainer={popup} />
                </Form.Item>
              ) : (
                <>
                <Form.Item label="原存档单位性质" htmlFor="t-holderKind" required {...fieldError(p, 'holderKind')}><Select id="t-holderKind" aria-label="原存档单位性质" placeholder="选择一项" value={v.holderKind || undefined} onChange={(holderKind: string) => set({ holderKind })} options={options(choices.ends)} getPopupContainer={popup} /></Form.Item>
                <Form.Item className="wide" label="原存档单位全称" htmlFor="t-holderName" required {...fieldError(p, 'holderName')}>
                  <Input id="t-holderName" value={v.holderName} onChange={(e) => set({ holderName: e.target.value })} />
                </Form.Item>
                </>
              )}
              {v.direction === 'in' && (
                <>
                  <Form.Item label="在外省的，所在省份" htmlFor="t-province" {...fieldError(p, 'province')}><Select id="t-province" aria-label="所在省份" allowClear showSearch optionFilterProp="label" placeholder="在本市的不选" value={v.province || undefined} onChange={(w?: string) => set({ province: w ?? '' })} options={options(choices.provinces)} getPopupContainer={popup} /></Form.Item>
                  {v.province && <Form.Item label="网上申请编号" htmlFor="t-online"><Input id="t-online" placeholder="窗口申请的不填" value={v.onlineNo} onChange={(e) => set({ onlineNo: e.target.value })} /></Form.Item>}
                </>
              )}
              <Form.Item label="转递方式要求" htmlFor="t-way" {...fieldError(p, 'wayRequired')}>
                <Select id="t-way" aria-label="转递方式要求" allowClear placeholder="依规定" value={v.wayRequired || undefined} onChange={(w?: string) => set({ wayRequired: w ?? '' })} options={choices.ways.map((w) => ({ value: w.slug, label: w.name }))} getPopupContainer={popup} />
              </Form.Item>
            </div>
            <SectionHead>存档人员</SectionHead>
            <div className="form-grid">
              <Form.Item label="姓名" htmlFor="t-name" required {...fieldError(p, 'name')}><Input id="t-name" autoComplete="off" value={v.name} onChange={(e) => set({ name: e.target.value })} /></Form.Item>
              <Form.Item label="公民身份号码" htmlFor="t-idNo" required {...fieldError(p, 'idNo')}><Input id="t-idNo" autoComplete="off" value={v.idNo} onChange={(e) => set({ idNo: e.target.value })} maxLength={20} /></Form.Item>
              <Form.Item label="已核验的证件" htmlFor="t-document" required><Select id="t-document" aria-label="已核验的证件" placeholder="当面核验后选择" value={v.document || undefined} onChange={(document: string) => set({ document })} options={names(choices.documents)} getPopupContainer={popup} /></Form.Item>
              <Form.Item label="调档原因" htmlFor="t-reason" required {...fieldError(p, 'reason')}><Select id="t-reason" aria-label="调档原因" placeholder="选择一项" value={v.reason || undefined} onChange={(reason: string) => set({ reason })} options={names(choices.reasons)} getPopupContainer={popup} /></Form.Item>
              <Form.Item label="存档依据" htmlFor="t-tie" required {...fieldError(p, 'regionBasis')}><Select id="t-tie" aria-label="存档依据" placeholder="选择一项" value={v.regionBasis || undefined} onChange={(regionBasis: string) => set({ regionBasis })} options={names(choices.ties)} getPopupContainer={popup} /></Form.Item>
              <Form.Item label="所在区县" htmlFor="t-place" required {...fieldError(p, 'tiePlace')}><Select id="t-place" aria-label="所在区县" showSearch optionFilterProp="label" placeholder="存档依据是哪个区县" value={v.tiePlace || undefined} onChange={(tiePlace: string) => set({ tiePlace, tieDespite: '' })} options={options(choices.divisions)} getPopupContainer={popup} /></Form.Item>
              <Form.Item label="现工作单位" htmlFor="t-employer"><Input id="t-employer" value={v.employer} onChange={(e) => set({ employer: e.target.value })} /></Form.Item>
              <Form.Item label="申请人" htmlFor="t-applicant" {...fieldError(p, 'applicant')}><Input id="t-applicant" placeholder="与存档人员相同可不填" value={v.applicant} onChange={(e) => set({ applicant: e.target.value })} /></Form.Item>
              <Form.Item label="本人的手机号或邮箱" htmlFor="t-contact" {...fieldError(p, 'contact')}><Input id="t-contact" autoComplete="off" placeholder="用于告知办理情况，本人不留的可不填" value={v.contact} onChange={(e) => set({ contact: e.target.value })} maxLength={100} /></Form.Item>
            </div>
            <Segments label="谁来申请" value={v.applicantKind} onChange={(applicantKind) => set({ applicantKind, applicantDoc: '', applicantUscc: '', workerId: '' })} options={[{ key: 'person', label: '本人申请' }, { key: 'unit', label: '单位申请' }, { key: 'agent', label: '代办人申请' }]} />
            {v.applicantKind === 'unit' && (
              <div className="form-grid" style={{ marginTop: 12 }}>
                <Form.Item label="申请单位的统一社会信用代码" htmlFor="t-applicantUscc" required {...fieldError(p, 'applicantUscc')}><Input id="t-applicantUscc" placeholder="18 位，照单位证照" autoComplete="off" maxLength={18} value={v.applicantUscc} onChange={(e) => set({ applicantUscc: e.target.value, workerId: '' })} /></Form.Item>
                <Form.Item label="单位介绍信或申请函" htmlFor="t-applicantDoc" required {...fieldError(p, 'applicantDoc')}><Input id="t-applicantDoc" placeholder="编号和日期" value={v.applicantDoc} onChange={(e) => set({ applicantDoc: e.target.value })} /></Form.Item>
                <BearerField uscc={v.applicantUscc} unit={v.applicant} value={v.workerId} onChange={(workerId) => set({ workerId })} problem={p} />
              </div>
            )}
            {v.applicantKind === 'agent' && <MandateField matter="transfer" principal={{ name: v.name, idNo: v.idNo }} value={mandate} onChange={setMandate} />}
            {v.direction === 'in' && (
              <>
                <SectionHead note="新建档案须有类别证明">人员类别</SectionHead>
                <div className="form-grid">
                  <Form.Item label="人员类别" htmlFor="t-category" required {...fieldError(p, 'category')}><Select id="t-category" aria-label="人员类别" placeholder="选择一类" showSearch={{ optionFilterProp: 'label' }} value={v.category || undefined} onChange={(category: string) => set({ category })} options={options(choices.categories)} getPopupContainer={popup} /></Form.Item>
                  <Form.Item label="所核验的类别证明" htmlFor="t-evidence" required><Input id="t-evidence" placeholder="例如 劳动合同" value={v.evidence} onChange={(e) => set({ evidence: e.target.value })} /></Form.Item>
                  <Form.Item label="政治面貌" htmlFor="t-political" {...fieldError(p, 'political')}><Select id="t-political" aria-label="政治面貌" allowClear placeholder="可不填" value={v.political || undefined} onChange={(w?: string) => set({ political: w ?? '' })} options={options(choices.politicals)} getPopupContainer={popup} /></Form.Item>
                </div>
              </>
            )}
          </Form>
          <ProblemView problem={p} wayOn={(r) => (r.slug === 'tie_elsewhere' || r.slug === 'tie_refused' ? <TieElsewhere reason={r} value={v} set={set} send={(change) => act.mutate(whole(change))} /> : null)} fields={['name', 'idNo', 'holder', 'holderName', 'holderKind', 'reason', 'regionBasis', 'tiePlace', 'applicant', 'contact', 'workerId', 'category', 'political', 'wayRequired']} />
          <RecordIntake matter="transfer" problem={p} application={whole} intake={resumed.intake} />
          <div className="form-end">
            <Button type="primary" htmlType="submit" loading={act.isPending}>受理申请</Button>
            <span className="meta">受理后出具受理回执。本服务不收取任何费用，不需要本人取送档案。</span>
          </div>
        </form>
      </div>
    </>
  );
}

/** No tie with this agency (7b): pass the application on in one step, or say why it is taken in here. */
function TieElsewhere({ reason, value, set, send }: { reason: Reason; value: typeof empty; set: (change: Partial<typeof empty>) => void; send: (change: Partial<typeof empty>) => void }) {
  const agencies = (reason.facts?.agencies ?? []) as { code: string; name: string }[];
  return (
    <span className="tie-elsewhere">
      {agencies.length > 0 && <span className="acts">{agencies.map((a) => <Button key={a.code} size="small" onClick={() => send({ passTo: a.code, tieDespite: '' })}>转交{a.name}</Button>)}</span>}
      {reason.slug === 'tie_elsewhere' && <span className="despite">
        <Input aria-label="在本机构受理的理由" placeholder="在本机构受理的理由，例如 本人在本区参加社会保险" value={value.tieDespite} onChange={(e) => set({ tieDespite: e.target.value })} maxLength={200} />
        <Button size="small" disabled={!value.tieDespite.trim()} onClick={() => send({})}>仍在本机构受理</Button>
      </span>}
    </span>
  );
}
