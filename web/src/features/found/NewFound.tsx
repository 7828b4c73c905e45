import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useNavigate } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';

interface Arrival {
  personName: string;
  idNo?: string;
  bringer: string;
  bringerPaper?: string;
  relation: string;
  phone?: string;
  came: string;
  seal: string;
  seen?: string;
  volumes: number;
  keeper?: string;
}

const fields = ['personName', 'idNo', 'bringer', 'came', 'seal', 'seen', 'volumes'];

/** 登记来档 (6b): as it came, whatever it is; the receipt is printed for who brought it. */
export default function NewFound() {
  const navigate = useNavigate();
  const [form] = Form.useForm<Arrival>();
  const lists = useQuery({ queryKey: ['found', 'lists'], queryFn: () => read(api.GET('/api/v1/found-packets', { params: { query: { limit: 1 } } })), staleTime: Infinity });
  const act = useAct({
    invalidates: [['found']],
    run: (headers, body: Arrival) => read(api.POST('/api/v1/found-packets', { headers, body })),
    done: (p) => `已登记 ${p.no}，请另一名工作人员当面封存`,
    onDone: (p) => void navigate(`/found/${p.id}`),
  });
  const error = (field: string) => fieldError(act.problem, field);
  const choose = (list?: string[]) => (list ?? []).map((value) => ({ value, label: value }));
  return (
    <>
      <PageHead title="登记来档" crumbs={[{ label: '个人手中档案', to: '/found' }, { label: '登记来档' }]} sub="不得推回。登记后打印接收登记单，由另一名工作人员当面封存" />
      <div className="page-body" style={{ maxWidth: 960 }}>
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ volumes: 1 }} onFinish={(v) => act.mutate(v)}>
          <SectionHead>谁的档案</SectionHead>
          <div className="form-grid">
            <Form.Item label="存档人姓名" name="personName" rules={[{ required: true, message: '请照封面或交来人所述填写。' }]} {...error('personName')}><Input maxLength={60} autoComplete="off" /></Form.Item>
            <Form.Item label="公民身份号码（封面没有可不填）" name="idNo" {...error('idNo')}><Input maxLength={20} autoComplete="off" /></Form.Item>
            <Form.Item label="最后存档单位（所述或封面所载）" name="keeper"><Input maxLength={120} /></Form.Item>
          </div>
          <SectionHead>谁交来、怎样来的</SectionHead>
          <div className="form-grid">
            <Form.Item label="交来人" name="bringer" rules={[{ required: true, message: '请填写交来人姓名。' }]} {...error('bringer')}><Input maxLength={60} autoComplete="off" /></Form.Item>
            <Form.Item label="与存档人的关系" name="relation" rules={[{ required: true, message: '请填写关系。' }]}><Input maxLength={30} placeholder="如 本人、配偶、原单位人事" /></Form.Item>
            <Form.Item label="核验的证件" name="bringerPaper"><Input maxLength={100} placeholder="如 居民身份证" /></Form.Item>
            <Form.Item label="联系电话（选填）" name="phone"><Input maxLength={30} autoComplete="off" /></Form.Item>
            <Form.Item label="怎样来的" name="came" rules={[{ required: true, message: '请选择。' }]} {...error('came')}><Select aria-label="怎样来的" options={choose(lists.data?.ways)} /></Form.Item>
          </div>
          <SectionHead>实物</SectionHead>
          <div className="form-grid">
            <Form.Item label="包封状态" name="seal" rules={[{ required: true, message: '请当面查看后选择。' }]} {...error('seal')}><Select aria-label="包封状态" options={choose(lists.data?.seals)} /></Form.Item>
            <Form.Item label="卷（袋）数" name="volumes" {...error('volumes')}><InputNumber min={1} max={99} precision={0} /></Form.Item>
            <Form.Item label="包封情况（不完好的必填）" name="seen" {...error('seen')}><Input maxLength={200} placeholder="破损、拆封的位置和程度" /></Form.Item>
          </div>
          <ProblemView problem={act.problem} fields={fields} />
          <div className="form-end">
            <Button type="primary" htmlType="submit" loading={act.isPending}>登记</Button>
            <span className="meta">登记、封存、核实和接收均免费办理。</span>
          </div>
        </Form>
      </div>
    </>
  );
}
