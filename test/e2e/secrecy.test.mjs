// Security classes (15, 21b): a clerk raises one and loses sight of the dossier, a reviewer
// proposes to lower it on a document, the head approves and names who knows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

const choose = async (page, label, text) => {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByTitle(text).first().click();
};

test('a class is raised by one, lowered by two, and persons are named', async () => {
  const clerk = await world.as('clerk-500000', '/dossiers');
  await clerk.locator('main table tbody a').last().click();
  await clerk.getByRole('button', { name: '定密与知悉' }).click();
  await clerk.getByRole('heading', { level: 1, name: '定密与知悉' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'sheet');
  const sheet = new URL(clerk.url()).pathname;
  await clerk.getByRole('button', { name: '提高密级' }).click();
  await choose(clerk, '密级', '工作秘密');
  await clerk.getByRole('dialog').getByRole('button', { name: '提高密级' }).click();
  await clerk.getByText('须写明理由').waitFor();
  await clerk.getByLabel('依据').fill('卷内附有标注工作秘密的文件');
  await settle(clerk);
  await accessible(clerk, 'raise');
  await picture(clerk, 'secrecy-raise', { manual: true });
  await clerk.getByRole('dialog').getByRole('button', { name: '提高密级' }).click();
  await clerk.getByText('请立即将纸质件当面移交').waitFor();
  await settle(clerk);
  await picture(clerk, 'secrecy-receipt', { manual: true });
  const gone = await clerk.request.get(`${world.base}/api/v1${sheet.replace('/secrecy', '')}`);
  assert.equal(gone.status(), 404, 'who is not cleared does not know of it any more');

  const reviewer = await world.as('reviewer-500000', sheet);
  await reviewer.getByRole('button', { name: '提出降低密级' }).click();
  await choose(reviewer, '降为', '普通');
  await reviewer.getByRole('dialog').getByRole('button', { name: '提出' }).click();
  await reviewer.getByText('定密机关不能为空').waitFor();
  await reviewer.getByLabel('定密机关').fill('重庆市保密局（演示）');
  await reviewer.getByLabel('文件名称').fill('工作秘密解除通知书');
  await reviewer.getByLabel('文号').fill('渝保〔2026〕88号');
  await reviewer.getByLabel('理由').fill('期限届满');
  await settle(reviewer);
  await accessible(reviewer, 'lower');
  await picture(reviewer, 'secrecy-lower', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '提出' }).click();
  await reviewer.getByText('已提出，待负责人批准').waitFor();
  await reviewer.getByRole('link', { name: /^DM-/ }).first().click();
  await reviewer.getByRole('heading', { level: 1, name: '工作秘密 → 普通' }).waitFor();
  const change = new URL(reviewer.url()).pathname;
  assert.equal(await reviewer.getByRole('button', { name: '审批' }).count(), 0);

  const head = await world.as('head-500000', '/secrecy?view=all');
  await head.locator('main table tbody tr').first().waitFor();
  await settle(head);
  await accessible(head, 'changes');
  await picture(head, 'secrecy-list', { manual: true });
  await head.goto(`${world.base}${sheet}`);
  await head.getByRole('button', { name: '指定知悉人员' }).click();
  await choose(head, '人员', /审核/);
  await head.getByLabel('承办的工作').fill('核对定密文件');
  await head.keyboard.press('Escape').catch(() => undefined);
  if (await head.getByRole('dialog').count() === 0) {
    await head.getByRole('button', { name: '指定知悉人员' }).click();
    await choose(head, '人员', /审核/);
    await head.getByLabel('承办的工作').fill('核对定密文件');
  }
  await head.getByRole('dialog').getByText('指定知悉人员').first().click();
  await settle(head);
  await accessible(head, 'name');
  await picture(head, 'secrecy-name', { manual: true });
  await head.getByRole('dialog').getByRole('button', { name: '指定', exact: true }).click();
  await head.getByText('核对定密文件').first().waitFor();
  await settle(head);
  await picture(head, 'secrecy-sheet', { manual: true });
  await head.goto(`${world.base}${change}`);
  await head.getByRole('button', { name: '审批' }).click();
  await head.getByRole('dialog').getByText('渝保〔2026〕88号').waitFor();
  await settle(head);
  await accessible(head, 'decide');
  await picture(head, 'secrecy-decide', { manual: true });
  await head.getByRole('dialog').getByRole('button', { name: '批准', exact: true }).click();
  await head.getByText('已降为普通').first().waitFor();

  const guard = await world.as('secadmin-500000', '/staff?q=keeper-500000');
  await guard.locator('main table tbody a').first().click();
  await guard.getByRole('button', { name: '核定知悉范围' }).click();
  await guard.getByLabel('审查批准的依据').fill('涉密岗位审查，渝人社保〔2026〕7号');
  await settle(guard);
  await accessible(guard, 'clearance');
  await picture(guard, 'staff-clearance', { manual: true });
  await guard.getByRole('dialog').getByRole('button', { name: '核定' }).click();
  await guard.getByText('知悉范围已核定').waitFor();
  for (const page of [clerk, reviewer, head, guard]) {
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test('a zone is marked and its keepers named', async () => {
  const head = await world.as('head-500000', '/secrecy/zones');
  await head.getByRole('button', { name: '标记专区' }).click();
  await head.getByRole('dialog').getByRole('button', { name: '标记' }).click();
  await head.getByText('专区写作“库号-区号”').waitFor();
  await head.getByLabel('库号-区号').fill('01-Z');
  await head.getByLabel('用途').fill('存放涉密和高级专业技术人员档案');
  await head.getByRole('combobox', { name: '保管人员' }).click();
  await head.locator('.ant-select-item-option').first().click();
  await head.getByRole('dialog').getByText('标记专区').first().click();
  await settle(head);
  await accessible(head, 'mark a zone');
  await head.getByRole('dialog').getByRole('button', { name: '标记' }).click();
  await head.getByText('已标记专区').waitFor();
  await head.getByRole('cell', { name: '01-Z', exact: true }).waitFor();
  await settle(head);
  await accessible(head, 'zones');
  await picture(head, 'secrecy-zones', { manual: true });
  assert.deepEqual(head.faults, []);
  await head.context().close();
});
