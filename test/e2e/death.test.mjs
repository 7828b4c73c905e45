// Dossiers of the dead (20c): registered by a clerk, confirmed by a reviewer, due, put on
// a list and handed over to an archive against a receipt.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('登记、第二人确认；满5年的拟定清单；移交后登记回执', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  await clerk.locator('tbody a').nth(2).click();
  await clerk.getByRole('button', { name: '登记死亡' }).click();
  await clerk.getByRole('heading', { level: 1, name: '登记死亡' }).waitFor();
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.locator('.ant-form-item-explain-error').first().waitFor();
  await clerk.locator('#diedOn').fill('2026年11月1日');
  await clerk.locator('#diedOn').press('Enter');
  await clerk.locator('#evidence').click();
  await clerk.getByText('火化证明').last().click();
  await clerk.locator('#evidenceNo').fill('演示火证〔2026〕8号');
  await clerk.locator('#informant').fill('演示家属');
  await clerk.locator('#relation').fill('配偶');
  await settle(clerk);
  await accessible(clerk, 'register a death');
  await picture(clerk, 'death-new', { manual: true });
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.waitForURL(/deaths\/[0-9a-f-]{36}/);
  const path = new URL(clerk.url()).pathname;

  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '确认死亡' }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '确认死亡' }).click();
  await reviewer.getByRole('region', { name: '现在的服务对象' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a confirmed death');
  await picture(reviewer, 'death-page', { manual: true });

  await clerk.goto(`${world.base}/deaths`);
  await clerk.locator('tbody tr').first().waitFor();
  await accessible(clerk, 'due dossiers of the dead');
  await picture(clerk, 'death-due', { manual: true });
  await clerk.getByRole('checkbox', { name: /^选择/ }).first().check();
  await clerk.getByRole('button', { name: /^拟定移交清单/ }).click();
  await clerk.locator('#recipient').fill('演示区档案馆');
  await clerk.locator('#basis').fill('演示档发〔2026〕12号');
  await accessible(clerk, 'plan a handover');
  await clerk.getByRole('button', { name: '拟定清单' }).click();
  await clerk.waitForURL(/deaths\/lists\/[0-9a-f-]{36}/);
  await clerk.getByText('拟移交').first().waitFor();

  await clerk.goto(`${world.base}/deaths/lists`);
  await clerk.locator('tbody tr').first().waitFor();
  await accessible(clerk, 'handovers');

  const away = await world.as('clerk-500102', '/deaths/lists');
  await away.getByRole('row', { name: /待回执/ }).getByRole('link').first().click();
  await away.getByRole('button', { name: '登记回执' }).click();
  await away.getByLabel('接收人一').fill('演示馆员甲');
  await away.getByLabel('接收人二').fill('演示馆员乙');
  await away.getByLabel('回执编号').fill('演示馆收〔2026〕1号');
  await away.getByRole('dialog').getByRole('button', { name: '登记回执' }).click();
  await away.getByText('已签收').first().waitFor();
  await settle(clerk);
  await accessible(away, 'a receipted handover');
  await picture(away, 'death-list', { manual: true });
  assert.ok(await away.getByText('死亡人员档案移交清单').first().isVisible());

  await clerk.goto(`${world.base}/deaths/data`);
  await clerk.locator('#batch').fill('2026-11');
  await clerk.locator('#text').fill('1 2026-11-01');
  await clerk.getByRole('button', { name: '导入', exact: true }).click();
  await clerk.getByRole('region', { name: '导入结果' }).getByText(/第 1 行/).waitFor();
  await accessible(clerk, 'deaths by data');
});
