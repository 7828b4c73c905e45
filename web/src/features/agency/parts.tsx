import type { Schema } from '../../api/client';
import { longDate } from '../../shared/dates';
import { Status } from '../../shared/status';

type Node = Schema<'AgencyNode'>;

export const kindNames: Record<Node['kind'], string> = { province: '市级主管部门', bureau: '区县主管部门', center: '市级档案机构', agency: '档案机构' };

/** 依法设立 has no end, an authorization has one (6a). */
export function basisName(kind?: string): string {
  return kind === 'authorized' ? '授权' : kind === 'established' ? '设立' : '';
}

/** Whether the node works, and whether it takes dossiers in. */
export function NodeState({ n }: { n: Node }) {
  if (n.state === 'merged') return <Status tone="void">已并入{n.successorName}</Status>;
  if (n.state === 'pending') return <Status tone="wait">待设立</Status>;
  if (n.state === 'closed') return <Status tone="void">已撤销</Status>;
  if (!n.keeps) return <Status tone="plain">主管部门</Status>;
  if (n.ended) return <Status tone="bad">授权已到期</Status>;
  return n.takesIn ? <Status tone="done">可接收档案</Status> : <Status tone="bad">不能接收档案</Status>;
}

/** 无期限 or the last day of an authorization. */
export function Validity({ kind, until }: { kind?: string; until?: string }) {
  if (!kind) return null;
  return <>{kind === 'authorized' ? `至${longDate(until)}` : '无期限'}</>;
}
