import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { MandateField } from '../../shared/mandate';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { DossierPick } from '../../shared/DossierPick';
import { Statements } from './Statements';

type Kind = Schema<'CertificateItem'>['kind'];

interface Application {
  dossierId: string;
  kind: Kind;
  use: string;
  applicant: 'self' | 'kin' | 'unit' | 'agent';
  name?: string;
  idNo?: string;
  relation?: string;
  right?: string;
  proof?: string;
  asks?: string[];
  unit?: string;
  letter?: string;
  consent?: string;
  seen?: string[];
  keys?: string[];
  reason?: string;
  insists?: boolean;
}

const fields = ['dossierId', 'kind', 'use', 'applicant', 'name', 'idNo', 'relation', 'right', 'asks', 'unit', 'letter', 'consent', 'seen', 'keys', 'reason'];

/** 受理证明申请 (23): who asks, for what, and which recorded statements are to be certified. */
export default function NewCertificate() {
  return <Resume<Application>>{(resumed) => <Certificate resumed={resumed} />}</Resume>;
}

function Certificate({ resumed }: { resumed: Resumed<Application> }) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const replaces = params.get('replaces') ?? undefined;
  const [form] = Form.useForm<Application>();
  const dossierId = Form.useWatch('dossierId', form);
  const kind = Form.useWatch('kind', form);
  const applicant = Form.useWatch('applicant', form);
  const keys = Form.useWatch('keys', form);
  const right = Form.useWatch('right', form);
  const [mandate, setMandate] = useState<Schema<'MandateItem'>>();
  const lists = useQuery({ queryKey: ['certificate-lists'], queryFn: () => read(api.GET('/api/v1/certificate-lists')), staleTime: Infinity });
  const proposed = useQuery({
    queryKey: ['certificates', 'propose', dossierId, kind],
    queryFn: () => read(api.GET('/api/v1/dossiers/{id}/statements', { params: { path: { id: dossierId }, query: { kind } } })),
    enabled: Boolean(dossierId && kind),
    staleTime: 30_000,
  });
  const whole = (body: Application) => ({ ...body, replaces, ...(body.applicant === 'agent' && mandate && { mandateId: mandate.id }) });
  const act = useAct({
    run: (headers, body: Application) => read(api.POST('/api/v1/certificates', { body: { ...whole(body), intakeId: resumed.intake?.id }, headers })),
    invalidates: [['certificates'], ['intakes']],
    done: (c) => (c.state === 'submitted' ? '已提交审核' : '已受理'),
    onDone: (c) => void navigate(`/certificates/${c.id}`),
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <>
      <PageHead title="受理证明申请" crumbs={[{ label: '出具证明', to: '/certificates' }, { label: '受理证明申请' }]} sub="只能证明档案中有记载的内容，每一句注明依据的材料" />
      <div className="page-body">
        <ResumedNote intake={resumed.intake} />
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ dossierId: params.get('dossier') ?? undefined, kind: 'custody', applicant: 'self', keys: [], ...resumed.application }} onFinish={(v) => act.mutate(v)}>
          <div style={{ maxWidth: 720 }}>
            <Form.Item label="档案" name="dossierId" rules={[{ required: true, message: '请选择档案。' }]} {...error('dossierId')}><DossierPick label="档案" /></Form.Item>
            <Form.Item label="证明种类" name="kind" {...error('kind')}>
              <Radio.Group options={[{ value: 'custody', label: '存档证明' }, { value: 'history', label: '经历证明' }, { value: 'kinship', label: '亲属关系证明' }, { value: 'facts', label: '档案记载情况证明' }]} onChange={() => form.setFieldsValue({ keys: [], asks: undefined })} />
            </Form.Item>
            {kind === 'facts' && <Form.Item label="申请证明的事项" name="asks" extra="档案中没有记载的，出具查无记载告知单" {...error('asks')}><Checkbox.Group options={(lists.data?.facts ?? []).map((f) => ({ value: f.slug, label: f.name }))} /></Form.Item>}
            <Form.Item label="用途" name="use" rules={[{ required: true, message: '请填写用途。' }]} {...error('use')}><Input maxLength={120} placeholder="如：办理社会保险" /></Form.Item>
            <Form.Item label="申请人" name="applicant" {...error('applicant')}><Radio.Group options={[{ value: 'self', label: '本人' }, { value: 'kin', label: '亲属' }, { value: 'unit', label: '单位' }, { value: 'agent', label: '代办人' }]} /></Form.Item>
            {applicant === 'agent' && <MandateField matter="certificate" value={mandate} onChange={setMandate} />}
            {applicant !== 'agent' && (
              <>
                <Form.Item label={applicant === 'unit' ? '单位经办人' : '申请人姓名'} name="name" rules={[{ required: true, message: '请填写姓名。' }]} {...error('name')}><Input maxLength={60} autoComplete="off" /></Form.Item>
                <Form.Item label="公民身份号码" name="idNo" {...error('idNo')}><Input maxLength={30} autoComplete="off" /></Form.Item>
              </>
            )}
            {applicant === 'kin' && (
              <>
                <Form.Item label="与存档人的关系" name="relation" {...error('relation')}>
                  <Select aria-label="与存档人的关系" showSearch={{ optionFilterProp: 'label' }} options={(lists.data?.relations ?? []).map((r) => ({ value: r.slug, label: r.name }))} />
                </Form.Item>
                <Form.Item label="所涉的权益" name="right" {...error('right')}>
                  <Select aria-label="所涉的权益" options={(lists.data?.rights ?? []).map((r) => ({ value: r.slug, label: r.name }))} />
                </Form.Item>
                <Form.Item label="权益证明材料" name="proof" extra="材料的名称、文号"><Input maxLength={120} placeholder={lists.data?.rights.find((r) => r.slug === right)?.proof} /></Form.Item>
              </>
            )}
            {applicant === 'unit' && (
              <>
                <Form.Item label="单位名称" name="unit" {...error('unit')}><Input maxLength={120} /></Form.Item>
                <Form.Item label="统一社会信用代码" name="unitCode" extra="单位凭代码认定，网上办理可查进度；介绍信没有写明的可不填" {...error('unitCode')}><Input maxLength={18} autoComplete="off" /></Form.Item>
                <Form.Item label="单位介绍信" name="letter" {...error('letter')}><Input maxLength={120} placeholder="文号" /></Form.Item>
                <Form.Item label="本人书面同意" name="consent" {...error('consent')}><Input maxLength={120} placeholder="同意书的日期或文号" /></Form.Item>
              </>
            )}
            {replaces && <Form.Item label="更正的理由" name="reason" extra="新证明另编新号，并注明更正哪一份；原证明同时失效" rules={[{ required: true, message: '请填写更正的理由。' }]} {...error('reason')}><Input maxLength={200} /></Form.Item>}
            {applicant !== 'agent' && <Form.Item label="已查验的证件" name="seen" {...error('seen')}><Checkbox.Group options={lists.data?.documents ?? []} /></Form.Item>}
          </div>
          <SectionHead note="不选则先受理，稍后在本件中选定并提交审核">档案中的记载</SectionHead>
          {!dossierId ? <Empty>选定档案后，列出可以证明的记载。</Empty> : (
            <Answer query={proposed} rows={3}>
              {(page) => page.items.length === 0 ? (
                <Empty>档案中没有登记相应的记载。可先受理，提档对照原件登记并由第二人核对后再证明。</Empty>
              ) : (
                <Form.Item name="keys" noStyle><Chosen list={page.items} value={keys} /></Form.Item>
              )}
            </Answer>
          )}
          <ProblemView problem={act.problem} fields={fields} />
          {!replaces && <RecordIntake matter="certificate" problem={act.problem} kinds={['incomplete']} application={() => whole(form.getFieldsValue())} intake={resumed.intake} />}
          {act.problem?.kind === 'refused' && !replaces && applicant !== 'agent' && (
            <p className="dense ink2" style={{ marginTop: 8 }}>
              申请人坚持申请的，不得拒收：<button type="button" className="bare" onClick={() => act.mutate({ ...form.getFieldsValue(), insists: true })}>登记并报审核，出具不予办理告知单</button>
            </p>
          )}
          <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
            <Button type="primary" htmlType="submit" loading={act.isPending}>{keys && keys.length > 0 ? '受理并提交审核' : '受理申请'}</Button>
            <Button onClick={() => void navigate(-1)}>返回</Button>
          </div>
        </Form>
      </div>
    </>
  );
}

function Chosen({ list, value, onChange }: { list: Parameters<typeof Statements>[0]['list']; value?: string[]; onChange?: (keys: string[]) => void }) {
  return <Statements list={list} chosen={value} onChange={(k) => onChange?.(k)} />;
}
