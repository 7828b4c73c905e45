import { Button, Modal, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { ProblemView } from './problem';

/** The long side of a page that is kept: print on A4 can be read. */
const longSide = 3000;
const chosenKey = 'dangan.camera';

const words: Record<string, string> = {
  NotAllowedError: '浏览器没有允许使用摄像头。请在地址栏左侧的网站设置中允许后重试，或者改选文件。',
  NotFoundError: '没有找到高拍仪或摄像头。请检查连接后重试，或者改选文件。',
  NotReadableError: '高拍仪正被其他程序占用。请关闭那个程序后重试，或者改选文件。',
};

/**
 * 高拍仪: a page photographed as a JPEG of the size of the picture, turned as it lies. The
 * camera is a file to the page: what comes of it goes the way a chosen file goes.
 */
export default function Camera({ name, onTaken, onCancel }: { name: string; onTaken: (file: File) => void; onCancel: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const shutter = useRef<HTMLButtonElement>(null);
  const stream = useRef<MediaStream>(undefined);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [device, setDevice] = useState(() => localStorage.getItem(chosenKey) ?? '');
  const [turn, setTurn] = useState(0);
  const [ready, setReady] = useState(false);
  const [wrong, setWrong] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [shot, setShot] = useState<{ blob: Blob; url: string }>();
  useEffect(() => {
    let gone = false;
    const stop = () => stream.current?.getTracks().forEach((t) => t.stop());
    void (async () => {
      try {
        // The finest picture it has: a document camera offers 8 million points and more.
        const size = { width: { ideal: 4096 }, height: { ideal: 3072 } };
        const open = (id: string) => navigator.mediaDevices.getUserMedia({ audio: false, video: id ? { ...size, deviceId: { exact: id } } : { ...size, facingMode: 'environment' } });
        const s = await open(device).catch((e: unknown) => {
          if (device && e instanceof DOMException && (e.name === 'OverconstrainedError' || e.name === 'NotFoundError')) return open(''); // the one of last time is not connected
          throw e;
        });
        if (gone) return s.getTracks().forEach((t) => t.stop());
        stream.current = s;
        s.getVideoTracks()[0]?.addEventListener('ended', () => { if (!gone) setWrong('高拍仪断开了。请检查连接后重试，或者改选文件。'); });
        setDevices((await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === 'videoinput'));
        if (video.current) video.current.srcObject = s;
        setWrong('');
      } catch (e) {
        if (!gone) setWrong(words[e instanceof DOMException ? e.name : ''] ?? '高拍仪没有打开。请检查连接后重试，或者改选文件。');
      }
    })();
    return () => {
      gone = true;
      stop();
      setReady(false);
    };
  }, [device, attempt]);
  // Enter takes the page, and once more uses it.
  useEffect(() => { if (ready) shutter.current?.focus(); }, [ready]);
  useEffect(() => () => { if (shot) URL.revokeObjectURL(shot.url); }, [shot]);
  const take = () => {
    const v = video.current;
    if (!v || v.videoWidth === 0) return;
    const scale = Math.min(1, longSide / Math.max(v.videoWidth, v.videoHeight));
    const [w, h] = [Math.round(v.videoWidth * scale), Math.round(v.videoHeight * scale)];
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = turn % 2 === 0 ? [w, h] : [h, w];
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate((turn * Math.PI) / 2);
    pen.drawImage(v, -w / 2, -h / 2, w, h);
    canvas.toBlob((blob) => { if (blob) setShot({ blob, url: URL.createObjectURL(blob) }); }, 'image/jpeg', 0.9);
  };
  return (
    <Modal
      open
      title={`高拍仪：${name}`}
      width={760}
      onCancel={onCancel}
      closable={{ 'aria-label': '关闭' }}
      footer={
        <>
          <Button onClick={onCancel}>取消</Button>
          {shot
            ? <><Button onClick={() => setShot(undefined)}>重拍</Button><Button type="primary" onClick={() => onTaken(new File([shot.blob], `${name}.jpg`, { type: 'image/jpeg' }))}>使用这一张</Button></>
            : !wrong && <><Button disabled={!ready} onClick={() => setTurn((turn + 1) % 4)}>旋转</Button><Button ref={shutter} type="primary" disabled={!ready} onClick={take}>拍照</Button></>}
        </>
      }
    >
      <ProblemView problem={wrong ? { title: '高拍仪没有打开', status: 0, kind: 'error', detail: wrong } : undefined} onRetry={() => { setWrong(''); setAttempt(attempt + 1); }} />
      {devices.length > 1 && !shot && !wrong && <Select aria-label="选用哪一台" style={{ width: '100%', marginBottom: 8 }} value={device || devices[0]?.deviceId} onChange={(id) => { localStorage.setItem(chosenKey, id); setDevice(id); }} options={devices.map((d, i) => ({ value: d.deviceId, label: d.label || `摄像头 ${i + 1}` }))} />}
      <div className="camera" hidden={!!wrong}>
        {shot && <img src={shot.url} alt={`拍下的${name}`} />}
        <video ref={video} className={turn % 2 === 1 ? 'turned' : undefined} hidden={!!shot} autoPlay muted playsInline aria-label="高拍仪画面" style={{ transform: `rotate(${turn * 90}deg)` }} onLoadedMetadata={() => setReady(true)} />
      </div>
      {!wrong && <p className="dense ink2" style={{ marginTop: 8 }}>{shot ? '请核对四边完整、字迹清楚。' : '每页拍一张，四边都拍进去；方向不对的先旋转。'}</p>}
    </Modal>
  );
}
