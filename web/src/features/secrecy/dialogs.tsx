import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read, type Problem, type Schema } from '../../api/client';
import { useSession } from '../../app/session';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { today } from '../../shared/dates';
import { fieldError, ProblemView } from '../../shared/problem';
import { useClassOptions } from '../filing/parts';
import { Day } from '../transfer/parts';

type Sheet = Schema<'SecrecySheet'>;

const invalidates = [['secrecy'], ['dossiers'], ['materials']];
const whole = 'whole';

/** Errors of the last try, without those of fields that were mended since. */
function useMended<F extends object>(start: F) {
  const [f, setForm] = useState(start);
  const [mended, setMended] = useState<string[]>([]);
  const set = (next: F) => {
    setMended([...mended, ...Object.keys(next).filter((k) => next[k as keyof F] !== f[k as keyof F])]);
    setForm(next);
  };
  const error = (problem: Problem | undefined, field: string) => (mended.includes(field) ? {} : fieldError(problem, field));
  return { f, set, error, tried: () => setMended([]) };
}

/** The closed list of classes, lowest first. */
function useClasses() {
  return useQuery({ queryKey: ['secrecy', 'classes'], queryFn: () => read(api.GET('/api/v1/secrecy-classes')), staleTime: Infinity }).data ?? [];
}

/** What a class is on: the dossier, or one material of its catalog. */
function useItems(v: Sheet) {
  const dossier = useQuery({ queryKey: ['dossiers', v.dossierId, 'head'], queryFn: () => read(api.GET('/api/v1/dossiers/{id}', { params: { path: { id: v.dossierId } } })), staleTime: 60_000 });
  const materials = dossier.data ? [...dossier.data.catalog.classes.flatMap((c) => c.items), ...dossier.data.loose] : [];
  return materials;
}

/** 提高密级: at once, by whoever finds the mark. */
export function Raise({ v, onClose, onGone }: { v: Sheet; onClose: () => void; onGone: (told: string) => void }) {
  const { f, set: setF, error, tried } = useMended({ item: whole, to: '', class: '', reason: '' });
  const classes = useClasses();
  const materials = useItems(v);
  const numbers = useClassOptions();
  const material = materials.find((m) => m.id === f.item);
  const from = f.item === whole ? v.own : (material?.mark ?? 'normal');
  const rank = (key: string) => classes.findIndex((c) => c.key === key);
  const to = classes.find((c) => c.key === f.to);
  const unclassed = material && !material.class && to?.state;
  const act = useAct({
    invalidates: [],
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/secrecy/raise', { params: { path: { id: v.dossierId } }, headers, body: { to: f.to, reason: f.reason, ...(f.item === whole ? {} : { materialId: f.item }), ...(unclassed ? { class: f.class } : {}) } })),
    done: (r) => `已登记，${r.no}`,
    onDone: (r) => (r.visible ? again.mutate() : onGone(r.told)),
  });
  const again = useAct({ invalidates, run: () => Promise.resolve(), onDone: onClose });
  return (
    <Confirm open title="提高密级" verb="提高密级" width={520} busy={act.isPending} disabled={f.to === ''} onConfirm={() => { tried(); act.mutate(); }} onCancel={onClose} clause="第十五条">
      <p className="dense ink2">当即生效。{to?.state ? '定为国家秘密的，系统中只留类号、页数和密级：题名、据此登记的记载和影像立即停用，不能恢复显示。' : ''}</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="对象" htmlFor="raise-item">
          <Select id="raise-item" aria-label="对象" showSearch={{ optionFilterProp: 'label' }} value={f.item} onChange={(item) => setF({ ...f, item, to: '' })}
            options={[{ value: whole, label: `整卷（现为${v.ownName}）` }, ...materials.map((m) => ({ value: m.id, label: `${m.number ?? '零散'} ${m.title}` }))]} />
        </Form.Item>
        <Form.Item label="密级" htmlFor="raise-to" {...error(act.problem, 'to')}>
          <Select id="raise-to" aria-label="密级" value={f.to || undefined} placeholder="比现密级高的" onChange={(key) => setF({ ...f, to: key })}
            options={classes.filter((c) => rank(c.key) > rank(from) && (f.item !== whole || !c.material)).map((c) => ({ value: c.key, label: c.name }))} />
        </Form.Item>
        {unclassed && <Form.Item label="类号" htmlFor="raise-class" {...error(act.problem, 'class')}><Select id="raise-class" aria-label="类号" options={numbers} value={f.class || undefined} onChange={(c: string) => setF({ ...f, class: c })} showSearch={{ optionFilterProp: 'label' }} /></Form.Item>}
        <Form.Item label="依据" htmlFor="raise-reason" extra="只写依据，不写材料的内容" {...error(act.problem, 'reason')}><Input id="raise-reason" maxLength={200} placeholder="如：封面标有密级标志" value={f.reason} onChange={(e) => setF({ ...f, reason: e.target.value })} /></Form.Item>
        <ProblemView problem={act.problem} fields={['to', 'class', 'reason']} />
      </Form>
    </Confirm>
  );
}

