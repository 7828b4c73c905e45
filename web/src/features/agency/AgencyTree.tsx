import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { figure, longDate } from '../../shared/dates';
import { PageHead, SectionHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';
import { basisName, kindNames, NodeState, Validity } from './parts';

type Node = Schema<'AgencyNode'>;

/** 机构管理 (5, 6a): province, districts and agencies within the own scope. */
export default function AgencyTree() {
  const navigate = useNavigate();
  const query = useQuery({ queryKey: ['agencies', 'tree'], queryFn: () => read(api.GET('/api/v1/agencies/tree')) });
  const may = query.data?.possible.some((p) => p.action === 'agency.found' && p.allowed);
  return (
    <>
      <PageHead
        title="机构管理"
        sub={query.data && `本人范围内主管部门 ${figure(query.data.items.filter((n) => !n.keeps && n.state === 'active').length)} 个，档案机构 ${figure(query.data.items.filter((n) => n.keeps && n.state === 'active').length)} 个`}
        acts={may && <Button onClick={() => void navigate('/agencies/new')}>设立或授权机构</Button>}
      />
      <Answer query={query}>
        {(tree) => (
          <div className="page-body">
            {tree.ending.length > 0 && <Endings list={tree.ending} />}
            {tree.items.length === 0 ? <Empty>范围内没有机构。</Empty> : (
              <div className="scroll-x">
                <table className="plain list">
                  <thead><tr><th scope="col">机构</th><th scope="col">编码</th><th scope="col">层级</th><th scope="col">依据</th><th scope="col">文号</th><th scope="col">有效期</th><th scope="col">状态</th></tr></thead>
                  <tbody>
                    {ordered(tree.items).map(({ node, depth }) => (
                      <tr key={node.code} className="rowlink" onClick={() => void navigate(`/agencies/${node.code}`)}>
                        <td className="nowrap" style={{ paddingLeft: 12 + depth * 22 }}><Link className={node.keeps ? undefined : 'strong'} to={`/agencies/${node.code}`} onClick={(e) => e.stopPropagation()}>{node.name}</Link></td>
                        <td className="nowrap ink2">{node.code}</td>
                        <td className="nowrap ink2">{kindNames[node.kind]}</td>
                        <td className="nowrap">{basisName(node.basisKind)}</td>
                        <td className="ink2">{node.basis}</td>
                        <td className="nowrap"><Validity kind={node.basisKind} until={node.validUntil} /></td>
                        <td className="nowrap"><NodeState n={node} /></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </div>
        )}
      </Answer>
    </>
  );
}

/** Authorizations that end within 90 days or have: to be extended, merged or closed in time (6a). */
function Endings({ list }: { list: Schema<'AgencyEnding'>[] }) {
  return (
    <>
      <SectionHead n={list.length}>授权将到期或已到期</SectionHead>
      <p className="dense ink2">到期后不能新接收档案；在办事项、出具证明、查阅由上级主管部门督促，照常办理。</p>
      <div className="scroll-x">
        <table className="plain" aria-label="授权将到期或已到期">
          <thead><tr><th scope="col">机构</th><th scope="col">上级</th><th scope="col">文号</th><th scope="col">有效期</th><th scope="col">期限</th></tr></thead>
          <tbody>
            {list.map((e) => (
              <tr key={e.code}>
                <td className="nowrap"><Link className="text-link" to={`/agencies/${e.code}`}>{e.name}</Link></td>
                <td className="nowrap ink2">{e.parentName}</td>
                <td className="ink2">{e.basis}</td>
                <td className="nowrap">至{longDate(e.validUntil)}</td>
                <td className="nowrap">{e.days < 0 ? <Status tone="bad">已过 {-e.days} 日</Status> : <Status tone="wait">{e.days === 0 ? '今日到期' : `还有 ${e.days} 日`}</Status>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <SectionHead>全部机构</SectionHead>
    </>
  );
}

/** Each node below its superior; what has no superior in sight stands at the left. */
function ordered(items: Node[]): { node: Node; depth: number }[] {
  const there = new Set(items.map((n) => n.code));
  const out: { node: Node; depth: number }[] = [];
  const below = (parent: string | undefined, depth: number) => {
    for (const node of items) {
      if (parent === undefined ? node.parent && there.has(node.parent) : node.parent !== parent) continue;
      out.push({ node, depth });
      below(node.code, depth + 1);
    }
  };
  below(undefined, 0);
  return out;
}
