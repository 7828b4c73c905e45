// Guidance and inspection (5): the posts of the organization and archives departments and of
// statistics see figures of their tree, lists without persons, and nothing to do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

const lines = ['监督概览', '机构管理', '不予办理', '机构变动', '台账条数'];

test('a reading post begins with the overview of its tree, and its menu is all it may see', async () => {
  const page = await world.as('archives-500000', '/');
  await page.getByRole('heading', { level: 1, name: '监督概览' }).waitFor();
  await page.getByRole('rowheader', { name: '合计' }).waitFor();
  const menu = page.getByRole('navigation', { name: '菜单' });
  assert.deepEqual((await menu.getByRole('link').allInnerTexts()).map((s) => s.trim()), lines);
  assert.equal(await page.getByRole('search').count(), 0);
  assert.equal(await page.getByRole('link', { name: /收件箱/ }).count(), 0);
  await settle(page);
  await accessible(page, 'overview');
  await picture(page, 'oversight', { manual: true });
  for (const [view, column] of [['在管档案', '整理、查阅、借阅'], ['归档与转递时限', '来函未登记'], ['补充与迟交', '催收期满未交（份）'], ['异议与投诉', '涉及免费规定'], ['好差评', '评价率']]) {
    await page.getByRole('navigation', { name: '监督概览' }).getByRole('button', { name: view }).click();
    await page.getByRole('columnheader', { name: column }).first().waitFor();
    await settle(page);
    await accessible(page, view);
    await picture(page, `oversight-${{ 在管档案: 'custody', 归档与转递时限: 'terms', 补充与迟交: 'materials', 好差评: 'ratings' }[view] ?? 'window'}`, { manual: view === '归档与转递时限' });
  }
  // Every line of the menu leads somewhere, and every link on these pages too.
  const links = new Set();
  for (const line of lines) {
    await menu.getByRole('link', { name: line }).click();
    await page.getByRole('heading', { level: 1, name: line }).waitFor();
    await settle(page);
    await accessible(page, line);
    await picture(page, `oversight-menu-${lines.indexOf(line)}`);
    assert.equal(await page.getByRole('main').getByRole('button', { name: /^(办理|登记|导出|打印|受理|设立)/ }).count(), 0, line);
    for (const href of await page.getByRole('main').getByRole('link').evaluateAll((all) => all.map((a) => a.getAttribute('href')))) links.add(href);
  }
  assert.ok(links.size > 20);
  for (const href of [...links].slice(0, 12)) {
    await page.goto(world.base + href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await page.getByText('没有这个页面').count(), 0, href);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a district’s organization department sees its own agency, is led nowhere above, and finds no dossier', async () => {
  const page = await world.as('organization-500108', '/');
  await page.getByRole('link', { name: '南岸区公共就业和人才服务中心' }).waitFor();
  assert.equal(await page.getByText('渝中区').count(), 0);
  await page.goto(`${world.base}/agencies/500108`);
  await page.getByRole('heading', { level: 1, name: '南岸区人力资源和社会保障局' }).waitFor();
  assert.equal(await page.getByRole('main').getByRole('link', { name: /重庆市/ }).count(), 0);
  await page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: '不予办理' }).click();
  await page.getByRole('heading', { level: 1, name: '不予办理' }).waitFor();
  await settle(page);
  await picture(page, 'oversight-refusals', { manual: true });
  await page.goto(`${world.base}/dossiers`);
  await page.waitForLoadState('networkidle');
  assert.equal(await page.getByRole('main').getByRole('link', { name: /^NA-/ }).count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('on a telephone the figures stand in a frame that scrolls', async () => {
  const page = await world.as('organization-500108', '/oversight', { phone: true });
  await page.getByRole('link', { name: '南岸区公共就业和人才服务中心' }).waitFor();
  await settle(page);
  await accessible(page, 'overview on a telephone');
  await picture(page, 'oversight-phone');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await page.context().close();
});

test('what still runs at an agency leads a supervisor to the rooms’ lists, narrowed to it, until the condition is taken away', async () => {
  const page = await world.as('supervisor-500000', '/agencies/50010801');
  const running = page.getByRole('table', { name: '在管档案与在办事项' });
  await running.getByRole('columnheader', { name: '等得最久的' }).waitFor();
  await running.scrollIntoViewIfNeeded();
  await settle(page);
  await picture(page, 'agency-running', { manual: true });
  const leads = await running.getByRole('link').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(leads.length > 12);
  for (const href of leads) {
    await page.goto(world.base + href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    if (href.startsWith('/supplements')) { // has a choice of agencies of its own
      await page.getByTitle('南岸区公共就业和人才服务中心').waitFor();
      continue;
    }
    await page.getByText('机构：南岸区公共就业和人才服务中心').waitFor();
  }
  await page.goto(`${world.base}/transfers?agency=50010801`);
  await page.getByText('机构：南岸区公共就业和人才服务中心').waitFor();
  await settle(page);
  await accessible(page, 'narrowed list');
  await picture(page, 'transfers-of-agency');
  await page.getByRole('button', { name: '转出 ' }).or(page.getByRole('button', { name: /^转出/ })).first().click();
  await page.getByText('机构：南岸区公共就业和人才服务中心').waitFor();
  await page.getByRole('button', { name: '去掉机构条件，列出全部机构' }).click();
  await page.getByText('机构：南岸区公共就业和人才服务中心').waitFor({ state: 'hidden' });
  assert.ok(!page.url().includes('agency='));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
