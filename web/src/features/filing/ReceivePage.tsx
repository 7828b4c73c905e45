import { useAgent } from '../../shared/mandate';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { shortDate } from '../../shared/dates';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import './filing.css';
import { PrintReceipt } from './receipt';
import { described, DescriptionFields, useClassOptions, type Description } from './parts';

/** 收材料: whose dossier, who handed it in, what it is. */
export default function ReceivePage() {
  const { id } = useParams();
  return (
    <>
      <PageHead title="收材料" sub="收到之日起两个月内归档；形成之日起一个月内移交" crumbs={[{ label: '收集归档', to: '/filing' }, { label: '收材料' }]} />
      <div className="page-body">{id ? <Receive key={id} id={id} /> : <Choose />}</div>
    </>
  );
}

/** Finds the dossier first: name, pinyin, identity number, dossier number. */
function Choose() {
  const [q, setQ] = useState('');
  const found = useQuery({ queryKey: ['dossiers', 'choose', q], queryFn: () => read(api.GET('/api/v1/dossiers', { params: { query: { q, limit: 20 } } })), enabled: q.trim() !== '' });
  return (
    <div className="filing-form">
      <label htmlFor="choose-dossier">交给谁的档案</label>
      <Input.Search id="choose-dossier" placeholder="姓名 / 拼音 / 完整身份证号 / 档案编号" enterButton="查找" onSearch={(text) => setQ(text.trim())} />
      {q && (
        <Answer query={found}>
          {(page) => page.items.length === 0 ? <Empty>本机构没有这份档案。请核对姓名或号码。</Empty> : (
            <table className="plain" style={{ marginTop: 12 }}>
              <thead><tr><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">档案编号</th><th scope="col">状态</th></tr></thead>
              <tbody>
                {page.items.map((d) => (
                  <tr key={d.id}>
                    <td><Link className="text-link" to={`/filing/receive/${d.id}`}>{d.name}</Link></td>
                    <td className="nowrap">{d.idNo}</td><td className="nowrap">{d.no}</td><td>{d.stateName}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Answer>
      )}
    </div>
  );
}

type Values = Description & { origin: 'unit' | 'person' | 'window'; giver: string; maker?: string; secrecy: number | 'privacy' | 'trade' };

function Receive({ id }: { id: string }) {
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const classes = useClassOptions();
  const [handed, setHanded] = useState<{ giver: string; list: Schema<'MaterialView'>[] }>({ giver: '', list: [] });
  const last = handed.list.at(-1);
  const whose = useQuery({ queryKey: ['dossiers', id, 'head'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })), staleTime: 60_000 });
  const secrecy = Form.useWatch('secrecy', form) ?? 0;
  const secret = typeof secrecy === 'number' && secrecy >= 2;
  const agent = useAgent('materials', whose.data && { name: whose.data.person.name });
  const origin = Form.useWatch('origin', form);
  const act = useAct({
    run: (headers, v: Values) => {
      const d = described(v);
      return read(api.POST('/api/v1/dossiers/{id}/materials', { params: { path: { id } }, headers,
        body: { ...d, title: secret ? '' : d.title, class: secret ? d.class : '', origin: v.origin, giver: v.giver, ...(v.origin !== 'unit' && agent.body), ...(v.maker ? { maker: v.maker } : {}), ...(typeof v.secrecy === 'number' ? { secrecy: v.secrecy } : { guard: v.secrecy }) } }));
    },
    invalidates: [['materials'], ['dossiers']],
    done: (m) => `已收，登记号 ${m.intakeNo}`,
    onDone: (m) => {
      const giver = (form.getFieldValue('giver') as string).trim();
      setHanded((h) => ({ giver, list: h.giver === giver ? [...h.list, m].slice(-50) : [m] }));
      form.setFieldsValue({ title: '', class: undefined, year: undefined, month: undefined, day: undefined, copies: 1, pages: undefined, note: '', isCopy: false });
      form.getFieldInstance('title')?.focus?.();
    },
  });
  return (
    <>
      <p>{whose.data ? <><Link className="text-link" to={`/dossiers/${id}`}>{whose.data.person.name}</Link>　{whose.data.person.idNo}　{whose.data.no}　{whose.data.agencyName}</> : '　'}</p>
      {last && (
        <div className="notice" role="status" style={{ margin: '8px 0' }}>
          {last.intakeNo} {last.title} 已收{last.dueOn && `，应于 ${shortDate(last.dueOn)} 前归档`}{last.lateDays > 0 && `；比一个月移交期限迟 ${last.lateDays} 天，已记录`}。
          <button type="button" className="bare" onClick={() => void navigate(`/filing?material=${last.id}`)}>去鉴别</button>
          <div style={{ marginTop: 6 }}><PrintReceipt dossier={id} materials={handed.list.map((m) => m.id)} label={`材料接收回单（${handed.giver} ${String(handed.list.length)} 件）`} /></div>
        </div>
      )}
      <Form form={form} className="filing-form" layout="vertical" requiredMark={false} initialValues={{ origin: 'unit', secrecy: 0, copies: 1 }} onFinish={(v) => act.mutate(v)}>
        <SectionHead>从哪里来</SectionHead>
        <Form.Item name="origin" label="来源" {...fieldError(act.problem, 'origin')}>
          <Radio.Group options={[{ value: 'unit', label: '单位移交' }, { value: 'person', label: '本人提交' }, { value: 'window', label: '窗口代办' }]} />
        </Form.Item>
        <div className="filing-row">
          <Form.Item name="giver" label="交来人或单位" style={{ flex: 1, minWidth: 220 }} rules={[{ required: true, message: '请填写谁交来。' }]} {...fieldError(act.problem, 'giver')}><Input maxLength={80} /></Form.Item>
          <Form.Item name="maker" label="形成单位（与交来单位不同时）" style={{ flex: 1, minWidth: 220 }}><Input maxLength={80} /></Form.Item>
        </div>
        {origin !== undefined && origin !== 'unit' && <Form.Item label="谁交来">{agent.field}</Form.Item>}
        <SectionHead>材料</SectionHead>
        <Form.Item name="secrecy" label="密级" {...fieldError(act.problem, 'secrecy')} extra={secret ? '涉密件只登记类号、页数和密级，不录入题名、内容和影像；纸质原件移交指定人员。' : undefined}>
          <Select style={{ width: 200 }} options={[{ value: 0, label: '普通' }, { value: 'privacy', label: '个人隐私' }, { value: 'trade', label: '商业秘密' }, { value: 1, label: '工作秘密' }, { value: 2, label: '国家秘密·秘密' }, { value: 3, label: '国家秘密·机密' }, { value: 4, label: '国家秘密·绝密' }]} />
        </Form.Item>
        {secret && <Form.Item name="class" label="类号" rules={[{ required: true, message: '请选择类号。' }]}><Select options={classes} showSearch={{ optionFilterProp: 'label' }} style={{ width: 260 }} /></Form.Item>}
        <DescriptionFields problem={act.problem} withTitle={!secret} withClass={false} />
        <ProblemView problem={act.problem} fields={['origin', 'giver', 'title', 'formed', 'copies', 'pages']} />
        <Button type="primary" htmlType="submit" loading={act.isPending}>登记收到</Button>
      </Form>
    </>
  );
}
