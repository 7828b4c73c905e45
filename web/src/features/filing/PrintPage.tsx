import { useQuery } from '@tanstack/react-query';
import { Button, Radio } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { download, openPdf } from '../../shared/files';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';

/** 打印目录: the official catalog as a numbered, sealed paper, or as a spreadsheet or data. */
export default function PrintPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['dossiers', id, 'head'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}', { params: { path: { id } } })), staleTime: 60_000 });
  const [sheet, setSheet] = useState<'a4' | '16k'>('a4');
  const act = useAct({
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/catalog/print', { params: { path: { id }, query: { sheet } }, headers })),
    invalidates: [['documents'], ['dossiers', id]],
    done: (d) => `已出具 ${d.number}`,
    onDone: (d) => void openPdf(`/api/v1/documents/${d.id}/pdf`),
  });
  const take = useAct({
    run: (_, form: 'xlsx' | 'json') => download(`/api/v1/dossiers/${id}/catalog.${form}`, `目录.${form}`),
    invalidates: [['dossiers', id]],
    done: (_, form) => (form === 'xlsx' ? '目录已导出为表格' : '目录已导出为数据'),
  });
  return (
    <Answer query={query}>
      {(d) => (
        <>
          <PageHead title="打印目录" sub={`${d.person.name}　${d.no}`} crumbs={[{ label: '档案查询', to: '/dossiers' }, { label: d.no, to: `/dossiers/${id}` }, { label: '打印目录' }]} />
          <div className="page-body narrow">
            <SectionHead>流动人员人事档案目录</SectionHead>
            <p>目录第 {d.catalog.version} 版，{d.catalog.materials} 份 {d.catalog.pages} 页。按十类编列，涉密件、限定知悉的材料（含工作秘密）只列类号、顺序号、份数和页数，编号不缺。打印件编号、盖章，可凭验证码核对真伪，打印留存记录。</p>
            <p className="dense ink2">{d.secrecy > 0 ? `本卷密级为${d.secrecyName}，目录不导出为表格和数据（第十五条）：请打印；需要题名的，由知悉范围以内的人员在系统中查看，或者查阅原件。` : '表格（XLSX）和数据（JSON）与打印的目录内容相同，涉密件不含题名；不盖章，导出同样留存记录。'}</p>
            <p style={{ marginTop: 12 }}><Radio.Group aria-label="用纸" value={sheet} onChange={(x) => setSheet(x.target.value as 'a4' | '16k')} options={[{ value: 'a4', label: 'A4' }, { value: '16k', label: '16 开（184×260 毫米，旧卷用）' }]} /></p>
            <ProblemView problem={act.problem ?? take.problem} />
            <p style={{ marginTop: 12, display: 'flex', gap: 12, alignItems: 'center' }}>
              <Button type="primary" loading={act.isPending} onClick={() => act.mutate()}>打印目录</Button>
              {d.secrecy === 0 && <Button loading={take.isPending} onClick={() => take.mutate('xlsx')}>导出表格</Button>}
              {d.secrecy === 0 && <Button loading={take.isPending} onClick={() => take.mutate('json')}>导出数据</Button>}
              <Link className="text-link" to={`/dossiers/${id}`}>返回档案</Link>
            </p>
          </div>
        </>
      )}
    </Answer>
  );
}
