import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Dropdown, Input, Modal, Switch, type InputRef } from 'antd';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';
import { api, read } from '../api/client';
import { BellIcon, DownIcon, HelpIcon, MenuIcon, SearchIcon } from '../shared/icons';
import { keysOn, switchKeys, useShortcut } from '../shared/keys';
import { onSay } from '../shared/say';
import { Loading } from '../shared/states';
import { leave, readsOnly, sessionQuery, useSession } from './session';
import { Side } from './Side';

/** Header, menu, main: everything a signed-in page stands in. */
export function Shell() {
  const [menuOpen, setMenuOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const seen = useRef(pathname);
  useEffect(() => {
    setMenuOpen(false);
    if (seen.current === pathname) return;
    seen.current = pathname;
    main.current?.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  useQuery({ ...sessionQuery, refetchInterval: 60_000 });
  useShortcut('?', () => setHelpOpen(true));
  useShortcut('Escape', () => setMenuOpen(false));
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>跳到正文</a>
      <Header onMenu={() => setMenuOpen(!menuOpen)} menuOpen={menuOpen} onHelp={() => setHelpOpen(true)} />
      <div className="body">
        <Side open={menuOpen} />
        <button type="button" tabIndex={-1} aria-hidden="true" className={menuOpen ? 'side-veil open' : 'side-veil'} onClick={() => setMenuOpen(false)} />
        <main className="main" id="main" tabIndex={-1} ref={main}>
          <Suspense fallback={<div className="page-body"><Loading /></div>}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Help open={helpOpen} onClose={() => setHelpOpen(false)} />
      <Said />
    </div>
  );
}

function Header({ onMenu, menuOpen, onHelp }: { onMenu: () => void; menuOpen: boolean; onHelp: () => void }) {
  const session = useSession();
  const { user, demo, menuCounts } = session;
  const navigate = useNavigate();
  const client = useQueryClient();
  const signOut = async () => {
    await read(api.DELETE('/api/v1/session'));
    void navigate('/');
    leave(client);
  };
  const unread = menuCounts?.inbox ?? 0;
  // Those who only read figures (5) find no dossier and are told nothing of cases.
  const reading = readsOnly(session);
  return (
    <header className="header">
      <button type="button" className="icon-button menu-button" aria-label="菜单" aria-expanded={menuOpen} aria-controls="side" onClick={onMenu}><MenuIcon size={18} /></button>
      <Link className="brand" to="/" aria-label={reading ? '流动人员人事档案，回到监督概览' : '流动人员人事档案，回到我的工作'}><img src="/seal.svg" alt="" /><span>流动人员人事档案</span></Link>
      {!reading && <Find />}
      <div className="header-right">
        {demo && <span className="demo-mark">演示数据</span>}
        <span className="header-agency">{user.agency.name}</span>
        {!reading && <Link className="icon-button" to="/inbox" aria-label={unread > 0 ? `收件箱，未读 ${unread} 条` : '收件箱'}><BellIcon size={17} />{unread > 0 && <span className="count-dot" />}</Link>}
        <button type="button" className="icon-button header-help" aria-label="键盘与帮助" onClick={onHelp}><HelpIcon size={17} /></button>
        <Dropdown
          trigger={['click']}
          placement="bottomRight"
          menu={{
            items: [
              { key: 'account', label: '本人账户' },
              { key: 'out', label: '退出' },
            ],
            onClick: ({ key }) => (key === 'account' ? void navigate('/account') : void signOut()),
          }}
        >
          <button type="button" className="header-person" aria-haspopup="menu">
            {user.name}
            <span className="post">{user.posts.map((p) => p.name).join('、')}</span>
            <DownIcon size={14} />
          </button>
        </Dropdown>
      </div>
    </header>
  );
}

/** The one search box: / jumps to it, Enter shows what is found. A scanned number ends with Enter too. */
function Find() {
  const navigate = useNavigate();
  const box = useRef<InputRef>(null);
  const [text, setText] = useState('');
  useShortcut('/', (e) => {
    e.preventDefault();
    box.current?.focus({ cursor: 'all' });
  });
  return (
    <form
      role="search"
      className="header-search"
      onSubmit={(e) => {
        e.preventDefault();
        if (text.trim()) void navigate(`/dossiers?q=${encodeURIComponent(text.trim())}`);
      }}
    >
      <Input
        ref={box}
        aria-label="查找：姓名、拼音、身份证号、档案编号或单位"
        placeholder="姓名 / 拼音 / 身份证号 / 档案编号"
        prefix={<SearchIcon size={15} />}
        suffix={<kbd className="kbd" aria-hidden="true">/</kbd>}
        value={text}
        maxLength={60}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && box.current?.blur()}
      />
    </form>
  );
}

const keyHelp: [string, string][] = [
  ['/', '到查找框'],
  ['J　K', '列表中下一行、上一行'],
  ['Enter', '打开当前行'],
  ['X', '档案查询中选择当前行'],
  ['?', '显示本页'],
  ['Esc', '关闭菜单、窗口'],
  ['←　→', '阅档时翻页'],
  ['+　−　R', '阅档时放大、缩小、旋转'],
];

function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [on, setOn] = useState(keysOn());
  return (
    <Modal open={open} onCancel={onClose} footer={null} title="键盘与帮助" width={420} closable={{ 'aria-label': '关闭' }}>
      <table className="plain tight">
        <thead><tr><th scope="col">按键</th><th scope="col">作用</th></tr></thead>
        <tbody>{keyHelp.map(([k, what]) => <tr key={k}><td><kbd className="kbd">{k}</kbd></td><td>{what}</td></tr>)}</tbody>
      </table>
      <p style={{ marginTop: 12, display: 'flex', gap: 8, alignItems: 'center' }}>
        <Switch aria-label="使用单键" size="small" checked={on} onChange={(v) => { setOn(v); switchKeys(v); }} /> 使用单键（输入文字时不起作用）
      </p>
      <p className="meta" style={{ marginTop: 8 }}>扫码枪可直接扫入查找框：以回车结尾即查找。</p>
    </Modal>
  );
}

/** One sentence after an act, spoken politely. */
function Said() {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer = 0;
    onSay((next) => {
      window.clearTimeout(timer);
      setText(next);
      timer = window.setTimeout(() => setText(''), 5000);
    });
    return () => onSay(undefined);
  }, []);
  return (
    <div aria-live="polite" role="status">
      {text && <div className="said">{text}</div>}
    </div>
  );
}
