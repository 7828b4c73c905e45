import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api, read } from '../api/client';
import { CloseIcon } from './icons';

/** The one agency that a list is narrowed to by its address: who comes from an agency's page sees what was counted there. */
export function useAgency(): string | undefined {
  const [params] = useSearchParams();
  return params.get('agency') || undefined;
}

/** Search parameters with the agency of the ones before: a tab of a list stays at its agency. */
export function keepAgency(params: URLSearchParams, next: Record<string, string>): Record<string, string> {
  const agency = params.get('agency');
  return agency ? { ...next, agency } : next;
}

/** Says which agency a list is narrowed to, and takes it away. Nothing where it is not. */
export function OfAgency() {
  const [params, setParams] = useSearchParams();
  const agency = params.get('agency');
  const tree = useQuery({ queryKey: ['agencies', 'tree'], queryFn: () => read(api.GET('/api/v1/agencies/tree')), staleTime: 60_000, enabled: Boolean(agency) });
  if (!agency) return null;
  const all = () => {
    const next = new URLSearchParams(params);
    next.delete('agency');
    setParams(next, { replace: true });
  };
  return (
    <div className="filters">
      <span className="filter-mark">
        机构：{tree.data?.items.find((n) => n.code === agency)?.name ?? agency}
        <button type="button" className="bare" aria-label="去掉机构条件，列出全部机构" onClick={all}><CloseIcon size={14} /></button>
      </span>
    </div>
  );
}
