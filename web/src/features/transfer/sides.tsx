import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { Confirm } from '../../shared/confirm';
import type { View } from './parts';

type Side = 'chase' | 'urge' | 'reopen' | 'decline' | 'return' | 'withdraw' | 'forward';

const sides: Record<Side, { verb: string; done: string; title: string; what: string; clause?: string; words?: string }> = {
  chase: { verb: '催办回执', done: '已催办', title: '催办回执？', what: '请对方核对后退回通知单回执。市内机构在待办中看到催办次数；外单位的出具催办函，请打印寄送。', clause: '第二十条（五）' },
  urge: { verb: '催办调档函', done: '已催办', title: '催办调档函？', what: '请对方登记来函并按时转出。市内机构在待办中看到催办次数；外单位的出具催办函，请打印寄送。', clause: '第二十条（一）' },
  reopen: { verb: '退回审核', done: '已退回审核', title: '退回审核？', what: '通知单和清单随即作废，编号留在登记簿；需要重新审核和装封。' },
  decline: { verb: '不予转出', done: '已出具不予转出告知单', title: '书面告知不予转出？', what: '系统按现有情形列明全部理由，出具不予转出告知单，送接收机构和本人；档案归还库房。', clause: '第二十条（二）' },
  return: { verb: '协商退回', done: '已登记商定，待退回寄送', title: '与原单位商定退回？', what: '只适用于缺关键材料、且与原单位协商一致的外来档案；机构之间不得退回。商定后按规定的转递方式寄回。', clause: '第二十条（四）', words: '与谁、何时商定，需要补充什么' },
  forward: { verb: '转交有关机构', done: '已转交', title: '转交有联系的机构？', what: '案号和受理日期不变，申请人无需往返；由接着办理的机构开具调档函，受理回执写明。', clause: '第七条' },
  withdraw: { verb: '撤回', done: '已撤回', title: '撤回本件？', what: '凭申请人的书面申请或者来函单位的撤函办理。已开的函和通知单作废，出具撤回告知书；已提出的档案归还库房。', words: '撤回原因' },
};

/** Acts beside the way: small, at the end, each asked before it is done. */
export function SideActs({ value, etag }: { value: View; etag: string }) {
  const [asking, setAsking] = useState<Side>();
  const [words, setWords] = useState('');
  const [paper, setPaper] = useState('');
  const [to, setTo] = useState<{ to?: string; tiePlace?: string }>({});
  const choices = useQuery({ queryKey: ['transfers', 'choices'], queryFn: () => read(api.GET('/api/v1/transfers/choices')), enabled: asking === 'forward' });
  const inDialog = (e: HTMLElement) => e.closest<HTMLElement>('.ant-modal-body') ?? document.body;
  const act = useAct({
    etag,
    invalidates: [['transfers']],
    done: (_, side: Side) => sides[side].done,
    run: (headers: ActHeaders, side: Side) => {
      const path = { id: value.id };
      if (side === 'chase' || side === 'urge') return read(api.POST('/api/v1/transfers/{id}/chase', { params: { path }, headers }));
      if (side === 'reopen') return read(api.POST('/api/v1/transfers/{id}/reopen', { params: { path }, headers }));
      if (side === 'decline') return read(api.POST('/api/v1/transfers/{id}/decline', { params: { path }, headers }));
      if (side === 'return') return read(api.POST('/api/v1/transfers/{id}/return', { params: { path }, headers, body: { agreement: words } }));
      if (side === 'forward') return read(api.POST('/api/v1/transfers/{id}/forward', { params: { path }, headers, body: { to: to.to ?? '', tiePlace: to.tiePlace } }));
      return read(api.POST('/api/v1/transfers/{id}/withdraw', { params: { path }, headers, body: { why: words, paper } }));
    },
    onDone: () => { setAsking(undefined); setWords(''); setPaper(''); },
  });
  const list = (Object.keys(sides) as Side[]).filter((s) => value.possible.some((p) => p.action === `transfer.${s}` && p.allowed));
  const now = asking && sides[asking];
  if (list.length === 0) return null;
  return (
    <div className="form-end">
      <span className="end">{list.map((s) => <Button key={s} type="link" onClick={() => { act.reset(); setAsking(s); }}>{sides[s].verb}</Button>)}</span>
      {now && asking && (
        <Confirm open title={now.title} verb={now.verb} clause={now.clause} busy={act.isPending} problem={act.problem} onConfirm={() => act.mutate(asking)} onCancel={() => setAsking(undefined)}>
          <p>{now.what}</p>
          {asking === 'decline' && <ul className="lines">{value.hinders.filter((h) => h.hinders).map((h) => <li key={h.slug}>{h.text}</li>)}</ul>}
          {asking === 'forward' && (
            <>
              <Select aria-label="接着办理的机构" placeholder="接着办理的机构" showSearch={{ optionFilterProp: 'label' }} value={to.to} onChange={(code: string) => setTo({ ...to, to: code })} options={(choices.data?.agencies ?? []).map((a) => ({ value: a.code, label: a.name }))} style={{ width: '100%', marginTop: 8 }} getPopupContainer={inDialog} />
              <Select aria-label="存档依据所在区县" placeholder={`存档依据所在区县（不选为原登记的：${value.regionBasis}）`} allowClear showSearch={{ optionFilterProp: 'label' }} value={to.tiePlace} onChange={(code?: string) => setTo({ ...to, tiePlace: code })} options={(choices.data?.divisions ?? []).map((a) => ({ value: a.code, label: a.name }))} style={{ width: '100%', marginTop: 8 }} getPopupContainer={inDialog} />
            </>
          )}
          {asking === 'withdraw' && <Input aria-label="书面材料编号" placeholder="书面申请或者撤函的编号" value={paper} onChange={(e) => setPaper(e.target.value)} style={{ marginTop: 8 }} />}
          {now.words && <Input.TextArea aria-label={now.words} placeholder={now.words} rows={2} value={words} onChange={(e) => setWords(e.target.value)} style={{ marginTop: 8 }} />}
        </Confirm>
      )}
    </div>
  );
}
