import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

// An SMS gateway of the kind docs/sms-gateway.md describes: every other number does not exist.
const taken = new Set();
const gateway = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    if (request.method === 'GET') return response.writeHead(200).end('{}');
    const { id, to } = JSON.parse(body);
    if (Number(to.at(-1)) % 2) return response.writeHead(422).end('{"reason":"空号"}');
    taken.add(id);
    return response.writeHead(200).end(JSON.stringify({ id: `g-${taken.size}` }));
  });
});

let world;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dangan-gateway-'));
  writeFileSync(join(folder, 'key'), 'a key of the test alone');
  await new Promise((done) => { gateway.listen(0, '127.0.0.1', done); });
  world = await start({ args: ['--sms-url', `http://127.0.0.1:${gateway.address().port}/sms`, '--sms-key-file', join(folder, 'key')] });
});
after(async () => {
  await world?.stop();
  gateway.close();
  rmSync(folder, { recursive: true });
});

test('a clerk sees who was told what, and tells by hand whom no message reaches', async () => {
  const page = await world.as('clerk-500108', '/messages');
  const row = page.getByRole('row').filter({ hasText: '未送达' }).first();
  // What the timer sends first may come after the page.
  for (let i = 0; i < 20 && await row.count() === 0; i++) {
    await page.waitForTimeout(500);
    await page.reload();
    await page.getByRole('heading', { name: '消息告知' }).waitFor();
    await settle(page);
  }
  await row.waitFor();
  await settle(page);
  await accessible(page, 'messages');
  await picture(page, 'message-list', { manual: true });
  const whose = (await row.getByRole('link').first().getAttribute('href')).split('/dossiers/')[1].split(/[?#]/)[0];
  await row.getByRole('button', { name: '人工告知' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '登记人工告知' }).click();
  await dialog.getByText('没有写明怎样告知本人').waitFor();
  await dialog.getByLabel('怎样告知').fill('电话告知本人');
  await accessible(page, 'by hand');
  await dialog.getByRole('button', { name: '登记人工告知' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto(`${world.base}/messages?view=all&dossier=${whose}`);
  await page.getByText(/电话告知本人/).first().waitFor();
  await page.goto(`${world.base}/messages?view=all`);
  await settle(page);
  assert.ok(taken.size > 0, 'the gateway took nothing');
  await page.getByRole('row').filter({ hasText: '已发送' }).locator('a[href*="/dossiers/"]').first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  const dossier = page.url().split('/dossiers/')[1].split('?')[0];
  await page.goto(`${world.base}/messages/contact?dossier=${dossier}`);
  await page.getByLabel('手机号').fill('123');
  await page.getByRole('button', { name: '登记' }).click();
  await page.getByText(/手机号应为 11 位数字/).waitFor();
  await page.getByLabel('手机号').fill('13800000001');
  await settle(page);
  await accessible(page, 'contact');
  await picture(page, 'message-contact');
  await page.getByRole('button', { name: '登记' }).click();
  await page.waitForURL(/dossiers/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the province publishes a wording; one that tells too much is refused', async () => {
  const page = await world.as('supervisor-500000', '/message-templates');
  await page.getByRole('row').filter({ hasText: '受理' }).first().getByRole('button', { name: '修改' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('内容').fill('{机构}已收到{姓名}的处分材料');
  await dialog.getByRole('button', { name: '发布' }).click();
  await dialog.getByText(/内容含有“处分”/).waitFor();
  await accessible(page, 'wording');
  await dialog.getByLabel('内容').fill('【人事档案】{姓名}，{机构}已受理您的{事项}申请。本服务不收取任何费用。');
  await dialog.getByRole('button', { name: '发布' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('第 1 版').waitFor();
  await settle(page);
  await accessible(page, 'templates');
  await picture(page, 'message-templates', { manual: true });
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a clerk reads the inbox: what the other end did, until it is read', async () => {
  const page = await world.as('clerk-500108', '/');
  await page.getByRole('link', { name: /^收件箱，未读/ }).click();
  await page.getByRole('heading', { name: '收件箱' }).waitFor();
  await settle(page);
  await accessible(page, 'inbox');
  await picture(page, 'inbox', { manual: true });
  const rows = page.locator('tbody tr');
  const unread = async () => Number((await page.getByRole('button', { name: /^未读/ }).innerText()).replace(/\D/g, ''));
  const before = await unread();
  assert.ok(before >= 2, `${before} unread`);
  await rows.first().getByRole('button', { name: /^标为已读/ }).click();
  await page.getByRole('button', { name: `未读 ${before - 1}` }).waitFor();
  await settle(page);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/(transfers|certificates|standing)\//);
  await settle(page);
  await page.goBack();
  await page.getByRole('button', { name: '全部标为已读' }).click();
  await page.getByText('没有未读的通知').waitFor();
  await page.getByRole('link', { name: '收件箱', exact: true }).first().waitFor();
  await page.getByRole('button', { name: '全部', exact: true }).click();
  await settle(page);
  assert.ok(await rows.count() >= before && await rows.getByRole('button').count() === 0, 'all are there, all read');
  await accessible(page, 'inbox, all read');
});
