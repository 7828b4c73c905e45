// Dossiers of the dead (20c): registered by a clerk, confirmed by a reviewer, due, put on
// a list and handed over to an archive against a receipt.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, password, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('登记、第二人确认；满5年的拟定清单；移交后登记回执', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  await clerk.locator('tbody a').nth(2).click();
  await clerk.getByRole('button', { name: '登记死亡' }).click();
  await clerk.getByRole('heading', { level: 1, name: '登记死亡' }).waitFor();
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.locator('.ant-form-item-explain-error').first().waitFor();
  await clerk.locator('#diedOn').fill('2026年11月1日');
  await clerk.locator('#diedOn').press('Enter');
  await clerk.locator('#evidence').click();
  await clerk.getByText('火化证明').last().click();
  await clerk.locator('#evidenceNo').fill('演示火证〔2026〕8号');
  await clerk.locator('#informant').fill('演示家属');
  await clerk.locator('#relation').fill('配偶');
  await clerk.getByText('代办人', { exact: true }).click(); // kin may send somebody, on a paper of their own
  await clerk.getByRole('button', { name: '登记委托书' }).waitFor();
  assert.equal(await clerk.locator('#m-principal').inputValue(), '演示家属');
  assert.ok(await clerk.getByLabel('告知亲属死亡（委托人为亲属）').isChecked());
  await settle(clerk);
  await accessible(clerk, 'a death told by an agent');
  await picture(clerk, 'death-agent');
  await clerk.getByText('本人', { exact: true }).click();
  await settle(clerk);
  await accessible(clerk, 'register a death');
  await picture(clerk, 'death-new', { manual: true });
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.waitForURL(/deaths\/[0-9a-f-]{36}/);
  const path = new URL(clerk.url()).pathname;

  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '确认死亡' }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '确认死亡' }).click();
  await reviewer.getByRole('region', { name: '现在的服务对象' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a confirmed death');
  await picture(reviewer, 'death-page', { manual: true });

  await clerk.goto(`${world.base}/deaths`);
  await clerk.locator('tbody tr').first().waitFor();
  await accessible(clerk, 'due dossiers of the dead');
  await picture(clerk, 'death-due', { manual: true });
  await clerk.getByRole('checkbox', { name: /^选择/ }).first().check();
  await clerk.getByRole('button', { name: /^拟定移交清单/ }).click();
  await clerk.locator('#recipient').fill('演示区档案馆');
  await clerk.locator('#basis').fill('演示档发〔2026〕12号');
  await accessible(clerk, 'plan a handover');
  await clerk.getByRole('button', { name: '拟定清单' }).click();
  await clerk.waitForURL(/deaths\/lists\/[0-9a-f-]{36}/);
  await clerk.getByText('拟移交').first().waitFor();

  // The four checks before anything goes to an archive; the volumes as they are counted.
  await clerk.getByRole('button', { name: '四性检测' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '检测' }).click();
  await clerk.getByText(/四性通过|无数字档案/).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'checked for an archive');
  await picture(clerk, 'death-checked', { manual: true });

  await clerk.goto(`${world.base}/deaths/lists`);
  await clerk.locator('tbody tr').first().waitFor();
  await accessible(clerk, 'handovers');

  const away = await world.as('clerk-500102', '/deaths/lists');
  await away.getByRole('row', { name: /待回执/ }).getByRole('link').first().click();
  await away.getByRole('button', { name: '登记回执' }).click();
  await away.getByLabel('接收人一').fill('演示馆员甲');
  await away.getByLabel('接收人二').fill('演示馆员乙');
  await away.getByLabel('回执编号').fill('演示馆收〔2026〕1号');
  await away.getByRole('dialog').getByRole('button', { name: '登记回执' }).click();
  await away.getByText('已签收').first().waitFor();
  await settle(clerk);
  await accessible(away, 'a receipted handover');
  await picture(away, 'death-list', { manual: true });
  assert.ok(await away.getByText('死亡人员档案移交清单').first().isVisible());

  await clerk.goto(`${world.base}/deaths/data`);
  await clerk.locator('#batch').fill('2026-11');
  await clerk.locator('#text').fill('1 2026-11-01');
  await clerk.getByRole('button', { name: '导入', exact: true }).click();
  await clerk.getByRole('region', { name: '导入结果' }).getByText(/第 1 行/).waitFor();
  await accessible(clerk, 'deaths by data');
});

