import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, picture, start } from './harness.mjs';

let world;
before(async () => { world = await start({ count: 60 }); });
after(() => world?.stop());

test('an inspector has the whole log checked and takes a proof', async () => {
  const page = await world.as('auditor-500000', '/ledger');
  await page.getByRole('heading', { name: '存证核验', level: 1 }).waitFor();
  await page.getByRole('button', { name: '开始全量核验' }).click();
  await page.getByRole('link', { name: '无差异' }).first().waitFor({ timeout: 60_000 });
  await page.getByLabel('凭证号或存证编号').fill('17');
  await page.getByRole('button', { name: '核验', exact: true }).click();
  await page.getByText('第 17 条').waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '出具凭证文件' }).click()]);
  const path = await file.path();
  const proof = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(proof.number, 17);
  execFileSync('go', ['run', './test/proofcheck', '--key', proof.log, path], { cwd: new URL('../..', import.meta.url).pathname });
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByText('凭证有效').waitFor();
  await accessible(page, 'ledger');
  await picture(page, 'ledger', { manual: true });
  await page.getByRole('link', { name: '无差异' }).first().click();
  await page.getByRole('heading', { name: '核验报告', level: 1 }).waitFor();
  await accessible(page, 'ledger-check');
  await picture(page, 'ledger-check', { manual: true });
});

test('a district sees the log, has no whole check done, and a clerk sees nothing of it', async () => {
  const page = await world.as('supervisor-500108', '/ledger');
  await page.getByRole('heading', { name: '存证核验', level: 1 }).waitFor();
  await page.getByText('不可开始全量核验').waitFor();
  assert.equal(await page.getByRole('button', { name: '开始全量核验' }).count(), 0);
  const clerk = await world.as('clerk-500108', '/');
  assert.equal(await clerk.getByRole('link', { name: '存证核验' }).count(), 0);
});
