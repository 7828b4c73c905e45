// What the tests of transfers share: one province a file, a page a post, and dossiers nothing is under way with.
import { after, before } from 'node:test';
import { settle, start } from './harness.mjs';

export let world;
before(async () => {
  // More people than elsewhere: each test takes a worker's paper dossier that nothing is under way with.
  world = await start({ count: 700 });
});
after(() => world?.stop());

/** Asks the API with the page's own session; a body makes it an act. */
export function ask(page, path, body, method = 'POST') {
  return page.evaluate(async ([path, body, method]) => {
    const r = await fetch(path, body ? { method, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(body) } : {});
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
    return r.json();
  }, [path, body, method]);
}

/** One page for each post, kept over the tests of this file. */
export const pages = new Map();
export async function post(user, path) {
  if (!pages.has(user)) pages.set(user, await world.as(user, path));
  else if (path) await pages.get(user).goto(world.base + path);
  await settle(pages.get(user));
  return pages.get(user);
}

/** A paper-only dossier of 南岸 on its shelf, with the person's identity number; each test takes another one. */
const taken = new Set();
export async function paperOnly(holder) {
  const shelf = '/api/v1/dossiers?limit=100&view=paper&state=in_store&category=4.1';
  const { items } = await ask(holder, shelf);
  await post('clerk-500101', '/');
  // Nobody who has a part in the case may be kin (10b): their lists leave such dossiers out.
  const others = [];
  for (const user of ['reviewer-500108', 'keeper-500108']) others.push(new Set((await ask(await post(user, '/'), shelf)).items.map((d) => d.id)));
  for (const d of items) {
    if (taken.has(d.id) || d.materials > 0 || others.some((ids) => !ids.has(d.id))) continue;
    taken.add(d.id);
    const { idNo } = await ask(holder, `/api/v1/dossiers/${d.id}/reveal`, { reason: '转递演练' });
    // Nor may a transfer be under way: one that is only applied for is known to its receiver alone.
    const { items: cases } = await ask(pages.get('clerk-500101'), `/api/v1/transfers?q=${idNo}`);
    if (cases.length === 0) return { ...d, idNo };
  }
  throw new Error('no paper-only dossier on the shelf');
}

export async function pick(page, label, text) {
  await page.getByLabel(label, { exact: true }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first().click();
}

export const done = (page, text) => page.locator('.said', { hasText: text }).waitFor();

/** Brings a case at 南岸 from its letter to the sealed packet, with the papers' own acts. */
export async function packed(holder, reviewer, keeper, path, dossierId) {
  await ask(keeper, `/api/v1/custody/dossiers/${dossierId}/pull`, { packet: 'intact' });
  await ask(holder, `/api/v1${path}/list`, { lines: [{ class: '1', title: '流动人员履历表', copies: 1, pages: 8, keyFacts: ['birth_date', 'work_start', 'work_history'] }, { class: '4-1', title: '普通高等学校毕业生登记表', copies: 1, pages: 4, keyFacts: ['education_degree'] }] }, 'PUT');
  await ask(reviewer, `/api/v1${path}/review`, { note: '关键信息齐全' });
  await ask(holder, `/api/v1${path}/pack`, { sealNo: 'N-20877', volumes: 1 });
}

/** One dossier of 南岸 that 万州 asked for, registered and sealed, by the rooms' own acts. */
export async function sealed() {
  const holder = await post('clerk-500108', '/transfers');
  const clerk = await post('clerk-500101', '/transfers');
  const chosen = await paperOnly(holder);
  const c = await ask(clerk, '/api/v1/transfers', { direction: 'inner', name: chosen.name, idNo: chosen.idNo, document: '居民身份证', holder: '50010801', applicant: chosen.name, reason: '流动就业', regionBasis: '户籍地', tiePlace: '500101' });
  const l = await ask(clerk, `/api/v1/transfers/${c.id}/letter`, {});
  await ask(holder, `/api/v1/transfers/${c.id}/register`, { letterNo: l.letterNo, code: l.letterCode, receivedOn: l.letterOn });
  await packed(holder, await post('reviewer-500108', '/'), await post('keeper-500108', '/custody'), `/transfers/${c.id}`, chosen.id);
  return { path: `/transfers/${c.id}`, on: l.letterOn, chosen };
}

/** The same, on its way by confidential post. */
export async function onItsWay() {
  const made = await sealed();
  await ask(pages.get('clerk-500108'), `/api/v1${made.path}/dispatch`, { way: 'confidential_post', trackingNo: '渝机2026-0899', office: '重庆市机要通信局', on: made.on });
  return made;
}

/** Goes to a page and waits until it is there. */
export async function to(page, path) {
  await page.goto(world.base + path);
  await settle(page);
}

export const state = (page, text) => page.locator('.page-title .status', { hasText: text }).waitFor();
