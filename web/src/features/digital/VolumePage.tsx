import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { Answer, Empty } from '../../shared/states';
import { Mentions } from './Mentions';
import { Viewer, type ViewerMaterial } from './Viewer';
import { formedWord, imagePath, thumbs } from './words';

/** A dossier's images beside its catalog, for staff. */
export default function VolumePage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['digital', id], queryFn: () => read(api.GET('/api/v1/dossiers/{id}/digital', { params: { path: { id } } })), staleTime: 60_000 });
  return <Answer query={query}>{(volume) => <Volume volume={volume} />}</Answer>;
}

function Volume({ volume }: { volume: Schema<'DigitalVolume'> }) {
  const go = useNavigate();
  const [params] = useSearchParams();
  const entering = hasPost(useSession(), 'clerk', 'reviewer');
  const back = () => void go(`/dossiers/${volume.dossierId}`);
  useEffect(() => {
    document.title = `${volume.person}的影像·档案`;
  }, [volume.person]);
  const materials: ViewerMaterial[] = volume.materials.map((m) => ({
    id: m.id, class: m.class, className: m.className, place: `${m.class}-${m.seq}`, title: m.title,
    note: [formedWord(m.formed), m.state === 'delivered' ? '待验收' : '影像校验一致'].filter(Boolean).join('·'),
    closed: m.secret ? '涉密件' : m.pages.length === 0 ? '未扫描' : undefined,
    pages: m.pages.map((p) => ({ id: p.id, no: p.no })),
  }));
  const filed = new Set(volume.materials.filter((m) => m.state === 'filed').map((m) => m.id));
  if (!materials.some((m) => m.pages.length > 0)) {
    return (
      <main className="page-body narrow" id="main">
        <h1>{volume.person} {volume.no}</h1>
        <Empty act={{ label: '返回档案', onClick: back }}>这卷档案没有可看的影像。纸质原件照常办理；数字化成果验收后可在此查看。</Empty>
      </main>
    );
  }
  const wanted = materials.find((m) => m.id === params.get('material'));
  return (
    <Viewer
      head={<><span className="name">{volume.person}</span><span className="ink2 num">{volume.no}</span><i className="sep" aria-hidden="true" /><span className="ink2">目录与影像</span></>}
      end={<Button onClick={back}>返回档案</Button>}
      materials={materials}
      imagePath={imagePath}
      thumbs={thumbs}
      wide={entering}
      panel={(m, page) => (entering && filed.has(m.id) ? <Mentions dossier={volume.dossierId} material={m.id} page={page.no} /> : null)}
      start={wanted?.pages[0] && { material: wanted.id, page: wanted.pages[0].id }}
      footRight={(n) => <>每一页的查看都已存证：本次已看 <b>{n}</b> 页</>}
    />
  );
}
