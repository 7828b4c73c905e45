// Agencies and authorities (5, 6a): the tree, an authorized agency, what stands against
// closing, a merger foreseen, an agency as it was, and the reading posts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

const year = new Date().getFullYear();

test('the province authorizes, foresees, renames from a later day, and reads an agency as it was', async () => {
  const page = await world.as('supervisor-500000', '/agencies');
  await page.getByRole('link', { name: '南岸区公共就业和人才服务中心' }).waitFor();
  await page.getByRole('table', { name: '授权将到期或已到期' }).getByText('还有 40 日').waitFor();
  await settle(page);
  await accessible(page, 'agencies');
  await picture(page, 'agency-tree', { manual: true });
  await page.getByRole('button', { name: '设立或授权机构' }).click();
  await page.getByRole('heading', { name: '设立或授权机构' }).waitFor();
  await page.locator('form').getByText('授权', { exact: true }).click();
  await page.getByRole('button', { name: '登记机构' }).click();
  await page.getByText('没有填写批准文号').waitFor();
  await page.getByText(/授权须有有效期/).waitFor();
  await page.getByLabel('批准文号').fill('渝人社授〔2026〕9号（演示）');
  await page.getByLabel('授权至（含当日）').fill(`${year + 1}年12月31日`);
  await page.getByLabel('授权至（含当日）').press('Enter');
  await page.getByRole('combobox', { name: '上级主管部门' }).fill('南岸');
  await page.getByTitle('南岸区人力资源和社会保障局').click();
  await page.getByLabel('机构全称').fill('南岸区演示人才服务公司');
  await page.getByLabel('文书代字').fill('演示人才');
  await page.getByLabel('机构编码').fill('50010888');
  await settle(page);
  await accessible(page, 'new agency');
  await picture(page, 'agency-new', { manual: true });
  await page.getByRole('button', { name: '登记机构' }).click();
  await page.getByRole('heading', { level: 1, name: '南岸区演示人才服务公司' }).waitFor();
  await page.getByText(`至${year + 1}年12月31日`).first().waitFor();

  await page.goto(`${world.base}/agencies/50010801`);
  await page.getByRole('button', { name: '撤销' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/还保管着档案，不能撤销/).waitFor();
  assert.ok(await dialog.getByRole('button', { name: '撤销' }).isDisabled());
  await settle(page);
  await accessible(page, 'closing');
  await picture(page, 'agency-close', { manual: true });
  await dialog.getByRole('button', { name: '取消' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '合并' }).click();
  await page.getByRole('combobox', { name: '承接机构' }).fill('演示人才');
  await page.getByTitle('南岸区演示人才服务公司').click();
  await page.getByText(/在管档案 \d+ 份，由南岸区演示人才服务公司接续/).waitFor();
  await settle(page);
  await picture(page, 'agency-merge', { manual: true });
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: '更名' }).click();
  await page.getByLabel('新名称').fill('南岸区人才发展中心（演示）');
  await page.getByRole('dialog').getByLabel('批准文号').fill('渝编〔2026〕19号（演示）');
  await page.getByLabel('生效日期（可晚于今天）').fill(`${year + 1}年3月1日`);
  await page.getByLabel('生效日期（可晚于今天）').press('Enter');
  await page.getByText(/当日再核对一次/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '更名' }).click();
  await page.getByText('待生效').waitFor();
  await page.getByRole('heading', { level: 1, name: '南岸区公共就业和人才服务中心' }).waitFor();
  await settle(page);
  await accessible(page, 'agency');
  await picture(page, 'agency-page', { manual: true });
  await page.goto(`${world.base}/agencies/50010801?on=2001-01-01`);
  await page.getByText('该日还没有设立登记').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the head of an agency changes where it is reached, from today and from a coming day', async () => {
  const page = await world.as('head-500108', '/agencies/50010801');
  await page.getByText('023-00000009').first().waitFor();
  await page.getByText('重庆市南岸区新办公路8号（演示）').waitFor();
  await page.getByRole('button', { name: '变更联系方式' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('办公电话').fill('见门口');
  await dialog.getByRole('button', { name: '变更', exact: true }).click();
  await dialog.getByText('办公电话的写法不对').waitFor();
  await dialog.getByLabel('办公电话').fill('023-00000018');
  await dialog.getByLabel('收件部门').fill('综合科档案室');
  await dialog.getByLabel('依据（可空）').fill('内设机构调整通知');
  await settle(page);
  await accessible(page, 'contact');
  await picture(page, 'agency-contact', { manual: true });
  await dialog.getByRole('button', { name: '变更', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('办公电话：023-00000000 → 023-00000018').waitFor();
  await page.getByText('综合科档案室').first().waitFor();
  await settle(page);
  await accessible(page, 'agency with its contact details');
  await picture(page, 'agency-contact-history');
  await page.goto(`${world.base}/agencies/50010801?on=${year - 1}-12-31`);
  await page.getByText('该日的联系方式').waitFor();
  await page.getByText('档案收发室', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a change that did not take effect on its day says why, and is closed with what was made of it', async () => {
  const page = await world.as('supervisor-500000', '/');
  await page.getByText('更名到期未生效：另行登记或了结').waitFor();
  await page.goto(`${world.base}/agencies/50010881`);
  const row = page.getByRole('row').filter({ hasText: '南岸区演示人力资源服务公司' });
  await row.getByText('未生效', { exact: true }).waitFor();
  await row.getByText(/已经合并或撤销，不能再办理变动/).waitFor();
  await settle(page);
  await accessible(page, 'lapsed change');
  await picture(page, 'agency-lapsed', { manual: true });
  await row.getByRole('button', { name: '了结' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '了结' }).click();
  await dialog.getByText('没有写明怎样处理').waitFor();
  await dialog.getByLabel('处理情况').fill('机构已撤销，不再更名');
  await accessible(page, 'settling');
  await dialog.getByRole('button', { name: '了结' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await row.getByText(/处理：机构已撤销，不再更名/).waitFor();
  assert.equal(await row.getByRole('button', { name: '了结' }).count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a district becomes part of another: its authority is set up, foreseen merging, and read as it was', async () => {
  const page = await world.as('supervisor-500000', '/agencies/new');
  await page.getByRole('heading', { name: '设立或授权机构' }).waitFor();
  await page.locator('form').getByText('区县主管部门', { exact: true }).click();
  await page.getByRole('button', { name: '登记机构' }).click();
  await page.getByText('没有登记所核验的批准文件').waitFor();
  await page.getByLabel('批准文号').fill('渝府〔2010〕77号（演示）');
  for (const [label, day] of [['生效日期（可晚于今天）', '2010年6月18日'], ['发文日期', '2010年5月20日']]) {
    await page.getByLabel(label).fill(day);
    await page.getByLabel(label).press('Enter');
  }
  await page.getByLabel('所核验的批准文件').fill('关于设立两江新区组织人事部的批复，复印件');
  await page.getByLabel('主管部门全称').fill('两江新区（国家级新区）组织人事部');
  await page.getByLabel('文书代字').fill('新区人事');
  await page.getByLabel('区划代码').fill('50LJXQ');
  await settle(page);
  await accessible(page, 'new authority');
  await picture(page, 'agency-authority-new', { manual: true });
  await page.getByRole('button', { name: '登记机构' }).click();
  await page.getByRole('heading', { level: 1, name: '两江新区（国家级新区）组织人事部' }).waitFor();
  await page.getByText('没有下属机构').waitFor();

  await page.getByRole('button', { name: '合并' }).click();
  const dialog = page.getByRole('dialog');
  await page.getByRole('combobox', { name: '承接的主管部门' }).fill('两江新区人力');
  await page.getByTitle('两江新区人力资源和社会保障局').click();
  await dialog.getByText(/工作人员此后属于两江新区人力资源和社会保障局/).waitFor();
  await dialog.getByLabel('批准文号').fill('渝府〔2026〕9号（演示）');
  await dialog.getByRole('button', { name: '合并' }).click();
  await dialog.getByText('没有登记所核验的批准文件').waitFor();
  await dialog.getByLabel('发文日期').fill('2026年1月20日');
  await dialog.getByLabel('发文日期').press('Enter');
  await dialog.getByLabel('所核验的批准文件').fill('关于机构设置的通知，原件');
  await settle(page);
  await accessible(page, 'merging an authority');
  await picture(page, 'agency-authority-merge', { manual: true });
  await dialog.getByRole('button', { name: '合并' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('已并入两江新区人力资源和社会保障局').first().waitFor();

  // The two districts of the sample province: below the successor now, below their own before.
  await page.goto(`${world.base}/agencies/500157`);
  await page.getByRole('link', { name: '渝北区公共就业和人才服务中心' }).waitFor();
  await page.getByText('待设立').waitFor();
  await settle(page);
  await accessible(page, 'authority');
  await picture(page, 'agency-authority', { manual: true });
  await page.goto(`${world.base}/agencies/500112?on=2024-03-01`);
  await page.getByRole('link', { name: '渝北区公共就业和人才服务中心' }).first().waitFor();
  await page.getByText('该日的下属机构').waitFor();
  await page.goto(`${world.base}/agencies/50011201`);
  await page.getByRole('button', { name: '调整隶属' }).click();
  await page.getByRole('combobox', { name: '新的主管部门' }).fill('北碚');
  await page.getByTitle('北碚区人力资源和社会保障局').click();
  await dialog.getByText(/由两江新区人力资源和社会保障局改由北碚区/).waitFor();
  await settle(page);
  await picture(page, 'agency-assign', { manual: true });
  await dialog.getByRole('button', { name: '取消' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the organization department of a district reads its tree and does nothing', async () => {
  const page = await world.as('organization-500108', '/agencies');
  await page.getByRole('link', { name: '南岸区公共就业和人才服务中心' }).waitFor();
  assert.equal(await page.getByText('渝中区').count(), 0);
  assert.equal(await page.getByRole('button', { name: '设立或授权机构' }).count(), 0);
  const menu = page.getByRole('navigation', { name: '菜单' });
  assert.equal(await menu.getByText('档案查询').count(), 0);
  await page.getByRole('link', { name: '南岸区公共就业和人才服务中心' }).click();
  await page.getByText('现在没有可办的事项').waitFor();
  await page.getByText('在管档案', { exact: true }).waitFor();
  await settle(page);
  await accessible(page, 'reading post');
  await picture(page, 'agency-reading', { manual: true });
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
