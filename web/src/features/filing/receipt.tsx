import { Button } from 'antd';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { openPdf } from '../../shared/files';
import { ProblemView } from '../../shared/problem';

/** Issues the 材料接收回单 for pieces that one giver handed in. */
export function PrintReceipt({ dossier, materials, label = '材料接收回单' }: { dossier: string; materials: string[]; label?: string }) {
  const act = useAct({
    done: (d: Schema<'DocumentView'>) => `已出具 ${d.number}`,
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/material-receipts', { params: { path: { id: dossier } }, headers, body: { materials } })),
    onDone: (d: Schema<'DocumentView'>) => void openPdf(`/api/v1/documents/${d.id}/pdf`),
  });
  return <><Button size="small" loading={act.isPending} onClick={() => act.mutate()}>{label}</Button><ProblemView problem={act.problem} /></>;
}

/** Issues the 材料接收回单 for a pile that was signed for. */
export function PrintSittingReceipt({ sitting }: { sitting: string }) {
  const act = useAct({
    done: (d: Schema<'DocumentView'>) => `已出具 ${d.number}`,
    run: (headers) => read(api.POST('/api/v1/material-sittings/{id}/receipt', { params: { path: { id: sitting } }, headers })),
    onDone: (d: Schema<'DocumentView'>) => void openPdf(`/api/v1/documents/${d.id}/pdf`),
  });
  return <><Button block loading={act.isPending} onClick={() => act.mutate()}>材料接收回单</Button><ProblemView problem={act.problem} /></>;
}
