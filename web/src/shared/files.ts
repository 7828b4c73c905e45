import { fetchOrThrow, ProblemError, type Problem } from '../api/client';
import { newKey } from './act';

/** Opens a PDF of the API in a new tab; errors come as problems, not as a blank tab. */
export async function openPdf(path: string): Promise<void> {
  const blob = await (await fetchOrThrow(path)).blob();
  const url = URL.createObjectURL(blob);
  window.open(url, '_blank', 'noopener');
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves a file of the API under the name it gives. */
export async function download(path: string, fallback: string): Promise<void> {
  const response = await fetchOrThrow(path);
  const url = URL.createObjectURL(await response.blob());
  const a = document.createElement('a');
  a.href = url;
  a.download = nameOf(response.headers.get('Content-Disposition')) ?? fallback;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function nameOf(disposition: string | null): string | undefined {
  const found = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  return found ? decodeURIComponent(found) : /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1];
}

interface UploadOptions {
  method?: 'POST' | 'PUT';
  headers?: Record<string, string>;
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

/** Sends a file with progress and 取消; answers with the API's JSON. */
export function upload<T>(path: string, body: FormData | Blob, { method = 'POST', headers = {}, onProgress, signal }: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader('Idempotency-Key', headers['Idempotency-Key'] ?? newKey());
    for (const [name, value] of Object.entries(headers)) if (name !== 'Idempotency-Key') request.setRequestHeader(name, value);
    if (body instanceof Blob && !headers['Content-Type']) request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (e) => onProgress?.(e.loaded, e.total);
    request.onerror = () => reject(new TypeError('network'));
    request.onabort = () => reject(new ProblemError({ title: '已取消', status: 0, kind: 'error', detail: '已取消上传，没有改动任何内容。' }));
    request.onload = () => {
      let answer: unknown;
      try {
        answer = request.responseText ? JSON.parse(request.responseText) : undefined;
      } catch {
        answer = undefined;
      }
      if (request.status >= 200 && request.status < 300) return resolve(answer as T);
      const known = answer && typeof answer === 'object' && 'kind' in answer;
      reject(new ProblemError(known ? (answer as Problem) : { title: '上传没有完成', status: request.status, kind: 'error', detail: '文件没有收下，也没有改动任何内容。请重试。' }));
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
