import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

test('two dossiers of one person become one, asked by a clerk and approved by another', async () => {
  const page = await world.as('clerk-500108', '/standing');
  await page.getByText('账户变更').first().waitFor();
  await settle(page);
  await accessible(page, 'list');
  await picture(page, 'standing-list', { manual: true });
  const [keep, gone] = await page.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/dossiers?state=in_store&limit=100')).json();
    const free = [];
    for (const d of items) {
      const full = await (await fetch(`/api/v1/dossiers/${d.id}`)).json();
      if (!full.hold && full.cases.every((c) => !c.open) && full.place === 'store' && full.corrections.length === 0 && full.loose.length === 0) free.push(d);
      if (free.length === 2) break;
    }
    return free;
  });
  await page.goto(new URL(`/dossiers/${keep.id}`, page.url()).href);
  await page.getByRole('button', { name: '变更与并档' }).click();
  await page.getByRole('button', { name: '类别变更' }).click();
  await page.getByLabel('变更后的类别').fill('灵活就业');
  await page.getByLabel('变更后的类别').press('Enter');
  await page.getByText('这一类的依据').waitFor();
  await settle(page);
  await accessible(page, 'category');
  await picture(page, 'standing-new', { manual: true });
  await page.getByRole('button', { name: '并档', exact: true }).click();
  await page.getByRole('button', { name: '提交审批' }).click();
  await page.getByText('没有指明并入的是哪一卷').waitFor();
  await page.getByLabel('并入的一卷（档案编号）').fill(gone.no);
  await page.getByLabel('缘由').fill('同一人登记了两卷');
  await page.getByLabel('查看的证件或材料').fill('两卷的履历表、公安机关同一人证明');
  await page.getByRole('button', { name: '提交审批' }).click();
  await page.getByRole('heading', { name: '两卷档案' }).waitFor();
  await page.getByText('须由申请人以外的人员审批').or(page.getByText('当前岗位不能办理')).first().waitFor();
  await accessible(page, 'asked');
  const path = new URL(page.url()).pathname;
  await page.context().close();
  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('heading', { name: '两卷档案' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'decide');
  await picture(reviewer, 'standing-decide', { manual: true });
  await reviewer.getByRole('button', { name: '批准', exact: true }).click();
  await reviewer.getByRole('heading', { name: '审批结果' }).waitFor();
  await settle(reviewer);
  await picture(reviewer, 'standing-done');
  const found = await reviewer.evaluate(async (no) => (await (await fetch(`/api/v1/dossiers?q=${no}`)).json()).items.map((d) => d.no), gone.no);
  assert.deepEqual(found, [keep.no], 'the old number finds the dossier that stays');
  await reviewer.setViewportSize({ width: 390, height: 844 });
  await reviewer.goto(new URL(path, reviewer.url()).href);
  await reviewer.getByRole('heading', { name: '审批结果' }).waitFor();
  await picture(reviewer, 'standing-phone');
  await reviewer.context().close();
});
