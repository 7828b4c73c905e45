// Collection of materials (14a, 14b): what the checklist lacks is asked of the unit in one
// notice, refused when it says nothing, asked for again, withdrawn with a reason; the late.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('what a dossier lacks is asked for, asked again and withdrawn; the list of the late', async () => {
  const clerk = await world.as('clerk-500108', '/collections');
  await clerk.locator('main tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'collections');
  await picture(clerk, 'collect-list', { manual: true });
  await clerk.getByRole('button', { name: /^逾期未交/ }).click();
  await clerk.getByText(/逾期 \d+ 天/).first().waitFor();
  await clerk.getByRole('button', { name: '迟交清单' }).click();
  await clerk.getByText('逾期至今未交', { exact: true }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'the late');
  await picture(clerk, 'collect-tardy', { manual: true });
  await clerk.goto(`${world.base}/dossiers`);
  await clerk.locator('main table tbody a').last().click();
  await clerk.getByRole('button', { name: '收集材料' }).click();
  await clerk.getByRole('heading', { level: 1, name: '收集材料' }).waitFor();
  await clerk.getByRole('button', { name: '开具通知单' }).click();
  await clerk.getByText('没有选择要收集的材料。').waitFor();
  await clerk.getByText('没有写明材料形成单位。').waitFor();
  await clerk.getByRole('combobox', { name: '事项' }).click();
  await clerk.getByTitle('年度考核').click();
  await clerk.getByRole('checkbox', { name: '年度考核登记表' }).last().check();
  await clerk.locator('#c-formed').fill('2026年11月2日');
  await clerk.keyboard.press('Enter');
  await clerk.getByRole('radio', { name: '本人' }).check();
  await clerk.getByLabel('由谁形成（不清楚的可不填）').waitFor();
  await clerk.getByRole('radio', { name: '形成单位' }).check();
  await clerk.locator('#c-unit').fill('云岫智能（演示）有限公司');
  await settle(clerk);
  await accessible(clerk, 'a new request');
  await picture(clerk, 'collect-new', { manual: true, fullPage: true });
  await clerk.getByRole('button', { name: '开具通知单' }).click();
  await clerk.waitForURL(/collections\/[0-9a-f-]{36}/);
  await clerk.getByRole('button', { name: '催收' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '催收' }).click();
  await clerk.getByText(/^1 次，最近/).waitFor();
  await settle(clerk);
  await accessible(clerk, 'a request');
  await picture(clerk, 'collect-page', { manual: true });
  await clerk.getByRole('button', { name: '撤回' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '撤回' }).click();
  await clerk.getByText('没有写明为什么不再收集。').first().waitFor();
  await clerk.locator('#c-why').fill('单位书面说明没有形成');
  await clerk.getByRole('dialog').getByRole('button', { name: '撤回' }).click();
  await clerk.getByText('单位书面说明没有形成').waitFor();
  assert.equal(await clerk.getByRole('button', { name: '催收' }).count(), 0);
});
