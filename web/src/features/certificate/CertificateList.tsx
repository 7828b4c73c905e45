import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { hasPost, useSession } from '../../app/session';
import { OfAgency, useAgency } from '../../shared/agency';
import { columnDate, longDate } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { PageHead, ViewTabs } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type Item = Schema<'CertificateItem'>;
type View = 'open' | 'submitted' | 'issued' | 'all';

const stateOf: Record<View, string | undefined> = { open: 'open', submitted: 'submitted', issued: 'issued', all: undefined };

/** 出具证明: the own agency's certificates, the last changed first. */
export default function CertificateList() {
  const session = useSession();
  const navigate = useNavigate();
  const [view, setView] = useState<View>('open');
  const agency = useAgency();
  const list = useKeyset<Item>({
    key: ['certificates', view, agency],
    fetch: (cursor, limit) => read(api.GET('/api/v1/certificates', { params: { query: { agency, state: stateOf[view], cursor, limit } } })),
  });
  const [current] = useRowKeys(list.items.length, (i) => {
    const item = list.items[i];
    if (item) void navigate(`/certificates/${item.id}`);
  });
  return (
    <>
      <PageHead title="出具证明" acts={hasPost(session, 'clerk') && <Button type="primary" onClick={() => void navigate('/certificates/new')}>受理证明申请</Button>}>
        <ViewTabs label="证明" value={view} onChange={setView} views={[{ key: 'open', label: '在办' }, { key: 'submitted', label: '待审核' }, { key: 'issued', label: '已签发' }, { key: 'all', label: '全部' }]} />
      </PageHead>
      <div className="page-body">
        <OfAgency />
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>没有符合条件的证明。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">姓名</th><th scope="col">档案编号</th><th scope="col">种类</th><th scope="col">用途</th><th scope="col">状态</th><th scope="col">编号</th><th scope="col">申请</th><th scope="col">有效期至</th></tr></thead>
                <tbody>
                  {list.items.map((c, i) => (
                    <tr key={c.id} className={i === current ? 'rowlink current' : 'rowlink'} onClick={() => void navigate(`/certificates/${c.id}`)}>
                      <td><Link to={`/certificates/${c.id}`} onClick={(e) => e.stopPropagation()}>{c.personName}</Link></td>
                      <td className="nowrap">{c.dossierNo}</td>
                      <td>{c.kindName}</td>
                      <td className="dense">{c.use}</td>
                      <td><Status tone={c.tone as Tone}>{c.stateName}</Status></td>
                      <td className="nowrap">{c.number}</td>
                      <td className="dense nowrap">{columnDate(c.appliedOn)}</td>
                      <td className="dense nowrap">{longDate(c.validUntil)}{c.expired && <span className="ochre">（已过期）</span>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      <PagingBar list={list} unit="件" />
    </>
  );
}