/** 提出降低密级: on the deciding organ's document; another person approves. */
export function Lower({ v, onClose }: { v: Sheet; onClose: () => void }) {
  const marked = v.marked.filter((m) => m.mark && m.mark !== 'normal');
  const first = v.own !== 'normal' ? whole : (marked[0]?.id ?? whole);
  const { f, set: setF, error, tried } = useMended({ item: first, to: '', reason: '', organ: '', docName: '', docNo: '', docOn: today() });
  const classes = useClasses();
  const from = f.item === whole ? v.own : (marked.find((m) => m.id === f.item)?.mark ?? 'normal');
  const rank = (key: string) => classes.findIndex((c) => c.key === key);
  const act = useAct({
    invalidates, onDone: onClose, done: '已提出，待负责人批准',
    run: (headers) => {
      const { item, ...body } = f;
      return read(api.POST('/api/v1/dossiers/{id}/secrecy/lower', { params: { path: { id: v.dossierId } }, headers, body: { ...body, ...(item === whole ? {} : { materialId: item }) } }));
    },
  });
  const fields = ['to', 'reason', 'organ', 'docName', 'docNo', 'docOn'];
  return (
    <Confirm open title="提出降低密级" verb="提出" width={520} busy={act.isPending} disabled={f.to === ''} onConfirm={() => { tried(); act.mutate(); }} onCancel={onClose} clause="第十五条">
      <p className="dense ink2">批准前仍按原密级管理。提出人不能批准自己提出的降密。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="对象" htmlFor="lower-item">
          <Select id="lower-item" aria-label="对象" value={f.item} onChange={(item) => setF({ ...f, item, to: '' })}
            options={[...(v.own !== 'normal' || marked.length === 0 ? [{ value: whole, label: `整卷（现为${v.ownName}）` }] : []), ...marked.map((m) => ({ value: m.id, label: `${m.number ?? '零散'} ${m.title}（现为${m.secrecyName}）` }))]} />
        </Form.Item>
        <Form.Item label="降为" htmlFor="lower-to" {...error(act.problem, 'to')}>
          <Select id="lower-to" aria-label="降为" value={f.to || undefined} placeholder="比现密级低的" onChange={(key) => setF({ ...f, to: key })}
            options={classes.filter((c) => rank(c.key) < rank(from) && (f.item !== whole || !c.material)).map((c) => ({ value: c.key, label: c.name }))} />
        </Form.Item>
        <Form.Item label="定密机关" htmlFor="lower-organ" {...error(act.problem, 'organ')}><Input id="lower-organ" maxLength={80} value={f.organ} onChange={(e) => setF({ ...f, organ: e.target.value })} /></Form.Item>
        <div className="form-grid">
          <Form.Item label="文件名称" htmlFor="lower-name" {...error(act.problem, 'docName')}><Input id="lower-name" maxLength={80} placeholder="如：国家秘密解除通知书" value={f.docName} onChange={(e) => setF({ ...f, docName: e.target.value })} /></Form.Item>
          <Form.Item label="文号" htmlFor="lower-no" {...error(act.problem, 'docNo')}><Input id="lower-no" maxLength={60} value={f.docNo} onChange={(e) => setF({ ...f, docNo: e.target.value })} /></Form.Item>
          <Form.Item label="文件日期" htmlFor="lower-on" {...error(act.problem, 'docOn')}><Day id="lower-on" value={f.docOn} onChange={(day) => setF({ ...f, docOn: day })} /></Form.Item>
        </div>
        <Form.Item label="理由" htmlFor="lower-reason" {...error(act.problem, 'reason')}><Input id="lower-reason" maxLength={200} value={f.reason} onChange={(e) => setF({ ...f, reason: e.target.value })} /></Form.Item>
        <ProblemView problem={act.problem} fields={fields} />
      </Form>
    </Confirm>
  );
}

