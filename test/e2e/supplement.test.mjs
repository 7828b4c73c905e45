// Supplements that did not come (20.4a, 20.4b): the list of the overdue by agency, asked for
// again, put off once by another person, put before the head.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('a promise whose term passed is asked for again, put off once by another person, and seen by agency', async () => {
  const clerk = await world.as('clerk-500101', '/supplements');
  await clerk.locator('main tbody tr').first().waitFor();
  await clerk.getByText(/逾期 \d+ 天/).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'supplements');
  await picture(clerk, 'supplement-list', { manual: true });

  // One that is overdue, and neither asked for today nor put off.
  const { items } = await clerk.evaluate(() => fetch('/api/v1/supplements?view=overdue&limit=200').then((r) => r.json()));
  const one = items.find((i) => i.possible.some((p) => p.action === 'supplement.ask' && p.allowed) && i.possible.some((p) => p.action === 'supplement.remind' && p.allowed));
  assert.ok(one, 'an overdue supplement');
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByRole('button', { name: '催补' }).click();
  await clerk.locator('#s-note').fill('电话联系，本人称学校补办中');
  await clerk.getByRole('dialog').getByRole('button', { name: '催补' }).click();
  await clerk.getByText('催补：电话联系，本人称学校补办中').waitFor();
  await clerk.getByText('今天已经催补过。').waitFor();
  await clerk.getByRole('button', { name: '申请延期' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('没有写明延期的理由。').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'asking for a longer term');
  const day = new Date(Date.now() + 40 * 86_400_000);
  await clerk.locator('#s-until').fill(`${day.getFullYear()}年${day.getMonth() + 1}月${day.getDate()}日`);
  await clerk.keyboard.press('Enter');
  await clerk.locator('#s-note').fill('毕业学校正在补办');
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('待批延期').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a supplement');
  await picture(clerk, 'supplement-page', { manual: true });

  // Another person grants it; it is put off once.
  const reviewer = await world.as('reviewer-500101', '/supplements');
  await reviewer.getByRole('button', { name: /^待批延期/ }).click();
  await reviewer.locator('main tbody tr').first().waitFor();
  await reviewer.goto(`${world.base}/supplements/${one.id}`);
  await reviewer.getByRole('button', { name: '同意延期' }).click();
  await reviewer.locator('#s-note').fill('情况属实');
  await settle(reviewer);
  await accessible(reviewer, 'granting');
  await picture(reviewer, 'supplement-grant', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '同意延期' }).click();
  await reviewer.getByText(/已延一次/).waitFor();
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByText('期限已经延过一次。').waitFor();

  // The head is asked for what stays overdue; the superior sees it by agency.
  const head = await world.as('head-500101', '/supplements');
  await head.getByRole('button', { name: /^已报请/ }).click();
  await head.locator('main tbody tr').first().click();
  await head.getByRole('button', { name: '处置' }).click();
  await head.locator('#s-note').fill('由经办上门联系一次');
  await head.getByRole('dialog').getByRole('button', { name: '处置' }).click();
  await head.getByText('处置：由经办上门联系一次').waitFor();
  const superior = await world.as('supervisor-500000', '/supplements');
  await superior.getByRole('button', { name: '按机构' }).click();
  await superior.getByRole('columnheader', { name: '逾期的书面承诺' }).waitFor();
  await settle(superior);
  await accessible(superior, 'by agency');
  await picture(superior, 'supplement-agencies', { manual: true });
});
