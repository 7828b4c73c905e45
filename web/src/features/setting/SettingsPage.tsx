import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';

type Setting = Schema<'SettingView'>;

/** 全市参数: what the province decides for itself; agencies cannot loosen it (N1). */
export default function SettingsPage() {
  const query = useQuery({ queryKey: ['settings'], queryFn: () => read(api.GET('/api/v1/settings')) });
  const [changing, setChanging] = useState<Setting>();
  const [loading, setLoading] = useState(false);
  return (
    <>
      <PageHead title="全市参数" sub="规定本身的时限（15 个工作日、2 个月、1 个月）不在此列，不能调整" />
      <Answer query={query}>
        {(view) => {
          const may = view.possible.some((p) => p.allowed);
          return (
            <div className="page-body">
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">参数</th><th scope="col" className="num">现值</th><th scope="col">单位</th><th scope="col" className="num">默认</th><th scope="col">范围</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                  <tbody>
                    {view.items.map((s) => (
                      <tr key={s.key}>
                        <td>{s.label}</td>
                        {s.choices
                          ? <td colSpan={4}><span className="strong">{s.chosen?.join('、') ?? '没有选'}</span> <span className="ink2">{s.unit}</span></td>
                          : <>
                            <td className="num strong">{s.yesNo ? yesNo(s.value) : s.value}</td>
                            <td>{!s.yesNo && s.unit}</td>
                            <td className="num ink2">{s.yesNo ? yesNo(s.default) : s.default}{s.unverified && <span className="meta ochre nowrap"> 待核实</span>}</td>
                            <td className="ink2">{s.yesNo ? '是、否' : `${s.min}—${s.max}`}</td>
                          </>}
                        <td className="num">{may && <Button size="small" onClick={() => setChanging(s)}>修改</Button>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <p className="dense ink2">注“待核实”的默认值没有对照正式文本核实，请市级对照后确认或修改。</p>
              <SectionHead end={may && <Button size="small" onClick={() => setLoading(true)}>载入放假安排</Button>}>放假安排</SectionHead>
              <p>已载入到 {view.calendarYear} 年。超过该年的期限显示为暂定，载入新一年的安排后自动重算。</p>
              {!may && <Hindrances possible={view.possible} />}
            </div>
          );
        }}
      </Answer>
      {changing && <Change setting={changing} onClose={() => setChanging(undefined)} />}
      {loading && <LoadHolidays onClose={() => setLoading(false)} />}
    </>
  );
}

const yesNo = (value: number) => (value ? '是' : '否');

function Change({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const [form] = Form.useForm<{ value: number; chosen: string[] }>();
  const act = useAct({
    invalidates: [['settings']],
    done: '参数已修改',
    run: (headers, value: string) => read(api.PUT('/api/v1/settings/{key}', { params: { path: { key: setting.key } }, body: { value }, headers })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`修改：${setting.label}`} verb="修改参数" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose}>
      <p className="dense ink2">全市各机构立即适用，已开出的文书不受影响。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ value: setting.value, chosen: setting.chosen ?? [] }} onFinish={(v) => act.mutate(setting.choices ? v.chosen.join(',') : String(v.value))}>
        {setting.choices ? (
          <Form.Item label={setting.label} name="chosen" {...fieldError(act.problem, 'value')}>
            <Checkbox.Group className="column" options={setting.choices} />
          </Form.Item>
        ) : setting.yesNo ? (
          <Form.Item label={setting.label} name="value" {...fieldError(act.problem, 'value')}>
            <Radio.Group options={[{ value: 1, label: '是' }, { value: 0, label: '否' }]} />
          </Form.Item>
        ) : <Form.Item label={`${setting.label}（${setting.unit}，${setting.min}—${setting.max}）`} name="value" rules={[{ required: true, message: '请填写数值。' }]} {...fieldError(act.problem, 'value')}>
          <InputNumber aria-label={setting.label} precision={0} style={{ width: 160 }} />
        </Form.Item>}
      </Form>
      <ProblemView problem={act.problem} fields={['value']} />
    </Confirm>
  );
}

function LoadHolidays({ onClose }: { onClose: () => void }) {
  const [form] = Form.useForm<{ year: number; table: string }>();
  const act = useAct({
    invalidates: [['settings']],
    done: '放假安排已载入',
    run: (headers, body: { year: number; table: string }) => read(api.POST('/api/v1/calendar', { body, headers })),
    onDone: onClose,
  });
  return (
    <Confirm open title="载入放假安排" verb="载入安排" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose} width={560}>
      <p className="dense ink2">按国务院办公厅公布的安排填写：第一行 date,kind,name_zh；kind 为 holiday（放假）或 workday（调休上班）。</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
        <Form.Item label="年份" name="year" rules={[{ required: true, message: '请填写年份。' }]}><InputNumber aria-label="年份" min={2018} max={2100} precision={0} /></Form.Item>
        <Form.Item label="安排" name="table" rules={[{ required: true, message: '请填写放假安排。' }]} {...fieldError(act.problem, 'table')}>
          <Input.TextArea rows={8} className="hash" placeholder={'date,kind,name_zh\n2027-01-01,holiday,元旦'} maxLength={20000} />
        </Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['table']} />
    </Confirm>
  );
}
