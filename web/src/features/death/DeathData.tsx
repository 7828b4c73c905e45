import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Facts, PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';

interface Batch {
  evidence: string;
  batch?: string;
  text: string;
}

const kinds = ['民政部门数据', '公安机关数据', '社会保险待遇停发数据'];

/** Lines of 号码 and 日期, parted by whatever a spreadsheet or a person puts between. */
function linesOf(text: string) {
  return text.split('\n').map((l) => l.trim()).filter(Boolean).map((l) => {
    const [idNo = '', on = ''] = l.split(/[\s,，;；]+/);
    const [y, m, d] = on.split(/\D+/);
    return { idNo, diedOn: y && m && d ? `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}` : on };
  });
}

/** 导入死亡数据: a batch of another authority; nothing holds before somebody confirmed it. */
export default function DeathData() {
  const [form] = Form.useForm<Batch>();
  const [result, setResult] = useState<Schema<'DeathImported'>>();
  const act = useAct({
    invalidates: [['deaths']],
    done: '已导入',
    run: (headers, b: Batch) => read(api.POST('/api/v1/deaths/import', { headers, body: { evidence: b.evidence, batch: b.batch, lines: linesOf(b.text) } })),
    onDone: setResult,
  });
  const error = (field: string) => fieldError(act.problem, field);
  return (
    <>
      <PageHead title="导入死亡数据" crumbs={[{ label: '死亡档案', to: '/deaths' }, { label: '导入数据' }]} sub="只登记本机构保管的；逐人由另一名审核人员确认后生效" />
      <div className="page-body">
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ evidence: kinds[0] }} onFinish={(v) => act.mutate(v)} style={{ maxWidth: 720 }}>
          <Form.Item label="数据来源" name="evidence" {...error('evidence')}><Select aria-label="数据来源" options={kinds.map((value) => ({ value, label: value }))} /></Form.Item>
          <Form.Item label="数据批次" name="batch" rules={[{ required: true, message: '请填写批次号或交换日期。' }]} {...error('batch')}><Input maxLength={100} /></Form.Item>
          <Form.Item label="公民身份号码、死亡日期" name="text" rules={[{ required: true, message: '请粘贴数据。' }]} extra="每行一人，可从电子表格复制两列，至多 500 行" {...error('lines')}><Input.TextArea rows={8} autoComplete="off" placeholder="公民身份号码　2026-03-01" /></Form.Item>
          <ProblemView problem={act.problem} fields={['evidence', 'batch', 'lines']} />
          <Button type="primary" htmlType="submit" loading={act.isPending}>导入</Button>
        </Form>
        {result && (
          <section aria-label="导入结果">
            <SectionHead>导入结果</SectionHead>
            <Facts
              items={[
                { label: '已登记', value: <>{result.registered} 人，<Link className="text-link" to="/deaths">待另一人确认</Link></> },
                { label: '已有登记', value: result.already > 0 && `${result.already} 人，未重复登记` },
                { label: '不在本机构', value: result.elsewhere > 0 && `${result.elsewhere} 人，未登记` },
                { label: '有误', value: result.wrong.length > 0 && `${result.wrong.join('、')}：号码或日期有误，请核对后单独导入` },
              ].filter((f) => f.value)}
            />
          </section>
        )}
      </div>
    </>
  );
}
