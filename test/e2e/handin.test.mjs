// A person hands materials in by a one-time link (14): sent by SMS through a real gateway
// process, opened on a phone once, looked at and received or returned by a clerk.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

const texts = [];
const gateway = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    if (request.method === 'GET') return response.writeHead(200).end('{}');
    const sms = JSON.parse(body);
    texts.push(sms);
    return response.writeHead(200).end(JSON.stringify({ id: `g-${texts.length}` }));
  });
});

let world;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dangan-handin-'));
  writeFileSync(join(folder, 'key'), 'a key of the test alone');
  await new Promise((done) => { gateway.listen(0, '127.0.0.1', done); });
  world = await start({ args: ['--sms-url', `http://127.0.0.1:${gateway.address().port}/sms`, '--sms-key-file', join(folder, 'key')] });
});
after(async () => {
  await world?.stop();
  gateway.close();
  rmSync(folder, { recursive: true });
});

/** The path of the newest link that was sent to a number after those seen before. */
async function linkTo(number, seen) {
  for (let i = 0; i < 400; i++) {
    const found = texts.slice(seen).filter((t) => t.to === number).map((t) => JSON.stringify(t).match(/\/hand-in#[A-Za-z0-9_-]+/)?.[0]).find(Boolean);
    if (found) return found;
    await new Promise((r) => setTimeout(r, 250));
  }
  throw new Error(`no link among ${JSON.stringify(texts.slice(seen))}`);
}

test('a link is sent, photos come by it once, a clerk returns and receives', async () => {
  const number = '13800004242';
  const clerk = await world.as('clerk-500108', '/dossiers');
  await clerk.locator('main table tbody a').last().click();
  await clerk.getByRole('button', { name: '收集材料' }).waitFor();
  const dossier = clerk.url().split('/dossiers/')[1].split(/[?#]/)[0];
  await clerk.goto(`${world.base}/messages/contact?dossier=${dossier}`);
  await clerk.getByLabel('手机号').fill(number);
  await clerk.getByRole('button', { name: '登记' }).click();
  await settle(clerk);
  await clerk.goto(`${world.base}/dossiers/${dossier}`);
  await clerk.getByRole('button', { name: '收集材料' }).click();
  await clerk.getByRole('heading', { level: 1, name: '收集材料' }).waitFor();
  await clerk.getByRole('radio', { name: '本人' }).check();
  await clerk.locator('#c-more').fill('职业资格证书复印件');
  await clerk.getByRole('button', { name: '开具通知单' }).click();
  await clerk.waitForURL(/collections\/[0-9a-f-]{36}/);
  let seen = texts.length;
  await clerk.getByRole('button', { name: '发送提交链接' }).click();
  await clerk.getByText('链接随消息发给本人').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a request with a link');
  await picture(clerk, 'handin-link', { manual: true });
  const request = clerk.url();

  // A photo of a page, as a phone would take it.
  const paper = await world.open('/verify', { width: 1200, height: 1600 });
  await settle(paper);
  const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await paper.screenshot({ type: 'jpeg', quality: 80 }) };
  const person = await world.open(await linkTo(number, seen), { phone: true });
  await person.getByRole('heading', { name: '提交材料' }).waitFor();
  await person.locator('input[type=file]').first().waitFor({ state: 'attached' });
  const name = (await clerk.locator('h1').innerText()).trim();
  assert.ok(!(await person.locator('body').innerText()).includes(name), 'the page names the person');
  await settle(person);
  await accessible(person, 'the page of a link');
  await picture(person, 'handin-page', { fullPage: true });
  await person.locator('input[type=file]').first().setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('not a photo') });
  await person.getByText(/打不开/).waitFor();
  await person.locator('input[type=file]').first().setInputFiles([photo, photo]);
  await person.getByRole('button', { name: '确认提交 2 个文件' }).waitFor();
  await settle(person);
  await accessible(person, 'chosen photos');
  await picture(person, 'handin-chosen', { manual: true, fullPage: true });
  await person.getByRole('button', { name: '确认提交 2 个文件' }).click();
  await person.getByRole('heading', { name: '已提交' }).waitFor();
  await settle(person);
  await accessible(person, 'sent');
  await picture(person, 'handin-sent');
  const again = await world.open('/', { phone: true });
  await again.goto(person.url());
  await again.locator('.outcome.bad').waitFor();
  await settle(again);
  await accessible(again, 'a used link');
  await picture(again, 'handin-used', { fullPage: true });

  await clerk.goto(request);
  await clerk.locator('a[href*="/hand-ins/"]').first().click();
  await clerk.getByRole('button', { name: '退回' }).first().waitFor();
  await clerk.locator('.handed-in img').nth(1).waitFor();
  await settle(clerk);
  await accessible(clerk, 'what was handed in');
  await picture(clerk, 'handin-clerk', { manual: true });
  seen = texts.length;
  await clerk.getByRole('button', { name: '退回' }).first().click();
  await clerk.getByRole('dialog').getByRole('button', { name: '退回' }).click();
  await clerk.getByRole('dialog').getByText('没有选择退回的原因。').waitFor();
  await clerk.getByRole('dialog').getByRole('radio').first().check();
  await settle(clerk);
  await accessible(clerk, 'a return');
  await picture(clerk, 'handin-return');
  await clerk.getByRole('dialog').getByRole('button', { name: '退回' }).click();
  await clerk.getByText('已退回').first().waitFor();

  const second = await world.open(await linkTo(number, seen), { phone: true });
  await second.getByText(/上次提交已退回/).waitFor();
  await second.locator('input[type=file]').first().setInputFiles(photo);
  await second.getByRole('button', { name: '确认提交 1 个文件' }).click();
  await second.getByRole('heading', { name: '已提交' }).waitFor();
  await clerk.goto(request);
  await clerk.locator('a[href*="/hand-ins/"]').first().click();
  await clerk.getByRole('button', { name: /^接收《/ }).first().click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByRole('button', { name: '接收' }).click();
  await dialog.getByText('没有写明形成单位。').waitFor();
  await dialog.locator('#h-maker').fill('云岫智能（演示）有限公司');
  await dialog.getByLabel('年', { exact: true }).fill('2026');
  await settle(clerk);
  await accessible(clerk, 'receiving');
  await picture(clerk, 'handin-take');
  await dialog.getByRole('button', { name: '接收' }).click();
  await clerk.getByText(/已接收/).first().waitFor();
});
