import { useAgent } from '../../shared/mandate';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { PageHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { options, useChoices } from '../transfer/parts';

interface Entry {
  agency?: string;
  notice?: string;
  about?: string;
  who?: string;
  contact?: string;
  text: string;
}

const fields = ['notice', 'about', 'who', 'text', 'agency'];

/** 登记异议、投诉 (28, 29.8): as it is told; the slip is issued at once. */
export default function NewMatter() {
  const [params] = useSearchParams();
  const session = useSession();
  const navigate = useNavigate();
  const [form] = Form.useForm<Entry>();
  const [kind, setKind] = useState<'objection' | 'complaint'>(params.get('notice') ? 'objection' : 'complaint');
  const lists = useQuery({ queryKey: ['matters', 'lists'], queryFn: () => read(api.GET('/api/v1/matters', { params: { query: { limit: 1 } } })), staleTime: Infinity });
  const choices = useChoices();
  const agent = useAgent('objection');
  const act = useAct({
    invalidates: [['matters']],
    done: '已登记，受理回执已出具',
    run: (headers, body: Entry) => read(api.POST('/api/v1/matters', { headers, body: { ...body, kind, ...(kind === 'objection' && agent.body) } })),
    onDone: (m) => void navigate(`/window/${m.id}`),
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <>
      <PageHead title="登记异议、投诉" crumbs={[{ label: '异议与投诉', to: '/window' }, { label: '登记' }]} sub="登记后出具受理回执，由上级主管部门在期限内答复" />
      <div className="page-body">
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ notice: params.get('notice') ?? undefined }} onFinish={(v) => act.mutate(v)} style={{ maxWidth: 720 }}>
          <Form.Item label="类别"><Segments label="类别" value={kind} onChange={setKind} options={[{ key: 'complaint', label: '投诉' }, { key: 'objection', label: '对不予办理的异议' }]} /></Form.Item>
          {!hasPost(session, 'clerk') && <Form.Item label="所涉机构" name="agency" rules={[{ required: true, message: '请选择所涉机构。' }]} {...error('agency')}><Select aria-label="所涉机构" showSearch optionFilterProp="label" options={options(choices.data?.agencies)} /></Form.Item>}
          {kind === 'objection'
            ? <Form.Item label="不予办理告知单编号" name="notice" rules={[{ required: true, message: '请照告知单填写编号。' }]} {...error('notice')}><Input maxLength={80} placeholder="如 南岸人才告〔2026〕1号" /></Form.Item>
            : <Form.Item label="投诉事项" name="about" rules={[{ required: true, message: '请选择投诉事项。' }]} {...error('about')}><Select aria-label="投诉事项" options={(lists.data?.abouts ?? []).map((a) => ({ value: a.key, label: a.name }))} /></Form.Item>}
          {kind === 'objection' && <Form.Item label="由谁提出">{agent.field}</Form.Item>}
          <Form.Item label={kind === 'objection' ? '提出人' : '投诉人（可以匿名，不填）'} name="who" {...error('who')}><Input maxLength={60} autoComplete="off" /></Form.Item>
          <Form.Item label={kind === 'objection' ? '联系方式' : '联系方式（选填）'} name="contact"><Input maxLength={120} autoComplete="off" /></Form.Item>
          <Form.Item label="事实和理由" name="text" rules={[{ required: true, message: '请照提出人所述记录。' }]} {...error('text')}><Input.TextArea rows={4} maxLength={2000} /></Form.Item>
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
