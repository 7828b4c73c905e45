import { Button } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { useAgent } from '../../shared/mandate';
import { PageHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { NoticeBlock, unaccepted } from './notice';

/** That the person of a dossier accepted the present notice (12a). */
export default function AcceptNotice() {
  const { id = '' } = useParams();
  const go = useNavigate();
  const [v, setV] = useState(unaccepted);
  const agent = useAgent('notice');
  const act = useAct({ invalidates: [['dossiers']], done: '已登记接受', onDone: () => void go(`/dossiers/${id}`), run: (headers) => read(api.POST('/api/v1/dossiers/{id}/notice', { params: { path: { id } }, body: { ...v, ...agent.body }, headers })) });
  return (
    <>
      <PageHead title="登记须知接受" crumbs={[{ label: '档案', to: `/dossiers/${id}` }, { label: '须知' }]} sub="把现行的个人存档须知交本人阅读，屏幕确认或纸质签字后登记" />
      <div className="page-body">
        {agent.field}
        <NoticeBlock kind="personal" value={v} onChange={(change) => { act.reset(); setV({ ...v, ...change }); }} by="接受人（本人）" />
        <ProblemView problem={act.problem} />
        <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
          <Button type="primary" loading={act.isPending} onClick={() => act.mutate()}>登记接受</Button>
          <Button onClick={() => void go(`/dossiers/${id}`)}>返回</Button>
        </div>
      </div>
    </>
  );
}
