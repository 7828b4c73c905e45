import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, password, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

/** A made-up identity number with a right check character (GB 11643). */
function idNo(serial) {
  const first = `500108198001${String((serial % 28) + 1).padStart(2, '0')}${String(100 + serial)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return first + '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(first[i]), 0) % 11];
}

/** Asks the API as the person signed in on a page. */
function ask(page, path, body) {
  return page.evaluate(async ([p, b]) => {
    const init = b ? { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(b) } : {};
    const r = await fetch(p, init);
    return { status: r.status, body: await r.json().catch(() => null) };
  }, [path, body]);
}

/** A dossier of 南岸 that lies on its shelf; scanned if there is one, or not. */
async function dossier(page, { scanned }) {
  const list = await ask(page, '/api/v1/dossiers?limit=100&state=in_store');
  const free = list.body.items.filter((d) => d.place === 'store');
  let found;
  for (const d of free.filter((x) => (x.images > 0) === scanned)) {
    // One that another room has asked for goes there first.
    const { body } = await ask(page, `/api/v1/custody/dossiers/${d.id}`);
    if (body?.requests?.length === 0) { found = d; break; }
  }
  assert.ok(found, scanned ? 'a scanned dossier in store' : 'a dossier on paper only in store');
  return found;
}

async function pick(page, label, option) {
  await page.getByRole('combobox', { name: label }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(option, { exact: true }).click();
}

async function reader(page, n, name, serial) {
  const box = page.locator('fieldset.access-reader').nth(n);
  await box.getByLabel('姓名').fill(name);
  await box.getByLabel('公民身份号码').fill(idNo(serial));
  await box.getByLabel('单位职务').fill('干部科');
  await box.getByRole('checkbox', { name: '本人已签亲属回避声明' }).check();
  await box.getByRole('checkbox', { name: '本人已签保密承诺' }).check();
}

/** The form as the clerk fills it in, but for the seal. */
async function fill(page, serial) {
  await page.getByLabel('查阅单位全称').fill('南岸区委组织部（演示）');
  await pick(page, '查阅事由', '政审考察');
  await page.getByLabel('文书名称').fill('介绍信');
  await page.getByLabel('事由说明（依据文件）').fill('拟任职考察，依据干部考察通知');
  await page.getByLabel('介绍信文号').fill('南组信〔2026〕12号');
  const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  await page.getByLabel('介绍信日期').fill(today);
  await page.getByLabel('介绍信日期').press('Enter');
  await page.getByRole('checkbox', { name: '抬头、被查阅人、查阅人与申请一致' }).check();
  await page.getByRole('checkbox', { name: '查阅申请表经单位负责人签署并盖章' }).check();
  await reader(page, 0, '冯澜', serial);
  await reader(page, 1, '石漱玉', serial + 1);
}

test('two readers of a unit consult a dossier: completion, check, approval, reading, lock, end', async () => {
  const clerk = await world.as('clerk-500108', '/consultations');
  await accessible(clerk, 'list');
  const d = await dossier(clerk, { scanned: true });
  await clerk.goto(`${world.base}/consultations/new?dossier=${d.id}`);
  await settle(clerk);
  await fill(clerk, 10);
  await accessible(clerk, 'form');
  await picture(clerk, 'access-form', { manual: true, fullPage: true });
  // An identity number that can't be right is said beside its field, and nothing is lost.
  await clerk.locator('fieldset.access-reader').nth(1).getByLabel('公民身份号码').fill('500108198001010000');
  await clerk.getByRole('button', { name: '提交申请' }).click();
  await clerk.getByText('公民身份号码', { exact: false }).filter({ hasText: '请照身份证核对' }).first().waitFor();
  assert.equal(await clerk.getByLabel('查阅单位全称').inputValue(), '南岸区委组织部（演示）');
  await clerk.locator('fieldset.access-reader').nth(1).getByLabel('公民身份号码').fill(idNo(11));
  await clerk.getByRole('button', { name: '提交申请' }).click();
  // The seal is missing: told once, the case waits.
  await clerk.getByText('需要补正，共 1 项').waitFor();
  await settle(clerk);
  await accessible(clerk, 'incomplete');
  await picture(clerk, 'access-incomplete', { manual: true });
  await clerk.getByRole('button', { name: '补正申请' }).click();
  await clerk.getByRole('checkbox', { name: '介绍信已加盖公章' }).check();
  await clerk.getByRole('button', { name: '提交申请' }).click();
  await clerk.getByRole('button', { name: '核对原件' }).click();
  await clerk.getByRole('button', { name: '核对无误' }).click();
  await clerk.getByText('原件已核对').waitFor();
  const path = new URL(clerk.url()).pathname;

  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '准予查阅' }).click();
  await reviewer.getByLabel('查阅时限', { exact: true }).waitFor();
  await accessible(reviewer, 'approve');
  await picture(reviewer, 'access-approve', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '准予查阅' }).click();
  await reviewer.getByText('查阅申请表').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'approved');
  await picture(reviewer, 'access-case', { manual: true });

  const keeper = await world.as('keeper-500108', path);
  await keeper.getByRole('button', { name: '开始查阅' }).click();
  const dialog = keeper.getByRole('dialog');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByRole('button', { name: '开始查阅' }).click();
  await dialog.getByText('到场的查阅人不足两人').waitFor();
  await picture(keeper, 'access-one-reader');
  await dialog.getByRole('checkbox').nth(1).check();
  await dialog.getByRole('button', { name: '开始查阅' }).click();
  await keeper.getByRole('timer').waitFor();
  await settle(keeper);
  await keeper.locator('.desk-catalog .piece:not(:disabled)').first().click();
  await keeper.locator('.desk-sheet img').waitFor();
  await settle(keeper);
  await keeper.keyboard.press('ArrowRight');
  await settle(keeper);
  await accessible(keeper, 'reading');
  await picture(keeper, 'access-reading', { manual: true });
  await keeper.getByRole('button', { name: '延长', exact: true }).click();
  await keeper.getByRole('dialog').getByRole('button', { name: '延长', exact: true }).click();
  await keeper.getByText('未写明延长的原因').waitFor();
  await accessible(keeper, 'prolong a reading');
  await keeper.getByLabel('原因').fill('材料较多，影像辨认费时');
  await picture(keeper, 'access-extend', { manual: true });
  await keeper.getByRole('dialog').getByRole('button', { name: '延长', exact: true }).click();
  await keeper.getByRole('button', { name: '延长', exact: true }).waitFor({ state: 'detached' });
  await keeper.getByRole('button', { name: '离席锁屏' }).click();
  await keeper.getByRole('heading', { name: '屏幕已锁定' }).waitFor();
  await accessible(keeper, 'locked');
  await picture(keeper, 'access-locked', { manual: true });
  await keeper.getByLabel('监阅人口令').fill(password);
  await keeper.getByRole('button', { name: '解锁' }).click();
  await keeper.getByRole('heading', { name: '屏幕已锁定' }).waitFor({ state: 'detached' });
  await keeper.getByRole('button', { name: '结束查阅' }).click();
  await keeper.getByRole('dialog').getByRole('button', { name: '结束查阅' }).click();
  await keeper.getByRole('heading', { name: '查阅记录' }).waitFor();
  await settle(keeper);
  await accessible(keeper, 'record');
  await picture(keeper, 'access-record', { manual: true, fullPage: true });
  for (const page of [clerk, reviewer, keeper]) await page.context().close();
});

test('a dossier on paper is pulled, read and ticked by the monitor', async () => {
  const clerk = await world.as('clerk-500108', '/consultations');
  const d = await dossier(clerk, { scanned: false });
  await clerk.goto(`${world.base}/consultations/new?dossier=${d.id}`);
  await settle(clerk);
  await fill(clerk, 20);
  await clerk.getByRole('checkbox', { name: '介绍信已加盖公章' }).check();
  // Without images there is one way, and the form says why before anything is sent.
  await clerk.getByText('没有验收合格的数字影像').waitFor();
  assert.equal(await clerk.getByRole('radio', { name: '数字影像' }).isDisabled(), true);
  assert.equal(await clerk.getByRole('radio', { name: '纸质原件' }).isChecked(), true);
  await accessible(clerk, 'no images');
  await clerk.getByText('没有验收合格的数字影像').scrollIntoViewIfNeeded();
  await picture(clerk, 'access-no-images', { manual: true });
  await clerk.getByRole('button', { name: '提交申请' }).click();
  await clerk.getByRole('button', { name: '核对原件' }).click();
  await clerk.getByRole('button', { name: '核对无误' }).click();
  await clerk.getByText('原件已核对').waitFor();
  const path = new URL(clerk.url()).pathname;
  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '准予查阅' }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '准予查阅' }).click();
  await reviewer.getByText('查阅申请表').first().waitFor();
  const keeper = await world.as('keeper-500108', path);
  await keeper.getByText('档案原件尚未送到阅档室').waitFor();
  await accessible(keeper, 'hindered');
  await picture(keeper, 'access-hindered', { manual: true });
  const pulled = await ask(keeper, `/api/v1/custody/dossiers/${d.id}/pull`, {});
  assert.equal(pulled.status, 200, JSON.stringify(pulled.body));
  await keeper.reload();
  await keeper.getByRole('button', { name: '开始查阅' }).click();
  for (const n of [0, 1]) await keeper.getByRole('dialog').getByRole('checkbox').nth(n).check();
  await keeper.getByRole('dialog').getByRole('button', { name: '开始查阅' }).click();
  await keeper.getByRole('timer').waitFor();
  await keeper.getByLabel('材料名称').fill('高等学校毕业生登记表');
  await keeper.getByRole('combobox', { name: '类别' }).fill('学历');
  await keeper.getByRole('combobox', { name: '类别' }).press('Enter');
  await keeper.getByRole('spinbutton', { name: '所阅页数' }).fill('8');
  await keeper.getByRole('button', { name: '登记所阅材料' }).click();
  await keeper.getByRole('cell', { name: '高等学校毕业生登记表' }).first().waitFor();
  await settle(keeper);
  await accessible(keeper, 'paper reading');
  await picture(keeper, 'access-paper', { manual: true });
  await keeper.getByRole('button', { name: '结束查阅' }).click();
  await keeper.getByRole('dialog').getByRole('button', { name: '结束查阅' }).click();
  await keeper.getByRole('heading', { name: '查阅记录' }).waitFor();
  await keeper.goto(`${world.base}/consultations`);
  await settle(keeper);
  await picture(keeper, 'access-list', { manual: true });
  for (const page of [clerk, reviewer, keeper]) await page.context().close();
});

test('an application is refused with a notice, and one without a case shows none', async () => {
  const clerk = await world.as('clerk-500108', '/consultations');
  const d = await dossier(clerk, { scanned: false });
  await clerk.goto(`${world.base}/consultations/new?dossier=${d.id}`);
  await settle(clerk);
  await fill(clerk, 30);
  await clerk.getByRole('button', { name: '提交申请' }).click();
  await clerk.getByText('需要补正，共 1 项').waitFor();
  const path = new URL(clerk.url()).pathname;
  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '告知不予查阅' }).click();
  await reviewer.getByLabel('事实').fill('所述事由实为商业用途');
  await reviewer.getByLabel('可以怎样办').fill('说明符合范围的事由及依据后重新申请');
  await accessible(reviewer, 'refuse');
  await picture(reviewer, 'access-refuse', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '不予查阅' }).click();
  await reviewer.getByRole('button', { name: '不予办理告知单' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'refused');
  await picture(reviewer, 'access-refused');
  const scanner = await world.as('scanner-500108', path);
  await scanner.getByRole('alert').waitFor();
  await accessible(scanner, 'not entitled');
  for (const page of [clerk, reviewer, scanner]) await page.context().close();
});
