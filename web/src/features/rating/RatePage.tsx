import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, problemOf, read, type Schema } from '../../api/client';
import { RateForm } from './RateForm';
import '../verify/verify.css';
import '../handin/handin.css';

/** 服务评价 (28): for whoever holds the slip, on a telephone or on the window's second screen. */
export default function RatePage() {
  const [params] = useSearchParams();
  const slip = { number: params.get('n') ?? '', code: params.get('c') ?? '' };
  const [large, setLarge] = useState(false);
  const [taken, setTaken] = useState<Schema<'RatingTaken'>>();
  const query = useQuery({ queryKey: ['verify', slip.number, slip.code], queryFn: () => read(api.GET('/api/v1/verify', { params: { query: slip } })), enabled: slip.number !== '' && slip.code !== '', retry: false, refetchOnWindowFocus: false });
  useEffect(() => {
    document.title = '服务评价';
  }, []);
  const problem = query.error ? problemOf(query.error) : undefined;
  const v = query.data;
  return (
    <div className={large ? 'verify handin large' : 'verify handin'}>
      <header>
        <h1>服务评价</h1>
        <button type="button" aria-pressed={large} onClick={() => setLarge(!large)}>大字</button>
      </header>
      <main aria-live="polite">
        {query.isLoading && <p className="say">正在打开…</p>}
        {(slip.number === '' || slip.code === '') && <section><h2>请扫受理回执上的二维码</h2><p>扫码打开回执的办理进度，办结后可以从那里评价。</p></section>}
        {problem && <section><h2>{problem.title}</h2><p>{problem.detail}</p></section>}
        {v && (
          <dl>
            <div><dt>受理回执</dt><dd>{v.number}</dd></div>
            <div><dt>办理机构</dt><dd>{v.agency}</dd></div>
          </dl>
        )}
        {taken ? (
          <section role="status"><h2>已收到您的评价，谢谢</h2><p>{taken.called ? '将由没有经手的工作人员回访核实，结果会告诉您。' : '您的意见将用于改进服务。'}</p></section>
        ) : v && (
          v.rating === 'open' ? <RateForm slip={slip} at={params.get('at') === 'window' ? 'window' : 'code'} onTaken={setTaken} />
            : v.rating === 'done' ? <section><h2>已经评价过</h2><p>一件申请评价一次，不能修改。对服务还有意见的，可以向机构或者其主管部门投诉。</p></section>
              : <section><h2>还不能评价</h2><p>这件申请办结后可以评价。</p></section>
        )}
      </main>
      <footer>评价自愿，本服务不收取任何费用{v?.hotline ? `　咨询 ${v.hotline}` : ''}</footer>
    </div>
  );
}
