import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { OfAgency, useAgency } from '../../shared/agency';
import { figure, logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import { UploadPanel } from './UploadPanel';
import { toneOfDelivery } from './words';

/** 数字化成果: what contractors delivered, and how far each delivery is. */
export default function DeliveryList() {
  const go = useNavigate();
  const agency = useAgency();
  const list = useKeyset<Schema<'DeliveryItem'>>({
    key: ['deliveries', agency],
    fetch: (after, limit) => read(api.GET('/api/v1/deliveries', { params: { query: { agency, cursor: after ?? '', limit } } })),
  });
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void go(`/deliveries/${list.items[i].id}`));
  return (
    <>
      <PageHead title="数字化成果" sub="承制单位交付的扫描影像：逐卷检测，整卷接收，抽查验收后可用" crumbs={[{ label: '业务' }, { label: '数字化成果' }]} />
      <div className="page-body">
        <OfAgency />
        <UploadPanel />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? (
            <Empty>还没有接收过数字化成果。由数字化人员上传，或在服务器上运行 dangan ingest 接收交付目录，结果显示在这里。</Empty>
          ) : (
            <div className="scroll-x">
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">批次</th><th scope="col">状态</th><th scope="col" className="num">档案</th><th scope="col" className="num">接收</th><th scope="col" className="num">需改正</th>
                    <th scope="col" className="num">页数</th><th scope="col">接收人</th><th scope="col">接收时间</th><th scope="col">验收</th>
                  </tr>
                </thead>
                <tbody>
                  {list.items.map((v, i) => (
                    <tr key={v.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                      <td><Link className="text-link" to={`/deliveries/${v.id}`}>{v.no}</Link><div className="meta">{v.label}</div></td>
                      <td><Status tone={toneOfDelivery[v.state]}>{v.stateName}</Status>{v.note && <div className="meta">{v.note}</div>}</td>
                      <td className="num">{figure(v.folders)}</td>
                      <td className="num">{figure(v.ingested)}</td>
                      <td className={v.quarantined > 0 ? 'num red' : 'num'}>{figure(v.quarantined)}</td>
                      <td className="num">{figure(v.pages)}</td>
                      <td className="nowrap">{v.staffName}</td>
                      <td className="nowrap ink2">{logTime(v.startedAt)}</td>
                      <td className="dense">{v.decision}{v.decidedBy && <div className="meta">{v.decidedBy}{v.decidedAt && ` ${logTime(v.decidedAt)}`}</div>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="批" />}
    </>
  );
}
