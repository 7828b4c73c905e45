// The administrators: an account is made empty, gets its post from another
// person, and is audited by a third; the province's settings.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { accessible, password, picture, settle, start } from './harness.mjs';

let world;
/** The security administrator's window, whose proof of identity grows old (a minute, the least) while the other tests run. */
let waiting;
let ripe;
before(async () => {
  world = await start({ count: 0 });
  const supervisor = await world.as('supervisor-500000', '/settings');
  await supervisor.getByRole('row', { name: /身份确认的有效时间/ }).getByRole('button', { name: '修改' }).click();
  const form = supervisor.getByRole('dialog');
  await form.getByRole('spinbutton').fill('1');
  await form.getByRole('button', { name: '修改参数' }).click();
  await form.waitFor({ state: 'detached' });
  const page = await world.as('secadmin-500000', '/staff');
  await page.getByLabel('用户名或姓名').fill('clerk-500103');
  await page.getByRole('button', { name: '查找' }).click();
  await page.locator('td a').first().click();
  await page.getByRole('button', { name: '停用' }).waitFor();
  waiting = page;
  ripe = Date.now() + 62_000;
});
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

/** Six digits of RFC 6238, steps of 30 s ahead of now. */
function totp(secret, ahead = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('正式系统：首次登录换口令、启用动态码，备用码只用一次', async () => {
  const real = await start({ real: true });
  try {
    const { Username: username, Password: once } = real.accounts.find((a) => a.Username.startsWith('secadmin'));
    const fresh = 'Xin-Kou-Ling-2026';
    const signIn = async (secret) => {
      const page = await real.open('/');
      await page.getByLabel('用户名').fill(username);
      await page.getByRole('textbox', { name: '口令' }).fill(secret);
      await page.getByRole('button', { name: '登录' }).click();
      return page;
    };
    const page = await signIn(once);
    await page.getByRole('heading', { name: '设置新口令' }).waitFor();
    await accessible(page, 'forced change');
    await picture(page, 'signin-password', { manual: true });
    await page.getByLabel('现用口令').fill(once);
    await page.getByLabel('新口令', { exact: true }).fill('kurz');
    await page.getByLabel('再填一次新口令').fill('kurz');
    await page.getByRole('button', { name: '修改口令' }).click();
    await page.getByText('12 至 128').waitFor();
    await page.getByLabel('新口令', { exact: true }).fill(fresh);
    await page.getByLabel('再填一次新口令').fill(fresh);
    await page.getByRole('button', { name: '修改口令' }).click();

    await page.getByRole('heading', { name: '启用动态码' }).waitFor();
    const secret = (await page.locator('p.hash').textContent()).trim();
    await accessible(page, 'forced second factor');
    await picture(page, 'signin-totp', { manual: true });
    await page.getByLabel('六位动态码').fill('000000');
    await page.getByRole('button', { name: '启用动态码' }).click();
    await page.getByText('动态码不对').waitFor();
    await page.getByLabel('六位动态码').fill(totp(secret));
    await page.getByRole('button', { name: '启用动态码' }).click();
    await page.getByText('请抄下备用码').waitFor();
    const codes = await page.locator('.codes span').allTextContents();
    assert.equal(codes.length, 10);
    await accessible(page, 'recovery codes');
    await page.getByRole('button', { name: '已抄好，继续' }).click();
    await page.locator('header.header').waitFor();

    const code = async (value) => {
      const next = await signIn(fresh);
      await next.getByLabel('动态码').waitFor();
      await accessible(next, 'sign-in code');
      await next.getByLabel('动态码').fill(value);
      await next.getByRole('button', { name: '登录' }).click();
      return next;
    };
    const second = await code(totp(secret, 1)); // the step of the enrolment is spent
    await second.locator('header.header').waitFor();
    const third = await code(codes[0]);
    await third.locator('header.header').waitFor();
    const again = await code(codes[0]);
    await again.getByText('用户名、口令或动态码不对').waitFor();
    await picture(again, 'signin-code', { manual: true });
  } finally {
    await real.stop();
  }
});

test('批准和授权前再次确认身份，确认后接着办理', async () => {
  const page = waiting;
  await page.waitForTimeout(Math.max(0, ripe - Date.now()));
  await page.getByRole('button', { name: '停用' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
  const asked = page.getByRole('dialog').filter({ hasText: '授权前请再次确认身份' });
  await asked.waitFor();
  await settle(page);
  await accessible(page, 'fresh proof');
  await picture(page, 'staff-proof', { manual: true });
  await asked.getByLabel('的口令').fill('Falsch-12345678');
  await asked.getByRole('button', { name: '确认身份' }).click();
  await asked.getByText('用户名、口令或动态码不对').waitFor();
  await asked.getByLabel('的口令').fill(password);
  await asked.getByRole('button', { name: '确认身份' }).click();
  await page.getByText('已停用').first().waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});
