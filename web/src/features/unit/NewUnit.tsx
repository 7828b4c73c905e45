import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { RecordIntake, Resume, ResumedNote, type Resumed } from '../../shared/intake';
import { PageHead, SectionHead, Segments } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { NoticeBlock, unaccepted } from './notice';
import { noWorker, WorkerFields } from './worker';

const empty = { unit: '', uscc: '', paper: '', paperNo: '', ...noWorker, ...unaccepted };
type Opening = typeof empty;

const fields = ['unit', 'uscc', 'paper', 'paperNo'];

/** 开立集体账户 on the unit's papers (12c), or registering a unit that the stock names. */
export default function NewUnit() {
  return <Resume<Opening>>{(resumed) => <Unit resumed={resumed} />}</Resume>;
}

function Unit({ resumed }: { resumed: Resumed<Opening> }) {
  const [params] = useSearchParams();
  const go = useNavigate();
  const fromStock = params.get('stock') !== null;
  const [stock, setStock] = useState(fromStock);
  const [v, setV] = useState<Opening>({ ...empty, unit: params.get('unit') ?? '', ...resumed.application });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const papers = useQuery({ queryKey: ['unit-papers'], queryFn: () => read(api.GET('/api/v1/unit-papers')), staleTime: Infinity });
  const act = useAct({
    invalidates: [['units'], ['intakes']],
    done: stock ? '已登记存量单位' : '集体账户已开立',
    run: (headers) => read(api.POST('/api/v1/unit-accounts', { body: stock ? { unit: v.unit, stock } : { ...v, intakeId: resumed.intake?.id }, headers })),
    onDone: (u) => void go(`/units/${u.id ?? ''}`, { replace: true }),
  });
  return (
    <>
      <PageHead title={fromStock ? '登记存量单位' : '开立集体账户'} crumbs={[{ label: '集体户', to: '/units' }, { label: fromStock ? '登记' : '开户' }]} sub="凭单位证照和经办人居民身份证；全程免费" />
      <div className="page-body">
        <ResumedNote intake={resumed.intake} />
        <Form layout="vertical" requiredMark={false} style={{ maxWidth: 640 }} onFinish={() => act.mutate()}>
          {fromStock && (
            <Form.Item label="单位证照">
              <Segments label="单位证照" value={stock ? 'stock' : 'seen'} onChange={(k) => { act.reset(); setStock(k === 'stock'); }} options={[{ key: 'stock', label: '未见，只登记' }, { key: 'seen', label: '已查看，开户' }]} />
              <p className="dense ink2" style={{ marginTop: 6 }}>{stock ? '存量档案已挂在这一单位名下，先登记账户，证照以后补。' : '按新开户登记证照。'}</p>
            </Form.Item>
          )}
          <Form.Item label="存档单位" htmlFor="u-unit" {...fieldError(act.problem, 'unit')}><Input id="u-unit" maxLength={100} value={v.unit} disabled={fromStock} placeholder="照证照填写全称" onChange={(e) => set({ unit: e.target.value })} /></Form.Item>
          {!stock && (
            <>
              <Form.Item label="统一社会信用代码" htmlFor="u-uscc" {...fieldError(act.problem, 'uscc')}><Input id="u-uscc" maxLength={30} value={v.uscc} autoComplete="off" onChange={(e) => set({ uscc: e.target.value })} /></Form.Item>
              <Form.Item label="查看的单位证照" htmlFor="u-paper" {...fieldError(act.problem, 'paper')}><Select id="u-paper" value={v.paper || undefined} placeholder="选择证照" onChange={(paper: string) => set({ paper })} options={(papers.data ?? []).map((p) => ({ value: p.code, label: p.name }))} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
              <Form.Item label="证照编号（可选）" htmlFor="u-no" {...fieldError(act.problem, 'paperNo')}><Input id="u-no" maxLength={60} value={v.paperNo} onChange={(e) => set({ paperNo: e.target.value })} /></Form.Item>
              <SectionHead>经办人授权</SectionHead>
              <WorkerFields value={v} onChange={set} problem={act.problem} />
              <SectionHead>权利和义务</SectionHead>
              <NoticeBlock kind="collective" value={v} onChange={set} by="接受人（单位经办人）" />
            </>
          )}
          <ProblemView problem={act.problem} fields={fields} />
          {!stock && <RecordIntake matter="account" problem={act.problem} application={() => v} intake={resumed.intake} />}
          <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
            <Button type="primary" htmlType="submit" loading={act.isPending}>{stock ? '登记' : '开户'}</Button>
            <Button onClick={() => void go('/units')}>返回</Button>
          </div>
        </Form>
      </div>
    </>
  );
}
