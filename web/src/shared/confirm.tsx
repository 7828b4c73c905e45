import { Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import type { Problem } from '../api/client';
import { ProblemView } from './problem';
import { ClauseChip } from './status';

interface ConfirmProps {
  open: boolean;
  /** What is about to happen, as a question without “！”. */
  title: string;
  /** What happens and who is told. */
  children: ReactNode;
  clause?: string;
  /** Repeats the verb of the button that was pressed. */
  verb: string;
  busy?: boolean;
  problem?: Problem;
  /** Fields of the form that show their own mistakes. */
  fields?: string[];
  disabled?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  width?: number;
}

/** Only before what can't be taken back, or a short form of one act. Esc closes. */
export function Confirm({ open, title, children, clause, verb, busy, problem, fields, disabled, onConfirm, onCancel, width = 480 }: ConfirmProps) {
  return (
    <Modal
      open={open}
      title={title}
      width={width}
      onCancel={onCancel}
      destroyOnHidden
      closable={{ 'aria-label': '关闭' }}
      footer={
        <>
          <Button onClick={onCancel}>取消</Button>
          <Button type="primary" loading={busy} disabled={disabled} onClick={onConfirm}>{verb}</Button>
        </>
      }
    >
      <div className="confirm-body">
        {children}
        {clause && <p style={{ marginTop: 8 }}><ClauseChip>{clause}</ClauseChip></p>}
        <ProblemView problem={problem} fields={fields} />
      </div>
    </Modal>
  );
}
