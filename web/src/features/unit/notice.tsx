import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { api, read } from '../../api/client';
import { Segments } from '../../shared/page';
import './unit.css';

export interface Accepted { noticeNo: string; noticeWay: '' | 'screen' | 'paper'; noticeBy: string }

export const unaccepted: Accepted = { noticeNo: '', noticeWay: '', noticeBy: '' };

/** The present notice of rights and duties, to be read and accepted (12a): by whom and how. */
export function NoticeBlock({ kind, value, onChange, by }: { kind: 'personal' | 'collective'; value: Accepted; onChange: (change: Partial<Accepted>) => void; by: string }) {
  const query = useQuery({ queryKey: ['account-notices', kind], queryFn: () => read(api.GET('/api/v1/account-notices', { params: { query: { kind } } })) });
  const now = query.data?.items.find((n) => n.current);
  const no = now?.no ?? '';
  return (
    <div className="notice-block">
      <details>
        <summary>{now ? `${now.name}（${now.no}）` : '权利义务须知'}：点开交其阅读</summary>
        <p className="notice-text">{now?.text}</p>
      </details>
      <Segments<'screen' | 'paper' | ''> label="怎样接受" value={value.noticeWay} onChange={(noticeWay) => onChange({ noticeWay, noticeNo: no })} options={[{ key: 'screen', label: '屏幕阅读后同意' }, { key: 'paper', label: '纸质签字' }]} />
      <label htmlFor="n-by">{by}</label>
      <Input id="n-by" maxLength={60} value={value.noticeBy} onChange={(e) => onChange({ noticeBy: e.target.value, noticeNo: no })} />
    </div>
  );
}
