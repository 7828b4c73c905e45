import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { useAgent } from '../../shared/mandate';
import { DossierPick } from '../../shared/DossierPick';
import { Day } from '../transfer/parts';

interface Report {
  dossierId: string;
  diedOn: string;
  evidence: string;
  evidenceNo: string;
  informant?: string;
  relation?: string;
  lastPost?: string;
  merit?: string;
}

const fields = ['dossierId', 'diedOn', 'evidence', 'evidenceNo', 'informant', 'relation'];

/** 登记死亡 (20c): told at the window, by a paper; holds when a second person has confirmed it. */
export default function NewDeath() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [form] = Form.useForm<Report>();
  const informant = Form.useWatch('informant', form);
  const agent = useAgent('death', { ...(informant && { name: informant }) });
  const lists = useQuery({ queryKey: ['deaths', 'evidences'], queryFn: () => read(api.GET('/api/v1/deaths', { params: { query: { limit: 1 } } })), staleTime: Infinity });
  const act = useAct({
    invalidates: [['deaths'], ['dossiers']],
    done: '已登记，待另一人确认',
    run: (headers, body: Report) => read(api.POST('/api/v1/deaths', { headers, body: { ...body, ...agent.body } })),
    onDone: (d) => void navigate(`/deaths/${d.id}`),
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <>
      <PageHead title="登记死亡" crumbs={[{ label: '死亡档案', to: '/deaths' }, { label: '登记死亡' }]} sub="由另一名审核人员确认后生效；自死亡日期起满5年列入到期清单" />
      <div className="page-body">
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ dossierId: params.get('dossier') ?? undefined, diedOn: '' }} onFinish={(v) => act.mutate(v)} style={{ maxWidth: 720 }}>
          <Form.Item label="档案" name="dossierId" rules={[{ required: true, message: '请选择档案。' }]} {...error('dossierId')}><DossierPick /></Form.Item>
          <Form.Item label="死亡日期" name="diedOn" rules={[{ required: true, message: '请照证明填写死亡日期。' }]} {...error('diedOn')}><DayField /></Form.Item>
          <Form.Item label="依据" name="evidence" rules={[{ required: true, message: '请选择所查验的证明。' }]} {...error('evidence')}><Select aria-label="依据" placeholder="所查验的证明" options={(lists.data?.evidences ?? []).map((value) => ({ value, label: value }))} /></Form.Item>
          <Form.Item label="证明编号或文号" name="evidenceNo" rules={[{ required: true, message: '请填写编号；没有编号的写明出具机关和日期。' }]} {...error('evidenceNo')}><Input maxLength={100} /></Form.Item>
          <Form.Item label="告知人" name="informant" {...error('informant')}><Input maxLength={60} autoComplete="off" /></Form.Item>
          <Form.Item label="与存档人的关系" name="relation" {...error('relation')}><Input maxLength={30} placeholder="如 配偶、子女、原单位" /></Form.Item>
          <Form.Item label="告知人本人来，还是由代办人来" extra="代办的，凭告知的亲属出具的委托书；死者生前出具的委托书已经终止">{agent.field}</Form.Item>
          <Form.Item label="原单位及职务（选填）" name="lastPost"><Input maxLength={100} /></Form.Item>
          <Form.Item label="荣誉称号、授予机关、年份（选填）" name="merit" extra="对国家和社会有特殊贡献的英雄、模范人物，档案向档案馆移交，不受5年限制"><Input maxLength={200} /></Form.Item>
          <ProblemView problem={act.problem} fields={fields} />
          <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
            <Button type="primary" htmlType="submit" loading={act.isPending}>登记</Button>
            <Button onClick={() => void navigate(-1)}>返回</Button>
          </div>
        </Form>
      </div>
    </>
  );
}

function DayField({ id, value = '', onChange }: { id?: string; value?: string; onChange?: (day: string) => void }) {
  return <Day id={id} value={value} onChange={(day) => onChange?.(day)} />;
}
