import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { api, read } from '../api/client';

interface DossierPickProps {
  id?: string;
  value?: string;
  onChange?: (id: string) => void;
  disabled?: boolean;
  known?: { id: string; label: string };
  /** What the dossier is picked for. */
  label?: string;
}

/** Finds one dossier by name, pinyin, number or identity number. */
export function DossierPick({ id, value, onChange, disabled, known, label = '被查阅人' }: DossierPickProps) {
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['dossiers', 'pick', q],
    queryFn: () => read(api.GET('/api/v1/dossiers', { params: { query: { q, limit: 10 } } })),
    enabled: q.length > 0,
  });
  const chosen = useQuery({
    queryKey: ['dossiers', 'picked', value],
    queryFn: () => read(api.GET('/api/v1/dossiers/{id}', { params: { path: { id: value ?? '' } } })),
    enabled: value !== undefined && known === undefined,
    staleTime: 60_000,
  });
  const options = (q ? found.data?.items ?? [] : []).map((d) => ({ value: d.id, label: `${d.name}　${d.no}　${d.idNo}` }));
  if (known) options.push({ value: known.id, label: known.label });
  else if (value && chosen.data && !options.some((o) => o.value === value)) options.push({ value, label: `${chosen.data.person.name}　${chosen.data.no}` });
  return (
    <Select
      id={id}
      aria-label={label}
      showSearch={{ filterOption: false, onSearch: setText, searchValue: text }}
      disabled={disabled}
      value={value}
      onChange={(v: string) => { setText(''); onChange?.(v); }}
      placeholder="输入姓名、拼音、档案编号或身份证号"
      notFoundContent={q && !found.isFetching ? '没有找到，请核对姓名或编号' : null}
      options={options}
    />
  );
}
