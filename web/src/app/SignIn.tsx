import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { api, read } from '../api/client';
import { PasswordForm, TotpForm } from '../features/account/forms';
import { useAct } from '../shared/act';
import { ProblemView } from '../shared/problem';

function GatePage({ title, outside, children }: { title: string; outside?: boolean; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title}·流动人员人事档案`;
  }, [title]);
  return (
    <div className="gate-page">
      <main className="gate-box" id="main">
        <div className="gate-brand">
          <img src="/seal.svg" alt="" />
          <div>
            <h1>流动人员人事档案</h1>
            <p className="meta">管理服务信息系统</p>
          </div>
        </div>
        {children}
      </main>
      <footer className="gate-foot"><span>仅供经授权的工作人员使用</span><a className="text-link" href="/guide">办事指南</a>{outside && <a className="text-link" href="/portal">单位和个人请到网上办事</a>}<span>登录和操作均留存记录</span></footer>
    </div>
  );
}

/** Password first; the code is asked for where the account has one. */
export function SignIn() {
  const client = useQueryClient();
  const [needsCode, setNeedsCode] = useState(false);
  const home = useQuery({ queryKey: ['portal', 'home'], queryFn: () => read(api.GET('/api/v1/portal')), retry: false, staleTime: Infinity });
  const act = useAct({
    run: (headers, body: { username: string; password: string; code?: string }) => read(api.POST('/api/v1/session', { body, headers })),
    onDone: (answer) => {
      if (answer.needsCode) setNeedsCode(true);
      else void client.resetQueries();
    },
  });
  return (
    <GatePage title="登录" outside={(home.data?.providers.length ?? 0) > 0}>
      <Form layout="vertical" requiredMark={false} onFinish={(v: { username: string; password: string; code?: string }) => act.mutate({ ...v, username: v.username.trim() })}>
        <Form.Item label="用户名" name="username" rules={[{ required: true, message: '请填写用户名。' }]}>
          <Input size="large" autoComplete="username" disabled={needsCode} maxLength={64} />
        </Form.Item>
        <Form.Item label="口令" name="password" rules={[{ required: true, message: '请填写口令。' }]}>
          <Input.Password size="large" autoComplete="current-password" disabled={needsCode} maxLength={256} />
        </Form.Item>
        {needsCode && (
          <Form.Item label="动态码" name="code" extra="手机上的六位动态码；不在手边时可用备用码。" rules={[{ required: true, message: '请填写动态码。' }]}>
            <CodeInput />
          </Form.Item>
        )}
        {act.problem && <div style={{ marginBottom: 14 }}><ProblemView problem={act.problem} /></div>}
        <Button type="primary" size="large" block htmlType="submit" loading={act.isPending}>登录</Button>
        {needsCode && <p style={{ marginTop: 8 }}><button type="button" className="bare" onClick={() => { setNeedsCode(false); act.reset(); }}>换一个账户</button></p>}
      </Form>
    </GatePage>
  );
}

function CodeInput(props: { value?: string; onChange?: (e: React.ChangeEvent<HTMLInputElement>) => void; id?: string }) {
  return <Input {...props} size="large" autoComplete="one-time-code" maxLength={20} ref={(box) => box?.focus()} />;
}

/** A one-time password only sets a new one. */
export function ForcedPassword() {
  const client = useQueryClient();
  return (
    <GatePage title="设置新口令">
      <h2 style={{ fontSize: 16, marginBottom: 4 }}>设置新口令</h2>
      <p className="dense ink2" style={{ marginBottom: 14 }}>一次性口令只能用来设置新口令。</p>
      <PasswordForm onDone={() => void client.resetQueries()} />
    </GatePage>
  );
}

/** Administrators work with a second factor. */
export function ForcedTotp({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  return (
    <GatePage title="启用动态码">
      <h2 style={{ fontSize: 16, marginBottom: 4 }}>启用动态码</h2>
      <p className="dense ink2" style={{ marginBottom: 14 }}>管理员登录须用口令和动态码两种方式。</p>
      <TotpForm onDone={() => void client.resetQueries().then(onDone)} />
    </GatePage>
  );
}
