// Supplements (20.4a, 20.4b): what is promised stands in one list; a longer term is asked for
// with a reason, granted by another person, once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('a promise is put off once, by another person than the one who asks', async () => {
  const clerk = await world.as('clerk-500108', '/supplements');
  await clerk.getByRole('button', { name: /^全部待补/ }).click();
  await clerk.locator('main tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'supplements');

  const { items } = await clerk.evaluate(() => fetch('/api/v1/supplements?view=open&limit=200').then((r) => r.json()));
  const one = items.find((i) => i.lateDays === 0 && i.possible.some((p) => p.action === 'supplement.ask' && p.allowed));
  assert.ok(one, 'a supplement that may be put off');
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByText('补充期限还没有过。').waitFor(); // nobody is asked again before the term
  await clerk.getByRole('button', { name: '申请延期' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('没有写明延期的理由。').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'asking for a longer term');
  const day = new Date(`${one.dueOn}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 3);
  await clerk.locator('#s-until').fill(`${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日`);
  await clerk.keyboard.press('Enter');
  await clerk.locator('#s-note').fill('毕业学校正在补办');
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('待批延期').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a supplement');

  const reviewer = await world.as('reviewer-500108', '/supplements');
  await reviewer.getByRole('button', { name: /^待批延期/ }).click();
  await reviewer.locator('main tbody tr').first().click();
  await reviewer.getByRole('button', { name: '同意延期' }).click();
  await reviewer.locator('#s-note').fill('情况属实');
  await settle(reviewer);
  await accessible(reviewer, 'granting');
  await picture(reviewer, 'supplement-grant', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '同意延期' }).click();
  await reviewer.getByText(/已延一次/).waitFor();
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByText('期限已经延过一次。').waitFor();
});
