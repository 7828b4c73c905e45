import { useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { DownIcon } from '../shared/icons';
import { groups, type Feature } from './features';
import { features } from './registry';
import { useSession, type Post } from './session';

type Group = (typeof groups)[number];

const store = 'dangan.menu';
/** A menu longer than this does not fit a screen of 900 pixels: it begins with what is seldom needed folded. */
const fits = 26;
const seldom: Group[] = ['系统维护'];

/** Groups a person opened or folded, by name; what they left alone is not in it. */
function remembered(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(store) ?? '{}') as Record<string, boolean>;
  } catch {
    return {};
  }
}

/** The menu: what the person's posts have, in groups that fold. */
export function Side({ open }: { open: boolean }) {
  const { user } = useSession();
  const posts = user.posts.map((p) => p.code as Post);
  const { pathname } = useLocation();
  const [folds, setFolds] = useState(remembered);
  const entries = features.filter((f) => f.menu && f.menu.posts.some((p) => posts.includes(p)));
  // The longest path that the page's own begins with: a page inside a list keeps its list marked.
  const here = entries.filter((f) => pathname === `/${f.path}` || (f.path !== '' && pathname.startsWith(`/${f.path}/`))).sort((a, b) => b.path.length - a.path.length)[0];
  const fold = (group: Group, shown: boolean) => {
    const next = { ...folds, [group]: shown };
    setFolds(next);
    localStorage.setItem(store, JSON.stringify(next));
  };
  return (
    <nav className={open ? 'side open' : 'side'} id="side" aria-label="菜单">
      {groups.map((group) => {
        const list = entries.filter((f) => f.menu?.group === group).sort((a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0));
        if (list.length === 0) return null;
        if (group === '') return <div key={group}><Lines list={list} here={here} /></div>;
        const shown = folds[group] ?? (entries.length <= fits || !seldom.includes(group));
        return <SideGroup key={group} name={group} list={list} here={here} shown={shown} onFold={(v) => fold(group, v)} />;
      })}
      <div className="side-foot">
        <p>本服务不收取任何费用</p>
      </div>
    </nav>
  );
}

/** A folded group still shows the line of the page one is on, and how much waits in the rest. */
function SideGroup({ name, list, here, shown, onFold }: { name: Group; list: Feature[]; here?: Feature; shown: boolean; onFold: (shown: boolean) => void }) {
  const { menuCounts } = useSession();
  const waiting = list.reduce((sum, f) => sum + (f.menu?.count ? (menuCounts?.[f.menu.count] ?? 0) : 0), 0);
  return (
    <div role="group" aria-label={name}>
      <button type="button" className="side-group" aria-expanded={shown} onClick={() => onFold(!shown)}>
        {name}
        {!shown && waiting > 0 && <span className="count">{waiting}</span>}
        <DownIcon size={12} />
      </button>
      <Lines list={shown ? list : list.filter((f) => f === here)} here={here} />
    </div>
  );
}

function Lines({ list, here }: { list: Feature[]; here?: Feature }) {
  const { menuCounts } = useSession();
  return list.map((f) => {
    const n = f.menu?.count ? menuCounts?.[f.menu.count] : undefined;
    return (
      <NavLink key={f.path} to={`/${f.path}`} end aria-current={f === here ? 'page' : undefined}>
        {f.menu?.label}
        {n ? <span className="count">{n}</span> : null}
      </NavLink>
    );
  });
}
