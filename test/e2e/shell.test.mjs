import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, password, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

test('a wrong password is refused in place and the input stays', async () => {
  const page = await world.open('/');
  await page.getByLabel('用户名').fill('clerk-500108');
  await page.getByRole('textbox', { name: '口令' }).fill('not-this-one-1');
  await accessible(page, 'sign-in');
  await picture(page, 'signin', { manual: true });
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('用户名').inputValue(), 'clerk-500108');
  await accessible(page, 'sign-in refused');
  await page.context().close();
});

const posts = ['clerk-500108', 'reviewer-500108', 'keeper-500108', 'scanner-500108', 'head-500108', 'supervisor-500000', 'statistician-500000', 'sysadmin-500000', 'secadmin-500000', 'auditor-500000'];
for (const who of posts) {
  test(`the first page of ${who}`, async () => {
    const page = await world.as(who);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await accessible(page, who);
    await picture(page, `work-${who}`, { manual: who === 'clerk-500108' });
    await page.context().close();
  });
}

test('what is not there answers 404 within the shell', async () => {
  const page = await world.as('clerk-500108', '/no-such-page');
  await page.getByRole('heading', { name: '没有这个页面' }).waitFor();
  await accessible(page, '404');
  await page.context().close();
});

test('keys: / goes to the search box, ? shows help, single keys are silent while typing', async () => {
  const page = await world.as('clerk-500108');
  await page.keyboard.press('/');
  const box = page.getByRole('search').getByRole('textbox');
  assert.ok(await box.evaluate((e) => e === document.activeElement));
  await page.keyboard.type('?');
  assert.equal(await box.inputValue(), '?');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await accessible(page, 'help');
  await page.keyboard.press('Escape');
  await page.context().close();
});

test('a group of the menu folds, shows what waits in it, and stays folded', async () => {
  const page = await world.as('clerk-500108', '/transfers');
  const group = page.getByRole('group', { name: '业务' });
  const head = group.getByRole('button', { name: /^业务/ });
  await group.getByRole('link', { name: /^毕业生接收/ }).waitFor();
  await head.click();
  assert.equal(await head.getAttribute('aria-expanded'), 'false');
  assert.match(await head.innerText(), /\d/);
  await page.reload();
  await settle(page);
  assert.equal(await head.getAttribute('aria-expanded'), 'false');
  assert.equal(await group.getByRole('link').count(), 1, 'only the line of the page one is on');
  await accessible(page, 'menu folded');
  await page.context().close();
});

test('the menu stands behind a button on a small window', async () => {
  const page = await world.as('clerk-500108', '/', { phone: true });
  assert.equal(await page.getByRole('navigation', { name: '菜单' }).isVisible(), false);
  await page.getByRole('button', { name: '菜单' }).click();
  await page.getByRole('navigation', { name: '菜单' }).waitFor();
  await accessible(page, 'menu on a phone');
  await picture(page, 'menu-phone');
  await page.context().close();
});

test('own account: sessions, password, one-time code', async () => {
  const page = await world.as('reviewer-500108', '/account', { alone: true });
  await page.getByRole('heading', { name: '登录的设备' }).waitFor();
  await page.getByText('本设备').waitFor();
  await accessible(page, 'account');
  await picture(page, 'account', { manual: true });
  const other = await world.as('reviewer-500108', '/', { alone: true });
  await page.reload();
  await page.getByRole('button', { name: '结束' }).first().click();
  await page.getByText('已结束该登录').waitFor();
  await other.reload();
  await other.getByLabel('用户名').waitFor();
  await page.getByRole('button', { name: '启用动态码' }).click();
  await page.getByAltText('动态码二维码').waitFor();
  await accessible(page, 'enrolment');
  await other.context().close();
  await page.context().close();
});

test('leaving ends the session', async () => {
  const page = await world.as('keeper-500108', '/', { alone: true });
  await page.getByRole('button', { name: /库管/ }).click();
  await accessible(page, 'person menu');
  await page.getByRole('menuitem', { name: '退出' }).click();
  await page.getByLabel('用户名').waitFor();
  assert.equal((await page.request.get(`${world.base}/api/v1/session`)).status(), 401);
  assert.ok(password);
  await page.context().close();
});
