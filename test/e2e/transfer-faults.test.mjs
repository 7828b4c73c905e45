// What goes wrong with a packet, to its end: turned away and sent on, damaged, come back opened
// and reviewed anew, lost and found again, searched on, delivered without a receipt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, picture, settle } from './harness.mjs';
import { ask, done, onItsWay, post, state, to } from './transfer.mjs';

test('turned away with its reason, and sent on from where it lies: by mail it may not go', async () => {
  const { path } = await onItsWay();
  const holder = await post('clerk-500108', path);
  await holder.getByRole('button', { name: '登记包裹异常' }).click();
  await holder.getByRole('radio', { name: '拒收' }).check();
  await holder.getByRole('button', { name: '登记异常' }).click();
  await holder.getByText('拒收的，须写明由谁拒收', { exact: false }).first().waitFor();
  await holder.getByText('须写明对方所说的理由', { exact: false }).first().waitFor();
  await accessible(holder, 'turned away, by nobody');
  await holder.getByLabel('由谁拒收').fill('万州区某街道收发室（演示）');
  await holder.getByLabel('对方所说的理由').fill('收件单位写错，非本单位邮件');
  await holder.locator('.ant-form-item-explain-error').first().waitFor({ state: 'hidden' }); // mended
  await settle(holder);
  await accessible(holder, 'turned away');
  await picture(holder, 'transfer-turned', { manual: true });
  await holder.getByRole('button', { name: '登记异常' }).click();
  await done(holder, '已登记包裹异常');
  await state(holder, '包裹拒收');
  await holder.locator('.segments').getByRole('button', { name: '改投' }).click();
  await holder.getByRole('radio', { name: '邮政给据邮件' }).check();
  await holder.getByLabel('邮件号').fill('EX123456785CN');
  await holder.getByLabel('收寄的邮政网点').fill('万州邮政支局');
  await holder.getByRole('button', { name: '登记改投' }).click();
  await holder.getByRole('button', { name: '改为机要通信' }).first().waitFor();
  await holder.mouse.move(0, 0);
  await accessible(holder, 'sent on by mail');
  await holder.getByRole('button', { name: '改为机要通信' }).first().click();
  await holder.getByLabel('机要编号').fill('渝机2026-0931');
  await holder.getByLabel('交寄的机要通信局（站）').fill('万州区机要通信站');
  await settle(holder);
  await accessible(holder, 'sending on');
  await picture(holder, 'transfer-redeliver', { manual: true });
  await holder.getByRole('button', { name: '登记改投' }).click();
  await done(holder, '已改投接收单位');
  await state(holder, '在途');
  const clerk = await post('clerk-500101', path);
  await clerk.getByText('改投接收单位').first().waitFor();
  await accessible(clerk, 'sent on, as the receiver sees it');
});

test('a damaged packet: what was seen, a second person, the lines one by one, the receipt', async () => {
  const { path } = await onItsWay();
  const clerk = await post('clerk-500101', path);
  await clerk.getByRole('button', { name: '有破损' }).click();
  await clerk.getByRole('button', { name: '登记到件' }).last().click();
  await clerk.getByText(/写明.*(破损|情况)/).first().waitFor();
  await clerk.getByLabel('破损情况').fill('左下角破裂约 3 厘米，封条完整，未见材料露出');
  await clerk.getByLabel('承运方').fill('万州机要通信站');
  await settle(clerk);
  await accessible(clerk, 'arrival, damaged');
  await picture(clerk, 'transfer-damaged', { manual: true });
  await clerk.getByRole('button', { name: '登记到件' }).last().click();
  await done(clerk, '已登记到件');
  assert.equal(await clerk.getByLabel('第二人所见').count(), 0, 'who booked the arrival signs no second time');
  const second = await post('reviewer-500101', path);
  await second.getByRole('button', { name: '签认', exact: true }).click();
  await second.getByText('没有写明第二人所见', { exact: false }).first().waitFor();
  await second.getByLabel('第二人所见').fill('破口未伤及材料，封条完整');
  await second.getByRole('button', { name: '签认', exact: true }).click();
  await done(second, '已签认');
  await to(clerk, path);
  await clerk.getByRole('link', { name: '开始核对' }).click();
  await clerk.locator('tr.current').waitFor();
  await clerk.keyboard.press('1');
  await clerk.keyboard.press('1');
  await accessible(clerk, 'a damaged packet, checked');
  await clerk.getByRole('button', { name: '登记核对结果' }).click();
  await done(clerk, '核对完毕');
  await to(second, path);
  await second.getByRole('button', { name: '复核签收' }).last().click();
  await done(second, '已签收');
  await to(second, path);
  await second.getByText('二人签认，逐份核对', { exact: false }).first().waitFor();
  await accessible(second, 'received in spite of its damage');
  await picture(second, 'transfer-damaged-received');
});

