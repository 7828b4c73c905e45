// Ends before the end: a transfer is given up on the applicant's paper, and both ends know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, picture, settle } from './harness.mjs';
import { ask, post, world } from './transfer.mjs';

test('the applicant gives a transfer up: only on paper, the letter is void, the other end is told', async () => {
  const clerk = await post('clerk-500108', '/transfers');
  const { items } = await ask(clerk, '/api/v1/transfers?side=in&state=lettered&limit=50');
  assert.ok(items.length > 0, 'the sample has a letter that nobody booked');
  await clerk.goto(`${world.base}/transfers/${items[0].id}`);
  await settle(clerk);
  await clerk.getByRole('button', { name: '撤回', exact: true }).click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByText('凭申请人的书面申请').waitFor();
  await dialog.locator('textarea').fill('本人不再转入（演示）');
  await dialog.getByRole('button', { name: '撤回', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await accessible(clerk, 'withdrawn without a paper');
  await picture(clerk, 'transfer-withdraw', { manual: true });
  await dialog.getByLabel('书面材料编号').fill('撤回申请〔2026〕1号（演示）');
  await dialog.getByRole('button', { name: '撤回', exact: true }).click();
  await clerk.locator('.page-title .status', { hasText: '已撤回' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'withdrawn');
  await picture(clerk, 'transfer-withdrawn', { manual: true });
  const full = await ask(clerk, `/api/v1/transfers/${items[0].id}`);
  assert.equal(full.state, 'withdrawn');
  assert.deepEqual(clerk.faults, []);
});
