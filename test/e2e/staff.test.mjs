// The administrators: an account is made empty, gets its post from another
// person, and is audited by a third; the province's settings.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start({ count: 0 }); });
after(() => world?.stop());

test('系统管理员新建账户，安全管理员授予岗位', async () => {
  const page = await world.as('sysadmin-500000', '/staff');
  await accessible(page, 'staff list');
  await picture(page, 'staff-list', { manual: true });
  await page.getByRole('button', { name: '新建账户' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('用户名').fill('clerk-500108-2');
  await form.getByLabel('姓名').fill('罗演示');
  await form.getByLabel('机构编码').fill('50010801');
  await form.getByLabel('公民身份号码').fill('500103199003071230');
  await form.getByRole('button', { name: '新建账户' }).click();
  await form.getByText('公民身份号码不对').waitFor();
  await form.getByLabel('公民身份号码').fill('500103199003071239');
  await form.getByRole('button', { name: '新建账户' }).click();
  await page.getByText('此口令不再显示').waitFor();
  await accessible(page, 'one-time password');
  await page.getByRole('button', { name: '已抄好' }).click();

  const security = await world.as('secadmin-500000', '/staff');
  await security.getByLabel('用户名或姓名').fill('clerk-500108-2');
  await security.getByRole('button', { name: '查找' }).click();
  await security.getByRole('link', { name: '罗演示' }).click();
  await security.getByRole('button', { name: '授予岗位' }).click();
  const grant = security.getByRole('dialog');
  await grant.getByRole('combobox', { name: '岗位' }).click();
  await security.getByTitle('经办').last().click();
  await grant.getByRole('button', { name: '授予岗位' }).click();
  await security.getByText('在任').waitFor();
  await settle(security);
  await accessible(security, 'account');
  await picture(security, 'staff-account', { manual: true });
});

test('经办看不到账户管理的办理按钮，能申报亲属', async () => {
  const page = await world.as('clerk-500108', '/account/kin');
  await page.getByText('尚未申报').waitFor();
  await accessible(page, 'kin');
  await picture(page, 'kin');
});

test('市级监督调整参数，超出范围被说明', async () => {
  const page = await world.as('supervisor-500000', '/settings');
  await accessible(page, 'settings');
  await picture(page, 'settings', { manual: true });
  await page.getByRole('row', { name: /调档函有效期/ }).getByRole('button', { name: '修改' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('spinbutton').fill('500');
  await form.getByRole('button', { name: '修改参数' }).click();
  await form.getByText('应为 30 至 90 之间').waitFor();
  await form.getByRole('spinbutton').fill('45');
  await form.getByRole('button', { name: '修改参数' }).click();
  await page.getByRole('row', { name: /调档函有效期/ }).getByText('45').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});
