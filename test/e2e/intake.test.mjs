// Applications that are not taken in as they come (28, 29.8): papers asked for once, a refusal by another person's word.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('证明申请材料不齐：一次性告知补正，补齐后照原申请继续受理', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  const id = await clerk.evaluate(async () => (await (await fetch('/api/v1/dossiers?limit=50')).json()).items.at(-1).id);
  await clerk.goto(`${world.base}/certificates/new?dossier=${id}`);
  await clerk.getByRole('radio', { name: '单位' }).check();
  await clerk.locator('#use').fill('办理入职');
  await clerk.locator('#name').fill('演示经办人');
  await clerk.locator('#unit').fill('演示科技公司');
  await clerk.locator('#letter').fill('演示函〔2026〕12号');
  await clerk.getByRole('checkbox', { name: '居民身份证' }).check();
  await clerk.getByRole('checkbox', { name: '单位介绍信' }).check();
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByText('一次告知').first().waitFor();
  await clerk.getByRole('button', { name: '一次性告知补正' }).click();
  const ask = clerk.getByRole('dialog', { name: '一次性告知补正' });
  await ask.locator('#intake-more').fill('单位介绍信没有写明用途');
  await ask.locator('#intake-contact').fill('演示电话');
  await settle(clerk);
  await accessible(clerk, 'tell once what is missing');
  await picture(clerk, 'intake-completion', { manual: true });
  await ask.getByRole('button', { name: '出具补正告知单' }).click();
  await clerk.waitForURL(/intakes\/[0-9a-f-]{36}/);
  await clerk.getByText('单位介绍信没有写明用途').waitFor();
  await clerk.getByRole('button', { name: '补正告知单' }).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'an application whose papers are waited for');
  await picture(clerk, 'intake-waiting', { manual: true });

  await clerk.getByRole('button', { name: '继续受理' }).click();
  await clerk.getByText('前补正：').waitFor();
  assert.equal(await clerk.locator('#unit').inputValue(), '演示科技公司', 'what was filled in is there');
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByText('已经一次性告知过').waitFor();
  assert.equal(await clerk.getByRole('button', { name: '一次性告知补正' }).count(), 0, 'it is told once');
  await clerk.locator('#consent').fill('2026-11-20');
  await clerk.locator('#idNo').fill('500108199003070027');
  await clerk.getByRole('checkbox', { name: '本人书面同意书' }).check();
  await settle(clerk);
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.waitForURL(/certificates\/[0-9a-f-]{36}/);
  await clerk.goto(`${world.base}/intakes?view=ended`);
  await clerk.locator('tbody tr').first().getByText('已受理').waitFor();
});

test('不能受理的转入申请登记报审核；另一人审核，出具不予办理告知单', async () => {
  const clerk = await world.as('clerk-500108', '/intakes?view=returned');
  await clerk.locator('tbody tr').first().getByRole('link').click();
  await clerk.getByRole('button', { name: '继续受理' }).click();
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByText('该同志的档案已在本机构保管。').waitFor();
  await settle(clerk);
  await accessible(clerk, 'an application that can not be taken in');
  await picture(clerk, 'intake-refused', { manual: true });
  await clerk.getByRole('button', { name: '登记，报审核不予受理' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '登记并报审核' }).click();
  await clerk.waitForURL(/intakes\/[0-9a-f-]{36}/);
  await clerk.getByText('待审核').first().waitFor();
  const path = new URL(clerk.url()).pathname;

  const reviewer = await world.as('reviewer-500108', '/intakes');
  await reviewer.locator('tbody tr').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'applications not taken in');
  await picture(reviewer, 'intake-list', { manual: true });
  await reviewer.goto(`${world.base}${path}`);
  await reviewer.getByRole('button', { name: '退回受理' }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '退回受理' }).click();
  await reviewer.getByRole('dialog').getByText('要写明为什么应予受理').waitFor();
  await reviewer.getByRole('dialog').getByRole('button', { name: '取消' }).click();
  await reviewer.getByRole('button', { name: '不予办理', exact: true }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '出具告知单' }).click();
  await reviewer.getByRole('button', { name: '不予办理告知单' }).first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a refused application');
  await picture(reviewer, 'intake-page', { manual: true });

  const above = await world.as('supervisor-500108', '/intakes');
  await above.locator('tbody tr').first().waitFor();
  assert.match(await above.locator('main').innerText(), /不予办理/);
  await clerk.reload();
  await clerk.getByRole('link', { name: '登记异议' }).click();
  await clerk.waitForURL(/window\/new\?notice=/);
});
