// Registers (台账, N3): each post's own, by period and state, printed and exported.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('a clerk reads, narrows, prints and exports the registers', async () => {
  const page = await world.as('clerk-500108', '/registers');
  await page.getByRole('heading', { level: 1, name: '转入接收台账' }).waitFor();
  await page.getByRole('navigation', { name: '台账' }).getByRole('link', { name: /^2\s*转出$/ }).click();
  await page.locator('table.register tbody tr').first().waitFor();
  await settle(page);
  await accessible(page, 'transfers out');
  await picture(page, 'register-out', { manual: true });
  await page.getByRole('button', { name: '上月' }).click();
  await page.waitForURL((u) => u.searchParams.get('from')?.endsWith('-01'));
  await page.getByRole('button', { name: '本年' }).click();
  await page.locator('table.register tbody tr').first().waitFor();
  const name = await page.locator('table.register tbody tr a').first().innerText();
  await page.getByRole('textbox', { name: '姓名、档案编号或文号' }).fill(name);
  await page.getByRole('main').getByRole('button', { name: '查询' }).click();
  await page.waitForURL((u) => u.searchParams.get('q') === name);
  await settle(page);
  assert.ok((await page.locator('table.register tbody tr').allInnerTexts()).every((row) => row.includes(name)));
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出台账' }).click()]);
  assert.match(file.suggestedFilename(), /^转出台账-TZ-\d{4}-\d{5}\.xlsx$/);
  assert.equal(readFileSync(await file.path()).toString('latin1', 0, 2), 'PK');
  await page.goto(`${world.base}/registers/handovers`);
  await page.locator('table.register tbody tr').first().waitFor();
  await settle(page);
  const [paper] = await Promise.all([page.context().waitForEvent('page'), page.goto(`${world.base}/registers/certificates`).then(() => page.getByRole('button', { name: '打印台账' }).click())]);
  await page.getByText('已打印，编号').waitFor();
  await paper.close();
  for (const key of ['transfer-in', 'letters', 'materials', 'filed', 'returned', 'supplements', 'readings', 'deliveries', 'refusals', 'accounts', 'acceptances', 'unclear', 'holds', 'determinations', 'verifications']) {
    await page.goto(`${world.base}/registers/${key}`);
    await page.locator('table.register, .empty').first().waitFor();
    await settle(page);
    if (key === 'readings') await accessible(page, key);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a supervisor sees all agencies and one of them; another post is told that the page is not there', async () => {
  const page = await world.as('supervisor-500000', '/registers/transfer-in');
  await page.locator('table.register tbody tr').first().waitFor();
  await settle(page);
  await picture(page, 'register-supervisor', { manual: true });
  for (const key of ['agency-changes', 'standing']) {
    await page.goto(`${world.base}/registers/${key}?from=2020-01-01&until=2030-12-31`);
    await page.locator('table.register tbody tr').first().waitFor();
    await settle(page);
    await accessible(page, key);
  }
  await picture(page, 'register-standing', { manual: true });
  await page.goto(`${world.base}/registers/transfer-in?from=2026-01-01&until=2026-12-31&agency=50010801`);
  await settle(page);
  await page.context().close();
  const scanner = await world.as('scanner-500108', '/registers');
  await scanner.getByRole('heading', { level: 1, name: '数字化台账' }).waitFor();
  assert.equal(await scanner.getByRole('navigation', { name: '台账' }).getByRole('link').count(), 1);
  await scanner.context().close();
});
