import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { api, read, type Schema } from '../../api/client';
import { useAct } from '../../shared/act';
import { SectionHead } from '../../shared/page';
import { ProblemView } from '../../shared/problem';
import { Answer } from '../../shared/states';
import { Status } from '../../shared/status';
import { confidence } from './words';

type Column = Schema<'RosterColumn'>;

/** 字段对应: what each column is imported as; a change is checked again at once. */
export function Mapping({ view, etag, reload }: { view: Schema<'RosterView'>; etag: string; reload: () => void }) {
  const path = { path: { id: view.id } };
  const query = useQuery({ queryKey: ['rosters', view.id, 'columns', etag], queryFn: () => read(api.GET('/api/v1/rosters/{id}/columns', { params: path })) });
  const change = useAct({
    run: (headers, columns: { column: number; field: string }[]) => read(api.PUT('/api/v1/rosters/{id}/columns', { params: path, body: { columns }, headers })),
    etag,
    invalidates: [['rosters']],
  });
  const keep = useAct({
    run: (headers) => read(api.POST('/api/v1/rosters/{id}/template', { params: path, headers })),
    done: '已存为本机构模板，下次上传自动对应',
  });
  const open = view.possible.some((p) => p.action === 'roster.map' && p.allowed);
  return (
    <Answer query={query}>
      {(data) => {
        const choose = (at: Column, field: string) => {
          const chosen = data.columns.filter((c) => c.confidence === 'chosen' && c.column !== at.column && (c.field !== field || field === ''));
          change.mutate([...chosen, { column: at.column, field }].map(({ column, field: f }) => ({ column, field: f })));
        };
        const options = [...data.fields.map((f) => ({ value: f.field, label: f.label })), { value: '', label: '存为备注' }];
        return (
          <>
            <SectionHead end={<button type="button" className="bare" disabled={keep.isPending} onClick={() => keep.mutate()}>存为本机构模板</button>}>字段对应</SectionHead>
            {data.missing.length > 0 && (
              <div className="refusal wait" role="alert">
                <p className="fact">没有找到{data.missing.map((f) => `“${f.label}”`).join('')}列，每一行都会需要改正。</p>
                <p className="next"><b>下一步</b>请在下面指定是哪一列。</p>
              </div>
            )}
            <ProblemView problem={change.problem ?? keep.problem} onRetry={reload} />
            <table className="plain roster-columns">
              <thead>
                <tr><th scope="col">表中列名</th><th scope="col">导入为</th><th scope="col">对应</th></tr>
              </thead>
              <tbody>
                {data.columns.map((c) => {
                  const how = confidence[c.confidence] ?? { word: '', tone: 'plain' as const };
                  return (
                    <tr key={c.column}>
                      <td><div>{c.header || `第 ${c.column} 列`}</div><div className="meta sample">{c.sample || '—'}</div></td>
                      <td>
                        {!open ? options.find((o) => o.value === c.field)?.label : <Select
                          aria-label={`“${c.header || `第 ${c.column} 列`}”导入为`}
                          value={c.field}
                          options={options}
                          disabled={change.isPending}
                          status={c.confidence === 'confirm' ? 'warning' : undefined}
                          onChange={(field) => choose(c, field)}
                          showSearch={{ optionFilterProp: 'label' }}
                          style={{ width: 138 }}
                        />}
                      </td>
                      <td>
                        {c.confidence === 'confirm' && open ? (
                          <button type="button" className="bare" title={`确认“${c.header}”就是这个字段`} onClick={() => choose(c, c.field)}><Status tone="wait">请确认</Status></button>
                        ) : <Status tone={how.tone}>{how.word}</Status>}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
            <p className="meta roster-note">未认出的列存为备注，不丢弃。{open && '改动后自动重新预检。'}</p>
          </>
        );
      }}
    </Answer>
  );
}
