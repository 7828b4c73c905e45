import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { shortDate } from '../../shared/dates';
import { SectionHead } from '../../shared/page';
import { fieldError } from '../../shared/problem';
import { useLists } from './parts';

type Page = Schema<'MaterialPageView'>;

const again = [['materials'], ['dossiers'], ['backlogs']];

/** The clock of two months: when it stood still and why, and the acts that stop it or let it run. */
export function Clock({ m, etag }: { m: Page; etag: string }) {
  const [open, setOpen] = useState(false);
  const may = (action: string) => m.possible.some((p) => p.action === action && p.allowed);
  if (m.pauses.length === 0 && !may('material.pause') && !may('material.resume')) return null;
  return (
    <>
      <SectionHead note={m.pausedOn ? `自 ${shortDate(m.pausedOn)} 暂停` : m.pausedDays ? `已顺延 ${m.pausedDays} 天` : undefined}>两个月期限</SectionHead>
      {m.pauses.length > 0 && (
        <ul className="dense" aria-label="暂停与恢复">
          {m.pauses.map((p) => (
            <li key={p.pausedOn + p.reason}>{p.reason}<div className="meta">{p.basis}·{p.pausedBy} {shortDate(p.pausedOn)} 暂停{p.resumedOn && `·${p.resumedBy} ${shortDate(p.resumedOn)} 恢复，顺延 ${p.days ?? 0} 天：${p.outcome}`}</div></li>
          ))}
        </ul>
      )}
      {may('material.pause') && <Button size="small" onClick={() => setOpen(true)}>暂停计时</Button>}
      {may('material.resume') && <Button size="small" onClick={() => setOpen(true)}>恢复计时</Button>}
      {open && (m.pausedOn ? <Resume m={m} etag={etag} onClose={() => setOpen(false)} /> : <Stop m={m} etag={etag} onClose={() => setOpen(false)} />)}
    </>
  );
}

function Stop({ m, etag, onClose }: { m: Page; etag: string; onClose: () => void }) {
  type Values = { reason: string; basis: string };
  const [form] = Form.useForm<Values>();
  const reasons = useLists()?.pauses ?? [];
  const chosen = Form.useWatch('reason', form);
  const act = useAct({
    run: (headers, body: Values) => read(api.POST('/api/v1/materials/{id}/pause', { params: { path: { id: m.id } }, headers, body })),
    etag, invalidates: again, done: '已暂停计时', onDone: onClose,
  });
  return (
    <Confirm open title="暂停两个月归档期限" verb="暂停计时" clause="第十三条" busy={act.isPending} problem={act.problem} onCancel={onClose} onConfirm={() => form.submit()}>
      <p className="dense ink2" style={{ marginBottom: 8 }}>只限清单所列事由。暂停、恢复都记入档案时间线；恢复后期限按暂停的天数顺延，不另加一天。</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
        <Form.Item name="reason" label="事由" rules={[{ required: true, message: '请从清单中选择。' }]} {...fieldError(act.problem, 'reason')}><Select options={reasons.map((r) => ({ value: r.slug, label: r.name }))} /></Form.Item>
        <Form.Item name="basis" label={`依据${chosen ? `（${reasons.find((r) => r.slug === chosen)?.basis}）` : ''}`} rules={[{ required: true, message: '请写明依据的文书。' }]} {...fieldError(act.problem, 'basis')}><Input maxLength={200} /></Form.Item>
      </Form>
    </Confirm>
  );
}

function Resume({ m, etag, onClose }: { m: Page; etag: string; onClose: () => void }) {
  const [form] = Form.useForm<{ outcome: string }>();
  const act = useAct({
    run: (headers, body: { outcome: string }) => read(api.POST('/api/v1/materials/{id}/resume', { params: { path: { id: m.id } }, headers, body })),
    etag, invalidates: again, done: (r) => `已恢复计时，应于 ${shortDate(r.dueOn ?? '')} 前归档`, onDone: onClose,
  });
  return (
    <Confirm open title="恢复两个月归档期限" verb="恢复计时" clause="第十三条" busy={act.isPending} problem={act.problem} onCancel={onClose} onConfirm={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
        <Form.Item name="outcome" label="暂停的事由怎样了结" rules={[{ required: true, message: '请写明了结的情况。' }]} {...fieldError(act.problem, 'outcome')}><Input maxLength={200} /></Form.Item>
      </Form>
    </Confirm>
  );
}
