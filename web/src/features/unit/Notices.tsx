import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { api, read } from '../../api/client';
import { useAct } from '../../shared/act';
import { Hindrances } from '../../shared/acts';
import { Confirm } from '../../shared/confirm';
import { logTime } from '../../shared/dates';
import { PageHead, SectionHead, ViewTabs } from '../../shared/page';
import { fieldError, ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import './unit.css';

type Kind = 'personal' | 'collective';

/** 权利义务须知 (12a): its versions, and publishing a new one. */
export default function Notices() {
  const [kind, setKind] = useState<Kind>('personal');
  const [publishing, setPublishing] = useState(false);
  const query = useQuery({ queryKey: ['account-notices', kind], queryFn: () => read(api.GET('/api/v1/account-notices', { params: { query: { kind } } })) });
  const may = query.data?.possible.some((p) => p.allowed);
  return (
    <>
      <PageHead title="权利义务须知" sub="开户时由本人或单位接受现行版本；发布新版本后，以前的接受仍然有效，要求重新接受的除外" acts={may && <Button type="primary" onClick={() => setPublishing(true)}>发布新版本</Button>}>
        <ViewTabs label="须知" value={kind} onChange={setKind} views={[{ key: 'personal', label: '个人存档须知' }, { key: 'collective', label: '集体存档协议' }]} />
      </PageHead>
      <div className="page-body">
        <Answer query={query}>
          {(list) => (
            <>
              {list.items.map((n) => (
                <section key={n.no} aria-label={`${n.name}${n.no}`}>
                  <SectionHead note={n.publishedAt ? `${n.publishedBy ?? ''} ${logTime(n.publishedAt)} 发布` : '系统自带'}>{n.no}{n.current ? '（现行）' : ''}{n.again ? '，已接受旧版本的须重新接受' : ''}</SectionHead>
                  <p className="notice-text">{n.text}</p>
                </section>
              ))}
              {!may && <Hindrances possible={list.possible} />}
            </>
          )}
        </Answer>
      </div>
      {publishing && <Publish kind={kind} start={query.data?.items[0]?.text ?? ''} onClose={() => setPublishing(false)} />}
    </>
  );
}

function Publish({ kind, start, onClose }: { kind: Kind; start: string; onClose: () => void }) {
  const [text, setText] = useState(start);
  const [again, setAgain] = useState(false);
  const act = useAct({ invalidates: [['account-notices']], done: '新版本已发布', onDone: onClose, run: (headers) => read(api.POST('/api/v1/account-notices', { body: { kind, text, again }, headers })) });
  return (
    <Confirm open title={kind === 'personal' ? '发布个人存档须知' : '发布集体存档协议'} verb="发布" busy={act.isPending} onConfirm={() => act.mutate()} onCancel={onClose} clause="第十二条" width={720}>
      <p className="dense ink2">全市各机构此后开户都用新版本；须写明服务不收取任何费用。</p>
      <Form layout="vertical" requiredMark={false}>
        <Form.Item label="正文" htmlFor="p-text" {...fieldError(act.problem, 'text')}><Input.TextArea id="p-text" maxLength={20000} autoSize={{ minRows: 8, maxRows: 16 }} value={text} onChange={(e) => setText(e.target.value)} /></Form.Item>
        <Checkbox checked={again} onChange={(e) => setAgain(e.target.checked)}>已接受旧版本的须重新接受（列入待接受名单，并通知各机构）</Checkbox>
        <ProblemView problem={act.problem} fields={['text']} />
      </Form>
    </Confirm>
  );
}
