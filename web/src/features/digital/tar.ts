/** A file of a chosen folder with its path below (and with) that folder. */
export interface Entry {
  path: string;
  file: File;
}

const block = 512;
const encoder = new TextEncoder();

/**
 * Packs files as a tar archive (POSIX.1-2001, paths in pax headers) that the browser
 * reads from the disk as it sends: nothing is copied into memory.
 */
export function tarOf(entries: Entry[]): Blob {
  const parts: BlobPart[] = [];
  for (const { path, file } of entries) {
    const record = paxRecord('path', path);
    parts.push(header('pax', 'x', record.length), padded(record), header(`f${parts.length}`, '0', file.size), file, new Uint8Array(rest(file.size)));
  }
  parts.push(new Uint8Array(2 * block));
  return new Blob(parts, { type: 'application/octet-stream' });
}

const rest = (size: number) => (block - (size % block)) % block;

function padded(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data.length + rest(data.length));
  out.set(data);
  return out;
}

/** "27 path=…\n": the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const body = encoder.encode(` ${key}=${value}\n`);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  const out = new Uint8Array(length);
  out.set(encoder.encode(String(length)));
  out.set(body, length - body.length);
  return out;
}

function header(name: string, type: string, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(block);
  const put = (text: string, at: number) => out.set(encoder.encode(text), at);
  put(name, 0);
  put('0000600\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0', 136);
  put('        ', 148);
  put(type, 156);
  put('ustar\x0000', 257);
  const sum = out.reduce((a, b) => a + b, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return out;
}

/** The files of what was dropped: folders are walked. */
export async function dropped(items: DataTransferItemList): Promise<Entry[]> {
  const roots = [...items].map((i) => i.webkitGetAsEntry()).filter((e) => e !== null);
  const out: Entry[] = [];
  const walk = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      out.push({ path: path + entry.name, file });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const e of some) await walk(e, `${path}${entry.name}/`);
    }
  };
  for (const root of roots) await walk(root, '');
  return out;
}
