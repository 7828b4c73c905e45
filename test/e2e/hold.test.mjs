// Legal holds (20.2a): a clerk enters the organ's document, another person confirms, the
// dossier says so, and the organ's release ends it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('a hold is entered, refused without basis, confirmed by another person and lifted', async () => {
  const clerk = await world.as('clerk-500108', '/holds');
  await clerk.locator('table tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'holds');
  await picture(clerk, 'hold-list', { manual: true });
  await clerk.goto(`${world.base}/dossiers`);
  await clerk.locator('main table tbody a').last().click();
  await clerk.getByRole('button', { name: '登记限制转出' }).click();
  await clerk.getByRole('heading', { level: 1, name: '登记限制转出' }).waitFor();
  await clerk.getByLabel('作出限制的机关').fill('重庆市南岸区人民法院（演示）');
  await clerk.getByRole('button', { name: '提交登记' }).click();
  await clerk.getByText('没有法律依据，不能限制转出').waitFor();
  await clerk.getByText('没有写明限制到哪一天').waitFor();
  await settle(clerk);
  await accessible(clerk, 'what is missing');
  await clerk.getByRole('combobox', { name: '法律依据' }).click();
  await clerk.getByTitle(/民事诉讼法/).click();
  await clerk.getByLabel('文书名称').fill('协助执行通知书');
  await clerk.getByLabel('文号', { exact: true }).fill('（2026）渝0108执9001号');
  const year = new Date().getFullYear();
  for (const [label, day] of [['文书日期', `${year}年1月5日`], ['限制至（含当日）', `${year + 1}年6月30日`]]) {
    await clerk.getByLabel(label).fill(day);
    await clerk.getByLabel(label).press('Enter');
  }
  await settle(clerk);
  await picture(clerk, 'hold-new', { manual: true });
  await clerk.getByRole('button', { name: '提交登记' }).click();
  await clerk.getByText('已登记，待另一人确认后生效').waitFor();
  const page = new URL(clerk.url()).pathname;
  assert.equal(await clerk.getByRole('button', { name: '确认限制' }).count(), 0);

  const reviewer = await world.as('reviewer-500108', page);
  await reviewer.getByRole('button', { name: '确认限制' }).click();
  const dialog = reviewer.getByRole('dialog');
  await dialog.getByText(`限制至${year + 1}年6月30日`).waitFor();
  await accessible(reviewer, 'confirm');
  await picture(reviewer, 'hold-confirm', { manual: true });
  await dialog.getByRole('button', { name: '确认限制' }).click();
  await reviewer.getByText('限制已生效').waitFor();
  await reviewer.locator('main a.text-link').first().click();
  await reviewer.getByRole('note').getByText(/重庆市南岸区人民法院（演示）以协助执行通知书（2026）渝0108执9001号限制/).waitFor();
  await settle(reviewer);
  await picture(reviewer, 'hold-dossier', { manual: true });

  await clerk.goto(`${world.base}${page}`);
  await clerk.getByRole('button', { name: '登记解除' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await clerk.getByText('没有写明解除文书的名称和文号').waitFor();
  await clerk.getByLabel('文书名称').fill('解除协助执行通知书');
  await clerk.getByLabel('文号', { exact: true }).fill('（2026）渝0108执9001号之一');
  await clerk.getByRole('dialog').getByRole('button', { name: '提交' }).click();
  await clerk.getByText('已登记，待另一人确认解除').waitFor();

  await reviewer.goto(`${world.base}${page}`);
  await reviewer.getByRole('button', { name: '确认解除' }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '确认解除' }).click();
  await reviewer.getByText('限制已解除').waitFor();
  await reviewer.getByText('已解除').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'lifted');
  assert.deepEqual(clerk.faults, []);
  assert.deepEqual(reviewer.faults, []);
  await clerk.context().close();
  await reviewer.context().close();
});

test('a running hold is prolonged on the organ\'s next document; one that does not agree with its document is sent back', async () => {
  const clerk = await world.as('clerk-500108', '/holds');
  await clerk.locator('table tbody tr').first().waitFor();
  const id = await clerk.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/holds?view=running')).json();
    for (const h of items) {
      const full = await (await fetch(`/api/v1/holds/${h.id}`)).json();
      if (full.possible.some((p) => p.action === 'hold.ask' && p.allowed)) return h.id;
    }
    throw new Error('no running hold can be prolonged');
  });
  await clerk.goto(`${world.base}/holds/${id}`);
  await clerk.getByRole('button', { name: '登记续期' }).click();
  await clerk.getByText(/^续：/).waitFor();
  await clerk.getByLabel('文书名称').fill('续行查封裁定书');
  await clerk.getByLabel('文号', { exact: true }).fill('（2026）渝0108执9002号');
  const year = new Date().getFullYear();
  for (const [label, day] of [['文书日期', `${year}年1月6日`], ['限制至（含当日）', `${year + 1}年12月30日`]]) {
    await clerk.getByLabel(label).fill(day);
    await clerk.getByLabel(label).press('Enter');
  }
  await clerk.getByRole('heading', { level: 1 }).click();
  await settle(clerk);
  await accessible(clerk, 'prolong');
  await picture(clerk, 'hold-prolong', { manual: true });
  await clerk.getByRole('button', { name: '提交续期' }).click();
  await clerk.getByText('已登记，待另一人确认后生效').waitFor();
  const path = new URL(clerk.url()).pathname;

  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByText('所续').waitFor();
  await reviewer.getByRole('button', { name: '确认限制' }).click();
  const dialog = reviewer.getByRole('dialog');
  await dialog.getByText('不一致').click();
  await dialog.getByRole('button', { name: '不予登记' }).click();
  await dialog.getByText(/理由/).first().waitFor();
  await dialog.getByLabel('不予登记的理由').fill('文书写明的期限为一年，登记的多出半年');
  await accessible(reviewer, 'send back');
  await dialog.getByRole('button', { name: '不予登记' }).click();
  await reviewer.getByText('不予登记：文书写明的期限为一年').waitFor();
  await settle(reviewer);
  await picture(reviewer, 'hold-refused', { manual: true });
  assert.deepEqual([...clerk.faults, ...reviewer.faults], []);
  await clerk.context().close();
  await reviewer.context().close();
});
