import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Radio } from 'antd';
import { Link, useNavigate, useParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { longDate } from '../../shared/dates';
import { useAgent } from '../../shared/mandate';
import { Facts, PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Day } from '../transfer/parts';

interface Values {
  group: 'men' | 'women_55' | 'women_50';
  ground?: string;
  choice: 'statutory' | 'early' | 'late';
  dueOn?: string;
  paper?: string;
  paperOn?: string;
}

/** 办理退休送审: which group a person is of, and whether they chose another day. */
export default function NewRetirement() {
  const { dossier = '' } = useParams();
  const query = useQuery({ queryKey: ['retirements', 'terms', dossier], queryFn: () => read(api.GET('/api/v1/retirements/terms/{id}', { params: { path: { id: dossier } } })) });
  return (
    <>
      <PageHead title="办理退休送审" crumbs={[{ label: '退休送审', to: '/retirements' }, { label: '办理' }]} sub="核实所属类别和本人选择；受理后核对档案中的关键信息" />
      <div className="page-body"><Answer query={query}>{(who) => <Entry who={who} />}</Answer></div>
    </>
  );
}

function Entry({ who }: { who: Schema<'RetirementPerson'> }) {
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const group = Form.useWatch('group', form) ?? who.terms[0]?.group;
  const choice = Form.useWatch('choice', form);
  const agent = useAgent('retirement', { name: who.personName });
  const term = who.terms.find((t) => t.group === group);
  const act = useAct({
    invalidates: [['retirements'], ['dossiers']],
    done: '已受理，请核对关键信息',
    run: (headers, v: Values) => read(api.POST('/api/v1/retirements', { headers, body: { ...v, dossierId: who.dossierId, ...agent.body } })),
    onDone: (r) => void navigate(`/retirements/${r.id}`),
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ group: who.terms[0]?.group, choice: 'statutory', dueOn: '' }} onFinish={(v) => act.mutate(v)} style={{ maxWidth: 720 }}>
      <Facts
        items={[
          { label: '姓名', value: <Link className="text-link" to={`/dossiers/${who.dossierId}`}>{who.personName}　{who.dossierNo}</Link> },
          { label: '出生日期', value: `${longDate(who.bornOn)}${who.decided ? '（经主管部门认定）' : ''}` },
        ]}
      />
      <Form.Item label="由谁提出">{agent.field}</Form.Item>
      <Form.Item label="类别" name="group" {...error('group')}><Radio.Group options={who.terms.map((t) => ({ value: t.group, label: `${t.groupName}：${t.ageName}，${longDate(t.statutoryOn)}` }))} style={{ display: 'flex', flexDirection: 'column' }} /></Form.Item>
      {group !== 'men' && <Form.Item label="所属类别的依据" name="ground" rules={[{ required: true, message: '请填写据以判断岗位身份的材料。' }]} {...error('ground')}><Input maxLength={200} placeholder="如 劳动合同书（4-1）、聘任审批表" /></Form.Item>}
      <Form.Item label="退休方式" name="choice" {...error('choice')}><Radio.Group options={[{ value: 'statutory', label: '按法定退休年龄' }, { value: 'early', label: '弹性提前' }, { value: 'late', label: '弹性延迟' }]} /></Form.Item>
      {choice !== 'statutory' && term && (
        <>
          <Form.Item label="所选退休日期" name="dueOn" rules={[{ required: true, message: '请填写本人书面选择的日期。' }]} extra={choice === 'early' ? `最早 ${longDate(term.earliestOn)}：至多提前3年，不低于原法定退休年龄` : `最迟 ${longDate(term.latestOn)}：至多延迟3年`} {...error('dueOn')}><DayField /></Form.Item>
          <Form.Item label={choice === 'early' ? '书面告知的名称' : '书面约定的名称'} name="paper" rules={[{ required: true, message: '请填写本人自愿选择的书面材料。' }]} {...error('paper')}><Input maxLength={200} /></Form.Item>
          <Form.Item label={choice === 'early' ? '书面告知的日期' : '书面约定的日期'} name="paperOn" rules={[{ required: true, message: '请照书面材料的落款填写日期。' }]} extra={choice === 'early' ? `至少在所选退休日期前 ${term.noticeEarlier} 个月` : `至少在法定退休日期 ${longDate(term.statutoryOn)} 前 ${term.noticeLater} 个月`} {...error('paperOn')}><DayField /></Form.Item>
        </>
      )}
      <ProblemView problem={act.problem} fields={['group', 'ground', 'choice', 'dueOn', 'paper', 'paperOn']} />
      <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
        <Button type="primary" htmlType="submit" loading={act.isPending}>受理</Button>
        <Button onClick={() => void navigate(-1)}>返回</Button>
      </div>
    </Form>
  );
}

function DayField({ id, value = '', onChange }: { id?: string; value?: string; onChange?: (day: string) => void }) {
  return <Day id={id} value={value} onChange={(day) => onChange?.(day)} />;
}
