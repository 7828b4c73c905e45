import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { fetchOrThrow, problemOf, type Problem } from '../../api/client';
import { openPdf } from '../../shared/files';
import { ProblemView } from '../../shared/problem';
import './handin.css';

/** One file: a photo as the server drew it anew, a PDF in a window of its own. Each look is on record. */
export function Shown({ path, file }: { path: string; file: { no: number; format: string; pages: number; bytes: number } }) {
  const [broken, setBroken] = useState<Problem>();
  const [url, setUrl] = useState<string>();
  const photo = useQuery({ queryKey: ['handed-in-file', path], queryFn: async () => (await fetchOrThrow(path)).blob(), enabled: file.format === 'jpeg', staleTime: Infinity, retry: false });
  useEffect(() => {
    if (!photo.data) return undefined;
    const made = URL.createObjectURL(photo.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [photo.data]);
  const problem = broken ?? (photo.error ? problemOf(photo.error) : undefined);
  return (
    <figure>
      <ProblemView problem={problem} />
      {file.format === 'pdf' ? <Button onClick={() => void openPdf(path).then(() => setBroken(undefined), (x: unknown) => setBroken(problemOf(x)))}>打开 PDF（{file.pages} 页）</Button> : url && <img src={url} alt={`第 ${file.no} 个文件`} width={640} />}
      <figcaption>第 {file.no} 个文件，{file.format === 'pdf' ? 'PDF' : '照片'}，{Math.ceil(file.bytes / 1024)} KB</figcaption>
    </figure>
  );
}