test('死亡档案的结局：将满、续管与复核、不予确认、撤销、取消清单', async () => {
  const reviewer = await world.as('reviewer-500108', '/deaths');
  await reviewer.getByRole('button', { name: /^将满5年/ }).click();
  await reviewer.locator('tbody tr').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'nearly five years');
  await picture(reviewer, 'death-near', { manual: true });

  // What was kept on waits to be looked through: on the desk, in its tab, on its page.
  await reviewer.goto(`${world.base}/`);
  await reviewer.getByText('续管期限已到，复核是否继续保管').first().waitFor();
  await reviewer.goto(`${world.base}/deaths`);
  await reviewer.getByRole('button', { name: /^续管待复核/ }).click();
  await reviewer.getByText('（待复核）').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'kept on, to be looked through');
  await picture(reviewer, 'death-review', { manual: true });
  await reviewer.locator('tbody a').first().click();
  await reviewer.getByText('已到期，请复核或移交').waitFor();
  await reviewer.getByRole('button', { name: '复核续管' }).click();
  const dialog = reviewer.getByRole('dialog');
  await dialog.locator('#death-until').fill('2099年1月1日');
  await dialog.locator('#death-until').press('Enter');
  await dialog.locator('#death-basis').fill('家属仍有遗属待遇在办（演示）');
  await dialog.getByRole('button', { name: '继续保管' }).click();
  await dialog.getByText(/续管截止日期应在今天以后/).first().waitFor();
  const soon = new Date();
  soon.setFullYear(soon.getFullYear() + 1);
  await dialog.locator('#death-until').fill(`${soon.getFullYear()}年${soon.getMonth() + 1}月1日`);
  await dialog.locator('#death-until').press('Enter');
  await dialog.locator('#death-basis').click();
  await reviewer.mouse.move(5, 5);
  await accessible(reviewer, 'look it through');
  await dialog.getByRole('button', { name: '继续保管' }).click();
  await reviewer.getByText(/复核续管至/).first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'kept on again');
  await picture(reviewer, 'death-reviewed', { manual: true });

  // One that is due is kept on; one told wrongly is taken back; one not confirmed stays on record.
  await reviewer.goto(`${world.base}/deaths`);
  await reviewer.getByRole('button', { name: /^已满5年/ }).click();
  await reviewer.locator('tbody a').first().click();
  await reviewer.getByRole('button', { name: '期满续管' }).click();
  await reviewer.locator('#death-basis').fill('区人社局专题会议纪要（演示）');
  await reviewer.getByRole('dialog').getByRole('button', { name: '期满续管' }).click();
  await reviewer.getByText(/期满续管至/).first().waitFor();
  await reviewer.getByRole('button', { name: '撤销登记' }).click();
  await reviewer.locator('#death-basis').fill('本人到场核实（演示）');
  await reviewer.getByRole('dialog').getByRole('button', { name: '撤销登记' }).click();
  const proof = reviewer.getByRole('dialog').getByLabel('口令');
  if (await proof.isVisible().catch(() => false)) { await proof.fill(password); await reviewer.getByRole('dialog').getByRole('button', { name: /确认/ }).last().click(); }
  await reviewer.getByText('已撤销').first().waitFor();
  await reviewer.goto(`${world.base}/deaths`);
  await reviewer.getByRole('button', { name: /^待确认/ }).click();
  await reviewer.locator('tbody a').first().click();
  await reviewer.getByRole('button', { name: '不予确认' }).click();
  await reviewer.locator('#death-basis').fill('与户籍登记核对，系同名的另一人（演示）');
  await reviewer.getByRole('dialog').getByRole('button', { name: '不予确认' }).click();
  await reviewer.getByText('未予确认').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a death nobody confirmed');

  // A list that is given up: its dossiers go back.
  const clerk = await world.as('clerk-500108', '/deaths/lists');
  await clerk.getByRole('row', { name: /拟移交/ }).getByRole('link').first().click();
  await clerk.getByRole('button', { name: '取消清单' }).click();
  await clerk.getByRole('dialog').locator('input, textarea').first().fill('接收单位改期（演示）');
  await clerk.getByRole('dialog').getByRole('button', { name: '取消清单' }).click();
  await clerk.getByText('已取消').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a list given up');
});

test('未移交的清单移出一人：写明原因，该卷退回库房，其他人照常', async () => {
  const clerk = await world.as('clerk-500108', '/deaths/lists');
  const reviewer = await world.as('reviewer-500108', '/deaths');
  const asked = async (page, path, data) => {
    const answer = await page.context().request.fetch(`${world.base}/api/v1${path}`, { method: data ? 'POST' : 'GET', headers: { Origin: world.base, 'Idempotency-Key': crypto.randomUUID() }, data });
    assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  // Two who died more than five years ago go on one list.
  const { items } = await asked(clerk, '/dossiers?limit=100&state=in_store');
  const cases = [];
  for (const d of items.toReversed()) {
    if (cases.length === 2) break;
    const told = await clerk.context().request.post(`${world.base}/api/v1/deaths`, { headers: { Origin: world.base, 'Idempotency-Key': crypto.randomUUID() }, data: { dossierId: d.id, diedOn: `${new Date().getFullYear() - 6}-05-01`, evidence: '火化证明', evidenceNo: '演示火证〔2020〕5号', informant: '演示家属', relation: '子女' } });
    if (!told.ok()) continue; // another's, or dead already
    const { id } = await told.json();
    await asked(reviewer, `/deaths/${id}/confirm`, {});
    cases.push(id);
  }
  const list = await asked(clerk, '/death-handovers', { cases, reason: 'term', recipientKind: 'archive', recipient: '演示区档案馆', basis: '演示档发〔2026〕15号' });
  await clerk.goto(`${world.base}/deaths/lists/${list.id}`);
  const strikes = clerk.getByRole('button', { name: /^移出/ });
  await strikes.nth(1).waitFor();
  await strikes.first().click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByRole('button', { name: '移出清单' }).click();
  await dialog.getByRole('alert').waitFor();
  await accessible(clerk, 'struck without a reason');
  await dialog.getByLabel('原因').fill('家属对档案内容提出异议，暂不移交（演示）');
  await settle(clerk);
  await accessible(clerk, 'one struck from a list');
  await picture(clerk, 'death-strike');
  await dialog.getByRole('button', { name: '移出清单' }).click();
  await clerk.getByText('已移出清单').first().waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await settle(clerk);
  assert.equal(await strikes.count(), 0, 'the last one is not struck: the list is given up instead');
  await accessible(clerk, 'a list without the struck one');
  await picture(clerk, 'death-struck');
  assert.equal((await asked(clerk, `/deaths/${cases[0]}`)).state, 'kept');
});
