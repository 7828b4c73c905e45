import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

/** The first dossier of the list, as the clerk finds it. */
async function first(page) {
  await page.goto(`${world.base}/dossiers`);
  await settle(page);
  const link = page.locator('main table tbody a').first();
  const name = await link.innerText();
  return { name, path: new URL(await link.evaluate((a) => a.href)).pathname };
}

let dossier;

test('a clerk receives a contract and appraises it by keyboard', async () => {
  const page = await world.as('clerk-500108');
  dossier = await first(page);
  await page.goto(`${world.base}${dossier.path.replace('/dossiers/', '/filing/receive/')}`);
  await page.getByLabel('交来人或单位').fill('云岫智能（演示）有限公司');
  await page.getByLabel('材料名称').fill('劳动合同书');
  await page.getByLabel('形成年').fill('2026');
  await page.getByLabel('月', { exact: true }).fill('3');
  await page.getByLabel('日', { exact: true }).fill('2');
  await page.getByLabel('页数').fill('3');
  await settle(page);
  await accessible(page, 'receive');
  await picture(page, 'filing-receive', { manual: true });
  await page.getByRole('button', { name: '登记收到' }).click();
  await page.getByText(/已收，应于/).waitFor();
  await page.getByRole('button', { name: /^材料接收回单.*1 件/ }).click();
  await page.getByText(/已出具 .*收〔\d{4}〕/).waitFor();
  await page.getByRole('button', { name: '去鉴别' }).click();
  await page.getByRole('button', { name: /9-2.*材料清单列有“劳动合同书”/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: /9-2.*材料清单/ }).getAttribute('aria-pressed'), 'true');
  await settle(page);
  await accessible(page, 'appraise');
  await picture(page, 'filing-appraise', { manual: true });
  await page.getByRole('checkbox', { name: /未加盖形成单位公章/ }).check();
  await page.getByRole('button', { name: '1 合格' }).click();
  await page.getByRole('button', { name: '鉴别合格' }).click();
  await page.getByRole('alert').getByText('材料未加盖形成单位公章').waitFor();
  await accessible(page, 'refused');
  await page.getByRole('checkbox', { name: /有涂改痕迹/ }).check(); // both kinds together: returned, and not cured
  assert.equal(await page.getByRole('button', { name: '3 退回' }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: '2 补办' }).click();
  await page.getByRole('button', { name: '限期补办', exact: true }).last().click(); // the first is the list's view
  await page.getByRole('alert').getByText('不能补办').waitFor();
  await settle(page);
  await accessible(page, 'the way of a defect');
  await picture(page, 'filing-way', { manual: true });
  await page.getByRole('checkbox', { name: /有涂改痕迹/ }).uncheck();
  await page.getByRole('checkbox', { name: /未加盖形成单位公章/ }).uncheck();
  await page.getByRole('button', { name: '1 合格' }).click();
  await page.getByRole('button', { name: '鉴别合格' }).click();
  await page.goto(`${world.base}/filing?view=ready`);
  await page.getByRole('checkbox', { name: /劳动合同书/ }).first().check();
  await settle(page);
  await accessible(page, 'ready');
  await picture(page, 'filing-ready', { manual: true });
  await page.getByRole('button', { name: '提交归档' }).click();
  await page.getByText(/已提交 GD-/).waitFor();
  await page.context().close();
});

test('what a person hands in is verified with its maker before it is filed', async () => {
  const page = await world.as('clerk-500108', dossier.path.replace('/dossiers/', '/filing/receive/'));
  await page.getByRole('radio', { name: '本人提交' }).check();
  await page.getByLabel('交来人或单位').fill('本人');
  await page.getByLabel('形成单位（与交来单位不同时）').fill('云岫智能（演示）有限公司');
  await page.getByLabel('材料名称').fill('职工登记表');
  await page.getByLabel('形成年').fill('2026');
  await page.getByLabel('页数').fill('2');
  await page.getByRole('button', { name: '登记收到' }).click();
  await page.getByRole('button', { name: '去鉴别' }).click();
  await page.getByRole('button', { name: '登记核实结果' }).waitFor();
  await page.getByRole('button', { name: '鉴别合格' }).click();
  await page.getByRole('alert').getByText('尚未向形成单位核实').waitFor();
  await page.getByRole('list', { name: '核实任务' }).getByText(/HS-.*前答复/).waitFor();
  await page.getByRole('button', { name: '开具核实函', exact: true }).click();
  await page.getByRole('button', { name: '再次开具核实函' }).waitFor();
  await page.getByLabel('答复的单位和人').fill('云岫智能（演示）有限公司 人力资源部');
  await settle(page);
  await accessible(page, 'verify');
  await picture(page, 'filing-verify', { manual: true });
  await page.getByRole('button', { name: '登记核实结果' }).click();
  await page.getByText('向形成单位核实：').waitFor();
  await page.getByRole('list', { name: '核实任务' }).getByText('相符').waitFor();
  await page.getByRole('button', { name: '鉴别合格' }).click();
  await page.getByText('鉴别合格，待归档').waitFor();
  await page.context().close();
});

