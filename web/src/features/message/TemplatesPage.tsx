import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';

type Template = Schema<'TemplateView'>;

const sample: Record<string, string> = { 姓名: '李**', 事项: '档案转递', 机构: '南岸区公共就业和人才服务中心', 期限: '2026-12-31' };
const shown = (text: string) => text.replace(/\{([^{}]*)\}/g, (all, name: string) => sample[name] ?? all);

/** 消息用语: what persons are told, in versions; nothing sensitive can be published (29.3). */
export default function TemplatesPage() {
  const query = useQuery({ queryKey: ['message-templates'], queryFn: () => read(api.GET('/api/v1/message-templates')) });
  const [changing, setChanging] = useState<Template>();
  return (
    <>
      <PageHead title="消息用语" sub="全市统一；只能写姓名（隐去名）、事项、机构和期限，不得写证件号、材料名称和档案内容" />
      <div className="page-body">
        <Answer query={query}>
          {(list) => (
            <>
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">事由</th><th scope="col">收到的样子</th><th scope="col">版本</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                  <tbody>
                    {list.items.map((t) => (
                      <tr key={t.key}>
                        <td className="nowrap strong">{t.name}</td>
                        <td>{shown(t.now.text)}</td>
                        <td className="nowrap ink2">{t.now.wording === 0 ? '系统自带' : `第 ${t.now.wording} 版`}{t.now.publishedAt && <span className="meta" style={{ display: 'block' }}>{longDate(t.now.publishedAt.slice(0, 10))}　{t.now.publishedBy}</span>}</td>
                        <td className="num">{list.mayPublish && <Button size="small" onClick={() => setChanging(t)}>修改</Button>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {!list.mayPublish && <p className="dense ink2">由市级监督岗发布。</p>}
              {changing && <Publish template={changing} fields={list.fields} onClose={() => setChanging(undefined)} />}
            </>
          )}
        </Answer>
      </div>
    </>
  );
}

function Publish({ template, fields, onClose }: { template: Template; fields: readonly string[]; onClose: () => void }) {
  const [form] = Form.useForm<{ text: string }>();
  const text = Form.useWatch('text', form) ?? template.now.text;
  const act = useAct({
    invalidates: [['message-templates']],
    done: '新版本已发布',
    run: (headers, value: string) => read(api.PUT('/api/v1/message-templates/{key}', { params: { path: { key: template.key } }, body: { text: value }, headers })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`消息用语：${template.name}`} verb="发布" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose} width={620}>
      <p className="dense ink2">可以写入：{fields.map((f) => `{${f}}`).join('、')}。发布后生成的消息用新版本，已生成的不变。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ text: template.now.text }} onFinish={(v) => act.mutate(v.text ?? '')}>
        <Form.Item label="内容" name="text" {...fieldError(act.problem, 'text')}><Input.TextArea rows={4} maxLength={1000} /></Form.Item>
      </Form>
      <p className="dense"><span className="ink2">收到的样子：</span>{shown(text)}</p>
      <ProblemView problem={act.problem} fields={['text']} />
    </Confirm>
  );
}
