import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, problemOf, read, type Problem } from '../../api/client';
import { Outside, Trouble } from './frame';

/** Where the provider of identities sends the browser back to: its answer is handed on once. */
export default function CallbackPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<Problem>();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const answer = new URLSearchParams(window.location.search);
    window.history.replaceState(null, '', window.location.pathname); // the code is nobody else's to read
    read(api.POST('/api/v1/portal/session', { body: { code: answer.get('code') ?? '', state: answer.get('state') ?? '' } })).then(
      (home) => {
        client.setQueryData(['portal', 'home'], home);
        void navigate('/portal', { replace: true });
      },
      (e: unknown) => setProblem(problemOf(e)),
    );
  }, [client, navigate]);
  return (
    <Outside title="登录">
      <section>
        {problem ? <><h2>没有登录</h2><Trouble problem={problem} /><p><Link className="text-link" to="/portal">回到登录页</Link></p></> : <p aria-live="polite">正在登录…</p>}
      </section>
    </Outside>
  );
}
