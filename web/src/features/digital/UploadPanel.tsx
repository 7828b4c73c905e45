import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, problemOf, read, type Problem, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { figure } from '../../shared/dates';
import { upload } from '../../shared/files';
import { ProblemView } from '../../shared/problem';
import { LongWork } from '../../shared/states';
import { dropped, tarOf, type Entry } from './tar';
import './upload.css';

type Upload = Schema<'UploadView'>;

const open = (u: Upload) => u.state === 'waiting' || u.state === 'running';
const folderOnly = { webkitdirectory: '' };
const mega = (bytes: number) => Math.ceil(bytes / (1 << 20));

/** Takes a contractor's folder or archive from this computer, and shows how far the taking in is. */
export function UploadPanel() {
  const client = useQueryClient();
  const go = useNavigate();
  const query = useQuery({
    queryKey: ['delivery-uploads'],
    queryFn: () => read(api.GET('/api/v1/delivery-uploads')),
    refetchInterval: (q) => (q.state.data?.items.some(open) ? 1000 : false),
  });
  const [mine, setMine] = useState<string>();
  const own = query.data?.items.find((u) => u.id === mine);
  const last = query.data?.items[0];
  // One that failed while its scanner was elsewhere is told until the next.
  const ended = own && !open(own) ? own : last?.state === 'failed' ? last : undefined;
  const running = query.data?.items.filter(open).length ?? 0;
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['deliveries'] });
  }, [client, running]);
  const result = ended?.state === 'ended' ? ended.deliveryId : undefined;
  useEffect(() => {
    if (result) void go(`/deliveries/${result}`);
  }, [result, go]);
  if (!query.data) return null;
  const may = query.data.possible.some((p) => p.action === 'digital.receive' && p.allowed);
  return (
    <>
      {may && <Chooser limit={query.data.limit} onSent={(u) => { setMine(u.id); void query.refetch(); }} />}
      {query.data.items.filter(open).map((u) => <Running key={u.id} upload={u} may={may} />)}
      {ended && !result && <Ended upload={ended} />}
    </>
  );
}

function Ended({ upload: u }: { upload: Upload }) {
  return (
    <p className="notice upload-result" role="status">
      <b>{u.label}</b> {u.stateName}：{u.trouble ?? `${figure(u.total)} 份，已在库 ${figure(u.already)}，需改正 ${figure(u.quarantined)}；与先前接收的相同，没有新内容。`}
      {u.deliveryId && <> <Link className="text-link" to={`/deliveries/${u.deliveryId}`}>看批次</Link></>}
    </p>
  );
}

function Running({ upload: u, may }: { upload: Upload; may: boolean }) {
  const cancel = useAct({
    run: (headers) => read(api.POST('/api/v1/delivery-uploads/{id}/cancel', { params: { path: { id: u.id } }, headers })),
    invalidates: [['delivery-uploads']],
    done: '正在停止，已接收的保留',
  });
  return (
    <>
      <LongWork
        label={u.cancelling ? `正在停止 ${u.label}` : `正在检测并接收 ${u.label}`}
        done={u.done}
        total={u.total || undefined}
        onCancel={may && !u.cancelling ? () => cancel.mutate() : undefined}
        note={`${figure(u.files)} 个文件 ${figure(mega(u.bytes))} MB·单位：份。可以离开本页；逐卷接收，停止后已接收的保留。`}
      />
      <ProblemView problem={cancel.problem} />
    </>
  );
}

/** By button or by dropping: a folder, or a ZIP archive. */
function Chooser({ limit, onSent }: { limit: number; onSent: (u: Upload) => void }) {
  const folder = useRef<HTMLInputElement>(null);
  const archive = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(null);
  const [sent, setSent] = useState<{ name: string; done: number; total: number }>();
  const [problem, setProblem] = useState<Problem>();
  const [over, setOver] = useState(false);
  const send = async (name: string, format: 'tar' | 'zip', content: Blob) => {
    setProblem(undefined);
    if (content.size > limit) {
      setProblem({ title: '成果过大', status: 0, kind: 'invalid', detail: `共 ${figure(mega(content.size))} MB，超过网页上传的上限 ${figure(mega(limit))} MB。请分批上传，或由系统管理员在服务器上用 dangan ingest 接收。` });
      return;
    }
    setSent({ name, done: 0, total: content.size });
    stop.current = new AbortController();
    try {
      onSent(await upload<Upload>(`/api/v1/delivery-uploads?format=${format}&name=${encodeURIComponent(name)}`, content, {
        headers: { 'Content-Type': 'application/octet-stream' },
        onProgress: (done, total) => setSent({ name, done, total }),
        signal: stop.current.signal,
      }));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setSent(undefined);
      for (const input of [folder, archive]) if (input.current) input.current.value = '';
    }
  };
  const take = (entries: Entry[]) => {
    const first = entries[0];
    if (!first) return;
    if (entries.length === 1 && /\.zip$/i.test(first.file.name)) void send(first.file.name, 'zip', first.file);
    else void send(first.path.split('/')[0] ?? '', 'tar', tarOf(entries));
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    if (!sent) dropped(e.dataTransfer.items).then(take, (error: unknown) => setProblem(problemOf(error)));
  };
  const chosen = (input: HTMLInputElement) => take([...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  return (
    <section aria-label="上传成果">
      <div className={over ? 'upload-drop over' : 'upload-drop'} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <div>
          <p>选择承制单位的交付目录或其 ZIP 压缩包，也可拖到此处。</p>
          <p className="meta">每份档案一个“身份证号_姓名”文件夹，并有 SHA256SUMS；一次不超过 {figure(mega(limit))} MB。逐卷检测，有问题的整卷隔离，其余照常接收。</p>
        </div>
        <span className="upload-verbs">
          <Button type="primary" disabled={sent !== undefined} onClick={() => folder.current?.click()}>选择目录</Button>
          <Button disabled={sent !== undefined} onClick={() => archive.current?.click()}>选择压缩包</Button>
        </span>
        <input ref={folder} type="file" multiple {...folderOnly} className="hidden-text" tabIndex={-1} aria-label="交付目录" onChange={(e) => chosen(e.target)} />
        <input ref={archive} type="file" accept=".zip" className="hidden-text" tabIndex={-1} aria-label="交付压缩包" onChange={(e) => chosen(e.target)} />
      </div>
      {sent && <LongWork label={`正在上传 ${sent.name}`} done={mega(sent.done)} total={mega(sent.total)} note="单位：MB" onCancel={() => stop.current?.abort()} />}
      <ProblemView problem={problem} />
    </section>
  );
}
