import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import { figure } from '../../shared/dates';
import { Segments } from '../../shared/page';

type View = Schema<'RosterView'>;
type Seal = 'intact' | 'broken' | 'unsealed';

/** 登记为待核: rejected rows whose packets lie on the shelf all the same. */
export function TakeUnclear({ view }: { view: View }) {
  const [open, setOpen] = useState(false);
  const [seal, setSeal] = useState<Seal>('unsealed');
  const [shelf, setShelf] = useState('');
  const take = useAct({
    run: (headers) => read(api.POST('/api/v1/rosters/{id}/unclear', { params: { path: { id: view.id } }, body: { seal, ...(shelf.trim() ? { shelf } : {}) }, headers })),
    invalidates: [['unclear']],
    done: (r) => `已登记 ${figure(r.taken)} 袋${r.here > 0 ? `，原已登记 ${figure(r.here)} 袋` : ''}`,
    onDone: (r) => { if ((r.shelfless?.length ?? 0) === 0) setOpen(false); },
  });
  const left = take.data?.shelfless ?? [];
  return (
    <>
      <Button onClick={() => { take.reset(); setOpen(true); }}>登记为待核 {figure(view.unclear)} 行</Button>
      <Confirm open={open} title="把这些档案袋登记为身份待核？" verb="登记" busy={take.isPending} problem={take.problem} onConfirm={() => take.mutate()} onCancel={() => setOpen(false)}>
        <div className="take-unclear">
          <p>号码缺失、校验不符、丢失精度、与登记姓名不同，或他处已有档案的 {figure(view.unclear)} 行：档案袋确在库内，先登记库位和封存，查实前只保管、不提供服务。已登记过的不会重复。</p>
          <p><Segments<Seal> label="封存情况" value={seal} onChange={setSeal} options={[{ key: 'intact', label: '封存完好' }, { key: 'broken', label: '封存有损' }, { key: 'unsealed', label: '未封存' }]} /></p>
          <label htmlFor="unclear-shelf">没有写库位的行放在</label>
          <Input id="unclear-shelf" value={shelf} maxLength={60} placeholder="如 待核柜 01；不填则这些行不登记" onChange={(e) => setShelf(e.target.value)} />
          {left.length > 0 && <p className="notice" role="status">第 {left.slice(0, 20).join('、')}{left.length > 20 ? ' 等' : ''} 行没有库位，没有登记。请填写放在何处后再登记。</p>}
          <p className="meta">登记后在 <Link className="text-link" to="/unclear">身份待核</Link> 逐袋查实。</p>
        </div>
      </Confirm>
    </>
  );
}
