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

test('what was not formed is stated by one, confirmed by another and undone with a reason', async () => {
  const clerk = await world.as('clerk-500108', '/collections');
  const id = await clerk.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/dossiers?limit=50')).json();
    for (const d of items) {
      const plan = await (await fetch(`/api/v1/dossiers/${d.id}/collection-plan`)).json();
      if (plan.known && plan.wanted.some((w) => w.expected && w.title === '劳动用工备案表') && plan.wanted.some((w) => w.because)) return d.id;
    }
    return '';
  });
  assert.notEqual(id, '');
  await clerk.goto(`${world.base}/collections/new?dossier=${id}`);
  await clerk.getByRole('button', { name: '登记未形成：劳动用工备案表' }).click();
  const form = clerk.getByRole('dialog');
  await form.getByRole('button', { name: '登记' }).click();
  await form.getByText('须写明由谁说明没有形成。').waitFor();
  await form.getByLabel('由谁说明').fill('云岫智能（演示）有限公司');
  await form.locator('#n-on').fill('2026年11月2日');
  await clerk.keyboard.press('Enter');
  await form.getByLabel('凭什么说明，存放在哪里').fill('书面说明，随通知单回单存');
  await settle(clerk);
  await accessible(clerk, 'not formed');
  await picture(clerk, 'collect-unformed-form');
  await form.getByRole('button', { name: '登记' }).click();
  await clerk.getByText('待另一人核对').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'the plan');
  await picture(clerk, 'collect-plan', { manual: true, fullPage: true });
  assert.equal(await clerk.getByRole('button', { name: '核对：劳动用工备案表' }).count(), 0);
  const reviewer = await world.as('reviewer-500108', `/collections/new?dossier=${id}`);
  await reviewer.getByRole('button', { name: '核对：劳动用工备案表' }).scrollIntoViewIfNeeded();
  await settle(reviewer);
  await picture(reviewer, 'collect-unformed', { manual: true });
  await reviewer.getByRole('button', { name: '核对：劳动用工备案表' }).click();
  await reviewer.getByText('已核对，不再列为所缺').waitFor();
  assert.equal(await reviewer.getByRole('button', { name: '登记未形成：劳动用工备案表' }).count(), 0);
  await reviewer.getByRole('button', { name: '撤销：劳动用工备案表' }).click();
  await reviewer.getByRole('dialog').getByLabel('理由').fill('单位后来补办了备案');
  await settle(reviewer);
  await picture(reviewer, 'collect-unformed-undo');
  await reviewer.getByRole('dialog').getByRole('button', { name: '撤销' }).click();
  await reviewer.getByRole('button', { name: '登记未形成：劳动用工备案表' }).waitFor();
});
