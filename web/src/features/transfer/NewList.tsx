import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { figure, today } from '../../shared/dates';
import { PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Day, ProvinceFields, useChoices, type Choices } from './parts';
import { personFields, Persons, type Person } from './Persons';
import './transfer.css';

/** 登记一函多人: a school's letter that names many (升学), from June to September. */
export default function NewList() {
  return <Answer query={useChoices()}>{(choices) => <Letter choices={choices} />}</Answer>;
}

function Letter({ choices }: { choices: Choices }) {
  const go = useNavigate();
  const [v, setV] = useState({ receiverName: '', receiverKind: 'school', receiverAddr: '', reason: '升学', letterNo: '', letterOn: '', validUntil: '', receivedOn: today(), telephone: '', spoke: '', province: '', onlineNo: '' });
  const [persons, setPersons] = useState<Person[]>([]);
  const act = useAct({
    run: (headers, body: typeof v & { persons: Person[] }) => read(api.POST('/api/v1/transfer-lists', { body, headers })),
    invalidates: [['transfers'], ['custody']],
    done: (made) => `已登记 ${figure(made.persons)} 人，${made.no}`,
    onDone: (made) => void go(`/transfers/lists/${made.id}`),
  });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const online = v.province !== '' && v.onlineNo.trim() !== '';
  const p = act.problem;
  return (
    <>
      <PageHead title="登记一函多人" crumbs={[{ label: '转递', to: '/transfers' }, { label: '批量转出', to: '/transfers/lists' }, { label: '登记' }]} sub="一所学校一份调档函列名多人：一次登记、一次审核、一个包封" />
      <div className="page-body" style={{ maxWidth: 960 }}>
        <form onSubmit={(e) => { e.preventDefault(); act.mutate({ ...v, persons }); }}>
          <Form layout="vertical" component={false}>
            <SectionHead>来函</SectionHead>
            <div className="form-grid">
              <Form.Item className="wide" label="接收学校或单位全称" htmlFor="l-receiver" required {...fieldError(p, 'receiverName')}><Input id="l-receiver" value={v.receiverName} onChange={(e) => set({ receiverName: e.target.value })} /></Form.Item>
              <Form.Item label="接收单位性质" htmlFor="l-kind" required {...fieldError(p, 'receiverKind')}><Select id="l-kind" aria-label="接收单位性质" placeholder="选择一项" value={v.receiverKind || undefined} onChange={(receiverKind: string) => set({ receiverKind })} options={choices.ends.map((e) => ({ value: e.code, label: e.name }))} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
              <Form.Item label="转递原因" htmlFor="l-reason" required {...fieldError(p, 'reason')}><Select id="l-reason" aria-label="转递原因" value={v.reason} onChange={(reason: string) => set({ reason })} options={choices.reasons.map((r) => ({ value: r, label: r }))} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
              <Form.Item className="wide" label="接收地址" htmlFor="l-addr"><Input id="l-addr" value={v.receiverAddr} onChange={(e) => set({ receiverAddr: e.target.value })} /></Form.Item>
              <ProvinceFields value={v} set={set} choices={choices} problem={p} />
              <Form.Item label="函号" htmlFor="l-no" required {...fieldError(p, 'letterNo')}><Input id="l-no" value={v.letterNo} onChange={(e) => set({ letterNo: e.target.value })} /></Form.Item>
              <Form.Item label="发函日期" htmlFor="l-on" required {...fieldError(p, 'letterOn')}><Day id="l-on" value={v.letterOn} onChange={(letterOn) => set({ letterOn })} /></Form.Item>
              <Form.Item label="有效期至" htmlFor="l-until"><Day id="l-until" future value={v.validUntil} onChange={(validUntil) => set({ validUntil })} /></Form.Item>
              <Form.Item label="收函日期" htmlFor="l-received" required {...fieldError(p, 'receivedOn')}><Day id="l-received" value={v.receivedOn} onChange={(receivedOn) => set({ receivedOn })} /></Form.Item>
            </div>
            <SectionHead note={online ? '全国平台来的电子调档函，编号即为核实，可不打电话' : '学校和外单位的函一律电话核实，记录在案'}>电话核实</SectionHead>
            <div className="form-grid">
              <Form.Item label="所拨电话" htmlFor="l-phone" required={!online} {...fieldError(p, 'telephone')}><Input id="l-phone" value={v.telephone} onChange={(e) => set({ telephone: e.target.value })} /></Form.Item>
              <Form.Item label="接听人" htmlFor="l-spoke" required={!online}><Input id="l-spoke" value={v.spoke} onChange={(e) => set({ spoke: e.target.value })} /></Form.Item>
            </div>
          </Form>
          <SectionHead n={persons.length} note="最多 200 人，照函的附页登记">函上所列人员</SectionHead>
          <Persons value={persons} onChange={(list) => { act.reset(); setPersons(list); }} problem={p} />
          <ProblemView problem={p} fields={['receiverName', 'receiverKind', 'province', 'reason', 'letterNo', 'letterOn', 'receivedOn', 'telephone', ...personFields(persons)]} />
          <div className="form-end">
            <Button type="primary" htmlType="submit" disabled={persons.length === 0} loading={act.isPending}>登记 {persons.length} 人</Button>
            <span className="meta">档案不在本机构的，列明理由，其他人照办；提档单随即到库房，15 个工作日自收函日期起算。</span>
          </div>
        </form>
      </div>
    </>
  );
}