test('the reviewer is told that the packet is still in store', async () => {
  const page = await world.as('reviewer-500108', '/filing?view=batches');
  await page.getByRole('link', { name: /^GD-/ }).first().click();
  await page.getByRole('heading', { level: 1, name: /GD-/ }).waitFor();
  await settle(page);
  await accessible(page, 'batch');
  await picture(page, 'filing-batch', { manual: true });
  await page.context().close();
});

test('a paper catalog is entered by hand and compared by another person', async () => {
  const page = await world.as('clerk-500108', dossier.path.replace('/dossiers/', '/filing/catalog/'));
  await page.getByRole('combobox', { name: '第 1 条类号' }).fill('4-1');
  await page.getByRole('combobox', { name: '第 1 条类号' }).press('Enter');
  await page.getByLabel('第 1 条材料名称').fill('高中毕业生登记表');
  await page.getByLabel('第 1 条形成年').fill('2009');
  await page.getByLabel('第 1 条页数').fill('2');
  await settle(page);
  await accessible(page, 'catalog entry');
  await picture(page, 'filing-catalog', { manual: true });
  await page.getByRole('button', { name: '提交核对' }).click();
  await page.getByRole('heading', { level: 1, name: /GD-/ }).waitFor();
  const batch = new URL(page.url()).pathname;
  await page.context().close();
  const reviewer = await world.as('reviewer-500108', batch);
  await reviewer.getByRole('radio', { name: '相符' }).first().check();
  await reviewer.getByRole('button', { name: '归档', exact: true }).click();
  await reviewer.getByText('已归档，目录已升版').waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'reviewed');
  await reviewer.getByRole('link', { name: '高中毕业生登记表' }).click();
  await reviewer.getByRole('button', { name: '申请更正' }).click();
  await settle(reviewer);
  await accessible(reviewer, 'correction');
  await picture(reviewer, 'material-correction', { manual: true });
  // The record is put right, the paper stays as it is; another person decides (29.2).
  const asking = reviewer.getByRole('dialog');
  await asking.getByLabel('材料名称').fill('普通高中毕业生登记表');
  await asking.getByLabel('理由').fill('题名录漏“普通”二字，照原件更正');
  await asking.getByRole('button', { name: '申请更正' }).click();
  await reviewer.getByText('已申请更正，待另一人审批').waitFor();
  await reviewer.context().close();
  const head = await world.as('head-500108', '/filing?view=corrections');
  const asked = head.getByRole('row', { name: /题名录漏/ });
  await asked.getByRole('button', { name: '批准', exact: true }).click();
  await settle(head);
  await accessible(head, 'correction decided');
  await head.getByRole('dialog').getByRole('button', { name: '批准', exact: true }).click();
  await head.getByText('已批准，形成新版本').waitFor();
  await head.context().close();
});

