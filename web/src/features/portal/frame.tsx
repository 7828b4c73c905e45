import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { api, read, type Problem, type Schema } from '../../api/client';
import '../verify/verify.css';
import '../handin/handin.css';
import './portal.css';

/** Who is signed in from outside, and the doors there are. */
export function useHome() {
  return useQuery({ queryKey: ['portal', 'home'], queryFn: () => read(api.GET('/api/v1/portal')), retry: false });
}

/** The frame of every page for units and persons. */
export function Outside({ title, back, end, hotline, children }: { title: string; back?: boolean; end?: ReactNode; hotline?: string; children: ReactNode }) {
  const [large, setLarge] = useState(false);
  useEffect(() => {
    document.title = `${title}·网上办事`;
  }, [title]);
  return (
    <div className={large ? 'verify handin portal large' : 'verify handin portal'}>
      <header>
        {back && <Link to="/portal">返回</Link>}
        <h1>{title}</h1>
        <button type="button" aria-pressed={large} onClick={() => setLarge(!large)}>大字</button>
        {end}
      </header>
      <main>{children}</main>
      <footer>本服务不收取任何费用{title !== '办事指南' && <>　<Link to="/guide">办事指南</Link></>}{hotline ? `　咨询 ${hotline}` : ''}</footer>
    </div>
  );
}

/** What stands in the way, and what to do. */
export function Trouble({ problem }: { problem: Problem | undefined }) {
  if (!problem) return null;
  const reasons = problem.reasons ?? [];
  return (
    <div role="alert" className="trouble">
      {reasons.length === 0 ? <><strong>{problem.title}</strong> {problem.detail}</> : reasons.map((r) => <p key={r.slug}><strong>{r.message}</strong> {r.next}</p>)}
    </div>
  );
}

export type Visitor = Schema<'PortalVisitor'>;
