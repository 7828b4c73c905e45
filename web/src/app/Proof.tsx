import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { api, onProof, problemOf, read, type Problem } from '../api/client';
import { ProblemView } from '../shared/problem';
import { useSession } from './session';

interface Question {
  problem: Problem;
  answer: (proved: boolean) => void;
}

/** Asks who sits here before an approval, an export, a revealed number or a grant; what was begun goes on by itself. */
export function Proof() {
  const { user, totpOn } = useSession();
  const [question, setQuestion] = useState<Question>();
  const [wrong, setWrong] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<{ password: string; code?: string }>();
  const open = useRef<Question>(undefined);
  useEffect(() => { open.current = question; }, [question]);
  useEffect(() => {
    onProof((problem) => new Promise((answer) => { setWrong(undefined); setQuestion({ problem, answer }); }));
    return () => {
      onProof(undefined);
      open.current?.answer(false);
    };
  }, []);
  const close = (proved: boolean) => {
    question?.answer(proved);
    setQuestion(undefined);
    form.resetFields();
  };
  const send = async (body: { password: string; code?: string }) => {
    setBusy(true);
    setWrong(undefined);
    try {
      await read(api.POST('/api/v1/account/step-up', { body }));
      close(true);
    } catch (error) {
      setWrong(problemOf(error));
      form.resetFields();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={question !== undefined}
      title={question?.problem.title ?? '再次确认身份'}
      width={420}
      zIndex={1200}
      onCancel={() => close(false)}
      afterOpenChange={(shown) => { if (shown) form.focusField('password'); }}
      destroyOnHidden
      closable={{ 'aria-label': '关闭' }}
      footer={
        <>
          <Button onClick={() => close(false)}>取消</Button>
          <Button type="primary" loading={busy} onClick={form.submit}>确认身份</Button>
        </>
      }
    >
      <div className="confirm-body">
        <p className="dense ink2" style={{ marginBottom: 12 }}>{question?.problem.detail}</p>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void send(v)} onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); form.submit(); } }}>
          <input type="text" className="hidden-text" autoComplete="username" value={user.username} readOnly tabIndex={-1} aria-hidden="true" />
          <Form.Item label={`${user.name}的口令`} name="password" rules={[{ required: true, message: '请填写口令。' }]}>
            <Input.Password autoComplete="current-password" maxLength={256} />
          </Form.Item>
          {totpOn && (
            <Form.Item label="动态码" name="code" extra="手机上的六位动态码；不在手边时可用备用码。" rules={[{ required: true, message: '请填写动态码。' }]}>
              <Input autoComplete="one-time-code" maxLength={20} />
            </Form.Item>
          )}
        </Form>
        <ProblemView problem={wrong} />
      </div>
    </Modal>
  );
}
