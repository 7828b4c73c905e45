// Dossiers that go to the social-insurance reviewer (7.4, 22): who is near the age, the
// check, the list under two signatures, the packet shown outside, the count on its return.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('到龄名单、受理与核对；送审由两人经手；退回清点', async () => {
  const clerk = await world.as('clerk-500108', '/retirements');
  await clerk.locator('tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'persons near the age');
  await picture(clerk, 'retire-near', { manual: true });
  const [list] = await Promise.all([clerk.waitForResponse((r) => r.url().endsWith('/retirement-near-list')), clerk.getByRole('button', { name: '打印本月名单' }).click()]);
  assert.equal(list.status(), 200);
  await clerk.getByText(/已出具 .*龄/).first().waitFor();
  await clerk.locator('tbody a').first().click();
  await clerk.getByRole('heading', { level: 1, name: '办理退休送审' }).waitFor();
  await clerk.getByText('弹性提前').click();
  await clerk.getByText(/至多提前3年/).waitFor();
  await clerk.getByText('至少在所选退休日期前 3 个月').waitFor();
  await accessible(clerk, 'take a person up');
  await picture(clerk, 'retire-new', { manual: true });
  await clerk.getByText('按法定退休年龄').click();
  if (await clerk.locator('#ground').count()) await clerk.locator('#ground').fill('劳动合同书（演示）');
  await clerk.getByRole('button', { name: '受理', exact: true }).click();
  await clerk.waitForURL(/retirements\/[0-9a-f-]{36}/);
  await clerk.getByRole('button', { name: '核对信息' }).click();
  const dialog = clerk.getByRole('dialog');
  await dialog.locator('#retire-pieces').fill('12');
  await dialog.locator('#retire-pages').fill('56');
  await dialog.locator('#retire-note').fill('已当面告知本人（演示）');
  await accessible(clerk, 'check and count');
  await dialog.getByRole('button', { name: '核对完毕' }).click();
  await clerk.getByText('待送审').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a checked case');
  await picture(clerk, 'retire-page', { manual: true });

  await clerk.goto(`${world.base}/retirements`);
  await clerk.getByRole('button', { name: /^核对与待送审/ }).click();
  await clerk.getByRole('checkbox', { name: /^选择/ }).first().check();
  await clerk.getByRole('button', { name: /^拟定送审清单/ }).click();
  await clerk.locator('#recipient').fill('重庆市南岸区社会保险局（演示）');
  await clerk.getByRole('button', { name: '拟定清单' }).click();
  await clerk.waitForURL(/retirements\/lists\/[0-9a-f-]{36}/);
  await clerk.getByText('拟送审').first().waitFor();

  // The center's list stands with the keeper's packet pulled or still asked for: its reviewer sees why not.
  const center = await world.as('clerk-500000', '/retirements/lists');
  await center.locator('tbody tr').first().waitFor();
  await accessible(center, 'lists sent for review');
  await center.getByRole('row', { name: /送审在外/ }).getByRole('link').first().click();
  await center.getByText('应还日期').waitFor();
  await settle(center);
  await accessible(center, 'a list outside');
  await picture(center, 'retire-list', { manual: true });
  await center.locator('main tbody a').first().click();
  await center.getByRole('button', { name: '登记退回' }).click();
  const back = center.getByRole('dialog');
  const pages = back.locator('#retire-pages');
  await pages.fill(String(Number(await pages.inputValue()) - 1));
  await back.locator('#retire-difference').fill('少 9-2 第 3 页，审核单位已找回补送（演示）');
  await back.locator('#retire-approval').fill('演示退审〔2026〕88号');
  await accessible(center, 'count what came back');
  await picture(center, 'retire-return', { manual: true });
  await back.getByRole('button', { name: '登记退回' }).click();
  const form = center.getByRole('region', { name: '退休审批表' });
  await form.waitFor();
  assert.ok(await form.getByRole('link', { name: /登记收到/ }).isVisible());
  await accessible(center, 'waiting for the approval form');

  await center.goto(`${world.base}/retirements/ages`);
  await center.getByRole('region', { name: '男职工（原60周岁）' }).getByText('63周岁').first().waitFor();
  await accessible(center, 'the table of ages');
  await picture(center, 'retire-ages', { manual: true });
});
