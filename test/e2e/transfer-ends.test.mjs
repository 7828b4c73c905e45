// Ends of transfers: given up on the applicant's paper, fetched by messengers, across provinces,
// an undertaking that nobody signs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, picture, settle } from './harness.mjs';
import { ask, done, paperOnly, pick, post, sealed, state, to, world } from './transfer.mjs';

test('the applicant gives a transfer up: only on paper, the letter is void, the other end is told', async () => {
  const clerk = await post('clerk-500108', '/transfers');
  const { items } = await ask(clerk, '/api/v1/transfers?side=in&state=lettered&limit=50');
  assert.ok(items.length > 0, 'the sample has a letter that nobody booked');
  await clerk.goto(`${world.base}/transfers/${items[0].id}`);
  await settle(clerk);
  await clerk.getByRole('button', { name: '撤回', exact: true }).click();
  const dialog = clerk.getByRole('dialog');
  await dialog.getByText('凭申请人的书面申请').waitFor();
  await dialog.locator('textarea').fill('本人不再转入（演示）');
  await dialog.getByRole('button', { name: '撤回', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await accessible(clerk, 'withdrawn without a paper');
  await picture(clerk, 'transfer-withdraw', { manual: true });
  await dialog.getByLabel('书面材料编号').fill('撤回申请〔2026〕1号（演示）');
  await dialog.getByRole('button', { name: '撤回', exact: true }).click();
  await clerk.locator('.page-title .status', { hasText: '已撤回' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'withdrawn');
  await picture(clerk, 'transfer-withdrawn', { manual: true });
  const full = await ask(clerk, `/api/v1/transfers/${items[0].id}`);
  assert.equal(full.state, 'withdrawn');
  assert.deepEqual(clerk.faults, []);
});

test('two messengers of the receiver fetch the packet, and bring it: with their letter and their word, to the end', async () => {
  const { path, chosen } = await sealed();
  const holder = await post('clerk-500108', path);
  await holder.getByRole('radio', { name: '专人送取' }).check();
  const carrier = async (n, name, idNo) => {
    await holder.getByLabel(`送取人${n}姓名`).fill(name);
    await holder.getByLabel(`送取人${n}公民身份号码`).fill(idNo);
    await holder.getByLabel(`送取人${n}单位`).fill('万州区人才服务中心（演示）');
  };
  await carrier(1, '冯澜', '500103198001010016');
  await carrier(2, '石漱玉', '500103198001010024');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await holder.getByText('介绍信', { exact: false }).first().waitFor();
  await settle(holder);
  await accessible(holder, 'messengers without a letter');
  await picture(holder, 'transfer-messengers-lack');
  for (const n of [1, 2]) await holder.getByLabel(`送取人${n}介绍信编号`).fill('万才介〔2026〕18号');
  for (const box of await holder.getByRole('checkbox', { name: /没有亲属关系/ }).all()) await box.check();
  await settle(holder);
  await accessible(holder, 'two messengers');
  await picture(holder, 'transfer-messengers', { manual: true });
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await done(holder, '已登记寄送');
  await state(holder, '在途');
  await settle(holder);
  await holder.getByText('冯澜', { exact: false }).first().waitFor();

  const clerk = await post('clerk-500101', path);
  await clerk.getByLabel('送取人及其单位').fill('冯澜、石漱玉，万州区人才服务中心（演示）');
  await settle(clerk);
  await accessible(clerk, 'brought by messengers');
  await picture(clerk, 'transfer-messengers-arrive', { manual: true });
  await clerk.getByRole('button', { name: '登记到件' }).last().click();
  await done(clerk, '已登记到件');
  await clerk.getByRole('link', { name: '开始核对' }).click();
  await clerk.locator('tr.current').waitFor();
  await clerk.keyboard.press('1');
  await clerk.keyboard.press('1');
  await clerk.getByRole('button', { name: '登记核对结果' }).click();
  await done(clerk, '核对完毕');
  const second = await post('reviewer-500101', path);
  await second.getByRole('button', { name: '复核签收' }).last().click();
  await done(second, '已签收');
  const full = await ask(second, `/api/v1${path}`);
  assert.equal(full.way, 'messenger');
  assert.equal(full.name, chosen.name);
});

test('from another province: its answer, what it sent and the packet are booked as they come', async () => {
  const clerk = await post('clerk-500108', '/transfers/new');
  await clerk.getByText('外单位或外省市', { exact: true }).click();
  await pick(clerk, '原存档单位性质', '档案管理服务机构');
  await clerk.locator('#t-holderName').fill('遵义市人才服务中心（演示）');
  await clerk.getByLabel('所在省份').fill('贵州');
  await clerk.keyboard.press('Enter');
  await clerk.locator('#t-online').fill('KS-2026-000777');
  await clerk.locator('#t-name').fill('石予遥');
  await clerk.locator('#t-idNo').fill('520102199003071519');
  await pick(clerk, '已核验的证件', '居民身份证');
  await pick(clerk, '调档原因', '流动就业');
  await pick(clerk, '存档依据', '户籍地');
  await pick(clerk, '所在区县', '南岸区');
  await pick(clerk, '人员类别', '');
  await clerk.locator('#t-evidence').fill('劳动合同');
  await settle(clerk);
  await accessible(clerk, 'applied for from another province');
  await picture(clerk, 'transfer-province-new', { manual: true });
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.waitForURL(/transfers\/[0-9a-f-]{36}/);
  await clerk.getByRole('button', { name: '开具调档函' }).click();
  await done(clerk, '已开具调档函');
  await clerk.locator('.segments').getByRole('button', { name: '登记预审答复' }).click();
  await clerk.getByRole('button', { name: '不予转出', exact: true }).click();
  await clerk.getByRole('button', { name: '登记答复' }).click();
  const red = clerk.getByText('须写明全部理由', { exact: false });
  await red.first().waitFor();
  await accessible(clerk, 'declined without reasons');
  await clerk.getByRole('button', { name: '同意转出', exact: true }).click();
  await red.first().waitFor({ state: 'hidden' }); // what agrees needs no reasons
  await settle(clerk);
  await picture(clerk, 'transfer-province-answer', { manual: true });
  await clerk.getByRole('button', { name: '登记答复' }).click();
  await done(clerk, '已登记预审答复');
  await clerk.locator('.segments').getByRole('button', { name: '登记对方寄出' }).click();
  await clerk.getByLabel('机要编号或邮件号').fill('黔机004777');
  await clerk.getByLabel('通知单编号').fill('遵转〔2026〕7号');
  await settle(clerk);
  await accessible(clerk, 'what the other province sent');
  await picture(clerk, 'transfer-province-sent', { manual: true });
  await clerk.getByRole('button', { name: '登记寄出' }).click();
  await done(clerk, '已登记对方寄出');
  await clerk.getByLabel('承运方').fill('南岸机要通信站');
  await clerk.locator('form').getByRole('button', { name: '登记到件' }).click();
  await done(clerk, '已登记到件');
  await settle(clerk);
  const strip = clerk.getByRole('group', { name: '跨省通办' });
  assert.equal(await strip.locator('li.done').count(), 5);
  await accessible(clerk, 'come from another province');
});

test('to another province: its electronic letter needs no telephone, our answer is a paper', async () => {
  const holder = await post('clerk-500108', '/transfers/outside');
  const chosen = await paperOnly(holder);
  await to(holder, '/transfers/outside');
  await holder.getByLabel('档案编号', { exact: true }).fill(chosen.no);
  await holder.keyboard.press('Enter');
  await holder.getByText(chosen.no).first().waitFor();
  await holder.getByLabel('接收单位全称').fill('成都市武侯区人才服务中心（演示）');
  await pick(holder, '接收单位性质', '档案管理服务机构');
  await pick(holder, '转递原因', '流动就业');
  await holder.getByLabel('所在省份').fill('四川');
  await holder.keyboard.press('Enter');
  await holder.getByLabel('全国平台编号').fill('KS-2026-000888');
  await holder.getByLabel('接收地址').fill('成都市武侯区（演示）');
  await holder.getByLabel('函号').fill('武才调〔2026〕88号');
  await holder.locator('#o-on').fill('2026年11月18日');
  await holder.keyboard.press('Enter'); // takes the day, and sends nothing
  await settle(holder);
  await accessible(holder, 'a letter over the national platform');
  await picture(holder, 'transfer-province-letter', { manual: true });
  await holder.getByRole('button', { name: '登记来函' }).click();
  await holder.waitForURL(/transfers\/[0-9a-f-]{36}/);
  await settle(holder);
  await holder.getByLabel('说明').fill('即日提档');
  await holder.getByRole('button', { name: '答复同意转出' }).click();
  await done(holder, '已作出预审答复');
  await settle(holder);
  await holder.getByText('调档函回执').first().waitFor();
  await accessible(holder, 'our answer to another province');
  await picture(holder, 'transfer-province-answered', { manual: true });
});

test('an undertaking nobody signs lies before the head, who decides; the dossier stays', async () => {
  let found;
  let head;
  for (const at of ['500108', '500101']) {
    const clerk = await post(`clerk-${at}`, '/transfers');
    const { items } = await ask(clerk, '/api/v1/transfers?side=in&state=promising&limit=50');
    for (const i of items) {
      const c = await ask(clerk, `/api/v1/transfers/${i.id}`);
      if (c.escalated > 0) found = c;
    }
    if (found) { head = await post(`head-${at}`, '/'); break; }
  }
  assert.ok(found, 'the sample has an undertaking that lies before the head');
  await settle(head);
  await picture(head, 'transfer-head-work');
  await to(head, `/transfers/${found.id}`);
  await head.getByRole('heading', { name: /处置代管待承诺/ }).waitFor();
  await head.getByRole('button', { name: '登记处置' }).click();
  await head.getByText('没有写明怎样处置', { exact: false }).first().waitFor();
  await accessible(head, 'a decision without a word');
  await head.getByLabel('处置意见').fill('由经办每月电话联系，向户籍地社区了解；档案继续代管');
  await settle(head);
  await accessible(head, 'before the head');
  await picture(head, 'transfer-dispose', { manual: true });
  await head.getByRole('button', { name: '登记处置' }).click();
  await done(head, '已登记处置');
  await head.getByText('由经办每月电话联系', { exact: false }).first().waitFor();
  await head.getByRole('button', { name: '登记处置' }).waitFor({ state: 'detached' });
  await settle(head);
  await accessible(head, 'decided');
  await picture(head, 'transfer-disposed');
});
