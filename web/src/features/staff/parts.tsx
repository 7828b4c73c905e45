import { Button, Modal } from 'antd';
import { Status } from '../../shared/status';

/** An account's state with its shape. */
export function StateOf({ name }: { name: string }) {
  const tone = name === '使用中' ? 'plain' : name === '已锁定' ? 'bad' : name === '已停用' ? 'wait' : 'void';
  return <Status tone={tone}>{name}</Status>;
}

/** Shown once: it is not kept anywhere. */
export function OneTimePassword({ password, onClose }: { password: string; onClose: () => void }) {
  return (
    <Modal open title="一次性口令" onCancel={onClose} closable={{ 'aria-label': '关闭' }} footer={<Button type="primary" onClick={onClose}>已抄好</Button>}>
      <p>请当面交给本人，首次登录须修改。此口令不再显示。</p>
      <p className="hash" style={{ fontSize: 20, margin: '12px 0' }}>{password}</p>
    </Modal>
  );
}
