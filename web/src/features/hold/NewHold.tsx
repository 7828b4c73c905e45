import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { DossierPick } from '../../shared/DossierPick';
import { longDate } from '../../shared/dates';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Day } from '../transfer/parts';

type Order = Schema<'HoldOrder'> & { dossierId: string };
const fields = ['organ', 'basis', 'name', 'no', 'on', 'until', 'contact'];

/** 登记限制转出 or 续期 (20.2a): what the organ's document says, nothing else. */
export default function NewHold() {
  const [params] = useSearchParams();
  const extended = params.get('extends') ?? '';
  const before = useQuery({ queryKey: ['holds', 'one', extended], queryFn: () => read(api.GET('/api/v1/holds/{id}', { params: { path: { id: extended } } })), enabled: extended !== '' });
  if (extended === '') return <Entry start={{ dossierId: params.get('dossier') ?? undefined }} />;
  return (
    <Answer query={before}>
      {(h) => <Entry before={h} start={{ dossierId: h.dossierId, organ: h.organ, basis: h.basis, contact: h.contact, extends: h.id }} />}
    </Answer>
  );
}

function Entry({ start, before }: { start: Partial<Order>; before?: Schema<'HoldView'> }) {
  const navigate = useNavigate();
  const [form] = Form.useForm<Order>();
  const bases = useQuery({ queryKey: ['hold-bases'], queryFn: () => read(api.GET('/api/v1/hold-bases')), staleTime: Infinity });
  const act = useAct({
    run: (headers, { dossierId, ...body }: Order) => read(api.POST('/api/v1/dossiers/{id}/holds', { params: { path: { id: dossierId } }, body: { ...body, extends: start.extends }, headers })),
    invalidates: [['holds'], ['dossiers']],
    done: '已登记，待另一人确认后生效',
    onDone: (h) => void navigate(`/holds/${h.id}`),
  });
  // What was mended since the refusal is no longer marked; the rest still is.
  const [mended, setMended] = useState<string[]>([]);
  const error = (field: string) => (mended.includes(field) ? {} : fieldError(act.problem, field));
  return (
    <>
      <PageHead title={before ? '登记续期' : '登记限制转出'} crumbs={[{ label: '限制转出', to: '/holds' }, { label: before ? '续期' : '登记' }]} sub="照法律文书填写；另一人对照文书确认后生效" />
      <div className="page-body">
        {before && <p className="notice">续：{before.organ}{before.order}，原至{longDate(before.until)}。</p>}
        <Form form={form} layout="vertical" requiredMark={false} initialValues={start} onValuesChange={(change) => setMended([...mended, ...Object.keys(change as object)])} onFinish={(v) => { setMended([]); act.mutate(v); }} style={{ maxWidth: 720 }}>
          <Form.Item label="档案" name="dossierId" rules={[{ required: true, message: '请选择档案。' }]}><DossierPick label="档案" disabled={before !== undefined} /></Form.Item>
          <SectionHead>法律文书</SectionHead>
          <Form.Item label="作出限制的机关" name="organ" {...error('organ')}><Input maxLength={120} placeholder="全称，如：重庆市南岸区人民法院" disabled={before !== undefined} /></Form.Item>
          <Form.Item label="法律依据" name="basis" {...error('basis')}><Select aria-label="法律依据" placeholder="文书所依据的法律" options={(bases.data ?? []).map((b) => ({ value: b.slug, label: b.name }))} /></Form.Item>
          <div className="form-grid">
            <Form.Item label="文书名称" name="name" {...error('name')}><Input maxLength={80} placeholder="如：协助执行通知书" /></Form.Item>
            <Form.Item label="文号" name="no" {...error('no')}><Input maxLength={80} /></Form.Item>
            <Form.Item label="文书日期" name="on" valuePropName="value" {...error('on')}><DayField /></Form.Item>
            <Form.Item label="限制至（含当日）" name="until" {...error('until')}><DayField future /></Form.Item>
            <Form.Item label="机关联系人、电话（可选）" name="contact" style={{ gridColumn: 'span 2' }} {...error('contact')}><Input maxLength={80} /></Form.Item>
          </div>
          <ProblemView problem={act.problem} fields={fields} />
          <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
            <Button type="primary" loading={act.isPending} onClick={() => form.submit()}>{before ? '提交续期' : '提交登记'}</Button>
            <Button onClick={() => void navigate(-1)}>返回</Button>
          </div>
        </Form>
      </div>
    </>
  );
}

/** A day within a form: the form hands value and change over. */
function DayField({ id, value = '', onChange, future }: { id?: string; value?: string; onChange?: (day: string) => void; future?: boolean }) {
  return <Day id={id} value={value} future={future} onChange={(day) => onChange?.(day)} />;
}
