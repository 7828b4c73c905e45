import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client';
import { longDate } from './dates';
import { openPdf } from './files';
import { SectionHead } from './page';
import { Status } from './status';

/** Papers of the case, as the register has them; also names a case that stands on the same page. */
export function Papers({ of, also, state }: { of: string; also?: string; state: string }) {
  const list = (ref: string) => read(api.GET('/api/v1/documents', { params: { query: { case: ref } } }));
  const query = useQuery({ queryKey: ['documents', 'of', of, also, state], queryFn: async () => (await Promise.all([of, ...(also ? [also] : [])].map(list))).flatMap((l) => l.items) });
  const [problem, setProblem] = useState<string>();
  const items = query.data ?? [];
  if (items.length === 0) return null;
  const open = (paper: string) => openPdf(`/api/v1/documents/${paper}/pdf`).then(() => setProblem(undefined), () => setProblem('文书没有打开，请重试。'));
  return (
    <>
      <SectionHead n={items.length}>文书</SectionHead>
      <ul className="lines">
        {items.map((d) => (
          <li key={d.id}>
            <button type="button" className="bare" onClick={() => void open(d.id)}>{d.kindName}</button>{(d.state === 'void' || d.state === 'superseded') && <>　<Status tone="void">{d.stateName}</Status></>}
            <div className="meta">{d.number}　{longDate(d.issuedOn)}</div>
            {/* 28: for the second screen of the window, once the application has its end */}
            {d.kind === 'acceptance' && d.state === 'issued' && <div className="meta"><a className="text-link" target="rate" rel="noopener" href={`/rate?n=${encodeURIComponent(d.number)}&c=${encodeURIComponent(d.code)}&at=window`}>在评价屏上请申请人评价</a></div>}
          </li>
        ))}
      </ul>
      {problem && <p className="red dense" role="alert">{problem}</p>}
    </>
  );
}
