import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';

type Step = Schema<'RetirementStep'>;

const groups = [{ key: 'men', label: '男职工（原60周岁）' }, { key: 'women_55', label: '女职工（原55周岁）' }, { key: 'women_50', label: '女职工（原50周岁）' }];

/** 退休年龄对照表: the annexes of the decision, or what the province put in their place. */
export default function AgesPage() {
  const query = useQuery({ queryKey: ['retirements', 'ages'], queryFn: () => read(api.GET('/api/v1/retirement-ages')) });
  const [loading, setLoading] = useState(false);
  return (
    <>
      <PageHead title="退休年龄对照表" crumbs={[{ label: '退休送审', to: '/retirements' }, { label: '对照表' }]} sub="全国人大常委会2024年9月13日决定，自2025年1月1日起施行；可以自愿选择弹性提前（至多3年，不低于原年龄）或延迟（至多3年）" />
      <Answer query={query}>
        {(view) => (
          <div className="page-body">
            <p className="dense">{view.own ? '现用全市载入的对照表。' : '现用决定所附对照表。'}{view.possible.some((p) => p.allowed) && <>　<Button size="small" onClick={() => setLoading(true)}>替换对照表</Button></>}</p>
            {groups.map((g) => {
              const steps = view.steps.filter((s) => s.group === g.key);
              return (
                <section key={g.key} aria-label={g.label}>
                  <SectionHead n={steps.length}>{g.label}</SectionHead>
                  <div style={{ columnWidth: 260, columnGap: 32 }}>
                    {steps.map((s, i) => <div key={s.bornFrom} className="dense" style={{ display: 'flex', justifyContent: 'space-between', breakInside: 'avoid' }}><span>{born(s, i)}</span><span>{s.ageName}</span></div>)}
                  </div>
                </section>
              );
            })}
            {loading && <Replace steps={view.steps} onClose={() => setLoading(false)} />}
          </div>
        )}
      </Answer>
    </>
  );
}

function born(s: Step, i: number) {
  const [y, m] = s.bornFrom.split('-');
  return i === 0 ? '此前出生' : `${y ?? ''}年${Number(m)}月起出生`;
}

function Replace({ steps, onClose }: { steps: Step[]; onClose: () => void }) {
  const [form] = Form.useForm<{ table: string }>();
  const act = useAct({
    invalidates: [['retirements']],
    done: '对照表已替换',
    run: (headers, body: { table: string }) => read(api.PUT('/api/v1/retirement-ages', { headers, body })),
    onDone: onClose,
  });
  const table = ['group,born_from,age_months', ...steps.map((s) => `${s.group},${s.bornFrom},${s.months}`)].join('\n');
  return (
    <Confirm open title="替换对照表" verb="替换" busy={act.isPending} onConfirm={form.submit} onCancel={onClose} width={560}>
      <p className="dense ink2">三列：组别、自哪个出生年月起、退休年龄（月数）。对此后受理的适用，已受理的不变。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ table }} onFinish={(v) => act.mutate(v)}>
        <Form.Item label="对照表" name="table" rules={[{ required: true, message: '请填写对照表。' }]} {...fieldError(act.problem, 'table')}><Input.TextArea rows={14} className="hash" maxLength={40000} /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['table']} />
    </Confirm>
  );
}
