import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useParams } from 'react-router';
import { api, readTagged } from '../../api/client';
import { useAct } from '../../shared/act';
import { figure, logTime, longDate } from '../../shared/dates';
import { download } from '../../shared/files';
import { PageHead, SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer, LongWork } from '../../shared/states';
import { bytesText, Differences, Outcome, took } from './parts';
import './ledger.css';

/** One whole check and what it found. */
export default function CheckPage() {
  const { id = '' } = useParams();
  const query = useQuery({
    queryKey: ['ledger', 'check', id, 'page'],
    queryFn: () => readTagged(api.GET('/api/v1/ledger/checks/{id}', { params: { path: { id } } })),
    refetchInterval: (q) => (q.state.data?.value.state === 'running' ? 1000 : false),
  });
  const cancel = useAct({
    run: (headers) => cancelCheck(id, headers),
    etag: query.data?.etag,
    invalidates: [['ledger']],
    done: '已取消核验',
  });
  const check = query.data?.value;
  return (
    <>
      <PageHead
        title="核验报告"
        crumbs={[{ label: '存证核验', to: '/ledger' }, { label: '核验报告' }]}
        sub={check && `${longDate(check.startedAt)} ${logTime(check.startedAt).slice(-5)}，由 ${check.by} 委派`}
        acts={check?.state === 'done' && <Button onClick={() => void download(`/api/v1/ledger/checks/${id}/report`, '核验报告.json')}>下载报告</Button>}
      />
      <Answer query={query}>
        {({ value }) => (
          <div className="page-body">
            {value.state === 'running' && (
              <LongWork label={value.stage ? `正在核验：${value.stage}` : '等待开始'} done={value.done} total={value.total || undefined}
                onCancel={value.possible.some((p) => p.allowed) ? () => cancel.mutate() : undefined} />
            )}
            <ProblemView problem={cancel.problem} />
            <p className="ledger-outcome"><Outcome check={value} />{value.endedAt && <span className="ink2">用时 {took(value)}</span>}</p>
            {value.trouble && <div className="refusal wait" role="alert"><p className="fact">{value.trouble}</p></div>}
            {value.state === 'done' && (
              <dl className="ledger-figures">
                <div><dt>存证条目</dt><dd>{figure(value.entries)}</dd><dd className="meta">其中已公布 {figure(value.published)} 条</dd></div>
                <div><dt>业务记录防改标记</dt><dd>{figure(value.rows)}</dd><dd className="meta">逐行与最后一条存证比对</dd></div>
                <div><dt>影像与文书</dt><dd>{figure(value.files)}</dd><dd className="meta">{bytesText(value.bytes)}</dd></div>
                <div><dt>定时存证点签名</dt><dd>{figure(value.signed)}</dd><dd className="meta">逐个验签、重算根</dd></div>
              </dl>
            )}
            {value.found > 0 && (
              <>
                <SectionHead n={value.found} note={value.found > value.differences.length ? `列出前 ${value.differences.length} 处，其余见下载的报告` : undefined}>差异</SectionHead>
                <Differences check={value} />
              </>
            )}
          </div>
        )}
      </Answer>
    </>
  );
}

function cancelCheck(id: string, headers: Record<string, string>) {
  return readTagged(api.POST('/api/v1/ledger/checks/{id}/cancel', { params: { path: { id } }, headers }));
}
