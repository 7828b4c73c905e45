import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

// B.4 find, B.5 the dossier's page, B.12 a dossier that is on paper only.
let world;
let clerk;
before(async () => {
  world = await start();
  clerk = await world.as('clerk-500108', '/dossiers');
});
after(() => world?.stop());

const rows = (page) => page.locator('table.list tbody tr');

test('the list shows the own agency, pages forward and back, and sorts by number', async () => {
  await rows(clerk).first().waitFor();
  await accessible(clerk, 'list');
  await picture(clerk, 'dossier-list', { manual: true });
  const first = await rows(clerk).first().innerText();
  await clerk.getByRole('button', { name: '下一页' }).click();
  await clerk.getByRole('button', { name: '上一页' }).and(clerk.locator(':enabled')).waitFor();
  await settle(clerk);
  assert.notEqual(await rows(clerk).first().innerText(), first);
  await clerk.getByRole('button', { name: '上一页' }).click();
  await settle(clerk);
  assert.equal(await rows(clerk).first().innerText(), first);
  const sorted = clerk.waitForResponse((r) => r.url().includes('/api/v1/dossiers?') && r.url().includes('sort=no'));
  await clerk.getByRole('button', { name: '档案编号' }).click();
  await sorted;
  await settle(clerk);
  const numbers = await rows(clerk).locator('td:nth-child(4)').allInnerTexts();
  assert.deepEqual(numbers, [...numbers].sort());
});

test('the one search box finds by name and by whole number, and says how when nothing is found', async () => {
  const [name] = (await rows(clerk).first().locator('a').allInnerTexts());
  const number = await rows(clerk).first().locator('td:nth-child(4)').innerText();
  for (const [text, hit] of [[name, name], [number, number]]) {
    await clerk.keyboard.press('Escape');
    await clerk.locator('main').focus();
    await clerk.keyboard.press('/');
    await clerk.keyboard.type(text);
    await clerk.keyboard.press('Enter');
    await clerk.waitForURL((u) => u.searchParams.get('q') === text);
    await settle(clerk);
    assert.match(await rows(clerk).first().innerText(), new RegExp(hit));
  }
  await clerk.goto(`${world.base}/dossiers?q=${encodeURIComponent('不存在的人')}`);
  await clerk.getByText('没有找到').waitFor();
  await accessible(clerk, 'nothing found');
});

test('the comparison shows every mention, what was first, gaps, and a decision with its paper', async () => {
  const found = await clerk.evaluate(async () => {
    const list = await (await fetch('/api/v1/dossiers?limit=60')).json();
    for (const d of list.items) {
      const c = await (await fetch(`/api/v1/dossiers/${d.id}/comparison`)).json();
      if (c.facts[0].verdict === 'differ') return { id: d.id, written: c.facts[0].mentions[0].written };
    }
  });
  assert.ok(found, 'a dossier whose materials contradict each other');
  const page = await world.as('clerk-500108', `/dossiers/${found.id}/facts`);
  await page.getByRole('button', { name: '登记认定' }).click();
  await page.getByLabel('认定的内容（照原文）').fill(found.written);
  await page.getByLabel('认定机关').fill('南岸区公共就业和人才服务中心');
  await page.getByLabel('文号').fill('南人社审〔2026〕12号');
  await page.getByLabel('认定日期').fill('2026-11-02');
  await page.getByLabel('认定日期').press('Enter');
  const byHand = page.getByLabel('认定材料名称');
  if ((await byHand.count()) === 0) {
    await page.getByLabel('认定材料', { exact: true }).click();
    await page.locator('.ant-select-item-option', { hasText: '手工注明' }).click();
  }
  await byHand.fill('干部基本信息审核认定表');
  await page.getByLabel('第几页').fill('1');
  await page.getByRole('dialog').getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText('不作认定。').first().waitFor();
  await settle(page);
  await accessible(page, 'decision refused');
  await picture(page, 'facts-decision', { manual: true });
  await page.getByLabel('认定机关').fill('南岸区人力资源和社会保障局');
  await page.getByRole('dialog').getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText('已登记认定，待另一人核对').waitFor();
  await page.getByText('认定：南岸区人力资源和社会保障局').waitFor();
  await page.context().close();
  const reviewer = await world.as('reviewer-500108', `/dossiers/${found.id}/facts`);
  await reviewer.getByRole('button', { name: /^核对：认定/ }).click();
  await reviewer.getByText('已由南岸区人力资源和社会保障局认定').waitFor();
  await reviewer.getByRole('columnheader', { name: '采用值' }).first().waitFor();
  await reviewer.getByRole('columnheader', { name: '存疑' }).first().waitFor();
  await reviewer.getByText('主管部门尚未认定').first().waitFor();
  // A lunar date stands with its conversion, the plain facts beside the register, what is not plausible below; nothing is decided by it.
  const adding = await world.as('clerk-500108', `/dossiers/${found.id}`);
  const added = await adding.evaluate(async (id) => {
    const source = { class: '6', title: '中国共产党入党志愿书', page: 1 };
    const post = async (kind, written) => (await fetch(`/api/v1/dossiers/${id}/facts`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify({ kind, written, source }) })).status;
    return [await post('birth_date', '农历1991年正月廿九'), await post('party_joining', '1999年6月'), await post('party_full', '1999年12月'), await post('name', '某某某'), await post('native_place', '重庆万州')];
  }, found.id);
  assert.deepEqual(added, [200, 200, 200, 200, 200]);
  await adding.context().close();
  await reviewer.reload();
  await reviewer.getByText(/农历，折合公历1991年3月15日/).waitFor();
  await reviewer.getByRole('table', { name: '合理性提示' }).getByText('预备期不满一年').waitFor();
  await reviewer.getByRole('button', { name: /^核对：姓名/ }).click();
  await reviewer.getByText('已核对').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'comparison');
  await picture(reviewer, 'facts-comparison', { manual: true });
  await reviewer.context().close();
});

