import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { api, read, type Schema } from '../../api/client';
import { useAct, type ActHeaders } from '../../shared/act';
import { figure, logTime } from '../../shared/dates';
import { PagingBar, useKeyset, useRowKeys } from '../../shared/list';
import { ProblemView } from '../../shared/problem';
import { Answer, Empty } from '../../shared/states';
import { Status, type Tone } from '../../shared/status';
import { formed } from './parts';

type Piece = Schema<'SittingPiece'>;

function useDrop(id: string) {
  return useAct({
    invalidates: [['sittings']],
    done: '已取出',
    run: (headers: ActHeaders, piece: string) => read(api.POST('/api/v1/material-sittings/{id}/drop', { params: { path: { id } }, headers, body: { piece } })),
  });
}

/** What lies aside, each with why and what becomes of it. */
export function AsideLines({ id, lines, may = true }: { id: string; lines: Piece[]; may?: boolean }) {
  const drop = useDrop(id);
  return (
    <>
      <ProblemView problem={drop.problem} />
      <table className="plain">
        <thead><tr><th scope="col" className="num">序</th><th scope="col">号码</th><th scope="col">搁置原因</th><th scope="col">下一步</th>{may && <th scope="col"><span className="hidden-text">取出</span></th>}</tr></thead>
        <tbody>
          {lines.map((l) => (
            <tr key={l.id}>
              <td className="num">{l.seq}</td><td className="nowrap">{l.number}{l.name && <span className="meta">　{l.name}</span>}</td><td>{l.why}</td><td className="dense ink2">{l.next}</td>
              {may && <td><Button size="small" aria-label={`取出第 ${l.seq} 份`} onClick={() => drop.mutate(l.id)}>取出</Button></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The pieces of a pile, the last scanned first. */
export function PieceLines({ id, lines, may = true }: { id: string; lines: Piece[]; may?: boolean }) {
  const drop = useDrop(id);
  return (
    <>
      <ProblemView problem={drop.problem} />
      <table className="plain">
        <thead><tr><th scope="col" className="num">序</th><th scope="col">姓名</th><th scope="col">身份证号</th><th scope="col">档案编号</th><th scope="col">扫描</th><th scope="col"><span className="hidden-text">{may ? '取出' : '材料'}</span></th></tr></thead>
        <tbody>
          {lines.map((l) => (
            <tr key={l.id}>
              <td className="num">{l.seq}</td><td className="subject">{l.name ?? '—'}</td><td className="nowrap">{l.idNo}</td><td className="nowrap">{l.dossierId ? <Link className="text-link" to={`/dossiers/${l.dossierId}`}>{l.dossierNo}</Link> : l.number}</td><td className="nowrap ink2">{logTime(l.scannedAt)}</td>
              <td>{l.materialId ? <Link className="text-link dense" to={`/materials/${l.materialId}`}>材料</Link> : may && <Button size="small" aria-label={`取出${l.name ?? l.number}`} onClick={() => drop.mutate(l.id)}>取出</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** 整批收取: every pile, where it stands. */
export function Sittings() {
  const list = useKeyset<Schema<'SittingView'>>({ key: ['sittings', 'list'], fetch: (cursor, limit) => read(api.GET('/api/v1/material-sittings', { params: { query: { cursor, limit } } })) });
  const navigate = useNavigate();
  const to = (s: Schema<'SittingView'>) => (s.state === 'open' && s.own ? '/filing/sitting' : `/filing/sittings/${s.id}`);
  const [current] = useRowKeys(list.items.length, (i) => list.items[i] && void navigate(to(list.items[i])));
  return (
    <>
      <div className="page-body">
        <Answer query={list.query}>
          {() => list.items.length === 0 ? <Empty>还没有整批收的材料。同一单位移交的同种材料，点“整批收材料”逐份扫描、一次签收。</Empty> : (
            <div className="scroll-x">
              <table className="plain">
                <thead><tr><th scope="col">批次</th><th scope="col">材料</th><th scope="col">形成单位</th><th scope="col">形成时间</th><th scope="col" className="num">份</th><th scope="col" className="num">搁置</th><th scope="col">状态</th><th scope="col">经办</th><th scope="col">归档批次</th></tr></thead>
                <tbody>
                  {list.items.map((s, i) => (
                    <tr key={s.id} className={i === current ? 'current' : undefined} data-current-row={i === current}>
                      <td><Link className="text-link nowrap" to={to(s)}>{s.no}</Link></td>
                      <td>{s.title}</td><td>{s.maker}</td><td className="nowrap">{formed(s)}</td>
                      <td className="num">{figure(s.pieces)}</td><td className="num">{s.aside > 0 ? <span className="ochre">{figure(s.aside)}</span> : '—'}</td>
                      <td className="nowrap"><Status tone={s.tone as Tone}>{s.stateName}</Status></td>
                      <td className="nowrap">{s.by} <span className="meta">{logTime(s.openedAt)}</span></td>
                      <td className="nowrap">{s.batchId && <Link className="text-link" to={`/filing/batches/${s.batchId}`}>{s.batchNo}</Link>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </div>
      {list.items.length > 0 && <PagingBar list={list} unit="批" />}
    </>
  );
}
