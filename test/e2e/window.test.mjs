// Objections to refusals and complaints (28, 29.8): entered at the window, answered by the authority above.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('窗口登记投诉；主管部门答复异议，成立的恢复办理；各机构情况', async () => {
  const clerk = await world.as('clerk-500108', '/window/new');
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.locator('.ant-form-item-explain-error').first().waitFor();
  await clerk.getByLabel('投诉事项', { exact: true }).click();
  await clerk.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').getByText('与有偿业务挂钩').click();
  await clerk.locator('#text').fill('办理存档时被推荐付费培训');
  await settle(clerk);
  await accessible(clerk, 'enter a complaint');
  await picture(clerk, 'window-new', { manual: true });
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.waitForURL(/window\/[0-9a-f-]{36}/);
  await clerk.getByText('待答复').first().waitFor();
  await clerk.getByRole('button', { name: '受理回执' }).first().waitFor();

  const above = await world.as('supervisor-500108', '/window');
  await above.locator('tbody tr').first().waitFor();
  await settle(above);
  await accessible(above, 'objections and complaints');
  await picture(above, 'window-list', { manual: true });
  await above.locator('tbody tr', { hasText: '异议' }).first().getByRole('link').click();
  await above.getByRole('button', { name: '答复', exact: true }).click();
  await above.getByText('异议成立', { exact: true }).click();
  await above.locator('#matter-text').fill('查阅事由符合规定，应予受理');
  await accessible(above, 'answer an objection');
  await above.getByRole('button', { name: '出具答复书' }).click();
  await above.getByText('异议成立，原告知单作废，已恢复办理').waitFor();
  await settle(above);
  await accessible(above, 'an answered objection');
  await picture(above, 'window-page', { manual: true });
  await above.goto(`${world.base}/window`);
  await above.getByText('回执逾期未办结').click();
  await above.getByRole('columnheader', { name: '报主管部门' }).waitFor();
  await settle(above);
  await accessible(above, 'late receipts');
  await picture(above, 'window-receipts', { manual: true });
  await above.getByText('各机构情况').click();
  await above.getByRole('columnheader', { name: '异议成立' }).waitFor();
  await accessible(above, 'figures of agencies');
  assert.doesNotMatch(await above.locator('main').innerText(), /演示投诉人/);
});
