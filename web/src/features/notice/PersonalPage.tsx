import { useQuery } from '@tanstack/react-query';
import { Form, Radio } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, read, readTagged, type Schema } from '../../api/client';
import { MandateLine } from '../../shared/mandate';
import { useAct } from '../../shared/act';
import { NowPossible } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { columnDate, logTime, longDate } from '../../shared/dates';
import { Facts, PageHead, SectionHead, Split } from '../../shared/page';
import { Papers } from '../../shared/papers';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';

type View = Schema<'PersonalView'>;

const owes: Record<string, string> = { never: '本人还没有接受存档须知。', again: '本人接受的是旧版本，须接受现行版本。' };

/** One personal account: what its person accepted, how they were reminded, and its papers. */
export default function PersonalPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['personal-accounts', 'one', id], queryFn: () => readTagged(api.GET('/api/v1/personal-accounts/{id}', { params: { path: { id } } })) });
  return <Answer query={query}>{({ value, etag }) => <Page key={etag} v={value} etag={etag} />}</Answer>;
}

function Page({ v, etag }: { v: View; etag: string }) {
  const go = useNavigate();
  const [reminding, setReminding] = useState(false);
  return (
    <Split
      label="办理" width={304}
      aside={
        <>
          <NowPossible possible={v.possible} on={{ 'account.accept': () => void go(`/account-notices/accept/${v.dossierId}`), 'account.remind': () => setReminding(true) }} />
          <Papers of={`PersonalAccount:${v.id}`} state={`${v.state}${v.accepted.length}`} />
        </>
      }
    >
      <PageHead title={`个人账户：${v.name}`} heading={v.name} person crumbs={[{ label: '须知待接受', to: '/account-notices/waiting' }, { label: v.no }]} sub={<Status tone={v.tone as Tone}>{v.stateName}</Status>} />
      <div className="page-body">
        {v.owes && <p className="notice">{owes[v.owes]}</p>}
        <Facts
          items={[
            { label: '账户编号', value: v.no }, { label: '存档机构', value: v.agencyName }, { label: '档案', value: <Link className="text-link" to={`/dossiers/${v.dossierId}`}>{v.dossierNo}</Link> },
            { label: '开户', value: `${longDate(v.openedAt)}，${v.howName}` },
            { label: '接受的须知', value: v.noticeNo && `${v.noticeNo}，${longDate(v.noticeOn ?? '')}` },
            { label: '委托书', value: v.mandate && <MandateLine m={v.mandate} /> },
            { label: '提醒', value: v.reminded > 0 ? `${v.reminded} 次，最近一次 ${longDate(v.remindedOn ?? '')}，${v.remindedBy ?? ''}` : undefined },
            { label: '终止', value: v.endedAt && `${logTime(v.endedAt)}，${v.endedName ?? ''}` },
          ]}
        />
        {v.accepted.length > 0 && (
          <>
            <SectionHead>须知接受</SectionHead>
            <table className="plain">
              <thead><tr><th scope="col">版本</th><th scope="col">接受人</th><th scope="col">方式</th><th scope="col">接受日期</th><th scope="col">登记</th></tr></thead>
              <tbody>{v.accepted.map((a) => <tr key={a.at}><td>{a.noticeNo}</td><td className="nowrap">{a.by}</td><td>{a.way}</td><td className="nowrap">{longDate(a.on)}</td><td className="nowrap ink2">{a.staff}　{columnDate(a.at)}</td></tr>)}</tbody>
            </table>
          </>
        )}
        {v.links.length > 0 && (
          <>
            <SectionHead>一次性链接</SectionHead>
            <table className="plain">
              <thead><tr><th scope="col">发送</th><th scope="col">经办</th><th scope="col">有效至</th><th scope="col">状态</th></tr></thead>
              <tbody>{v.links.map((l) => <tr key={l.sentAt}><td className="nowrap">{logTime(l.sentAt)}</td><td>{l.sentBy}</td><td className="nowrap">{longDate(l.untilOn)}</td><td>{l.stateName}</td></tr>)}</tbody>
            </table>
          </>
        )}
      </div>
      {reminding && <Remind v={v} etag={etag} onClose={() => setReminding(false)} />}
    </Split>
  );
}

/** Asking the person: by a one-time link, or in another way that is noted. */
function Remind({ v, etag, onClose }: { v: View; etag: string; onClose: () => void }) {
  const [way, setWay] = useState('');
  const act = useAct({ etag, invalidates: [['personal-accounts']], done: '已登记提醒', onDone: onClose, run: (headers) => read(api.POST('/api/v1/personal-accounts/{id}/remind', { params: { path: { id: v.id } }, body: { way }, headers })) });
  return (
    <Confirm open title={`提醒${v.name}接受存档须知？`} verb={way === 'link' ? '发送链接' : '登记提醒'} busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条">
      <p>链接随消息发到本人登记的手机号或邮箱，只用一次，14 天内有效；本人填写姓名和证件号码后四位后接受。其他方式提醒的，登记方式。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="怎样提醒" {...fieldError(act.problem, 'way')}><Radio.Group value={way} onChange={(e) => { act.reset(); setWay(e.target.value as string); }} options={[{ value: 'link', label: '发送一次性链接' }, ...v.ways.map((w) => ({ value: w, label: w }))]} /></Form.Item>
        <ProblemView problem={act.problem} fields={['way']} />
      </Form>
    </Confirm>
  );
}
