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

type Worded = Schema<'CertificateWorded'>;

interface Words { opening?: string; closing: string }

/** 证明用语: how each kind of certificate opens and what it does not state, in versions (29.7). */
export default function WordingsPage() {
  const query = useQuery({ queryKey: ['certificate-wordings'], queryFn: () => read(api.GET('/api/v1/certificate-wordings')) });
  const [changing, setChanging] = useState<Worded>();
  return (
    <>
      <PageHead title="证明用语" sub="全市统一；只写证明的开头和结尾，所证明的内容由系统照档案记载写入，每份证明保留签发时的版本" />
      <div className="page-body">
        <Answer query={query}>
          {(list) => (
            <>
              <div className="scroll-x">
                <table className="plain">
                  <thead><tr><th scope="col">证明</th><th scope="col">用语</th><th scope="col">版本</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                  <tbody>
                    {list.items.map((w) => (
                      <tr key={w.kind}>
                        <td className="nowrap strong">{w.name}</td>
                        <td>{w.now.opening && <p>{w.now.opening}</p>}<p>{w.now.closing}</p></td>
                        <td className="nowrap ink2">{w.now.wording === 0 ? '系统自带' : `第 ${w.now.wording} 版`}{w.now.publishedAt && <span className="meta" style={{ display: 'block' }}>{longDate(w.now.publishedAt.slice(0, 10))}　{w.now.publishedBy}</span>}</td>
                        <td className="num">{list.mayWord && <Button size="small" onClick={() => setChanging(w)}>修改</Button>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {!list.mayWord && <p className="dense ink2">由市级监督岗发布。</p>}
              {changing && <Publish of={changing} onClose={() => setChanging(undefined)} />}
            </>
          )}
        </Answer>
      </div>
    </>
  );
}

function Publish({ of, onClose }: { of: Worded; onClose: () => void }) {
  const [form] = Form.useForm<Words>();
  const act = useAct({
    invalidates: [['certificate-wordings']],
    done: '新版本已发布',
    run: (headers, words: Words) => read(api.PUT('/api/v1/certificate-wordings/{kind}', { params: { path: { kind: of.kind } }, body: words, headers })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`证明用语：${of.name}`} verb="发布" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose} width={620}>
      <p className="dense ink2">今后签发的用新版本，已签发的不变。固定用语里不能写数字、日期、文号。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={of.now} onFinish={(v) => act.mutate(v)}>
        {of.now.opening && <Form.Item label="开头" name="opening" extra="{存档人} 处写入姓名、性别、公民身份号码" {...fieldError(act.problem, 'opening')}><Input.TextArea rows={2} maxLength={500} /></Form.Item>}
        <Form.Item label="结尾" name="closing" {...fieldError(act.problem, 'closing')}><Input.TextArea rows={3} maxLength={500} /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['opening', 'closing']} />
    </Confirm>
  );
}
