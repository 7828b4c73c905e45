import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { PagingBar, useKeyset } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { OneTimePassword, StateOf } from './parts';

/** 工作人员: every account in the own scope, with the posts held now. */
export default function StaffList() {
  const { user } = useSession();
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  const [creating, setCreating] = useState(false);
  const list = useKeyset<Schema<'StaffItem'>>({
    key: ['staff', q],
    fetch: (after, limit) => read(api.GET('/api/v1/staff', { params: { query: { q: q || undefined, after, limit } } })),
  });
  const mayCreate = user.posts.some((p) => p.code === 'sysadmin');
  return (
    <>
      <PageHead title="工作人员" acts={mayCreate && <Button type="primary" onClick={() => setCreating(true)}>新建账户</Button>} />
      <div className="page-body">
        <form className="filters" role="search" aria-label="查找账户" onSubmit={(e) => { e.preventDefault(); setQ(text.trim()); }}>
          <Input aria-label="用户名或姓名" placeholder="用户名开头或姓名" allowClear style={{ width: 280 }} value={text} maxLength={64} onChange={(e) => { setText(e.target.value); if (e.target.value === '') setQ(''); }} />
          <Button htmlType="submit">查找</Button>
        </form>
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有符合条件的账户。</Empty> : (
          <div className="scroll-x">
            <table className="plain">
              <thead>
                <tr><th scope="col">姓名</th><th scope="col">用户名</th><th scope="col">机构</th><th scope="col">岗位</th><th scope="col">党员</th><th scope="col">动态码</th><th scope="col">状态</th></tr>
              </thead>
              <tbody>
                {list.items.map((a) => (
                  <tr key={a.id}>
                    <td><Link to={`/staff/${a.id}`}>{a.name}</Link></td>
                    <td>{a.username}</td>
                    <td>{a.agencyName}</td>
                    <td>{a.posts.length > 0 ? a.posts.map((p) => (p.standInFor ? `${p.name}（代岗）` : p.name)).join('、') : <span className="ink3">无</span>}</td>
                    <td>{a.partyMember ? '是' : '否'}</td>
                    <td>{a.totpOn ? '已启用' : <span className="ink3">未启用</span>}</td>
                    <td><StateOf name={a.stateName} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="个账户" />
      {creating && <NewAccount onClose={() => setCreating(false)} />}
    </>
  );
}

interface NewAccountForm {
  username: string;
  name: string;
  agency: string;
  partyMember: boolean;
  idNo?: string;
}

/** An empty account: posts are granted by the security administrator. */
function NewAccount({ onClose }: { onClose: () => void }) {
  const [form] = Form.useForm<NewAccountForm>();
  const act = useAct({
    run: (headers, body: NewAccountForm) => read(api.POST('/api/v1/staff', { body, headers })),
    invalidates: [['staff']],
    done: '账户已新建',
  });
  if (act.data) return <OneTimePassword password={act.data.password} onClose={onClose} />;
  const fields = ['username', 'name', 'agency', 'idNo'];
  return (
    <Confirm open title="新建账户" verb="新建账户" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose}>
      <p className="dense ink2">新账户不含岗位，由安全管理员授予。一次性口令只显示一次。</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ partyMember: true }} onFinish={(v) => act.mutate({ ...v, idNo: v.idNo?.trim() ? v.idNo.trim() : undefined })}>
        <Form.Item label="用户名" name="username" rules={[{ required: true, message: '请填写用户名。' }]} {...fieldError(act.problem, 'username')}><Input maxLength={64} autoComplete="off" /></Form.Item>
        <Form.Item label="姓名" name="name" rules={[{ required: true, message: '请填写姓名。' }]} {...fieldError(act.problem, 'name')}><Input maxLength={64} autoComplete="off" /></Form.Item>
        <Form.Item label="机构编码" name="agency" extra="如 50010801" rules={[{ required: true, message: '请填写机构编码。' }]} {...fieldError(act.problem, 'agency')}><Input maxLength={16} /></Form.Item>
        <Form.Item label="公民身份号码" name="idNo" extra="用于回避本人及亲属的档案，加密保存" {...fieldError(act.problem, 'idNo')}><Input maxLength={32} autoComplete="off" /></Form.Item>
        <Form.Item label="中共党员" name="partyMember"><Radio.Group options={[{ label: '是', value: true }, { label: '否', value: false }]} /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={fields} />
    </Confirm>
  );
}
