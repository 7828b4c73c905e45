import { useQuery } from '@tanstack/react-query';
import { DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import { OneTimePassword, StateOf } from './parts';

type View = Schema<'StaffView'>;
type Held = View['posts'][number];
type Simple = 'unlock' | 'suspend' | 'leave' | 'reset-totp';

const simple: Record<Simple, { title: string; verb: string; what: string }> = {
  unlock: { title: '解锁该账户？', verb: '解锁', what: '锁定和停用一并解除，失败次数清零。' },
  suspend: { title: '停用该账户？', verb: '停用', what: '当前登录立即结束，岗位保留；恢复时由安全管理员解锁。' },
  leave: { title: '离岗注销该账户？', verb: '离岗注销', what: '岗位、登录和接口令牌立即终止，不能恢复；未办结的事项由他人接办。' },
  'reset-totp': { title: '重置动态码？', verb: '重置动态码', what: '请先核验本人身份。重置后须重新启用动态码。' },
};

/** One account: posts over time, and what this administrator may do. */
export default function StaffPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['staff', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/staff/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Account value={value} etag={etag} />}</Answer>;
}

function Account({ value, etag }: { value: View; etag: string }) {
  const [asking, setAsking] = useState<Simple>();
  const [granting, setGranting] = useState(false);
  const [ending, setEnding] = useState<Held>();
  const [clearing, setClearing] = useState(false);
  const [resetting, setResetting] = useState(false);
  const path = { id: value.id };
  const invalidates = [['staff']];
  const act = useAct({
    etag,
    invalidates,
    done: (_, kind) => `已${simple[kind].verb}`,
    run: (headers: ActHeaders, kind: Simple) => {
      const params = { params: { path }, headers };
      if (kind === 'unlock') return read(api.POST('/api/v1/staff/{id}/unlock', params));
      if (kind === 'suspend') return read(api.POST('/api/v1/staff/{id}/suspend', params));
      if (kind === 'leave') return read(api.POST('/api/v1/staff/{id}/leave', params));
      return read(api.POST('/api/v1/staff/{id}/reset-totp', params));
    },
    onDone: () => setAsking(undefined),
  });
  const reset = useAct({ etag, invalidates, run: (headers) => read(api.POST('/api/v1/staff/{id}/reset-password', { params: { path }, headers })), onDone: () => setResetting(false) });
  const mayEnd = value.possible.some((p) => p.action === 'staff.grant' && p.allowed);
  return (
    <>
      <PageHead title={value.name} sub={value.username} crumbs={[{ label: '工作人员', to: '/staff' }, { label: value.name }]} />
      <Split
        label="办理"
        aside={
          <NowPossible
            possible={value.possible}
            on={{
              'staff.grant': () => setGranting(true),
              'staff.clear': () => setClearing(true),
              'staff.unlock': () => setAsking('unlock'),
              'staff.reset_password': () => setResetting(true),
              'staff.reset_totp': () => setAsking('reset-totp'),
              'staff.suspend': () => setAsking('suspend'),
              'staff.leave': () => setAsking('leave'),
            }}
          />
        }
      >
        <div className="page-body">
        <Facts
          items={[
            { label: '机构', value: `${value.agencyName}（${value.agency}）` },
            { label: '状态', value: <StateOf name={value.stateName} /> },
            { label: '中共党员', value: value.partyMember ? '是' : '否' },
            { label: '知悉范围', value: clearances[value.clearance]?.label },
            { label: '动态码', value: value.totpOn ? '已启用' : '未启用' },
            { label: '建立日期', value: longDate(value.createdAt) },
          ]}
        />
        <SectionHead n={value.posts.length}>岗位</SectionHead>
        {value.posts.length === 0 ? (
          <Empty>尚未授予岗位。</Empty>
        ) : (
          <div className="scroll-x">
            <table className="plain">
              <thead>
                <tr><th scope="col">岗位</th><th scope="col">所在机构</th><th scope="col">起</th><th scope="col">止</th><th scope="col">状态</th><th scope="col">说明</th><th scope="col"><span className="hidden-text">办理</span></th></tr>
              </thead>
              <tbody>
                {value.posts.map((p) => (
                  <tr key={p.id}>
                    <td>{p.name}{p.standInFor ? '（代岗）' : ''}</td>
                    <td>{p.org}</td>
                    <td>{longDate(p.from)}</td>
                    <td>{longDate(p.ended ?? p.until)}</td>
                    <td><Status tone={p.inForce ? 'run' : 'void'}>{p.inForce ? '在任' : '已终止'}</Status></td>
                    <td>{[p.standInFor && `代 ${p.standInFor}`, p.reason].filter(Boolean).join('；')}</td>
                    <td className="num">{p.inForce && mayEnd && <button type="button" className="bare" onClick={() => setEnding(p)}>终止</button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        </div>
      </Split>
      {asking && (
        <Confirm open title={simple[asking].title} verb={simple[asking].verb} busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => { setAsking(undefined); act.reset(); }}>
          <p>{value.name}（{value.username}）</p>
          <p className="dense ink2">{simple[asking].what}</p>
        </Confirm>
      )}
      {resetting && (
        <Confirm open title="重置口令？" verb="重置口令" busy={reset.isPending} problem={reset.problem} onConfirm={() => reset.mutate()} onCancel={() => setResetting(false)}>
          <p className="dense">请先核验本人身份。当前登录全部结束，新的一次性口令只显示一次。</p>
        </Confirm>
      )}
      {reset.data && <OneTimePassword password={reset.data.password} onClose={() => reset.reset()} />}
      {clearing && <Clear value={value} etag={etag} onClose={() => setClearing(false)} />}
      {granting && <Grant value={value} etag={etag} onClose={() => setGranting(false)} />}
      {ending && <End value={value} etag={etag} post={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

const posts = [
  ['clerk', '经办'], ['reviewer', '审核'], ['keeper', '库管'], ['scanner', '数字化'], ['head', '负责人'], ['supervisor', '监督'], ['statistician', '统计'], ['organization', '组织部门'], ['archives', '档案主管部门'],
  ['sysadmin', '系统管理员'], ['secadmin', '安全管理员'], ['auditor', '审计管理员'],
].map(([v, label]) => ({ value: v, label }));

const clearances = ['普通', '工作秘密', '国家秘密·秘密', '国家秘密·机密', '国家秘密·绝密'].map((label, value) => ({ value, label }));

/** 核定知悉范围 (15, 21b): up to which class this account may know of dossiers. */
function Clear({ value, etag, onClose }: { value: View; etag: string; onClose: () => void }) {
  const [level, setLevel] = useState(value.clearance);
  const [reason, setReason] = useState('');
  const act = useAct({ etag, invalidates: [['staff']], done: '知悉范围已核定', onDone: onClose, run: (headers) => read(api.POST('/api/v1/staff/{id}/clearance', { params: { path: { id: value.id } }, headers, body: { level, reason } })) });
  return (
    <Confirm open title={`核定知悉范围：${value.name}`} verb="核定" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十五条">
      <p className="dense ink2">范围以上的档案，此人不知道其存在。核定后当前登录结束，重新登录生效。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="知悉范围" {...fieldError(act.problem, 'level')}><Select aria-label="知悉范围" value={level} options={clearances} onChange={setLevel} /></Form.Item>
        <Form.Item label="审查批准的依据" htmlFor="clear-reason" {...fieldError(act.problem, 'reason')}><Input id="clear-reason" maxLength={200} placeholder="如：涉密岗位审查，文号" value={reason} onChange={(e) => setReason(e.target.value)} /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['level', 'reason']} />
    </Confirm>
  );
}

interface GrantForm {
  post: string;
  org?: string;
  until?: Dayjs;
  standInFor?: string;
  reason?: string;
  exception?: string;
}

function Grant({ value, etag, onClose }: { value: View; etag: string; onClose: () => void }) {
  const [form] = Form.useForm<GrantForm>();
  const act = useAct({
    etag,
    invalidates: [['staff']],
    done: '岗位已授予',
    run: (headers, v: GrantForm) =>
      read(api.POST('/api/v1/staff/{id}/posts', { params: { path: { id: value.id } }, headers, body: { post: v.post, org: v.org || undefined, until: v.until?.format('YYYY-MM-DD'), standInFor: v.standInFor || undefined, reason: v.reason || undefined, exception: v.exception || undefined } })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`授予岗位：${value.name}`} verb="授予岗位" busy={act.isPending} onConfirm={() => form.submit()} onCancel={onClose} width={520}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
        <Form.Item label="岗位" name="post" rules={[{ required: true, message: '请选择岗位。' }]} {...fieldError(act.problem, 'post')}><Select aria-label="岗位" options={posts} /></Form.Item>
        <Form.Item label="所在机构编码" name="org" extra="不填为账户所属机构"><Input maxLength={16} placeholder={value.agency} /></Form.Item>
        <Form.Item label="代谁的岗（代岗时填写用户名）" name="standInFor"><Input maxLength={64} /></Form.Item>
        <Form.Item label="截止日" name="until" extra="代岗必填；不填为长期" {...fieldError(act.problem, 'until')}><DatePicker aria-label="截止日" style={{ width: '100%' }} /></Form.Item>
        <Form.Item label="理由" name="reason"><Input maxLength={200} /></Form.Item>
        <Form.Item label="非党员任关键岗位的批准" name="exception" extra="填写理由和上级批准文号"><Input maxLength={200} /></Form.Item>
      </Form>
      <ProblemView problem={act.problem} fields={['post', 'until']} />
    </Confirm>
  );
}

function End({ value, etag, post, onClose }: { value: View; etag: string; post: Held; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const act = useAct({
    etag,
    invalidates: [['staff']],
    done: '岗位已终止',
    run: (headers, why: string) => read(api.POST('/api/v1/staff/{id}/posts/{post}/end', { params: { path: { id: value.id, post: post.id } }, headers, body: { reason: why } })),
    onDone: onClose,
  });
  return (
    <Confirm open title={`终止岗位：${post.name}`} verb="终止岗位" busy={act.isPending} disabled={reason.trim() === ''} problem={act.problem} onConfirm={() => act.mutate(reason.trim())} onCancel={onClose}>
      <p className="dense ink2">立即生效，{value.name} 的登录随即结束。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="理由"><Input value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} /></Form.Item>
      </Form>
    </Confirm>
  );
}
