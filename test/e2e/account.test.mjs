// Personal accounts and units' accounts beyond opening and closing (12, 12a, 12c): the notice
// that waits for acceptance, sent by SMS through a real gateway process and accepted once.
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
    texts.push(JSON.parse(body));
    return response.writeHead(200).end(JSON.stringify({ id: `g-${texts.length}` }));
  });
});

let world;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dangan-account-'));
  writeFileSync(join(folder, 'key'), 'a key of the test alone');
  await new Promise((done) => { gateway.listen(0, '127.0.0.1', done); });
  world = await start({ args: ['--sms-url', `http://127.0.0.1:${gateway.address().port}/sms`, '--sms-key-file', join(folder, 'key')] });
});
after(async () => {
  await world?.stop();
  gateway.close();
  rmSync(folder, { recursive: true });
});

test('a notice that was never accepted is asked for, accepted at the window and by a link', async () => {
  const number = '13800004343';
  const clerk = await world.as('clerk-500101', '/account-notices/waiting');
  await clerk.getByRole('heading', { level: 1, name: '须知待接受' }).waitFor();
  await clerk.locator('main table tbody tr').first().waitFor();
  await clerk.getByText('1 次').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'owed');
  await picture(clerk, 'notice-owed', { manual: true });
  await clerk.locator('main table tbody a').last().click();
  await clerk.getByText('本人还没有接受存档须知。').waitFor();
  await clerk.getByRole('button', { name: '提醒本人' }).click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByRole('button', { name: '登记提醒' }).click();
  await dialog.getByText('没有选择怎样提醒').waitFor();
  await settle(clerk);
  await accessible(clerk, 'remind');
  await picture(clerk, 'notice-remind');
  await dialog.getByRole('button', { name: '取消' }).click();
  const page = clerk.url();
  const name = await clerk.getByRole('heading', { level: 1 }).innerText();
  const dossier = (await clerk.locator('main a[href^="/dossiers/"]').first().getAttribute('href')).split('/').pop();
  await clerk.goto(`${world.base}/messages/contact?dossier=${dossier}`);
  await clerk.getByLabel('手机号').fill(number);
  await clerk.getByRole('button', { name: '登记' }).click();
  await settle(clerk);
  await clerk.goto(page);
  await clerk.getByRole('button', { name: '提醒本人' }).click();
  await dialog.getByRole('radio', { name: '发送一次性链接' }).check();
  await dialog.getByRole('button', { name: '发送链接' }).click();
  await clerk.getByText('1 次，最近一次').waitFor();
  let path;
  for (let i = 0; i < 400 && !path; i++) {
    path = texts.filter((t) => t.to === number).map((t) => JSON.stringify(t).match(/\/notice#[A-Za-z0-9_-]+/)?.[0]).find(Boolean);
    if (!path) await new Promise((r) => setTimeout(r, 250));
  }
  assert.ok(path, JSON.stringify(texts));
  await clerk.goto(`${world.base}/dossiers/${dossier}`);
  const tail = (await clerk.getByText(/\d{3}\*+\d{3}[\dX]/).first().innerText()).match(/\*(\d{3}[\dX])/)[1];
  const phone = await world.open(path, { phone: true });
  await phone.getByText('您的档案由本机构保管').waitFor();
  assert.equal(await phone.getByText(name).count(), 0);
  await phone.getByLabel('本人姓名').fill(name);
  await phone.getByLabel('居民身份证号码后四位').fill('000');
  await phone.getByRole('button', { name: '接受须知' }).click();
  await phone.getByText('没有勾选').waitFor();
  await phone.getByText('已阅读并接受', { exact: true }).click();
  await phone.getByRole('button', { name: '接受须知' }).click();
  await phone.getByText('姓名或证件号码后四位与登记的不一致').waitFor();
  await accessible(phone, 'sign');
  await picture(phone, 'notice-sign', { manual: true });
  await phone.getByLabel('居民身份证号码后四位').fill(tail);
  await phone.getByRole('button', { name: '接受须知' }).click();
  await phone.getByRole('heading', { name: '已接受' }).waitFor();
  await accessible(phone, 'signed');
  await clerk.goto(page);
  await clerk.getByText('个人存档须知').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'personal account');
  await picture(clerk, 'personal-account', { manual: true });
  const late = await world.open(path, { phone: true });
  await late.getByText('链接不能使用').waitFor();
  assert.deepEqual(clerk.faults.filter((f) => !/422|403/.test(String(f))), []);
});
