// 高拍仪: a page photographed at the window goes the way a chosen file goes (A.8); Chromium's fake camera stands for one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('委托书用高拍仪拍下，作为扫描件存入', async () => {
  const page = await world.as('clerk-500108', '/mandates');
  const { items } = await page.evaluate(() => fetch('/api/v1/mandates?limit=20').then((r) => r.json()));
  const valid = items.find((m) => m.state === 'valid') ?? items[0];
  await page.goto(`${world.base}/mandates/${valid.id}`);
  const opener = page.getByRole('button', { name: '用高拍仪拍：委托书' });
  await opener.click();
  await page.getByRole('button', { name: '拍照', exact: true }).and(page.locator(':enabled')).waitFor();
  await page.getByRole('button', { name: '旋转' }).click();
  await settle(page);
  await accessible(page, 'the document camera');
  await page.getByRole('button', { name: '拍照', exact: true }).click();
  await page.getByAltText('拍下的委托书').waitFor();
  await page.getByRole('button', { name: '使用这一张' }).click();
  await page.getByText('扫描件已上传').waitFor();
  await page.getByRole('button', { name: '第 1 个，照片' }).waitFor();
  await settle(page);
  await accessible(page, 'a scan by the document camera');
});

test('高拍仪没有连接、不允许、被占用，各说各的，选文件照旧；键盘可以拍', async () => {
  const page = await world.as('clerk-500108', '/mandates');
  const { items } = await page.evaluate(() => fetch('/api/v1/mandates?limit=20').then((r) => r.json()));
  const valid = items.find((m) => m.state === 'valid') ?? items[0];
  await page.goto(`${world.base}/mandates/${valid.id}`);
  const opener = page.getByRole('button', { name: '用高拍仪拍：委托书' });
  await opener.waitFor();
  await page.evaluate(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (c) => (window.hindrance ? Promise.reject(new DOMException('', window.hindrance)) : real(c));
  });
  for (const [name, says] of [['NotFoundError', /没有找到高拍仪/], ['NotAllowedError', /没有允许使用摄像头/], ['NotReadableError', /正被其他程序占用/]]) {
    await page.evaluate((n) => { window.hindrance = n; }, name);
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(says).waitFor();
    assert.match(await page.getByRole('alert').innerText(), /改选文件/);
    assert.equal(await page.getByRole('button', { name: '拍照', exact: true }).count(), 0, 'nothing to take');
    if (name === 'NotFoundError') await accessible(page, 'no document camera');
    if (name !== 'NotReadableError') {
      await page.keyboard.press('Escape');
      await page.getByRole('alert').waitFor({ state: 'hidden' });
    }
  }
  await page.evaluate(() => { window.hindrance = ''; });
  await page.getByRole('button', { name: '重试' }).click();
  const shutter = page.getByRole('button', { name: '拍照', exact: true }).and(page.locator(':focus'));
  await shutter.waitFor();
  await page.keyboard.press('Enter');
  await page.getByAltText('拍下的委托书').waitFor();
  await page.keyboard.press('Escape');
  await opener.and(page.locator(':focus')).waitFor();
  assert.equal(await page.getByLabel('委托书扫描件').count(), 1, 'a file can be chosen');
});
