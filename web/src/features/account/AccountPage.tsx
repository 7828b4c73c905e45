import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { leave, useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { logTime } from '../../shared/dates';
import { Facts, PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status } from '../../shared/status';
import { PasswordForm, TotpForm } from './forms';

/** 本人账户: who I am here, my password, second factor, and where I am signed in. */
export default function AccountPage() {
  const { user, totpOn } = useSession();
  const client = useQueryClient();
  const [enrolling, setEnrolling] = useState(false);
  return (
    <>
      <PageHead title="本人账户" sub={user.username} />
      <div className="page-body">
        <Facts
          items={[
            { label: '姓名', value: user.name },
            { label: '机构', value: `${user.agency.name}（${user.agency.code}）` },
            { label: '岗位', value: user.posts.map((p) => p.name).join('、') },
          ]}
        />
        <Sessions />
        <SectionHead>动态码</SectionHead>
        <div className="narrow">
          {enrolling ? (
            <TotpForm onDone={() => { setEnrolling(false); void client.invalidateQueries({ queryKey: ['session'] }); }} />
          ) : (
            <p style={{ display: 'flex', gap: 16, alignItems: 'center' }}>
              <Status tone={totpOn ? 'done' : 'plain'}>{totpOn ? '已启用' : '未启用'}</Status>
              <Button size="small" onClick={() => setEnrolling(true)}>{totpOn ? '换一部手机' : '启用动态码'}</Button>
            </p>
          )}
        </div>
        <SectionHead>修改口令</SectionHead>
        <div className="narrow" style={{ maxWidth: 348 }}>
          <PasswordForm onDone={() => undefined} />
        </div>
      </div>
    </>
  );
}

function Sessions() {
  const client = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const sessions = useQuery({ queryKey: ['account', 'sessions'], queryFn: () => read(api.GET('/api/v1/account/sessions')) });
  const end = useAct({
    run: (headers, id: string) => read(api.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id } }, headers })),
    invalidates: [['account', 'sessions']],
    done: '已结束该登录',
  });
  const all = useAct({
    run: (headers) => read(api.DELETE('/api/v1/session', { params: { query: { everywhere: true } }, headers })),
    onDone: () => leave(client),
  });
  return (
    <>
      <SectionHead end={<button type="button" className="bare" onClick={() => setLeaving(true)}>全部退出</button>}>登录的设备</SectionHead>
      <ProblemView problem={end.problem} />
      <Answer query={sessions} rows={2}>
        {(page) => (
          <div className="scroll-x">
            <table className="plain">
              <thead>
                <tr><th scope="col">设备</th><th scope="col">地址</th><th scope="col">登录时间</th><th scope="col">最近使用</th><th scope="col"><span className="hidden-text">办理</span></th></tr>
              </thead>
              <tbody>
                {page.items.map((s) => (
                  <tr key={s.id}>
                    <td>{deviceOf(s.agent)}</td>
                    <td>{s.address}</td>
                    <td>{logTime(s.createdAt)}</td>
                    <td>{logTime(s.seenAt)}</td>
                    <td className="num">{s.current ? <span className="dense ink2">本设备</span> : <Button size="small" onClick={() => end.mutate(s.id)}>结束</Button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      <Confirm open={leaving} title="在全部设备上退出？" verb="全部退出" busy={all.isPending} problem={all.problem} onConfirm={() => all.mutate()} onCancel={() => setLeaving(false)}>
        <p>包括本设备。未保存的内容会丢失，需要重新登录。</p>
      </Confirm>
    </>
  );
}

function deviceOf(agent: string): string {
  const system = /Windows/.test(agent) ? 'Windows' : /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : '其他系统';
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : '其他程序';
  return `${browser}·${system}`;
}
