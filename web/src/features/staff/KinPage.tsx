import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { longDate } from '../../shared/dates';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';

interface KinForm {
  relation: string;
  name: string;
  idNo: string;
}

/** 亲属申报 (10b): the own relatives, so that their dossiers go to others. */
export default function KinPage() {
  const [form] = Form.useForm<KinForm>();
  const declared = useQuery({ queryKey: ['account', 'kin'], queryFn: () => read(api.GET('/api/v1/account/kin')) });
  const relations = useQuery({ queryKey: ['codes', 'kin'], queryFn: () => read(api.GET('/api/v1/codes/{list}', { params: { path: { list: 'kin' } } })), staleTime: Infinity });
  const act = useAct({
    run: (headers, body: KinForm) => read(api.POST('/api/v1/account/kin', { body, headers })),
    invalidates: [['account', 'kin']],
    done: '已申报',
    onDone: () => form.resetFields(),
  });
  return (
    <>
      <PageHead title="亲属申报" sub="申报后，本人不能查看和经办这些亲属的档案，相关事项由他人办理" />
      <div className="page-body">
        <SectionHead>已申报</SectionHead>
        <Answer query={declared} rows={2}>
          {(page) => page.items.length === 0 ? <Empty>尚未申报。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">关系</th><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">申报日期</th></tr></thead>
                <tbody>{page.items.map((k) => <tr key={k.id}><td>{k.relation}</td><td>{k.name}</td><td>{k.idNo}</td><td>{longDate(k.at)}</td></tr>)}</tbody>
              </table>
            </div>
          )}
        </Answer>
        <SectionHead>新增申报</SectionHead>
        <Form form={form} className="narrow" style={{ maxWidth: 348 }} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
          <Form.Item label="关系" name="relation" rules={[{ required: true, message: '请选择关系。' }]} {...fieldError(act.problem, 'relation')}>
            <Select aria-label="关系" showSearch={{ optionFilterProp: 'label' }} loading={relations.isPending} options={(relations.data?.items ?? []).map((k) => ({ value: k.code, label: k.name }))} />
          </Form.Item>
          <Form.Item label="姓名" name="name" rules={[{ required: true, message: '请填写姓名。' }]}><Input maxLength={64} autoComplete="off" /></Form.Item>
          <Form.Item label="公民身份号码" name="idNo" rules={[{ required: true, message: '请填写身份证号。' }]} {...fieldError(act.problem, 'idNo')}><Input maxLength={32} autoComplete="off" /></Form.Item>
          <ProblemView problem={act.problem} fields={['relation', 'idNo']} />
          <Button type="primary" htmlType="submit" loading={act.isPending}>申报亲属</Button>
        </Form>
      </div>
    </>
  );
}
