import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { newKey } from '../../shared/act';
import { longDate, moment } from '../../shared/dates';
import { upload } from '../../shared/files';
import { Status, type Tone } from '../../shared/status';
import { redrawn } from '../handin/photo';
import { Outside, Trouble, useHome } from './frame';

type View = Schema<'PortalRequestView'>;

interface Chosen { key: string; item: string; blob: Blob; url?: string }

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
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [session] = useState(newKey); // the same page sends once, however often an answer is lost
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const add = async (item: string, files: File[]) => {
    setProblem(undefined);
    setBusy('正在整理照片…');
    const more: Chosen[] = [];
    for (const file of files) {
      try {
        const blob = await redrawn(file);
        if (blob.size > v.fileSize) throw new RangeError('large');
        more.push({ key: newKey(), item, blob, url: blob.type === 'image/jpeg' ? URL.createObjectURL(blob) : undefined });
      } catch (e) {
        setProblem({ title: '这个文件不能提交', status: 0, kind: 'invalid', detail: e instanceof RangeError ? `${file.name}：文件太大，请分成几个文件。` : `${file.name}：打不开。请直接用手机拍照，或选择 PDF。` });
      }
    }
    setBusy('');
    setChosen((before) => [...before, ...more]);
  };
  const remove = (key: string) =>
    setChosen((before) => before.filter((c) => {
      if (c.key === key && c.url) URL.revokeObjectURL(c.url);
      return c.key !== key;
    }));
  const send = async () => {
    const form = new FormData();
    for (const c of chosen) form.append(c.item, c.blob, 'file');
    setProblem(undefined);
    setBusy('正在提交…');
    try {
      const after = await upload<View>(`/api/v1/portal/requests/${v.id}/hand-ins`, form, { headers: { 'Page-Session': session }, onProgress: (n, all) => setBusy(`正在提交 ${Math.floor((n * 100) / all)}%`) });
      client.setQueryData(['portal', 'request', v.id], after);
      void client.invalidateQueries({ queryKey: ['portal', 'requests'] });
      window.scrollTo({ top: 0 });
    } catch (e) {
      setProblem(problemOf(e));
    }
    setBusy('');
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
        const mine = chosen.filter((c) => c.item === item.id);
        return (
          <section key={item.id} aria-labelledby={`item-${n}`} className="slot">
            <h2 id={`item-${n}`}><span>{v.items.length > 1 && `${n + 1}. `}{item.title}</span><Status tone={item.tone as Tone}>{item.stateName}</Status></h2>
            {mine.length > 0 && (
              <ul>
                {mine.map((c, i) => (
                  <li key={c.key}>
                    {c.url ? <img src={c.url} alt={`第 ${i + 1} 张照片`} /> : <span className="pdf">PDF</span>}
                    <button type="button" disabled={busy !== ''} onClick={() => remove(c.key)} aria-label={`去掉第 ${n + 1} 项的第 ${i + 1} 个文件`}>去掉</button>
                  </li>
                ))}
              </ul>
            )}
            {item.open && (
              <label className="pick">
                {mine.length > 0 ? '再加一张' : '拍照或选择文件'}
                <input type="file" accept="image/*,application/pdf" multiple disabled={busy !== ''} onChange={(e) => { const files = [...(e.target.files ?? [])]; e.target.value = ''; void add(item.id, files); }} />
              </label>
            )}
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
