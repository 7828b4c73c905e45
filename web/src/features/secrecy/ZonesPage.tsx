import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Problem, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { longDate } from '../../shared/dates';
import { PageHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status } from '../../shared/status';

type Zone = Schema<'SecretZoneView'>;

/** 涉密专区 (21b): parts of the store that only named keepers enter. */
export default function ZonesPage() {
  const [open, setOpen] = useState<'mark' | Zone>();
  const [ending, setEnding] = useState<Zone>();
  const query = useQuery({ queryKey: ['secrecy', 'zones'], queryFn: () => read(api.GET('/api/v1/secret-zones')) });
  const may = (list: Schema<'SecretZoneList'>['possible'], action: string) => list.some((p) => p.action === action && p.allowed);
  return (
    <>
      <PageHead title="涉密专区" crumbs={[{ label: '定密变更', to: '/secrecy' }, { label: '涉密专区' }]} sub="存放涉及国家秘密和高级专业技术人员的档案，只由指定的库管出入" acts={query.data && may(query.data.possible, 'zone.mark') && <Button onClick={() => setOpen('mark')}>标记专区</Button>} />
      <div className="page-body">
        <Answer query={query}>
          {(v) => v.items.length === 0 ? <Empty>本机构没有标记专区。标记以后，这类档案只能放在专区。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">专区</th><th scope="col">用途</th><th scope="col">保管人员</th><th scope="col">标记</th><th scope="col">状态</th><th scope="col"><span className="hidden-text">办理</span></th></tr></thead>
                <tbody>
                  {v.items.map((z) => (
                    <tr key={z.id}>
                      <td className="strong nowrap">{z.zone}</td>
                      <td>{z.reason}</td>
                      <td>{z.keepers.join('、')}</td>
                      <td className="nowrap ink2">{z.markedBy} {longDate(z.markedAt)}</td>
                      <td className="nowrap"><Status tone={z.endedAt ? 'void' : 'run'}>{z.endedAt ? '已取消' : '在用'}</Status></td>
                      <td className="num nowrap">
                        {may(z.possible, 'zone.keepers') && <button type="button" className="bare" onClick={() => setOpen(z)}>变更保管人员</button>}
                        {may(z.possible, 'zone.end') && <>　<button type="button" className="bare" onClick={() => setEnding(z)}>取消<span className="hidden-text">专区{z.zone}</span></button></>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {open === 'mark' && <Mark onClose={() => setOpen(undefined)} />}
      {open && open !== 'mark' && <Change z={open} onClose={() => setOpen(undefined)} />}
      {ending && <End z={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

const invalidates = [['secrecy']];

/** The keepers of the own agency to choose from. */
function Keepers({ value, onChange, problem }: { value: string[]; onChange: (ids: string[]) => void; problem?: Problem }) {
  const { user } = useSession();
  const staff = useQuery({ queryKey: ['staff', 'of', user.agency.code], queryFn: () => read(api.GET('/api/v1/staff', { params: { query: { agency: user.agency.code, limit: 100 } } })), staleTime: 60_000 });
  const keepers = (staff.data?.items ?? []).filter((s) => s.state === 'active' && s.posts.some((p) => p.post === 'keeper' && p.inForce));
  return (
    <Form.Item label="保管人员" htmlFor="zone-keepers" {...fieldError(problem, 'keepers')}>
      <Select id="zone-keepers" aria-label="保管人员" mode="multiple" showSearch={{ optionFilterProp: 'label' }} loading={staff.isPending} value={value} onChange={onChange} options={keepers.map((s) => ({ value: s.id, label: s.name }))} />
    </Form.Item>
  );
}

function Mark({ onClose }: { onClose: () => void }) {
  const [f, setF] = useState({ zone: '', reason: '', keepers: [] as string[] });
  const act = useAct({ invalidates, onDone: onClose, done: '已标记专区', run: (headers) => read(api.POST('/api/v1/secret-zones', { headers, body: f })) });
  return (
    <Confirm open title="标记专区" verb="标记" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十一条">
      <p className="dense ink2">标记以后，涉及国家秘密和高级专业技术人员的档案入库只能放在专区，出入专区只由指定的库管办理。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="库号-区号" htmlFor="zone-zone" {...fieldError(act.problem, 'zone')}><Input id="zone-zone" maxLength={10} placeholder="如：01-Z" value={f.zone} onChange={(e) => setF({ ...f, zone: e.target.value })} /></Form.Item>
        <Form.Item label="用途" htmlFor="zone-reason" {...fieldError(act.problem, 'reason')}><Input id="zone-reason" maxLength={120} value={f.reason} onChange={(e) => setF({ ...f, reason: e.target.value })} /></Form.Item>
        <Keepers value={f.keepers} onChange={(keepers) => setF({ ...f, keepers })} problem={act.problem} />
        <ProblemView problem={act.problem} fields={['zone', 'reason', 'keepers']} />
      </Form>
    </Confirm>
  );
}

function Change({ z, onClose }: { z: Zone; onClose: () => void }) {
  const [keepers, setKeepers] = useState(z.keeperIds);
  const act = useAct({ etag: `"${z.version}"`, invalidates, onDone: onClose, done: '保管人员已变更', run: (headers) => read(api.POST('/api/v1/secret-zones/{id}/keepers', { params: { path: { id: z.id } }, headers, body: { keepers } })) });
  return (
    <Confirm open title={`变更专区 ${z.zone} 的保管人员`} verb="变更" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十一条">
      <Form layout="vertical" requiredMark={false}>
        <Keepers value={keepers} onChange={setKeepers} problem={act.problem} />
        <ProblemView problem={act.problem} fields={['keepers']} />
      </Form>
    </Confirm>
  );
}

function End({ z, onClose }: { z: Zone; onClose: () => void }) {
  const act = useAct({ etag: `"${z.version}"`, invalidates, onDone: onClose, done: '专区已取消', run: (headers) => read(api.POST('/api/v1/secret-zones/{id}/end', { params: { path: { id: z.id } }, headers })) });
  return (
    <Confirm open title={`取消专区 ${z.zone}？`} verb="取消专区" busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate()} onCancel={onClose} clause="第二十一条">
      <p className="dense ink2">专区内已没有档案的才能取消。</p>
    </Confirm>
  );
}
