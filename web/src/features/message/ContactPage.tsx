import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Radio } from 'antd';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';

type Contact = Schema<'ContactBody'>;

/** 登记联系方式: how the person wants to be told, or not at all. */
export default function ContactPage() {
  const [params] = useSearchParams();
  const id = params.get('dossier') ?? '';
  const query = useQuery({ queryKey: ['contact', id], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/contact', { params: { path: { id } } })) });
  return (
    <>
      <PageHead title="登记联系方式" crumbs={[{ label: '档案', to: `/dossiers/${id}` }, { label: '联系方式' }]} sub="按本人的意愿登记；本人可以不接收消息，书面告知不受影响" />
      <div className="page-body"><Answer query={query}>{(c) => <Entry id={id} now={c} />}</Answer></div>
    </>
  );
}

function Entry({ id, now }: { id: string; now: Schema<'ContactView'> }) {
  const navigate = useNavigate();
  const [form] = Form.useForm<Contact>();
  const way = Form.useWatch('way', form) ?? now.way;
  const act = useAct({
    invalidates: [['contact', id], ['dossiers']],
    done: '联系方式已登记',
    run: (headers, body: Contact) => read(api.PUT('/api/v1/dossiers/{id}/contact', { params: { path: { id } }, body, headers })),
    onDone: () => void navigate(`/dossiers/${id}`),
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ way: now.way }} onFinish={(v) => act.mutate({ way: v.way, address: v.way === 'none' ? undefined : v.address })} style={{ maxWidth: 560 }}>
      <p className="dense ink2">现在：{now.wayName}{now.address ? `，${now.address}` : now.way === 'none' ? '' : '，没有登记号码'}</p>
      <Form.Item label="告知方式" name="way"><Radio.Group options={[{ value: 'sms', label: '短信' }, { value: 'email', label: '电子邮件' }, { value: 'none', label: '不接收消息' }]} /></Form.Item>
      {way !== 'none' && <Form.Item label={way === 'email' ? '邮箱' : '手机号'} name="address" {...fieldError(act.problem, 'address')}><Input maxLength={120} autoComplete="off" inputMode={way === 'email' ? 'email' : 'tel'} /></Form.Item>}
      <ProblemView problem={act.problem} fields={['address']} />
      <Button type="primary" htmlType="submit" loading={act.isPending}>登记</Button>
    </Form>
  );
}
