import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import { longDate, moment } from '../../shared/dates';
import { upload } from '../../shared/files';
import { Status, type Tone } from '../../shared/status';
import { Outside, Trouble, useHome } from './frame';
import { Photos, useChosen } from './photos';

type View = Schema<'PortalRequestView'>;

/** One request for materials: what is asked for, photos or PDF for each, and what became of what was sent. */
export default function RequestPage() {
  const { id = '' } = useParams();
  const home = useHome();
  const query = useQuery({ queryKey: ['portal', 'request', id], queryFn: () => read(api.GET('/api/v1/portal/requests/{id}', { params: { path: { id } } })), retry: false, refetchOnWindowFocus: false });
  const problem = query.error ? problemOf(query.error) : undefined;
  const unit = home.data?.visitor?.kind === 'unit';
  return (
    <Outside title="提交材料" back hotline={query.data?.hotline}>
      <div aria-live="polite">{query.isLoading && <p className="say">正在打开…</p>}</div>
      {problem && <section><Trouble problem={problem} />{problem.kind === 'signin' && <p><Link className="text-link" to="/portal">去登录</Link></p>}</section>}
      {query.data && <Request key={query.data.sent.length} v={query.data} unit={unit} />}
    </Outside>
  );
}

function Request({ v, unit }: { v: View; unit: boolean }) {
  const client = useQueryClient();
  const choosing = useChosen(v.fileSize);
  const { chosen } = choosing;
  const [session] = useState(newKey); // the same page sends once, however often an answer is lost
  const [sending, setSending] = useState('');
  const [failed, setProblem] = useState<Problem>();
  const busy = choosing.arranging ? '正在整理照片…' : sending;
  const problem = choosing.problem ?? failed;
  const send = async () => {
    setProblem(undefined);
    setSending('正在提交…');
    try {
      const after = await upload<View>(`/api/v1/portal/requests/${v.id}/hand-ins`, choosing.form(), { headers: { 'Page-Session': session }, onProgress: (n, all) => setSending(`正在提交 ${Math.floor((n * 100) / all)}%`) });
      client.setQueryData(['portal', 'request', v.id], after);
      void client.invalidateQueries({ queryKey: ['portal', 'requests'] });
      window.scrollTo({ top: 0 });
    } catch (e) {
      setProblem(problemOf(e));
    }
    setSending('');
  };
  const newest = v.sent[0];
  const open = v.items.some((i) => i.open);
  const tooMany = chosen.length > v.files;
  return (
    <>
      <section className="who">
        <h2>{unit ? `${v.personName}的材料` : v.agencyName}</h2>
        <p>{unit && `${v.agencyName}　`}通知单 {v.number}{v.eventName && `　${v.eventName}`}</p>
        <p>请在 <strong>{longDate(v.dueOn)}</strong> 前交来。{v.lateDays > 0 && <span className="late">已逾期 {v.lateDays} 天</span>}</p>
        {newest?.why && <p className="why" role="note">上次提交已退回：{newest.why}</p>}
      </section>
      {v.items.map((item, n) => {
        return (
          <section key={item.id} aria-labelledby={`item-${n}`} className="slot">
            <h2 id={`item-${n}`}><span>{v.items.length > 1 && `${n + 1}. `}{item.title}</span><Status tone={item.tone as Tone}>{item.stateName}</Status></h2>
            <Photos of={choosing} item={item.id} label={item.title} n={n + 1} busy={busy !== ''} open={item.open} />
          </section>
        );
      })}
      {(open || problem) && (
        <section>
          <Trouble problem={problem} />
          {tooMany && <p role="alert" className="trouble">最多 {v.files} 个文件，请去掉一些。</p>}
          {open && <button type="button" className="go wide" disabled={chosen.length === 0 || busy !== '' || tooMany} onClick={() => void send()}>{busy || `确认提交${chosen.length > 0 ? ` ${chosen.length} 个文件` : ''}`}</button>}
          {open && <p className="note">每页拍一张，四边都拍进去；有 PDF 的可以直接提交。可以先交一部分。请保留原件：归档前要核对原件。</p>}
        </section>
      )}
      {v.sent.length > 0 && (
        <section aria-labelledby="sent">
          <h2 id="sent">已经提交的</h2>
          <ul className="sent">
            {v.sent.map((s) => (
              <li key={s.no}>
                <p><Status tone={s.tone as Tone}>{s.stateName}</Status>　{moment(s.at)}　{s.files} 个文件</p>
                <p>{s.titles.join('、')}　编号 {s.no}</p>
                {s.why && <p>{s.why}</p>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