test('a packet that came back opened is reviewed, sealed and sent anew', async () => {
  const { path } = await onItsWay();
  const holder = await post('clerk-500108', path);
  const seen = await ask(holder, `/api/v1${path}`);
  await ask(holder, `/api/v1${path}/fault`, { kind: 'misdelivered', on: seen.dispatchedOn, place: '某镇邮政所（演示）' });
  await to(holder, path);
  await holder.locator('.segments').getByRole('button', { name: '登记退回到件' }).click();
  await holder.getByRole('button', { name: '有破损' }).click();
  await holder.locator('form').getByRole('button', { name: '登记退回到件' }).click();
  await holder.getByText('不完好的，须写明情况', { exact: false }).first().waitFor();
  await holder.getByLabel('破损情况').fill('封条被揭开，卷内材料完整');
  await settle(holder);
  await accessible(holder, 'come back opened');
  await picture(holder, 'transfer-back-opened', { manual: true });
  await holder.locator('form').getByRole('button', { name: '登记退回到件' }).click();
  await done(holder, '已登记退回到件');
  await state(holder, '审核中');
  await settle(holder);
  await holder.getByText('已作废').first().waitFor(); // the notice and list of the first sending
  await picture(holder, 'transfer-back-review', { manual: true });
  const reviewer = await post('reviewer-500108', path);
  await reviewer.getByLabel('关键信息记载情况（仅提示）').fill('逐份复核，材料完整');
  await reviewer.getByRole('button', { name: '审核通过' }).click();
  await done(reviewer, '已审核通过');
  await to(holder, path);
  await holder.getByLabel('封条编号').fill('N-20990');
  await holder.getByRole('button', { name: '登记装封' }).click();
  await done(holder, '已装封');
  await holder.getByLabel('机要编号').fill('渝机2026-0932');
  await holder.getByLabel('交寄的机要通信局（站）').fill('重庆市机要通信局南岸站');
  await settle(holder);
  await accessible(holder, 'sent again');
  await picture(holder, 'transfer-resend', { manual: true });
  await holder.getByRole('button', { name: /^(登记寄送|重新寄送)$/ }).last().click();
  await done(holder, '已登记寄送');
  await state(holder, '在途');
  assert.equal((await ask(holder, `/api/v1${path}`)).sealNo, 'N-20990');
});

/** The carrier has no trace of it, and the head reported the loss. */
async function lost() {
  const { path } = await onItsWay();
  const holder = await post('clerk-500108', '/transfers');
  const { dispatchedOn: on } = await ask(holder, `/api/v1${path}`);
  await ask(await post('clerk-500101', '/transfers'), `/api/v1${path}/fault`, { kind: 'misdelivered', on, place: '不明' });
  await ask(holder, `/api/v1${path}/fault/inquiry`, { carrier: '南岸区机要通信局（演示）' });
  await ask(holder, `/api/v1${path}/fault/answer`, { answer: 'lost', on, note: '出站以后没有记录' });
  await ask(await post('head-500108', '/'), `/api/v1${path}/fault/lost`, {});
  return path;
}

test('a lost packet is found again and arrives: the loss is settled', async () => {
  const path = await lost();
  const clerk = await post('clerk-500101', path);
  await state(clerk, '查找中');
  await clerk.getByRole('button', { name: '登记到件' }).last().waitFor();
  await clerk.getByLabel('承运方').fill('万州机要通信站');
  await settle(clerk);
  await accessible(clerk, 'found again');
  await picture(clerk, 'transfer-found', { manual: true });
  await clerk.getByRole('button', { name: '登记到件' }).last().click();
  await done(clerk, '已登记到件');
  await clerk.getByText('找到并送达').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a loss that is settled');
  await clerk.getByText('找到并送达').first().scrollIntoViewIfNeeded();
  await picture(clerk, 'transfer-found-arrived', { manual: true });
});

test('the superior has it searched on, with what is still to be done', async () => {
  const path = await lost();
  const holder = await post('clerk-500108', path);
  await holder.locator('.segments').getByRole('button', { name: '申请重建' }).or(holder.getByLabel('调查记录名称和文号')).first().click();
  await holder.locator('form').getByRole('button', { name: '申请重建' }).click();
  await holder.getByText('没有填写调查记录的文号', { exact: false }).first().waitFor();
  await accessible(holder, 'rebuilding without a record');
  await holder.getByLabel('调查记录名称和文号').fill('南岸查〔2026〕2号');
  await holder.getByLabel('调查结论').fill('分拣环节没有交接记录，尚未查到去向，责任待认定');
  await holder.locator('form').getByRole('button', { name: '申请重建' }).click();
  await done(holder, '已报上级批复');
  const above = await post('supervisor-500108', path);
  await above.getByRole('heading', { name: /批复遗失重建/ }).waitFor();
  await above.getByRole('combobox', { name: '批复' }).click();
  await above.locator('.ant-select-item-option', { hasText: '继续查找' }).click();
  await above.getByRole('button', { name: '批复', exact: true }).click();
  await above.getByText('没有写明为什么不批准', { exact: false }).first().waitFor();
  await above.getByLabel('意见').fill('向分拣中心调取监控和交接簿，三十日内再报');
  await settle(above);
  await accessible(above, 'searched on');
  await picture(above, 'transfer-search-on', { manual: true });
  await above.getByRole('button', { name: '批复', exact: true }).click();
  await done(above, '已批复');
  await state(above, '查找中');
  await to(holder, path);
  await holder.getByText('上级意见', { exact: false }).first().waitFor();
  await accessible(holder, 'what the superior wants');
  await picture(holder, 'transfer-search-asked');
});

