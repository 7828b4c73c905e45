import { useState } from 'react';
import type { Problem } from '../../api/client';
import { newKey } from '../../shared/act';
import { Shoot } from '../../shared/Shoot';
import { redrawn } from '../handin/photo';

interface Chosen { key: string; item: string; blob: Blob; url?: string }

/** Photos and PDF chosen on this page, each for one paper; nothing is sent before it is confirmed. */
export function useChosen(fileSize: number) {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [arranging, setArranging] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const add = async (item: string, files: File[]) => {
    setProblem(undefined);
    setArranging(true);
    const more: Chosen[] = [];
    for (const file of files) {
      try {
        const blob = await redrawn(file);
        if (blob.size > fileSize) throw new RangeError('large');
        more.push({ key: newKey(), item, blob, url: blob.type === 'image/jpeg' ? URL.createObjectURL(blob) : undefined });
      } catch (e) {
        setProblem({ title: '这个文件不能提交', status: 0, kind: 'invalid', detail: e instanceof RangeError ? `${file.name}：文件太大，请分成几个文件。` : `${file.name}：打不开。请直接用手机拍照，或选择 PDF。` });
      }
    }
    setArranging(false);
    setChosen((before) => [...before, ...more]);
  };
  const remove = (key: string) =>
    setChosen((before) => before.filter((c) => {
      if (c.key === key && c.url) URL.revokeObjectURL(c.url);
      return c.key !== key;
    }));
  const form = (first?: { name: string; value: string }) => {
    const out = new FormData();
    if (first) out.append(first.name, first.value);
    for (const c of chosen) out.append(c.item, c.blob, 'file');
    return out;
  };
  return { chosen, add, remove, form, arranging, problem };
}

export type Choosing = ReturnType<typeof useChosen>;

/** What was chosen for one paper, and the way to choose more. */
export function Photos({ of, item, label, n, busy, open = true }: { of: Choosing; item: string; label: string; n: number; busy: boolean; open?: boolean }) {
  const mine = of.chosen.filter((c) => c.item === item);
  return (
    <>
      {mine.length > 0 && (
        <ul>
          {mine.map((c, i) => (
            <li key={c.key}>
              {c.url ? <img src={c.url} alt={`${label}，第 ${i + 1} 张照片`} /> : <span className="pdf">PDF</span>}
              <button type="button" disabled={busy} onClick={() => of.remove(c.key)} aria-label={`去掉第 ${n} 项的第 ${i + 1} 个文件`}>去掉</button>
            </li>
          ))}
        </ul>
      )}
      {open && (
        <label className="pick">
          {mine.length > 0 ? '再加一张' : '拍照或选择文件'}
          <input type="file" accept="image/*,application/pdf" multiple disabled={busy} aria-label={`${label}：拍照或选择文件`} onChange={(e) => { const files = [...(e.target.files ?? [])]; e.target.value = ''; void of.add(item, files); }} />
        </label>
      )}
      {open && <Shoot name={label} disabled={busy} onTaken={(file) => void of.add(item, [file])} desk />}
    </>
  );
}
