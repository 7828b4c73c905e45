import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { today } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Day } from '../transfer/parts';

const fields = ['code', 'name', 'short', 'parent', 'basisKind', 'validUntil', 'document', 'effectiveOn'];

/** 设立或授权 (6a): what the paper says, nothing else. */
export default function NewAgency() {
  const navigate = useNavigate();
  const [f, setF] = useState({ code: '', name: '', short: '', parent: '', basisKind: 'established', validUntil: '', document: '', effectiveOn: today(), address: '', phone: '' });
  // What was mended since the refusal is no longer marked; the rest still is.
  const [mended, setMended] = useState<string[]>([]);
  const tree = useQuery({ queryKey: ['agencies', 'tree'], queryFn: () => read(api.GET('/api/v1/agencies/tree')) });
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/agencies', { body: { ...f, validUntil: f.basisKind === 'authorized' ? f.validUntil : undefined }, headers })),
    invalidates: [['agencies']], done: '机构已登记', onDone: (n) => void navigate(`/agencies/${n.code}`),
  });
  const change = (part: Partial<typeof f>) => { setF({ ...f, ...part }); setMended([...mended, ...Object.keys(part)]); };
  const error = (field: string) => (mended.includes(field) ? {} : fieldError(act.problem, field));
  const text = (key: 'code' | 'name' | 'short' | 'document' | 'address' | 'phone', label: string, max: number, hint?: string) => (
    <Form.Item label={label} htmlFor={`agency-${key}`} {...error(key)}>
      <Input id={`agency-${key}`} maxLength={max} placeholder={hint} value={f[key]} onChange={(e) => change({ [key]: e.target.value })} />
    </Form.Item>
  );
  return (
    <>
      <PageHead title="设立或授权机构" crumbs={[{ label: '机构管理', to: '/agencies' }, { label: '登记' }]} sub="县级以上政府设立的，没有期限；市级主管部门授权的，有期限" />
      <div className="page-body">
        <Form layout="vertical" requiredMark={false} style={{ maxWidth: 720 }}>
          <Form.Item label="依据" {...error('basisKind')}>
            <Radio.Group value={f.basisKind} onChange={(e) => change({ basisKind: e.target.value as string })} options={[{ value: 'established', label: '依法设立' }, { value: 'authorized', label: '授权' }]} />
          </Form.Item>
          <div className="form-grid">
            {text('document', '批准文号', 120, '如：渝人社授〔2026〕3号')}
            <Form.Item label="生效日期" htmlFor="agency-on" {...error('effectiveOn')}><Day id="agency-on" value={f.effectiveOn} onChange={(day) => change({ effectiveOn: day })} /></Form.Item>
            {f.basisKind === 'authorized' && <Form.Item label="授权至（含当日）" htmlFor="agency-until" {...error('validUntil')}><Day id="agency-until" future value={f.validUntil} onChange={(day) => change({ validUntil: day })} /></Form.Item>}
            <Form.Item label="上级主管部门" {...error('parent')}>
              <Select aria-label="上级主管部门" showSearch optionFilterProp="label" value={f.parent || undefined} onChange={(parent) => change({ parent })} options={(tree.data?.items ?? []).filter((n) => !n.keeps).map((n) => ({ value: n.code, label: n.name }))} />
            </Form.Item>
            {text('name', '机构全称', 120)}
            {text('short', '文书代字', 32, '如：南岸人才')}
            {text('code', '机构编码', 8, '区划代码 6 位和顺序号 2 位')}
            {text('phone', '联系电话（可选）', 32)}
            {text('address', '地址（可选）', 200)}
          </div>
          <ProblemView problem={act.problem} fields={fields} />
          <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
            <Button type="primary" loading={act.isPending} onClick={() => { setMended([]); act.mutate(); }}>登记机构</Button>
            <Button onClick={() => void navigate('/agencies')}>返回</Button>
          </div>
        </Form>
      </div>
    </>
  );
}