test('a catalog leaves as paper, spreadsheet and data, and is numbered anew with another person', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  // A dossier with a whole catalog, as scans brought it.
  const found = await clerk.evaluate(async () => {
    const list = await (await fetch('/api/v1/dossiers?limit=100')).json();
    const asked = (await (await fetch('/api/v1/rearrangements?state=asked')).json()).items.map((r) => r.dossierId);
    return list.items.filter((d) => !asked.includes(d.id)).sort((a, b) => b.materials - a.materials)[0].id;
  });
  await clerk.goto(`${world.base}/filing/print/${found}`);
  await settle(clerk);
  await accessible(clerk, 'catalog out');
  await picture(clerk, 'filing-print', { manual: true });
  const [sheet] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('button', { name: '导出表格' }).click()]);
  assert.match(sheet.suggestedFilename(), /^目录-.*\.xlsx$/);
  const [data] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('button', { name: '导出数据' }).click()]);
  const catalog = JSON.parse(await readFile(await data.path(), 'utf8'));
  assert.ok(catalog.materials > 5 && catalog.classes.flatMap((c) => c.items).length === catalog.materials);
  await clerk.goto(`${world.base}/filing/rearrange/${found}`);
  await settle(clerk);
  await clerk.getByRole('button', { name: /^第 2 位/ }).waitFor();
  // What the order of the class proposes comes from the system; an attachment shares the number of the paper above it.
  await clerk.getByRole('button', { name: '按规定顺序排' }).click();
  await settle(clerk);
  await clerk.getByRole('button', { name: /^作上件附件/ }).first().click();
  const numbers = await clerk.getByRole('table', { name: '新的顺序' }).locator('tbody tr td:first-child').allInnerTexts();
  assert.equal(numbers[0], numbers[1]);
  await accessible(clerk, 'an attachment');
  await picture(clerk, 'filing-annex', { manual: true });
  await clerk.getByRole('button', { name: /^单独编号/ }).first().click();
  const second = clerk.getByRole('button', { name: /^第 2 位/ });
  const title = (await second.innerText()).trim();
  await second.focus();
  await second.press('Alt+ArrowUp');
  assert.equal((await clerk.getByRole('button', { name: /^第 1 位/ }).innerText()).trim(), title);
  await clerk.getByLabel('理由').fill('补充归档后按规定顺序排列');
  await settle(clerk);
  await accessible(clerk, 'rearrange');
  await picture(clerk, 'filing-rearrange', { manual: true });
  await clerk.getByRole('button', { name: '申请重新编号' }).click();
  await clerk.getByText('须由他人审批').first().waitFor();
  await clerk.context().close();
  const head = await world.as('head-500108', '/filing?view=corrections');
  await head.getByRole('row').filter({ hasText: title }).getByRole('button', { name: /^批准重新编号/ }).last().click();
  await settle(head);
  await accessible(head, 'rearrangement');
  await head.getByRole('dialog').getByRole('button', { name: '批准', exact: true }).click();
  await head.getByText('已批准，目录升一版').waitFor();
  await head.context().close();
});

test('a person present is told where the dossier is', async () => {
  const page = await world.as('clerk-500103', '/whereabouts');
  await page.getByLabel('姓名', { exact: true }).fill('程砚清');
  await page.getByLabel('身份证号', { exact: true }).fill('50010319900307123');
  await page.getByRole('button', { name: '查询并答复' }).click();
  await page.getByText('位数不对').waitFor();
  await accessible(page, 'mistake');
  await page.getByLabel('身份证号', { exact: true }).fill('500103199003071239');
  await page.getByRole('button', { name: '查询并答复' }).click();
  await page.getByRole('heading', { name: '答复', exact: true }).waitFor();
  await settle(page);
  await accessible(page, 'answer');
  await picture(page, 'whereabouts', { manual: true });
  assert.ok(await page.getByRole('button', { name: '打印答复单' }).isVisible());
  // Without a document it is completed first (29.8): told once, taken up again as it was asked, and the answer is seen.
  const choose = async (name) => {
    await page.getByLabel('查验的证件').click();
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').getByText(name, { exact: true }).click();
  };
  await page.goto(`${world.base}/whereabouts`);
  await page.getByLabel('姓名', { exact: true }).fill('程砚清');
  await page.getByLabel('身份证号', { exact: true }).fill('500103199003071239');
  await choose('没有出示');
  await page.getByRole('button', { name: '查询并答复' }).click();
  await page.getByRole('button', { name: '一次性告知补正' }).click();
  await page.getByLabel('申请人联系方式').fill('13800001111');
  await accessible(page, 'what is missing, told once');
  await page.getByRole('button', { name: '出具补正告知单' }).click();
  await page.waitForURL(/intakes\/[0-9a-f-]{36}/);
  await page.getByRole('button', { name: '继续受理' }).or(page.getByRole('link', { name: '继续受理' })).first().click();
  await page.waitForURL(/whereabouts\?intake=/);
  await settle(page);
  assert.equal(await page.getByLabel('姓名', { exact: true }).inputValue(), '程砚清');
  await choose('居民身份证');
  await page.getByRole('button', { name: '查询并答复' }).click();
  await page.getByRole('heading', { name: '答复', exact: true }).waitFor();
  await settle(page);
  await accessible(page, 'the answer to a question that was completed');
  await page.context().close();
});

