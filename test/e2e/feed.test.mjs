// Data of other departments (14a, 18b): a source's key is registered by one and confirmed by
// another; a signed file is looked at before it is kept; what was altered, is not signed or
// came before is refused or told; new facts open collections; a file is stopped and gone on with.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, password, picture, settle, start } from './harness.mjs';

let world;
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const sign = (content) => createSign('sha256').update(content).sign(privateKey);
before(async () => { world = await start(); });
after(() => world?.stop());

test('the list and a page of one file, stopped and gone on with', async () => {
  const clerk = await world.as('clerk-500108', '/feeds');
  await clerk.getByText('参保变动-10月.csv').waitFor();
  await settle(clerk);
  await accessible(clerk, 'feeds');
  await picture(clerk, 'feed-list', { manual: true });
  await clerk.getByRole('link', { name: '参保变动-10月.csv' }).click();
  await clerk.getByRole('link', { name: /《社会保险参保缴费证明》SJTZ-/ }).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a feed');
  await picture(clerk, 'feed-page', { manual: true });
  await clerk.getByRole('button', { name: /^姓名不一致/ }).click();
  await clerk.getByText('来源登记的姓名与档案不一致').waitFor();
  await clerk.getByRole('button', { name: /^没有采用/ }).click();
  await clerk.getByText(/“参保单位”：没有填写/).waitFor();
  await accessible(clerk, 'refused rows');
  const [saved] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('button', { name: '下载没有采用的行' }).click()]);
  assert.match(saved.suggestedFilename(), /没有采用的行\.xlsx$/);
  await clerk.goto(`${world.base}/feeds`);
  await clerk.getByRole('link', { name: '参保变动-11月.csv' }).click();
  await clerk.getByText('由工作人员停止').waitFor();
  await clerk.getByRole('button', { name: '接着核对' }).click();
  await clerk.getByText('已核对', { exact: true }).first().waitFor();
});

test('a source is registered and confirmed by two; only what it signed is taken', async () => {
  const clerk = await world.as('clerk-500108', '/feed-sources');
  await clerk.getByText('待确认').waitFor();
  await settle(clerk);
  await accessible(clerk, 'sources');
  await picture(clerk, 'feed-sources', { manual: true });
  await clerk.getByRole('button', { name: '登记来源' }).click();
  const form = clerk.getByRole('dialog');
  await form.getByText('登记数据来源').waitFor();
  await form.getByRole('button', { name: /^登\s*记$/ }).click();
  await form.getByText('没有选择数据种类。').waitFor();
  await accessible(clerk, 'a new source');
  await form.getByRole('combobox', { name: '数据种类' }).click();
  await clerk.getByTitle('就业登记').click();
  await form.locator('#fs-name').fill('嘉陵就业服务中心（演示）');
  await form.locator('#fs-basis').fill('数据共享协议〔2026〕9号（演示）');
  await form.locator('#fs-key').fill(pem);
  await form.locator('#fs-until').fill('2030年12月31日');
  await clerk.keyboard.press('Enter');
  await form.getByRole('button', { name: /^登\s*记$/ }).click();
  await form.waitFor({ state: 'hidden' });
  const row = clerk.locator('tr').filter({ hasText: '嘉陵就业服务中心' });
  await row.getByText('待确认').waitFor();
  assert.equal(await row.getByRole('button', { name: /核对指纹/ }).count(), 0);

  const head = await world.as('head-500108', '/feed-sources');
  await head.locator('tr').filter({ hasText: '嘉陵就业服务中心' }).getByRole('button', { name: /核对指纹并确认/ }).click();
  const compare = head.getByRole('dialog').filter({ hasText: '核对公钥指纹' });
  assert.equal(await compare.getByRole('button', { name: /^确\s*认$/ }).isDisabled(), true);
  await compare.getByRole('checkbox').check();
  await accessible(head, 'comparing a fingerprint');
  await compare.getByRole('button', { name: /^确\s*认$/ }).click();
  const asked = head.getByRole('dialog').filter({ hasText: '再次确认身份' });
  const answered = head.locator('tr').filter({ hasText: '嘉陵就业服务中心' }).getByText('有效', { exact: true });
  await Promise.race([asked.waitFor(), answered.waitFor()]);
  if (await asked.isVisible()) {
    await asked.locator('input[type=password]').fill(password);
    await asked.getByRole('button', { name: '确认身份' }).click();
  }
  await answered.waitFor();

  const list = await (await clerk.request.get(`${world.base}/api/v1/dossiers?limit=20`)).json();
  const content = `姓名,公民身份号码,用人单位,就业日期,终止日期\n演不在,11010519491231002X,云岫智能（演示）有限公司,2026-05,\n${list.items[0].name},1,,2026-13,\n`;
  await clerk.goto(`${world.base}/feeds/new`);
  await clerk.getByRole('combobox', { name: '来源单位' }).click();
  await clerk.getByTitle('嘉陵就业服务中心（演示）（就业登记）').click();
  const choose = (label, name, buffer) => clerk.getByLabel(label, { exact: true }).setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await choose('数据文件', '就业登记.csv', Buffer.from(content));
  await clerk.getByRole('button', { name: '核对签名并预检' }).click();
  await clerk.getByText('文件没有签名，没有导入。').waitFor();
  await choose('签名文件', '就业登记.csv.sig', sign(content + 'x'));
  await clerk.getByRole('button', { name: '核对签名并预检' }).click();
  await clerk.getByText('签名与文件、来源单位的公钥不符，没有导入。').waitFor();
  await accessible(clerk, 'a signature that is not the file\'s');
  await choose('签名文件', '就业登记.csv.sig', sign(content));
  await clerk.getByRole('button', { name: '核对签名并预检' }).click();
  await clerk.getByText(/签名与“嘉陵就业服务中心（演示）”的公钥相符/).waitFor();
  await settle(clerk);
  await accessible(clerk, 'a preview');
  await picture(clerk, 'feed-new', { manual: true });
  await clerk.getByRole('button', { name: '导入 2 行' }).click();
  await clerk.waitForURL(/feeds\/[0-9a-f-]{36}/);
  await clerk.getByText('2，已核对 2').waitFor();
  await clerk.getByText('1 行，只计数，不留内容').waitFor();
  // The same file again: told before anything is done.
  await clerk.goto(`${world.base}/feeds/new`);
  await clerk.getByRole('combobox', { name: '来源单位' }).click();
  await clerk.getByTitle('嘉陵就业服务中心（演示）（就业登记）').click();
  await choose('数据文件', '就业登记.csv', Buffer.from(content));
  await choose('签名文件', '就业登记.csv.sig', Buffer.from(`${sign(content).toString('base64')}\n`));
  await clerk.getByRole('button', { name: '核对签名并预检' }).click();
  await clerk.getByText('该文件已于').waitFor();
  assert.equal(await clerk.getByRole('button', { name: /^导入 / }).count(), 0);

  await head.locator('tr').filter({ hasText: '嘉陵就业服务中心' }).getByRole('button', { name: /^停用/ }).click();
  const end = head.getByRole('dialog').filter({ hasText: '停用原因' });
  await end.getByRole('button', { name: /^停\s*用$/ }).click();
  await end.getByText('没有写明停用原因。').first().waitFor();
  await end.locator('#fs-why').fill('更换密钥');
  await end.getByRole('button', { name: /^停\s*用$/ }).click();
  await head.locator('tr').filter({ hasText: '嘉陵就业服务中心' }).getByText('已停用').waitFor();
});

