import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, free, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

test('anybody reads the guide: free of charge, what to bring, where to go', async () => {
  const page = await world.open('/guide', { phone: true });
  await page.getByRole('heading', { name: '档案转入' }).waitFor();
  await settle(page);
  await accessible(page, 'guide on a telephone');
  await picture(page, 'guide-phone', { manual: true });
  const text = await page.evaluate(() => document.body.innerText);
  assert.match(text, /不收取任何费用/);
  assert.match(text, /劳动合同或在职证明/, 'the evidence of a category');
  assert.match(text, /领取、携带、送交档案/, 'what no agent does');
  await page.getByLabel('按区县或名称查找').fill('南岸');
  assert.equal(await page.locator('.guide-agencies li').filter({ hasText: '南岸' }).count(), await page.locator('.guide-agencies li').count());
  await page.getByLabel('按区县或名称查找').fill('没有的地方');
  await page.getByText('请换一个词').waitFor();
  // On paper: no button, no search, every agency.
  await page.getByLabel('按区县或名称查找').fill('');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: '打印' }).isVisible(), false);
  free(text, 'guide');
});

test('the guide is reached from the sign-in page and says what an agency changed', async () => {
  const page = await world.open('/');
  await page.getByRole('link', { name: '办事指南' }).click();
  await page.getByRole('heading', { name: '单位开立集体户' }).waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
  await settle(page);
  await accessible(page, 'guide on a screen');
  await picture(page, 'guide');
  await page.locator('#agencies').scrollIntoViewIfNeeded();
  await picture(page, 'guide-agencies', { manual: true });
});
