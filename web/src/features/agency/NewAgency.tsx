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

const fields = ['kind', 'dated', 'evidence', 'code', 'name', 'short', 'parent', 'basisKind', 'validUntil', 'document', 'effectiveOn'];

/** 设立或授权 (6a): what the paper says, nothing else. */
export default function NewAgency() {
  const navigate = useNavigate();
  const [f, setF] = useState<{ kind: 'agency' | 'bureau'; code: string; name: string; short: string; parent: string; basisKind: string; validUntil: string; document: string; dated: string; evidence: string; effectiveOn: string; address: string; phone: string }>({ kind: 'agency', dated: '', evidence: '', code: '', name: '', short: '', parent: '', basisKind: 'established', validUntil: '', document: '', effectiveOn: today(), address: '', phone: '' });
  const bureau = f.kind === 'bureau';
  // What was mended since the refusal is no longer marked; the rest still is.
  const [mended, setMended] = useState<string[]>([]);
  const tree = useQuery({ queryKey: ['agencies', 'tree'], queryFn: () => read(api.GET('/api/v1/agencies/tree')) });
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/agencies', { body: { ...f, parent: bureau ? undefined : f.parent, basisKind: bureau ? undefined : f.basisKind, dated: f.dated || undefined, validUntil: !bureau && f.basisKind === 'authorized' ? f.validUntil : undefined }, headers })),
    invalidates: [['agencies']], done: f.effectiveOn > today() ? '已登记，到生效日设立' : '机构已登记', onDone: (n) => void navigate(`/agencies/${n.code}`),
  });
  const change = (part: Partial<typeof f>) => { setF({ ...f, ...part }); setMended([...mended, ...Object.keys(part)]); };
  const error = (field: string) => (mended.includes(field) ? {} : fieldError(act.problem, field));
  const text = (key: 'code' | 'name' | 'short' | 'document' | 'address' | 'phone' | 'evidence', label: string, max: number, hint?: string) => (
    <Form.Item className={key === 'evidence' || key === 'name' ? 'wide' : undefined} label={label} htmlFor={`agency-${key}`} {...error(key)}>
      <Input id={`agency-${key}`} maxLength={max} placeholder={hint} value={f[key]} onChange={(e) => change({ [key]: e.target.value })} />
    </Form.Item>
  );
  return (
    <>
      <PageHead title="设立或授权机构" crumbs={[{ label: '机构管理', to: '/agencies' }, { label: '登记' }]} sub="县级以上政府设立的，没有期限；市级主管部门授权的，有期限" />
      <div className="page-body">
        <Form layout="vertical" requiredMark={false} style={{ maxWidth: 720 }}>
          <Form.Item label="登记的是">
            <Radio.Group value={f.kind} onChange={(e) => change({ kind: e.target.value as 'agency' | 'bureau' })} options={[{ value: 'agency', label: '档案管理服务机构' }, { value: 'bureau', label: '区县主管部门' }]} />
          </Form.Item>
          {!bureau && <Form.Item label="依据" {...error('basisKind')}>
            <Radio.Group value={f.basisKind} onChange={(e) => change({ basisKind: e.target.value as string })} options={[{ value: 'established', label: '依法设立' }, { value: 'authorized', label: '授权' }]} />
          </Form.Item>}
          <div className="form-grid">
            {text('document', '批准文号', 120, '如：渝人社授〔2026〕3号')}
            <Form.Item label="生效日期（可晚于今天）" htmlFor="agency-on" {...error('effectiveOn')}><Day id="agency-on" future value={f.effectiveOn} onChange={(day) => change({ effectiveOn: day })} /></Form.Item>
            {bureau && <Form.Item label="发文日期" htmlFor="agency-dated" {...error('dated')}><Day id="agency-dated" value={f.dated} onChange={(day) => change({ dated: day })} /></Form.Item>}
            {bureau && text('evidence', '所核验的批准文件', 300, '文件名称，原件或复印件')}
            {!bureau && f.basisKind === 'authorized' && <Form.Item label="授权至（含当日）" htmlFor="agency-until" {...error('validUntil')}><Day id="agency-until" future value={f.validUntil} onChange={(day) => change({ validUntil: day })} /></Form.Item>}
            {!bureau && <Form.Item label="上级主管部门" {...error('parent')}>
              <Select aria-label="上级主管部门" showSearch optionFilterProp="label" value={f.parent || undefined} onChange={(parent) => change({ parent })} options={(tree.data?.items ?? []).filter((n) => !n.keeps && (n.state === 'active' || n.state === 'pending')).map((n) => ({ value: n.code, label: n.state === 'pending' ? `${n.name}（待设立）` : n.name }))} />
            </Form.Item>}
            {text('name', bureau ? '主管部门全称' : '机构全称', 120)}
            {text('short', '文书代字', 32, '如：南岸人才')}
            {text('code', bureau ? '区划代码' : '机构编码', 8, bureau ? '如：500157；功能区如 50GXQ0' : '区划代码 6 位和顺序号 2 位')}
            {!bureau && text('phone', '联系电话（可选）', 32)}
            {!bureau && text('address', '地址（可选）', 200)}
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