test('a clock is paused for a reason of the list, what came back names the first, a supervisor sees who is behind', async () => {
  const reviewer = await world.as('reviewer-500108', '/filing');
  const { paused, again } = await reviewer.evaluate(async () => {
    const items = (await (await fetch('/api/v1/materials?limit=200')).json()).items;
    return { paused: items.find((m) => m.state === 'received' && !m.pausedOn && !m.resubmits && m.daysLeft >= 0).id, again: items.find((m) => m.resubmits) };
  });
  await reviewer.goto(`${world.base}/materials/${paused}`);
  await reviewer.getByRole('button', { name: '暂停计时' }).click();
  const dialog = reviewer.getByRole('dialog');
  await dialog.getByLabel('事由').click();
  await reviewer.getByTitle('已向形成单位发函核实，等候答复').click();
  await dialog.getByLabel('依据（核实函文号、发函日期）').fill('演示核函〔2026〕9号');
  await settle(reviewer);
  await accessible(reviewer, 'pause');
  await dialog.getByRole('button', { name: '暂停计时' }).click();
  await reviewer.getByText('已向形成单位发函核实，等候答复').first().waitFor();
  await settle(reviewer);
  await reviewer.getByText('已向形成单位发函核实，等候答复').first().scrollIntoViewIfNeeded();
  await settle(reviewer);
  await accessible(reviewer, 'paused');
  await picture(reviewer, 'material-pause', { manual: true });
  await reviewer.goto(`${world.base}/materials/${again.resubmits}`);
  await reviewer.getByText('补办件').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'cured');
  await picture(reviewer, 'material-cured', { manual: true });
  await reviewer.getByRole('link', { name: new RegExp(again.intakeNo) }).click();
  await reviewer.getByText('补办的原件').waitFor();
  await reviewer.context().close();
  const top = await world.as('supervisor-500000', '/filing/backlog');
  await top.getByRole('link', { name: /南岸/ }).first().waitFor();
  await settle(top);
  await accessible(top, 'backlog');
  await picture(top, 'backlog', { manual: true });
  await top.getByRole('row', { name: /南岸/ }).getByRole('link', { name: / 份$/ }).last().click();
  await top.getByRole('tab', { name: /暂停计时/ }).or(top.getByRole('button', { name: /暂停计时/ })).first().waitFor();
  await settle(top);
  await accessible(top, 'paused of an agency');
  await picture(top, 'backlog-agency');
  await top.context().close();
});

test('thirty pieces of one school by keyboard, one signature, another person reviews', async () => {
  const clerk = await world.as('clerk-500108', '/filing?view=sittings');
  await settle(clerk);
  await clerk.getByRole('button', { name: '整批收材料' }).click();
  await clerk.getByLabel('材料名称').fill('普通高等学校毕业生登记表');
  await clerk.getByLabel('类号').fill('4-1');
  await clerk.getByLabel('类号').press('Enter');
  await clerk.getByLabel('形成单位', { exact: true }).fill('南山演示学院');
  await clerk.getByLabel('形成年').fill('2026');
  await clerk.getByLabel('月', { exact: true }).fill('6');
  await clerk.getByLabel('日', { exact: true }).fill('30');
  await clerk.getByLabel('每份页数').fill('4');
  await clerk.getByLabel('移交清单份数').fill('31');
  await settle(clerk);
  await accessible(clerk, 'a pile');
  await clerk.getByRole('button', { name: '开始扫描' }).click();
  await clerk.getByText('还没有扫描。').waitFor();
  const numbers = await clerk.evaluate(async () => (await (await fetch('/api/v1/dossiers?limit=100')).json()).items.filter((d) => !['left', 'in_transit'].includes(d.state)).map((d) => d.no).slice(0, 30));
  assert.equal(numbers.length, 30);
  const keys = clerk.keyboard;
  for (const [i, number] of numbers.entries()) {
    if (i === 20) {
      await keys.type('NS-2026-9999');
      await keys.press('Enter');
      await clerk.getByRole('alert').getByText('没有这个号码').waitFor();
      await settle(clerk);
      await accessible(clerk, 'put aside');
      await picture(clerk, 'sitting-desk', { manual: true });
    }
    await keys.insertText(number);
    await keys.press('Enter');
  }
  await clerk.getByText('已扫 30 / 31 份，搁置 1 份', { exact: true }).waitFor();
  // The browser is killed; the draft is there in the next one.
  await clerk.context().close();
  const again = await world.as('clerk-500108', '/filing/sitting');
  await again.getByText('已扫 30 / 31 份，搁置 1 份', { exact: true }).waitFor();
  await again.getByLabel('点数（份）').fill('29');
  await again.getByRole('button', { name: '签收本批' }).click();
  await again.getByText('点数 29 份，扫描 30 份。').waitFor();
  await again.getByLabel('点数（份）').fill('30');
  await again.getByRole('button', { name: '签收本批' }).click();
  await again.getByText('刚签收的一批').waitFor();
  await again.getByRole('button', { name: '材料接收回单' }).click();
  await again.getByText(/已出具 .*收〔\d{4}〕/).waitFor();
  await again.getByRole('link', { name: '查看本批' }).click();
  await again.getByRole('heading', { level: 1, name: /^ZP-/ }).waitFor();
  await settle(again);
  await accessible(again, 'a signed pile');
  await picture(again, 'sitting-page', { manual: true });
  const sitting = new URL(again.url()).pathname;
  await again.context().close();
  const reviewer = await world.as('reviewer-500108', sitting);
  await reviewer.getByRole('link', { name: /^GD-/ }).click();
  await reviewer.getByRole('heading', { name: '归入的档案' }).waitFor();
  assert.equal(await reviewer.getByRole('row').filter({ hasText: '普通高等学校毕业生登记表' }).count(), 30);
  await reviewer.goto(`${world.base}/filing?view=sittings`);
  await reviewer.getByRole('link', { name: /^ZP-/ }).first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'piles');
  await picture(reviewer, 'sitting-list');
  await reviewer.context().close();
});

