import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import QRCode from 'qrcode';
import { useState } from 'react';
import { api, problemOf, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { fieldError, ProblemView } from '../../shared/problem';
import { Loading } from '../../shared/states';

/** Old password, new one twice. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const [form] = Form.useForm<{ old: string; password: string; again: string }>();
  const act = useAct({
    run: (headers, body: { old: string; password: string }) => read(api.POST('/api/v1/account/password', { body, headers })),
    done: '口令已修改',
    onDone: () => {
      form.resetFields();
      onDone();
    },
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate({ old: v.old, password: v.password })}>
      <Form.Item label="现用口令" name="old" rules={[{ required: true, message: '请填写现用口令。' }]} {...fieldError(act.problem, 'old')}>
        <Input.Password autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Form.Item label="新口令" name="password" extra="12 个字符以上，不含用户名，不用常见口令。" rules={[{ required: true, message: '请填写新口令。' }]} {...fieldError(act.problem, 'password')}>
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Form.Item
        label="再填一次新口令"
        name="again"
        dependencies={['password']}
        rules={[{ required: true, message: '请再填一次。' }, ({ getFieldValue }) => ({ validator: (_, v) => (!v || v === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error('两次填写不一致。'))) })]}
      >
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <ProblemView problem={act.problem} fields={['old', 'password']} />
      <Button type="primary" htmlType="submit" loading={act.isPending} style={{ marginTop: 4 }}>修改口令</Button>
    </Form>
  );
}

/** QR code and secret, a first code as proof, then the recovery codes, once. */
export function TotpForm({ onDone }: { onDone: () => void }) {
  const begun = useQuery({
    queryKey: ['account', 'totp'],
    queryFn: async () => {
      const { secret, url } = await read(api.GET('/api/v1/account/totp'));
      return { secret, image: await QRCode.toDataURL(url, { margin: 1, width: 336, errorCorrectionLevel: 'M' }) };
    },
    staleTime: Infinity,
    gcTime: 0,
  });
  const [codes, setCodes] = useState<string[]>();
  const act = useAct({
    run: (headers, code: string) => read(api.POST('/api/v1/account/totp', { body: { secret: begun.data?.secret ?? '', code }, headers })),
    onDone: (answer) => setCodes(answer.recoveryCodes),
  });
  if (codes) {
    return (
      <div>
        <p>动态码已启用。请抄下备用码：手机不在时，每个可用一次，此后不再显示。</p>
        <p className="codes" style={{ margin: '12px 0' }}>{codes.map((c) => <span key={c}>{c}</span>)}</p>
        <Button type="primary" onClick={onDone}>已抄好，继续</Button>
      </div>
    );
  }
  if (begun.error) return <ProblemView problem={problemOf(begun.error)} onRetry={() => void begun.refetch()} />;
  if (!begun.data) return <Loading rows={3} />;
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(v: { code: string }) => act.mutate(v.code.trim())}>
      <p className="dense">用手机上的动态码应用扫描，或手工填入密钥。</p>
      <img className="qr" src={begun.data.image} alt="动态码二维码" />
      <p className="hash" style={{ margin: '4px 0 12px', overflowWrap: 'anywhere' }}>{begun.data.secret}</p>
      <Form.Item label="六位动态码" name="code" rules={[{ required: true, message: '请填写手机上显示的六位数字。' }]} {...fieldError(act.problem, 'code')}>
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={12} />
      </Form.Item>
      <ProblemView problem={act.problem} fields={['code']} />
      <Button type="primary" htmlType="submit" loading={act.isPending} style={{ marginTop: 4 }}>启用动态码</Button>
    </Form>
  );
}
