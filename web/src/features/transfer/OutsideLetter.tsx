import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, problemOf, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { today } from '../../shared/dates';
import { Facts, PageHead, SectionHead } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Day, ProvinceFields, useChoices, type Choices } from './parts';
import './transfer.css';

/** 登记外单位来函: a dossier goes to an organ or unit, on its letter. */
export default function OutsideLetter() {
  return <Answer query={useChoices()}>{(choices) => <Letter choices={choices} />}</Answer>;
}

function Letter({ choices }: { choices: Choices }) {
  const go = useNavigate();
  const [params, setParams] = useSearchParams();
  const id = params.get('dossier') ?? '';
  const [no, setNo] = useState('');
  const byId = useQuery({ queryKey: ['custody', 'one', id], enabled: id !== '', queryFn: () => read(api.GET('/api/v1/custody/dossiers/{id}', { params: { path: { id } } })) });
  const find = useAct({
    run: (_headers, wanted: string) => read(api.GET('/api/v1/custody/scan', { params: { query: { no: wanted } } })),
    onDone: (packet) => setParams({ dossier: packet.dossierId }, { replace: true }),
  });
  const [v, setV] = useState({ receiverName: '', receiverKind: '', receiverAddr: '', reason: '', letterNo: '', letterOn: '', validUntil: '', receivedOn: today(), telephone: '', spoke: '', province: '', onlineNo: '' });
  const set = (change: Partial<typeof v>) => setV((old) => ({ ...old, ...change }));
  const act = useAct({
    run: (headers, body: typeof v) => read(api.POST('/api/v1/transfers/outside-letters', { body: { ...body, dossierId: id }, headers })),
    invalidates: [['transfers']],
    done: (made) => `已登记，15 个工作日起算，案号 ${made.no}`,
    onDone: (made) => void go(`/transfers/${made.id}`),
  });
  const p = act.problem;
  const online = v.province !== '' && v.onlineNo.trim() !== '';
  const fields = ['receiverName', 'receiverKind', 'province', 'reason', 'letterNo', 'letterOn', 'receivedOn', 'telephone'];
  return (
    <>
      <PageHead title="登记外单位来函" crumbs={[{ label: '转递', to: '/transfers' }, { label: '登记外单位来函' }]} sub="转往机关、单位或外省市，凭其调档函" />
      <div className="page-body" style={{ maxWidth: 960 }}>
        <SectionHead>档案</SectionHead>
        {byId.data ? (
          <Facts items={[{ label: '姓名', value: byId.data.name }, { label: '档案编号', value: byId.data.dossierNo }, { label: '现在', value: `${byId.data.stateName}，${byId.data.placeName}` }]} />
        ) : (
          <form className="filters" onSubmit={(e) => { e.preventDefault(); if (no.trim()) find.mutate(no.trim()); }}>
            <Input aria-label="档案编号" placeholder="扫描或输入档案编号" value={no} onChange={(e) => setNo(e.target.value)} style={{ width: 280 }} />
            <Button htmlType="submit" loading={find.isPending}>查找</Button>
          </form>
        )}
        <ProblemView problem={find.problem ?? (byId.error ? problemOf(byId.error) : undefined)} />
        <form onSubmit={(e) => { e.preventDefault(); act.mutate(v); }}>
          <Form layout="vertical" component={false}>
            <SectionHead>来函</SectionHead>
            <div className="form-grid">
              <Form.Item className="wide" label="接收单位全称" htmlFor="o-receiver" required {...fieldError(p, 'receiverName')}><Input id="o-receiver" value={v.receiverName} onChange={(e) => set({ receiverName: e.target.value })} /></Form.Item>
              <Form.Item label="接收单位性质" htmlFor="o-kind" required {...fieldError(p, 'receiverKind')}><Select id="o-kind" aria-label="接收单位性质" placeholder="选择一项" value={v.receiverKind || undefined} onChange={(receiverKind: string) => set({ receiverKind })} options={choices.ends.map((e) => ({ value: e.code, label: e.name }))} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
              <Form.Item label="转递原因" htmlFor="o-reason" required {...fieldError(p, 'reason')}><Select id="o-reason" aria-label="转递原因" placeholder="选择一项" value={v.reason || undefined} onChange={(reason: string) => set({ reason })} options={choices.reasons.map((r) => ({ value: r, label: r }))} getPopupContainer={() => document.querySelector('main') ?? document.body} /></Form.Item>
              <ProvinceFields value={v} set={set} choices={choices} problem={p} />
              <Form.Item className="wide" label="接收地址" htmlFor="o-addr"><Input id="o-addr" value={v.receiverAddr} onChange={(e) => set({ receiverAddr: e.target.value })} /></Form.Item>
              <Form.Item label="函号" htmlFor="o-no" required {...fieldError(p, 'letterNo')}><Input id="o-no" value={v.letterNo} onChange={(e) => set({ letterNo: e.target.value })} /></Form.Item>
              <Form.Item label="发函日期" htmlFor="o-on" required {...fieldError(p, 'letterOn')}><Day id="o-on" value={v.letterOn} onChange={(letterOn) => set({ letterOn })} /></Form.Item>
              <Form.Item label="有效期至" htmlFor="o-until"><Day id="o-until" future value={v.validUntil} onChange={(validUntil) => set({ validUntil })} /></Form.Item>
              <Form.Item label="收函日期" htmlFor="o-received" required {...fieldError(p, 'receivedOn')}><Day id="o-received" value={v.receivedOn} onChange={(receivedOn) => set({ receivedOn })} /></Form.Item>
            </div>
            <SectionHead note={online ? '全国平台来的电子调档函，编号即为核实，可不打电话' : '外单位的函一律电话核实，记录在案'}>电话核实</SectionHead>
            <div className="form-grid">
              <Form.Item label="所拨电话" htmlFor="o-phone" required={!online} {...fieldError(p, 'telephone')}><Input id="o-phone" value={v.telephone} onChange={(e) => set({ telephone: e.target.value })} /></Form.Item>
              <Form.Item label="接听人" htmlFor="o-spoke" required={!online}><Input id="o-spoke" value={v.spoke} onChange={(e) => set({ spoke: e.target.value })} /></Form.Item>
            </div>
          </Form>
          <ProblemView problem={p} fields={fields} />
          <div className="form-end">
            <Button type="primary" htmlType="submit" disabled={!byId.data} loading={act.isPending}>登记来函</Button>
            <span className="meta">{byId.data ? '登记后提档单到库房，15 个工作日自收函日期起算。' : '请先找到档案。'}</span>
          </div>
        </form>
      </div>
    </>
  );
}
