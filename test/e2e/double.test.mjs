// One person, one dossier (2): somebody of the name and birth date of another is stopped at the application, said to be another
// person on evidence, and stands in the list of what was said, where it is taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';
import { ask, done, pick } from './transfer.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

/** An identity number whose check digit is right (GB 11643). */
const number = (n) => n + '10X98765432'[[...n].reduce((sum, c, i) => sum + Number(c) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][i], 0) % 11];

let path; // of the transfer that was let through

test('同名同日而号码不同的：申请被拦下，认定不是同一人后受理；认定可以撤销，撤销后列为可能重复', async () => {
  const clerk = await world.as('clerk-500108', '/transfers/new');
  const { items: [line] } = await ask(clerk, '/api/v1/dossiers?limit=1');
  const { person, no } = await ask(clerk, `/api/v1/dossiers/${line.id}`);
  await clerk.getByText('外单位或外省市', { exact: true }).click();
  await pick(clerk, '原存档单位性质', '国有企业');
  await clerk.locator('#t-holderName').fill('贵州某集团人力资源部（演示）');
  await clerk.locator('#t-name').fill(person.name);
  await clerk.locator('#t-idNo').fill(number(`500235${person.birthDate.replaceAll('-', '')}887`));
  await pick(clerk, '已核验的证件', '居民身份证');
  await pick(clerk, '调档原因', '流动就业');
  await pick(clerk, '存档依据', '户籍地');
  await pick(clerk, '所在区县', '南岸区');
  await pick(clerk, '人员类别', '');
  await clerk.locator('#t-evidence').fill('劳动合同');
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByText('可能是同一人').first().waitFor();
  await clerk.getByRole('link', { name: no }).waitFor();
  await accessible(clerk, 'stopped by a likely double');
  await picture(clerk, 'double-stopped', { manual: true });

  await clerk.getByRole('button', { name: '不是同一人' }).click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByLabel('为什么不是同一人').fill('父母姓名、毕业院校均不同');
  await dialog.getByRole('button', { name: /^认\s*定$/ }).click();
  await dialog.getByText('没有写明查看', { exact: false }).first().waitFor();
  await dialog.getByLabel('查看的证件、材料').fill('两人的居民身份证');
  await dialog.getByLabel('查看人').fill('周知行');
  await settle(clerk);
  await accessible(clerk, 'said to be two');
  await dialog.getByRole('button', { name: /^认\s*定$/ }).click();
  await done(clerk, '已认定不是同一人');
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.waitForURL(/\/transfers\/[0-9a-f-]{36}$/);
  path = new URL(clerk.url()).pathname;

  await clerk.goto(`${world.base}/unclear?view=distinct`);
  const row = clerk.getByRole('row').filter({ hasText: person.name });
  await row.getByText('父母姓名、毕业院校均不同').waitFor();
  await settle(clerk);
  await accessible(clerk, 'what was said');
  await picture(clerk, 'double-distinct', { manual: true });
  const reviewer = await world.as('reviewer-500108', '/unclear?view=distinct');
  const back = reviewer.getByRole('row').filter({ hasText: person.name });
  await back.waitFor();
  await back.getByRole('button', { name: '撤销认定' }).click();
  await reviewer.getByLabel('发现了什么').fill('派出所复核两号同属一人');
  await reviewer.getByRole('button', { name: '撤销认定' }).last().click();
  await done(reviewer, '已撤销认定');
  await back.getByText('派出所复核两号同属一人').waitFor();
  await reviewer.goto(`${world.base}/unclear?view=doubles`);
  await settle(reviewer);
  await accessible(reviewer, 'likely doubles');
  await picture(reviewer, 'double-list');
});

test('可能重复的两卷申请并档，表单已填好另一卷；来件核对发现一人多档，登记后另行保管', async () => {
  const clerk = await world.as('clerk-500108', '/unclear?view=doubles');
  const merge = clerk.getByRole('link', { name: '申请并档' }).first();
  await merge.waitFor();
  await accessible(clerk, 'likely doubles of an agency');
  await picture(clerk, 'double-open', { manual: true });
  const other = new URL(await merge.getAttribute('href'), world.base).searchParams.get('merge');
  await merge.click();
  await clerk.getByLabel('并入的一卷（档案编号）').waitFor();
  assert.equal(await clerk.getByLabel('并入的一卷（档案编号）').inputValue(), other);
  await settle(clerk);
  await accessible(clerk, 'a merge of likely doubles');
  await picture(clerk, 'double-merge');

  // The packet of the first test: that the two are two was taken back since.
  await clerk.goto(`${world.base}${path}`);
  await ask(clerk, `/api/v1${path}/letter`, {});
  await ask(clerk, `/api/v1${path}/arrive`, { on: new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' }), intact: true, noticeNo: '黔转〔2026〕31号', volumes: 1, way: 'confidential_post', carrier: '贵阳机要通信局', trackingNo: '黔机0731' });
  await ask(clerk, `/api/v1${path}/list`, { lines: [{ class: '1', title: '流动人员履历表', copies: 1, pages: 8, keyFacts: ['birth_date', 'work_start', 'work_history'] }, { class: '4-1', title: '普通高等学校毕业生登记表', copies: 1, pages: 4, keyFacts: ['education_degree'] }] }, 'PUT');
  await ask(clerk, `/api/v1${path}/check`, { results: [{ lineNo: 1, check: 'ok' }, { lineNo: 2, check: 'ok' }] });
  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '复核签收' }).last().click();
  await reviewer.getByText('可能是同一人').first().waitFor();
  await reviewer.locator('.segments').getByRole('button', { name: '登记为一人多档' }).click();
  await reviewer.getByRole('button', { name: '登记为一人多档' }).last().click();
  await reviewer.getByText('没有写明这一包放在何处', { exact: false }).first().waitFor();
  await accessible(reviewer, 'a second packet without evidence');
  await reviewer.getByLabel('对照了什么材料').fill('来件履历表与在管档案的学历、工作经历、照片');
  await reviewer.getByLabel('这一包放在何处').fill('待核柜 01');
  await settle(reviewer);
  await picture(reviewer, 'double-second', { manual: true });
  await reviewer.getByRole('button', { name: '登记为一人多档' }).last().click();
  await done(reviewer, '已登记为一人多档');
  await settle(reviewer);
  await accessible(reviewer, 'a case whose packet is kept apart');
  await picture(reviewer, 'double-second-done');
  await reviewer.getByRole('link', { name: /^待核-/ }).click();
  await reviewer.getByText('转入核对时发现').waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'the packet kept apart');
  await picture(reviewer, 'double-second-packet', { manual: true });
});
