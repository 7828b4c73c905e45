import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accessible, picture, settle, start } from './harness.mjs';

const workbook = fileURLToPath(new URL('../../internal/roster/testdata/roster-500108.xlsx', import.meta.url));
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

async function choose(page, name, buffer) {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: type, buffer });
}

test('a clerk imports a stock list: upload, mapping, preview, confirm, result', async () => {
  const page = await world.as('clerk-500108', '/rosters');
  await page.getByRole('heading', { name: '导入记录' }).waitFor();
  await accessible(page, 'list');
  await picture(page, 'roster-list', { manual: true });
  await choose(page, '南岸区存量档案花名册.xlsx', readFileSync(workbook));
  await page.getByRole('button', { name: '导入 379 卷' }).waitFor({ timeout: 30_000 });
  await settle(page);
  await page.getByText('只看需改正 21').waitFor();
  await accessible(page, 'preview');
  await picture(page, 'roster-preview', { manual: true });
  assert.ok(await page.getByRole('button', { name: '导入 379 卷' }).isDisabled(), 'nothing is registered before the clerk has checked');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载错误工作簿' }).click()]);
  assert.match(file.suggestedFilename(), /需改正\.xlsx$/);
  await page.getByRole('button', { name: '只看需改正 21' }).click();
  await page.locator('.roster-rows tbody tr').nth(20).waitFor();
  assert.equal(await page.locator('.roster-rows tbody tr').count(), 21);
  await page.getByRole('checkbox', { name: /我已核对/ }).check();
  await page.getByLabel('登记依据').fill('南岸人才〔2026〕3号 存量清册');
  await page.getByRole('button', { name: '导入 379 卷' }).click();
  await page.getByRole('heading', { name: '导入结果' }).waitFor();
  await page.getByText('依据：南岸人才〔2026〕3号 存量清册').waitFor({ timeout: 30_000 });
  await settle(page);
  await accessible(page, 'result');
  await picture(page, 'roster-result', { manual: true });
  await page.context().close();
});

test('packets without a usable number are kept, found out and approved', async () => {
  const page = await world.as('clerk-500108', '/rosters');
  await page.getByRole('link', { name: '南岸区存量档案花名册.xlsx' }).first().click();
  await page.getByRole('button', { name: /^登记为待核 \d+ 行$/ }).click();
  await page.getByLabel('没有写库位的行放在').fill('待核柜 01');
  await settle(page);
  await accessible(page, 'take');
  await picture(page, 'unclear-take', { manual: true });
  await page.getByRole('dialog').getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText(/已登记 \d+ 袋/).first().waitFor();
  await page.goto(new URL('/unclear', page.url()).href);
  await page.locator('table.list tbody tr').first().waitFor();
  await settle(page);
  await accessible(page, 'packets');
  await picture(page, 'unclear-list', { manual: true });
  await page.locator('tr', { hasText: '身份待核' }).getByRole('link').first().click();
  await page.getByLabel('身份证号', { exact: true }).fill('50010819750302341');
  await page.getByRole('button', { name: '提交审核' }).click();
  await page.getByText('没有写明查看了什么证件或材料').waitFor();
  await accessible(page, 'what is missing');
  const path = new URL(page.url()).pathname;
  await page.getByRole('button', { name: '与已有档案同属一人' }).click();
  const no = await page.evaluate(async () => (await (await fetch('/api/v1/dossiers?limit=1')).json()).items[0].no);
  await page.getByLabel('档案编号', { exact: true }).fill(no);
  await page.getByLabel('查看的证件或材料').fill('袋内招工登记表、居民身份证原件');
  await settle(page);
  await picture(page, 'unclear-found', { manual: true });
  await page.getByRole('button', { name: '提交审核' }).click();
  await page.getByText('须由提交人以外的人员审核').or(page.getByText('待审核')).first().waitFor();
  await accessible(page, 'proposed');
  await page.context().close();
  const reviewer = await world.as('reviewer-500108', '/');
  await reviewer.getByRole('link', { name: '身份待核 1' }).click();
  await reviewer.getByRole('button', { name: '待审核 1' }).click();
  await reviewer.locator('table.list tbody a').first().click();
  await reviewer.getByText('袋内招工登记表').waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'review');
  await picture(reviewer, 'unclear-review', { manual: true });
  await reviewer.getByRole('button', { name: '核准' }).click();
  await reviewer.getByRole('heading', { name: '已归入' }).waitFor();
  await reviewer.getByRole('link', { name: no }).first().waitFor();
  await reviewer.goto(new URL('/unclear?view=doubles', reviewer.url()).href);
  await reviewer.getByText('可能是同一人登记了两次').waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'doubles');
  await picture(reviewer, 'unclear-doubles');
  await reviewer.setViewportSize({ width: 390, height: 844 });
  await reviewer.goto(new URL(path, reviewer.url()).href);
  await reviewer.getByRole('heading', { name: '已归入' }).waitFor();
  await picture(reviewer, 'unclear-phone');
  await reviewer.context().close();
});

test('a column is matched by hand and checked again', async () => {
  const page = await world.as('clerk-500108', '/rosters');
  await choose(page, '再来一次.xlsx', readFileSync(workbook));
  await page.getByText('已在本机构', { exact: false }).first().waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: '全部 400' }).waitFor({ timeout: 30_000 });
  const column = page.getByRole('combobox', { name: '“序号”导入为' });
  await column.fill('原存档');
  await column.press('Enter');
  await page.getByText('我指定').first().waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: '全部 400' }).waitFor({ timeout: 30_000 });
  await settle(page);
  await accessible(page, 'mapped by hand');
  await page.getByRole('button', { name: '取消导入' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '取消导入' }).click();
  await page.getByText('导入前取消，没有登记任何档案').waitFor();
  await accessible(page, 'cancelled');
  await page.context().close();
});

test('a file that is no workbook is refused with what to do', async () => {
  const page = await world.as('clerk-500108', '/rosters');
  await choose(page, '花名册.xlsx', Buffer.from('姓名,身份证号\n张三,1\n'));
  await page.getByRole('alert').getByText('另存为').waitFor();
  await accessible(page, 'refused');
  await page.context().close();
});

test('another post is told who imports', async () => {
  const page = await world.as('keeper-500108', '/rosters');
  await page.getByText('此项由经办、负责人办理').waitFor();
  await accessible(page, 'keeper');
  await page.context().close();
});
