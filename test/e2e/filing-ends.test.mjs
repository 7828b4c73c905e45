// Filing to its end: an attachment is filed with its main paper under one number; a longer term
// for what was promised that is not agreed to comes with its printed notice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, picture, settle } from './harness.mjs';
import { ask, done, paperOnly, post, to } from './transfer.mjs';

/** Books a piece as received from its unit, and goes on to its appraisal. */
async function received(clerk, dossier, title, day) {
  await to(clerk, `/filing/receive/${dossier}`);
  await clerk.getByLabel('交来人或单位').fill('云岫智能（演示）有限公司');
  await clerk.getByLabel('材料名称').fill(title);
  await clerk.getByLabel('形成年').fill('2026');
  await clerk.getByLabel('月', { exact: true }).fill('6');
  await clerk.getByLabel('日', { exact: true }).fill(day);
  await clerk.getByLabel('页数').fill('3');
  await clerk.getByRole('button', { name: '登记收到' }).click();
  await clerk.getByText(/已收，应于/).waitFor();
  await clerk.getByRole('button', { name: '去鉴别' }).click();
  await clerk.getByRole('button', { name: '鉴别合格' }).waitFor();
  await settle(clerk);
}

/** Chooses a class by its number, in the box under the hints. */
async function classed(clerk, code) {
  await clerk.getByLabel('归入类号').fill(code);
  await clerk.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
}

test('what belongs to a main paper is attached to it and shares its number', async () => {
  const clerk = await post('clerk-500108', '/filing');
  const { id } = await paperOnly(clerk);
  await received(clerk, id, '干部任免审批表', '20');
  await classed(clerk, '9-2');
  await clerk.getByRole('button', { name: '鉴别合格' }).click();
  await clerk.getByText('鉴别合格，待归档').first().waitFor();
  await received(clerk, id, '任职考察材料', '12');
  await classed(clerk, '9-2');
  await clerk.getByText('按本类的排列顺序，它通常附于', { exact: false }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'what it belongs to');
  await clerk.getByText('按本类的排列顺序，它通常附于', { exact: false }).scrollIntoViewIfNeeded();
  await picture(clerk, 'filing-main', { manual: true });
  await clerk.getByRole('button', { name: '附于它' }).click();
  assert.equal(await clerk.getByRole('button', { name: '附于它' }).count(), 0);
  await clerk.getByRole('button', { name: '鉴别合格' }).click();
  await clerk.getByText('鉴别合格，待归档').first().waitFor();
  // Not without its main paper: both are handed to the reviewer at once.
  await to(clerk, '/filing?view=ready');
  await clerk.getByRole('checkbox', { name: /任职考察材料/ }).first().check();
  await clerk.getByRole('button', { name: '提交归档' }).click();
  await clerk.getByRole('alert').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'an attachment alone');
  await picture(clerk, 'filing-main-alone', { manual: true });
  await clerk.getByRole('checkbox', { name: /干部任免审批表/ }).first().check();
  await clerk.getByRole('button', { name: '提交归档' }).click();
  await clerk.getByText(/已提交 GD-/).waitFor();
  await ask(await post('keeper-500108', '/custody'), `/api/v1/custody/dossiers/${id}/pull`, { packet: 'intact' });
  const reviewer = await post('reviewer-500108', '/filing?view=batches');
  await reviewer.getByRole('link', { name: /^GD-/ }).first().click();
  await reviewer.getByText('任职考察材料').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a batch with an attachment');
  await picture(reviewer, 'filing-main-batch');
  for (const same of await reviewer.getByRole('radio', { name: '相符' }).all()) await same.check();
  await reviewer.getByRole('button', { name: '归档', exact: true }).click();
  await reviewer.getByText('已归档，目录已升版').waitFor();
  const { classes } = await ask(clerk, `/api/v1/dossiers/${id}/catalog.json`);
  const filed = classes.flatMap((c) => c.items);
  const [main, own] = ['干部任免审批表', '任职考察材料'].map((t) => filed.find((m) => m.title === t));
  assert.ok(main && own, JSON.stringify(filed));
  assert.equal(own.number, main.number);
});

test('a longer term is not agreed to: the notice is printed, and stands beside the promise', async () => {
  let clerk;
  let one;
  for (const at of ['500108', '500101']) {
    clerk = await post(`clerk-${at}`, '/supplements');
    const { items } = await ask(clerk, '/api/v1/supplements?view=open&limit=200');
    one = items.find((i) => i.lateDays === 0 && i.possible.some((p) => p.action === 'supplement.ask' && p.allowed));
    if (one) { one.at = at; break; }
  }
  assert.ok(one, 'a supplement that may be put off');
  await to(clerk, `/supplements/${one.id}`);
  await clerk.getByRole('button', { name: '申请延期' }).click();
  const day = new Date(`${one.dueOn}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 3);
  await clerk.locator('#s-until').fill(`${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日`);
  await clerk.keyboard.press('Enter');
  await clerk.locator('#s-note').fill('本人在外地，月底才能返回（演示）');
  await settle(clerk);
  await accessible(clerk, 'asking for a longer term');
  await picture(clerk, 'supplement-ask', { manual: true });
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await done(clerk, '受理回执已出具');
  const reviewer = await post(`reviewer-${one.at}`, `/supplements/${one.id}`);
  await reviewer.getByRole('button', { name: '不同意', exact: true }).click();
  await reviewer.getByRole('dialog').locator('#s-note').fill('可以凭身份证网上开具，邮寄本机构即可');
  await settle(reviewer);
  await accessible(reviewer, 'not agreeing');
  await picture(reviewer, 'supplement-deny', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '不同意', exact: true }).click();
  await done(reviewer, '告知单已出具');
  const notice = reviewer.getByRole('button', { name: /不予办理告知单/ });
  await notice.waitFor();
  const [paper] = await Promise.all([reviewer.waitForResponse((r) => /documents\/[^/]+\/pdf$/.test(r.url())), notice.first().click()]);
  assert.equal(paper.headers()['content-type'], 'application/pdf');
  await settle(reviewer);
  await accessible(reviewer, 'not agreed to, with its notice');
  await picture(reviewer, 'supplement-notice', { manual: true });
  const superior = await post('supervisor-500108', '/registers/refusals');
  await settle(superior);
  await superior.locator('table.register tbody tr').first().waitFor();
});
