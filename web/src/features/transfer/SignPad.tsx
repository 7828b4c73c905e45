import { Button } from 'antd';
import { useEffect, useRef } from 'react';

const width = 1000;
const height = 300;

/** A field to sign in by pen, finger or mouse: strokes as x, y, x, y … in 1000 × 300. */
export function SignPad({ strokes, onChange }: { strokes: number[][]; onChange: (strokes: number[][]) => void }) {
  const field = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<number[] | undefined>(undefined);
  useEffect(() => {
    const c = field.current?.getContext('2d');
    if (!c) return;
    c.clearRect(0, 0, width, height);
    c.lineWidth = 5;
    c.lineCap = c.lineJoin = 'round';
    for (const s of strokes) {
      c.beginPath();
      for (let i = 0; i + 1 < s.length; i += 2) c.lineTo(s[i] ?? 0, s[i + 1] ?? 0);
      c.stroke();
    }
  }, [strokes]);
  const at = (e: React.PointerEvent<HTMLCanvasElement>): [number, number] => {
    const box = e.currentTarget.getBoundingClientRect();
    const within = (v: number, most: number) => Math.min(most, Math.max(0, Math.round(v)));
    return [within(((e.clientX - box.left) / box.width) * width, width), within(((e.clientY - box.top) / box.height) * height, height)];
  };
  return (
    <div className="sign-pad">
      <canvas
        ref={field}
        width={width}
        height={height}
        role="img"
        aria-label="签名框"
        onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); drawn.current = at(e); }}
        onPointerMove={(e) => {
          const s = drawn.current;
          if (!s) return;
          const [x, y] = at(e);
          const c = field.current?.getContext('2d');
          if (c) { c.beginPath(); c.moveTo(s.at(-2) ?? x, s.at(-1) ?? y); c.lineTo(x, y); c.stroke(); }
          s.push(x, y);
        }}
        onPointerUp={() => {
          if (drawn.current && drawn.current.length >= 4) onChange([...strokes, drawn.current]);
          drawn.current = undefined;
        }}
      />
      <Button type="link" size="small" disabled={strokes.length === 0} onClick={() => onChange([])}>清除重签</Button>
    </div>
  );
}