/** 指定知悉人员: by the head; who names stands on a dossier's list too. */
export function Name({ v, onClose }: { v: Sheet; onClose: () => void }) {
  const { user } = useSession();
  const closed = v.marked.filter((m) => m.mark === 'trade' || m.mark === 'privacy');
  const may = v.highest !== 'normal';
  const { f, set: setF, error, tried } = useMended<{ item: string; staff: string[]; reason: string }>({ item: may ? whole : (closed[0]?.id ?? whole), staff: [], reason: '' });
  const colleagues = useQuery({ queryKey: ['staff', 'of', user.agency.code], queryFn: () => read(api.GET('/api/v1/staff', { params: { query: { agency: user.agency.code, limit: 100 } } })), staleTime: 60_000 });
  const act = useAct({
    invalidates, onDone: onClose, done: '已指定',
    run: (headers) => read(api.POST('/api/v1/dossiers/{id}/secrecy/readers', { params: { path: { id: v.dossierId } }, headers, body: { staff: f.staff, reason: f.reason, ...(f.item === whole ? {} : { materialId: f.item }) } })),
  });
  return (
    <Confirm open title="指定知悉人员" verb="指定" width={520} busy={act.isPending} onConfirm={() => { tried(); act.mutate(); }} onCancel={onClose} clause="第二十一条">
      <p className="dense ink2">{f.item === whole ? '指定以后，名单之外的人即使有知悉范围也不知道这卷档案；指定人本人同时列入。' : '被指定的人可以看到这份材料的题名和影像。'}</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="对象" htmlFor="name-item">
          <Select id="name-item" aria-label="对象" value={f.item} onChange={(item) => setF({ ...f, item })} options={[...(may || closed.length === 0 ? [{ value: whole, label: '整卷' }] : []), ...closed.map((m) => ({ value: m.id, label: `${m.number ?? '零散'} ${m.title}` }))]} />
        </Form.Item>
        <Form.Item label="人员" htmlFor="name-staff" {...error(act.problem, 'staff')}>
          <Select id="name-staff" aria-label="人员" mode="multiple" showSearch={{ optionFilterProp: 'label' }} loading={colleagues.isPending} value={f.staff} onChange={(staff: string[]) => setF({ ...f, staff })}
            options={(colleagues.data?.items ?? []).filter((s) => s.state === 'active').map((s) => ({ value: s.id, label: `${s.name}（${s.posts.filter((p) => p.inForce).map((p) => p.name).join('、')}）` }))} />
        </Form.Item>
        <Form.Item label="承办的工作" htmlFor="name-reason" {...error(act.problem, 'reason')}><Input id="name-reason" maxLength={200} placeholder="为何需要知悉，不写材料的内容" value={f.reason} onChange={(e) => setF({ ...f, reason: e.target.value })} /></Form.Item>
        <ProblemView problem={act.problem} fields={['staff', 'reason']} />
      </Form>
    </Confirm>
  );
}

/** 移入专区 (21b): from the shelf where it stands onto one of a marked zone. */
export function Move({ v, onClose }: { v: Sheet; onClose: () => void }) {
  const { f, set: setF, error, tried } = useMended({ shelfmark: '' });
  const act = useAct({ invalidates, onDone: onClose, done: '已移入专区', run: (headers) => read(api.POST('/api/v1/dossiers/{id}/secrecy/move', { params: { path: { id: v.dossierId } }, headers, body: f })) });
  return (
    <Confirm open title="移入专区" verb="移入" busy={act.isPending} onConfirm={() => { tried(); act.mutate(); }} onCancel={onClose} clause="第二十一条">
      <p className="dense ink2">现在的库位：{v.shelfmark || '未登记'}。由专区的保管人员办理。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="专区库位" htmlFor="move-shelf" {...error(act.problem, 'shelfmark')}><Input id="move-shelf" maxLength={30} placeholder="扫描或填写，如：01-Z-001-01-1-01" value={f.shelfmark} onChange={(e) => setF({ shelfmark: e.target.value })} /></Form.Item>
        <ProblemView problem={act.problem} fields={['shelfmark']} />
      </Form>
    </Confirm>
  );
}
