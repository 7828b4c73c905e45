import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { placeOf } from '../../app/registry';
import { useAct } from '../../shared/act';
import { useShortcut } from '../../shared/keys';
import { ProblemView } from '../../shared/problem';

type Kind = Schema<'KeyFactView'>['kind'];

const kinds = [['birth_date', '出生'], ['work_start', '参加工作'], ['party_joining', '入党'], ['education_degree', '学历学位'], ['work_history', '经历'], ['party_full', '转正'], ['name', '姓名'], ['sex', '性别'], ['ethnic', '民族'], ['native_place', '籍贯']] as const;

/** Beside the page: what it says of the key facts, noted with material and page; a second person confirms. */
export function Mentions({ dossier, material, page }: { dossier: string; material: string; page: number }) {
  const [kind, setKind] = useState<(typeof kinds)[number][0]>('birth_date');
  const [written, setWritten] = useState('');
  const field = useRef<HTMLSpanElement>(null);
  const query = useQuery({ queryKey: ['dossiers', dossier, 'comparison'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/comparison', { params: { path: { id: dossier } } })), staleTime: 60_000, retry: false });
  useEffect(() => setWritten(''), [material, page]);
  const act = useAct({
    run: (headers, text: string) => read(api.POST('/api/v1/dossiers/{id}/facts', { params: { path: { id: dossier } }, headers, body: { kind, written: text, source: { materialId: material, page } } })),
    invalidates: [['dossiers', dossier]],
    done: '已登记，待另一人核对',
    onDone: () => setWritten(''),
  });
  const take = (i: number) => (e: KeyboardEvent) => {
    const next = kinds[i]?.[0];
    if (!next) return;
    e.preventDefault(); // the digit is not the first letter of what is written
    setKind(next);
    field.current?.querySelector('input')?.focus();
  };
  useShortcut('1', take(0));
  useShortcut('2', take(1));
  useShortcut('3', take(2));
  useShortcut('4', take(3));
  useShortcut('5', take(4));
  useShortcut('6', take(5));
  useShortcut('7', take(6));
  useShortcut('8', take(7));
  useShortcut('9', take(8));
  useShortcut('0', take(9));
  const may = query.data?.possible.some((p) => p.action === 'dossier.enter' && p.allowed);
  if (!query.data || !may) return null;
  const here = query.data.facts.flatMap((f) => f.mentions.filter((m) => m.materialId === material && m.page === page).map((m) => ({ ...m, name: f.name })));
  const sheet = placeOf('dossier.compare', dossier);
  return (
    <section className="viewer-panel" aria-label="登记本页记载">
      <div style={{ display: 'flex', justifyContent: 'space-between', marginBottom: 6 }}><b>本页的记载</b>{sheet && <Link className="text-link" to={sheet}>信息核对表</Link>}</div>
      {here.map((m) => <p key={m.entry ?? m.written} style={{ marginBottom: 4 }}>{m.name} <b>{m.written}</b> <span className="meta">{m.confirmed ? '已核对' : '待核对'}</span></p>)}
      <div role="radiogroup" aria-label="信息项" style={{ display: 'flex', flexWrap: 'wrap', gap: 4, marginBottom: 6 }}>
        {kinds.map(([key, label], i) => <button key={key} type="button" role="radio" aria-checked={key === kind} className={key === kind ? 'mention-kind on' : 'mention-kind'} onClick={() => setKind(key as Kind as typeof kind)}><kbd className="kbd">{(i + 1) % 10}</kbd> {label}</button>)}
      </div>
      <form onSubmit={(e) => { e.preventDefault(); if (written.trim()) act.mutate(written.trim()); }}>
        <span ref={field}><Input aria-label="材料原文" size="small" maxLength={200} value={written} onChange={(e) => setWritten(e.target.value)} placeholder="照原文，不换算" /></span>
        <ProblemView problem={act.problem} />
        <Button size="small" htmlType="submit" disabled={written.trim() === ''} loading={act.isPending}>登记第 {page} 页的记载</Button>
      </form>
    </section>
  );
}
