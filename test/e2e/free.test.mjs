// No page of the application speaks of a charge (8, 29.9, 29.10): every route the pages know is
// opened, of a case's page one in each state. The other files hold dialogs and forms that
// are filled in to the same words.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { free, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

/** The routes, as the rooms register them. */
const rooms = new URL('../../web/src/features/', import.meta.url);
const routes = readdirSync(rooms).flatMap((room) => [...readFileSync(new URL(`${room}/feature.ts`, rooms), 'utf8').matchAll(/\bpath: '([^']*)'.*/g)].map(([line, path]) => ({ path, open: /frame: 'public'/.test(line) })));

const clerk = 'clerk-500108';
const above = 'supervisor-500108';
const top = 'supervisor-500000';
/** Where a route's id comes from, the clerk's list unless it says otherwise; who opens a page, the clerk unless it says otherwise. */
const ids = {
  'agencies/:code': '/agencies?limit=5', 'collections/:id': '/collections', 'consultations/:id': '/consultations', 'consultations/:id/edit': '/consultations', 'certificates/:id': '/certificates',
  'deaths/:id': '/deaths', 'deaths/lists/:id': '/death-handovers', 'deliveries/:id': '/deliveries', 'deliveries/:id/sample': '/deliveries', 'feeds/:id': '/feeds', 'filing/batches/:id': '/filing/batches',
  'filing/sittings/:id': '/material-sittings', 'found/:id': '/found-packets', 'graduates/:id': '/graduates', 'hand-ins/:id': '', 'holds/:id': '/holds', 'intakes/:id': '/intakes', 'ledger/checks/:id': '/ledger/checks',
  'mandates/:id': '/mandates', 'materials/:id': '', 'personal-accounts/:id': '/personal-accounts', 'registers/:key': '/registers', 'retirements/:id': '/retirements', 'retirements/lists/:id': '/retirement-lists', 'retirements/:id/return': '/retirements',
  'rosters/:id': '/rosters', 'secrecy/:id': '/secrecy-changes?view=all&limit=50', 'staff/:id': '/staff', 'standing/:id': '/standing', 'supplements/:id': '/supplements?view=open&limit=50', 'transfers/:id': '/transfers', 'transfers/:id/check': '/transfers',
  'transfers/lists/:id': '/transfer-lists', 'unclear/:id': '/unclear', 'units/:id': '/unit-accounts', 'units/:id/settle': '/unit-accounts', 'window/:id': '/matters', 'consultations/:id/reading': '/consultations',
};
const who = {
  'agencies': top, 'agencies/new': top, 'agencies/:code': top, 'deliveries': 'scanner-500108', 'deliveries/:id': 'scanner-500108', 'deliveries/:id/sample': 'reviewer-500108', 'ledger': top, 'ledger/checks/:id': top,
  'settings': top, 'message-templates': top, 'account-notices': top, 'staff': 'sysadmin-500000', 'staff/:id': 'sysadmin-500000', 'filing/backlog': above, 'secrecy': 'head-500000', 'secrecy/:id': 'head-500000', 'secrecy/zones': 'head-500000',
  'deaths/lists/:id': 'clerk-500102', 'personal-accounts/:id': 'clerk-500101', 'retirements/:id': 'clerk-500000', 'retirements/:id/return': 'clerk-500000', 'retirements/lists/:id': 'clerk-500000', 'transfers/lists/:id': 'clerk-500000',
};
/** Routes whose last part is a dossier. */
const ofDossier = /^(dossiers\/:id|dossiers\/:id\/(facts|secrecy|digital)|filing\/(receive|catalog|print|rearrange)\/:id|retirements\/new\/:dossier|standing\/new\/:id|account-notices\/accept\/:id)$/;
/** Of the pages behind a one-time link or a sign-in outside, this file sees what a stranger sees: handin, message and portal walk them. */
const outside = { 'portal/requests/:id': 'portal/requests/0' };
const states = 3;

const windows = new Map();
async function pageOf(user) {
  if (!windows.has(user)) windows.set(user, user ? await world.as(user) : await world.open());
  return windows.get(user);
}

/** The first of each state in a list. */
async function items(page, list) {
  return page.evaluate(async ([list, most]) => {
    const answer = await fetch(`/api/v1${list}${list.includes('?') ? '' : '?limit=100'}`);
    if (!answer.ok) throw new Error(`${list}: ${answer.status}`);
    const seen = new Map();
    const told = await answer.json();
    for (const i of told.items ?? told) if (!seen.has(i.state)) seen.set(i.state, i.id ?? i.key ?? i.code);
    return [...seen.values()].slice(0, most);
  }, [list, states]);
}

async function paths({ path }, page) {
  if (outside[path]) return [outside[path]];
  if (!path.includes(':')) return [path];
  let found;
  if (ofDossier.test(path)) found = (await items(page, '/dossiers?limit=50')).slice(0, path === 'dossiers/:id' ? states : 1);
  else if (path === 'materials/:id') found = await page.evaluate(async () => {
    for (const d of (await (await fetch('/api/v1/dossiers?limit=50')).json()).items) {
      const { items } = await (await fetch(`/api/v1/materials?dossier=${d.id}`)).json();
      if (items.length > 0) return [items[0].id];
    }
    return [];
  });
  else if (path === 'hand-ins/:id') found = await page.evaluate(async () => {
    for (const c of (await (await fetch('/api/v1/collections?limit=100')).json()).items) {
      const { items } = await (await fetch(`/api/v1/collections/${c.id}/hand-ins`)).json();
      if (items.length > 0) return [items[0].id];
    }
    return [];
  });
  else {
    assert.ok(ids[path], `${path}: a new route: say in this file where its id comes from`);
    found = await items(page, ids[path]);
  }
  return found.map((id) => path.replace(/:\w+/, id));
}

test('每一个页面都没有收费字样', { timeout: 600_000 }, async () => {
  assert.ok(routes.length > 80, `${routes.length} routes`);
  const empty = [];
  const begun = await (await pageOf(top)).evaluate(async () => (await fetch('/api/v1/ledger/checks', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() } })).status);
  assert.equal(begun, 200, 'a check of the ledger');
  for (const route of routes) {
    const page = await pageOf(route.open ? '' : (who[route.path] ?? clerk));
    const at = await paths(route, page);
    if (at.length === 0) empty.push(route.path);
    for (const path of at) {
      await page.goto(`${world.base}/${path}`);
      await settle(page);
      const said = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll('[placeholder],[aria-label],[title],[alt]')].map((e) => ['placeholder', 'aria-label', 'title', 'alt'].map((a) => e.getAttribute(a) ?? '').join('\n')).join('\n'));
      assert.doesNotMatch(said, /没有这个页面|页面出错/, path);
      free(said, path);
    }
  }
  assert.deepEqual(empty, [], 'routes that nothing in the sample province opens');
});