test('a piece is forwarded, a namesake\'s is moved by two, and the head decides a suspected alteration', async () => {
  const head = await world.as('head-500108', '/');
  await head.getByText('处理报告：涂改关键信息').waitFor();
  await settle(head);
  await picture(head, 'filing-head-work');
  await head.getByRole('row', { name: /处理报告：涂改关键信息/ }).getByRole('button').last().click();
  await head.getByRole('button', { name: '出具情况报告' }).click();
  await head.getByText('没有写明报送哪个主管部门。').waitFor();
  await head.locator('#r-to').fill('南岸区人力资源和社会保障局（演示）');
  await head.locator('#r-what').fill('刮擦处没有校对章，复制件留存，建议调查');
  await settle(head);
  await accessible(head, 'a report');
  await picture(head, 'filing-report', { manual: true });
  await head.getByRole('button', { name: '出具情况报告' }).click();
  await head.getByText('已报送主管部门').first().waitFor();

  const reviewer = await world.as('reviewer-500108', '/');
  await reviewer.getByText('核对同名异人的材料属于哪一卷').waitFor();
  await reviewer.getByRole('row', { name: /核对同名异人的材料属于哪一卷/ }).getByRole('button').last().click();
  await reviewer.getByRole('button', { name: '核对无误，移入' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a move');
  await picture(reviewer, 'filing-move', { manual: true });
  await reviewer.getByRole('button', { name: '核对无误，移入' }).click();
  await reviewer.getByText('不属于本人，已另行处理').first().waitFor();

  const clerk = await world.as('clerk-500108', '/');
  const id = await clerk.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/materials?state=received&limit=50')).json();
    return items.find((x) => x.secrecy === 0 && x.keyFacts.length === 0).id;
  });
  await clerk.goto(`${world.base}/materials/${id}`);
  await clerk.getByRole('button', { name: '同名异人，移入本机构的所属档案' }).click();
  await clerk.getByRole('button', { name: '提出移入' }).click();
  await clerk.getByText('没有选择所属的档案。').waitFor();
  await settle(clerk);
  await picture(clerk, 'filing-move-form', { fullPage: true });
  await clerk.getByRole('button', { name: '取消' }).click();
  await clerk.getByText('4 转交').click();
  await clerk.locator('#filing-to').fill('南岸区民政局（演示）');
  await clerk.getByRole('checkbox', { name: /不属于人事档案归档范围/ }).check();
  await clerk.locator('#filing-note').fill('婚姻登记材料，归登记机关');
  await settle(clerk);
  await accessible(clerk, 'forwarding');
  await picture(clerk, 'filing-forward-judge');
  await clerk.getByRole('button', { name: '转交', exact: true }).click();
  await clerk.getByText('已登记转交，待审核出具转交单').waitFor();
  await reviewer.goto(`${world.base}/materials/${id}`);
  await reviewer.getByRole('textbox', { name: '邮件号' }).fill('XA12345678950');
  await settle(reviewer);
  await accessible(reviewer, 'a slip');
  await picture(reviewer, 'filing-forward', { manual: true });
  await reviewer.getByRole('button', { name: '出具转交单' }).click();
  await reviewer.getByText('已转交').first().waitFor();
  await clerk.goto(`${world.base}/materials/${id}`);
  await clerk.locator('#f-by').fill('登记科 何核收');
  await settle(clerk);
  await picture(clerk, 'filing-forward-receipt');
  await clerk.getByRole('button', { name: '登记回执' }).click();
  await clerk.getByText('登记科 何核收').waitFor();
});
