import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { logTime } from '../../shared/dates';
import { SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Catalog } from './Catalog';

type Desk = Schema<'ReadingView'>;

interface Cited {
  class: string;
  title: string;
  pages: number;
}

/** Reading on paper: the monitor ticks what was read, or cites it by class, title and pages. */
export function PaperDesk({ desk, onChange }: { desk: Desk; onChange: (desk: Desk) => void }) {
  const [form] = Form.useForm<Cited>();
  const [ticked, setTicked] = useState<string[]>([]);
  const c = desk.consultation;
  const options = useQuery({ queryKey: ['consultation-options'], queryFn: () => read(api.GET('/api/v1/consultation-options')), staleTime: Infinity });
  const act = useAct({
    done: '已登记',
    run: (headers, pieces: Schema<'PieceBody'>[]) => read(api.POST('/api/v1/consultations/{id}/reading/paper', { params: { path: { id: c.id } }, headers, body: { pieces } })),
    onDone: (next) => {
      onChange(next);
      setTicked([]);
      form.resetFields();
    },
  });
  const open = desk.materials;
  const p = act.problem;
  return (
    <div className="desk-body paper">
      <Catalog materials={desk.materials} range={c.grantText ?? ''} />
      <main className="desk-paper">
        {open.length > 0 && (
          <>
            <SectionHead end={<Button size="small" disabled={ticked.length === 0} loading={act.isPending} onClick={() => act.mutate(ticked.map((materialId) => ({ materialId })))}>登记所选 {ticked.length} 份</Button>}>从目录勾选</SectionHead>
            <table className="plain tight">
              <thead><tr><th scope="col" style={{ width: 36 }}><span className="hidden-text">所阅</span></th><th scope="col">编号</th><th scope="col">材料</th><th scope="col">形成</th><th scope="col" className="num">页数</th></tr></thead>
              <tbody>
                {open.map((m) => (
                  <tr key={m.id}>
                    <td><Checkbox aria-label={`已阅 ${m.title}`} checked={m.ticked || ticked.includes(m.id)} disabled={m.ticked} onChange={(e) => setTicked(e.target.checked ? [...ticked, m.id] : ticked.filter((x) => x !== m.id))} /></td>
                    <td className="nowrap">{m.class}-{m.seq}</td>
                    <td>{m.title}</td>
                    <td className="dense">{m.formed}</td>
                    <td className="num">{m.pages}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
        <SectionHead note="系统内没有目录或目录未列的材料，照原件登记">照原件登记</SectionHead>
        <Form form={form} layout="vertical" requiredMark={false} className="access-form" onFinish={(v) => act.mutate([v])}>
          <div className="access-grid three">
            <Form.Item label="材料名称" name="title" rules={[{ required: true, message: '请填写材料名称。' }]} {...fieldError(p, 'pieces.0.title')}><Input maxLength={200} /></Form.Item>
            <Form.Item label="类别" name="class" rules={[{ required: true, message: '请选择类别。' }]} {...fieldError(p, 'pieces.0.class')}><Select aria-label="类别" showSearch optionFilterProp="label" options={(options.data?.classes ?? []).map((x) => ({ value: x.code, label: `${x.code} ${x.short}` }))} /></Form.Item>
            <Form.Item label="所阅页数" name="pages" rules={[{ required: true, message: '请填写页数。' }]} {...fieldError(p, 'pieces.0.pages')}><InputNumber aria-label="所阅页数" min={1} max={500} precision={0} style={{ width: '100%' }} /></Form.Item>
          </div>
          <Button htmlType="submit" loading={act.isPending}>登记所阅材料</Button>
        </Form>
        <ProblemView problem={p} fields={['pieces.0.title', 'pieces.0.class', 'pieces.0.pages']} />
        <SectionHead n={`${c.read.length} 份`}>本次已登记</SectionHead>
        {c.read.length === 0 ? <p className="dense ink2">尚未登记所阅材料。</p> : (
          <table className="plain tight">
            <thead><tr><th scope="col">类号</th><th scope="col">材料</th><th scope="col" className="num">页数</th><th scope="col">登记</th></tr></thead>
            <tbody>{c.read.map((r, i) => <tr key={i}><td>{r.class}</td><td>{r.title}</td><td className="num">{r.pages}</td><td className="nowrap">{logTime(r.first)}</td></tr>)}</tbody>
          </table>
        )}
      </main>
    </div>
  );
}
