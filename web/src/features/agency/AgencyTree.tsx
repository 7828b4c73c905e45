import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { figure } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { Answer, Empty } from '../../shared/states';
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