test('openssl signs as the manual says, and the command line takes it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'dangan-feed-'));
  try {
    const file = (name) => join(dir, name);
    const openssl = (...args) => { const r = spawnSync('openssl', args); assert.equal(r.status, 0, String(r.stderr)); return r.stdout; };
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file('private.pem'));
    const key = String(openssl('ec', '-in', file('private.pem'), '-pubout'));
    writeFileSync(file('der'), openssl('pkey', '-pubin', '-in', (writeFileSync(file('public.pem'), key), file('public.pem')), '-outform', 'DER'));
    const print = String(openssl('dgst', '-sha256', '-r', file('der'))).slice(0, 64);
    writeFileSync(file('canbao.csv'), '姓名,公民身份号码,参保单位,参保日期,停保日期\n演不在,11010519491231002X,云岫智能（演示）有限公司,2026-05,\n');
    openssl('dgst', '-sha256', '-sign', file('private.pem'), '-out', file('canbao.csv.sig'), file('canbao.csv'));
    const clerk = await world.as('clerk-500108', '/feed-sources');
    const head = await world.as('head-500108', '/feed-sources');
    const post = (page, path, data) => page.request.post(`${world.base}/api/v1${path}`, { data, headers: { Origin: world.base, 'Idempotency-Key': Math.random().toString(36).repeat(2).slice(0, 24), 'If-Match': '"1"' } });
    const made = await post(clerk, '/feed-sources', { kind: 'insurance', name: '命令行来源（演示）', basis: '协议（演示）', publicKey: key, from: '2026-01-01', until: '2030-12-31' });
    assert.equal(made.status(), 200, await made.text());
    const source = await made.json();
    assert.equal(source.fingerprint, print);
    const confirmed = await post(head, `/feed-sources/${source.id}/confirm`);
    assert.equal(confirmed.status(), 200, await confirmed.text());
    const dangan = (...args) => spawnSync(world.bin, ['import', 'facts', file('canbao.csv'), '--signature', file('canbao.csv.sig'), '--source', print.slice(0, 12), '--as', 'clerk-500108', '--data', world.data, ...args], { encoding: 'utf8' });
    const dry = dangan('--dry-run');
    assert.match(dry.stdout, /签名相符，1 行，可采用 1，有误 0/, dry.stderr);
    const done = dangan('--json');
    assert.equal(done.status, 0, done.stderr);
    const told = JSON.parse(done.stdout);
    assert.deepEqual([told.state, told.lines, told.elsewhere, told.opened], ['finished', 1, 1, 0]);
    writeFileSync(file('canbao.csv'), '改过\n');
    const altered = dangan();
    assert.notEqual(altered.status, 0);
    assert.match(altered.stderr + altered.stdout, /签名与文件、来源单位的公钥不符/);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
