import { Button } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';

const Camera = lazy(() => import('./Camera'));

/** Whether this page may ask for a camera at all: a browser offers none outside https. */
const offered = () => !!navigator.mediaDevices?.getUserMedia;

/** The button that takes a page with the document camera; beside the one that chooses a file. desk: not on a telephone, whose own camera is better. */
export function Shoot({ name, size, disabled, onTaken, desk }: { name: string; size?: 'small'; disabled?: boolean; onTaken: (file: File) => void; desk?: boolean }) {
  const [open, setOpen] = useState<boolean>();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (open === false) button.current?.focus(); }, [open]); // whoever works by keyboard goes on where they were
  if (!offered() || (desk && !matchMedia('(pointer: fine)').matches)) return null;
  return (
    <>
      <Button ref={button} size={size} disabled={disabled} aria-label={`用高拍仪拍：${name}`} onClick={() => setOpen(true)}>用高拍仪拍</Button>
      {open && <Suspense><Camera name={name} onCancel={() => setOpen(false)} onTaken={(file) => { setOpen(false); onTaken(file); }} /></Suspense>}
    </>
  );
}