test('delivered, says the carrier, and no receipt: the carrier is asked for its slip, the packet is found with the receiver', async () => {
  // The sample has one: the timers asked for the receipt in vain.
  let sender;
  let found;
  for (const user of ['clerk-500108', 'clerk-500101']) {
    sender = await post(user, '/transfers');
    const { items } = await ask(sender, '/api/v1/transfers?side=out&state=in_transit&limit=100');
    for (const i of items) {
      const c = await ask(sender, `/api/v1/transfers/${i.id}`);
      if (c.faults.some((f) => f.kind === 'unreceipted' && !f.closedOn)) found = c;
    }
    if (found) break;
  }
  assert.ok(found, 'the sample has a packet that was delivered without a receipt');
  const path = `/transfers/${found.id}`;
  await to(sender, path);
  await sender.getByText('投递无回执').first().waitFor();
  await accessible(sender, 'no receipt');
  await picture(sender, 'transfer-unreceipted', { manual: true });
  await sender.locator('.segments').getByRole('button', { name: '向承运方查询' }).or(sender.getByRole('textbox', { name: '承运方' })).first().click();
  await sender.getByRole('textbox', { name: '承运方' }).fill('区机要通信局（演示）');
  await sender.getByRole('button', { name: '出具查询函' }).click();
  await done(sender, '查询函已出具');
  await sender.locator('.segments').getByRole('button', { name: '登记查询答复' }).or(sender.getByLabel('答复内容和答复人')).first().click();
  await sender.getByRole('radio', { name: '已投递' }).check();
  await sender.getByLabel('答复内容和答复人').fill('附签收底单：接收单位收发室何某签收');
  await settle(sender);
  await accessible(sender, 'the slip of the delivery');
  await sender.getByRole('button', { name: '登记答复' }).click();
  await done(sender, '已登记答复');
  await settle(sender);
  await sender.getByText('附签收底单', { exact: false }).first().scrollIntoViewIfNeeded();
  await picture(sender, 'transfer-unreceipted-slip', { manual: true });
  const receiver = await post(sender === (await post('clerk-500108')) ? 'clerk-500101' : 'clerk-500108', path);
  await receiver.getByLabel('承运方').fill('区机要通信局');
  await receiver.getByRole('button', { name: '登记到件' }).last().click();
  await done(receiver, '已登记到件');
  await settle(receiver);
  await accessible(receiver, 'found with the receiver');
  assert.equal((await ask(receiver, `/api/v1${path}`)).faults.every((f) => f.closedOn), true);
});

test('a batch is opened again before it goes: the papers are void, everybody is reviewed anew', async () => {
  const sender = await post('clerk-500000', '/transfers/lists');
  const { items } = await ask(sender, '/api/v1/transfer-lists?limit=50');
  const list = items.find((l) => l.state === 'open' || l.no && l.state !== 'done' && l.state !== 'sent');
  assert.ok(list, JSON.stringify(items.map((l) => l.state)));
  const reviewer = await post('reviewer-500000', `/transfers/lists/${list.id}`);
  await reviewer.getByRole('button', { name: /^审核签名 \d+ 份/ }).click();
  await done(reviewer, '已审核签名');
  await to(sender, `/transfers/lists/${list.id}`);
  await sender.getByLabel('封条编号').fill('N-50044');
  await sender.getByRole('button', { name: '登记装封' }).click();
  await done(sender, '已装封');
  await sender.getByRole('button', { name: '拆封重审' }).click();
  const dialog = sender.getByRole('dialog');
  await dialog.getByText('全批重新审核、装封', { exact: false }).waitFor();
  await accessible(sender, 'opened again');
  await picture(sender, 'transfer-list-reopen', { manual: true });
  await dialog.getByRole('button', { name: '拆封重审' }).click();
  await done(sender, '已拆封，请重新审核');
  await settle(sender);
  await sender.getByText('已作废').first().waitFor();
  await accessible(sender, 'a batch to be reviewed anew');
  await picture(sender, 'transfer-list-reopened');
  await to(reviewer, `/transfers/lists/${list.id}`);
  await reviewer.getByRole('button', { name: /^审核签名 \d+ 份/ }).waitFor();
});