test('filters stand in the address and are kept as a view', async () => {
  await clerk.goto(`${world.base}/dossiers`);
  await settle(clerk);
  await clerk.getByLabel('位置').click();
  await clerk.locator('.ant-select-item-option').filter({ hasText: '库房' }).click();
  await clerk.waitForURL((u) => u.searchParams.get('place') === 'store');
  await clerk.getByRole('button', { name: '更多条件' }).click();
  await accessible(clerk, 'more filters');
  await clerk.getByRole('button', { name: '存为新视图' }).click();
  await clerk.getByLabel('名称').fill('在架');
  await accessible(clerk, 'name a view');
  await clerk.getByRole('button', { name: '保存' }).click();
  await clerk.getByRole('button', { name: '在架' }).waitFor();
  await clerk.getByRole('button', { name: '删去此视图' }).click();
  await clerk.getByRole('button', { name: '在架' }).waitFor({ state: 'detached' });
});

test('chosen dossiers are exported, and the list as a whole; numbers stay masked, the act stays on record', async () => {
  await clerk.goto(`${world.base}/dossiers`);
  await rows(clerk).first().waitFor();
  await clerk.getByRole('checkbox', { name: /^选择 / }).first().check();
  await clerk.getByRole('checkbox', { name: /^选择 / }).nth(2).check();
  await clerk.getByText('已选 2 卷').waitFor();
  await accessible(clerk, 'selection');
  await picture(clerk, 'dossier-selection', { manual: true });
  for (const [button, name] of [['导出所选', /^档案清单-.*\.xlsx$/], ['导出清单', /^档案清单-.*\.xlsx$/]]) {
    const [file] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('button', { name: button }).click()]);
    assert.match(file.suggestedFilename(), name);
    await clerk.getByText('已导出清单').waitFor();
  }
  await clerk.getByRole('button', { name: '取消选择' }).click();
  await clerk.getByText('已选 2 卷').waitFor({ state: 'detached' });
  await clerk.getByRole('button', { name: '更多' }).and(clerk.locator('[aria-haspopup=menu]')).click();
  await clerk.getByRole('menuitem', { name: '查档去向' }).waitFor();
  await accessible(clerk, 'more');
  await clerk.keyboard.press('Escape');
});

test('the page of a dossier: where it is, what may be done, what may not and why', async () => {
  await clerk.goto(`${world.base}/dossiers?view=all`);
  await rows(clerk).first().locator('a').click();
  await clerk.getByRole('heading', { name: '现在可办' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'dossier');
  await picture(clerk, 'dossier', { manual: true });
  await clerk.getByRole('button', { name: /显示/ }).click();
  await clerk.getByLabel('事由').fill('本人到场核对');
  await accessible(clerk, 'reveal');
  await clerk.getByRole('dialog').getByRole('button', { name: '显示' }).click();
  await clerk.locator('.dossier-facts').getByText(/\d{17}[\dX]/).waitFor();
});

test('a record from a paper dossier is entered by one person and confirmed by another', async () => {
  const address = clerk.url();
  await clerk.getByRole('button', { name: '登记记载' }).first().click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByRole('button', { name: '经历' }).click();
  await dialog.getByLabel('起（年-月）').fill('2009-07');
  await dialog.getByLabel('止（至今留空）').fill('2015-03');
  await dialog.getByLabel('单位').fill('江州测绘院（演示）');
  if (await dialog.getByLabel('出处').count()) {
    await dialog.getByLabel('出处').click();
    await clerk.locator('.ant-select-item-option').filter({ hasText: '手工注明' }).click();
  }
  await dialog.getByLabel('类号').click();
  await clerk.keyboard.type('9-2');
  await clerk.keyboard.press('Enter');
  await dialog.getByLabel('材料名称').fill('聘用合同书');
  await dialog.getByLabel('第几页').fill('1');
  await accessible(clerk, 'enter');
  await picture(clerk, 'dossier-enter', { manual: true });
  await dialog.getByRole('button', { name: '登记', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const entry = clerk.locator('tr').filter({ hasText: '江州测绘院' });
  await entry.getByText('待核对').waitFor();
  assert.equal(await entry.getByRole('button', { name: /^核对/ }).count(), 0, 'the person who entered it may not confirm it');
  const second = await world.as('reviewer-500108', new URL(address).pathname);
  await second.locator('tr').filter({ hasText: '江州测绘院' }).getByRole('button', { name: /^核对/ }).click();
  await second.locator('tr').filter({ hasText: '江州测绘院' }).getByText('已核对').waitFor();
  await accessible(second, 'confirmed');
  await second.context().close();
});

test('a dossier of another agency is not there', async () => {
  const other = await world.as('clerk-500103', '/dossiers');
  await other.goto(clerk.url());
  await other.getByText('没有找到').waitFor();
  await accessible(other, 'absent');
  await other.context().close();
});
