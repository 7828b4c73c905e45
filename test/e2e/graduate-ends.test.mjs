// What becomes of graduates after the desk: a whole school told at once, an undertaking that
// nobody signs and the head's word on it, and a packet whose person has a dossier already:
// joined here, handed to who keeps it, or sent back to the school.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, picture, settle } from './harness.mjs';
import { ask, done, paperOnly, pick, post, state, to } from './transfer.mjs';

test('all of a school whose packets came are told at once', async () => {
  const clerk = await post('clerk-500108', '/graduates?state=untold');
  await clerk.getByText('选择学校后，可以一次告知', { exact: false }).waitFor();
  await pick(clerk, '学校', '云岫学院');
  await settle(clerk);
  const tell = clerk.getByRole('button', { name: /^一次告知 \d+ 人/ });
  await tell.waitFor();
  await accessible(clerk, 'a school to be told');
  await picture(clerk, 'graduate-tell-all', { manual: true });
  const [answer] = await Promise.all([clerk.waitForResponse((r) => r.url().endsWith('/graduate-tellings')), tell.click()]);
  assert.ok(answer.ok(), await answer.text());
  await clerk.locator('.graduate-filter [role="status"]').waitFor();
  await settle(clerk);
  await accessible(clerk, 'a school told');
  await picture(clerk, 'graduate-told-all', { manual: true });
  const { untold } = await ask(clerk, `/api/v1/graduates?state=untold&school=${encodeURIComponent('重庆云岫学院（演示）')}`);
  assert.equal(untold, 0);
});

test('an undertaking nobody signs: reminded of, before the head, who says how it goes on', async () => {
  const head = await post('head-500108', '/');
  const row = head.getByRole('row', { name: /毕业生|承诺书/ }).filter({ hasText: '处置' });
  await row.first().waitFor();
  await settle(head);
  await picture(head, 'graduate-head-work');
  const { items } = await ask(head, '/api/v1/graduates?state=claimed&limit=100');
  let found;
  for (const i of items) {
    const g = await ask(head, `/api/v1/graduates/${i.id}`);
    if (g.escalated) found = g;
  }
  assert.ok(found, 'the sample has an undertaking that lies before the head');
  await to(head, `/graduates/${found.id}`);
  await head.getByRole('heading', { name: '处置未签署的承诺书' }).waitFor();
  await head.getByRole('button', { name: '登记处置' }).click();
  await head.getByText('没有写明怎样处置', { exact: false }).first().waitFor();
  await accessible(head, 'a decision without a word');
  await head.getByLabel('处置意见').fill('由经办每月电话联系，并请学校转告本人；档案继续代管');
  await settle(head);
  await accessible(head, 'before the head');
  await picture(head, 'graduate-dispose', { manual: true });
  await head.getByRole('button', { name: '登记处置' }).click();
  await done(head, '已登记处置');
  await head.getByText('由经办每月电话联系', { exact: false }).first().waitFor();
  await head.getByRole('button', { name: '登记处置' }).waitFor({ state: 'detached' });
  await settle(head);
  await accessible(head, 'decided');
  await picture(head, 'graduate-disposed', { manual: true });
});

let packets; // of three who have a dossier already: kept by another agency, kept here, and one sent here wrongly

test('a packet whose person has a dossier here is compared and joined to it by two', async () => {
  const clerk = await post('clerk-500108', '/graduates/lists');
  const away = await post('clerk-500101', '/');
  const here = [await paperOnly(clerk), await paperOnly(clerk)];
  // One of 万州's, whose number its own clerk sees.
  const { items } = await ask(away, '/api/v1/dossiers?limit=60&state=in_store');
  const barred = new Set((await ask(await post('reviewer-500101', '/'), '/api/v1/dossiers?limit=60&state=in_store')).items.map((d) => d.id));
  const other = items.toReversed().find((d) => barred.has(d.id));
  const { idNo } = await ask(away, `/api/v1/dossiers/${other.id}/reveal`, { reason: '演练' });
  packets = [...here, { ...other, idNo }];
  const content = `姓名,身份证号,毕业院校,转递编号,机要号,学历,手机号\n${packets.map((p, n) => `${p.name},${p.idNo},南山演示学院,NE-2026-000${n + 1},JY-88010${n},硕士研究生,`).join('\n')}\n`;
  await clerk.getByLabel('名单文件').setInputFiles({ name: '南山演示学院2026届.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  await clerk.getByRole('button', { name: '登记 3 人' }).click();
  await clerk.getByText('已登记 3，', { exact: false }).first().waitFor();
  for (const n of [1, 2, 3]) packets[n - 1].graduate = (await ask(clerk, '/api/v1/graduate-packets', { number: `NE-2026-000${n}`, seal: 'intact' })).id;

  await to(clerk, '/graduates?state=elsewhere');
  await clerk.getByRole('link', { name: packets[0].name }).first().waitFor();
  await accessible(clerk, 'packets beside dossiers');
  await picture(clerk, 'graduate-elsewhere', { manual: true });
  await to(clerk, `/graduates/${packets[0].graduate}`);
  await clerk.getByRole('heading', { name: '本人已有的档案' }).waitFor();
  await clerk.getByLabel('库位', { exact: true }).fill('01-A-012-03-5-08');
  await clerk.getByRole('button', { name: '登记库位' }).click();
  await done(clerk, '已登记库位');
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await clerk.getByText('没有写明比对了什么', { exact: false }).first().waitFor();
  await accessible(clerk, 'an end without evidence');
  await clerk.getByLabel('比对和依据').fill('身份证号、毕业生登记表与在管档案的履历表一致');
  await settle(clerk);
  await accessible(clerk, 'what becomes of a packet');
  await picture(clerk, 'graduate-settle', { manual: true });
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await done(clerk, '已提出');
  await clerk.getByText('由另一名审核人员或负责人审核').waitFor();
  const reviewer = await post('reviewer-500108', `/graduates/${packets[0].graduate}`);
  await reviewer.getByRole('button', { name: '核准' }).waitFor();
  assert.ok(await reviewer.getByRole('button', { name: '退回经办' }).isDisabled());
  await accessible(reviewer, 'decide on a packet');
  await picture(reviewer, 'graduate-decide', { manual: true });
  await reviewer.getByRole('button', { name: '核准' }).click();
  await done(reviewer, '已核准');
  await reviewer.locator('.status', { hasText: '已归并' }).first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'joined');
});

test('one kept elsewhere goes there as a packet of its own, sealed as it came, and joins the dossier on its receipt', async () => {
  const clerk = await post('clerk-500108', `/graduates/${packets[2].graduate}`);
  await clerk.getByLabel('比对和依据').fill('身份证号一致；本人称去年已存档万州');
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await done(clerk, '已提出');
  const reviewer = await post('reviewer-500108', `/graduates/${packets[2].graduate}`);
  await reviewer.getByRole('button', { name: '核准' }).click();
  await done(reviewer, '已核准');
  await to(clerk, `/graduates/${packets[2].graduate}`);
  await clerk.getByRole('link', { name: '办理转递' }).click();
  await clerk.getByText('另一袋', { exact: false }).first().waitFor();
  const path = new URL(clerk.url()).pathname;
  await settle(clerk);
  await accessible(clerk, 'a packet of its own');
  await picture(clerk, 'transfer-packet', { manual: true });
  const list = clerk.getByRole('button', { name: '登记清单' });
  if (await list.count()) {
    await list.last().click();
    await done(clerk, '清单已登记');
  }
  await to(reviewer, path);
  await reviewer.getByRole('button', { name: '审核通过' }).click();
  await done(reviewer, '已审核通过');
  await to(clerk, path);
  await clerk.getByLabel('封条编号').fill('N-20995');
  await clerk.getByRole('button', { name: '登记装封' }).click();
  await done(clerk, '已装封');
  await clerk.getByLabel('机要编号').fill('渝机2026-0995');
  await clerk.getByLabel('交寄的机要通信局（站）').fill('重庆市机要通信局南岸站');
  await clerk.getByRole('button', { name: '登记寄送' }).last().click();
  await done(clerk, '已登记寄送');
  await settle(clerk);
  await accessible(clerk, 'a packet of its own on its way');
  const receiver = await post('clerk-500101', path);
  await receiver.getByLabel('承运方').fill('万州机要通信站');
  await receiver.getByRole('button', { name: '登记到件' }).last().click();
  await done(receiver, '已登记到件');
  await receiver.getByRole('link', { name: '开始核对' }).click();
  await receiver.locator('tr.current').waitFor();
  await receiver.keyboard.press('1');
  await receiver.getByRole('button', { name: '登记核对结果' }).click();
  await done(receiver, '核对完毕');
  const second = await post('reviewer-500101', path);
  await second.getByRole('button', { name: '复核签收' }).last().click();
  await done(second, '已签收');
  await settle(second);
  await accessible(second, 'a packet that joined');
  await picture(second, 'transfer-packet-joined', { manual: true });
  await to(clerk, `/graduates/${packets[2].graduate}`);
  await clerk.locator('.status', { hasText: '已归并' }).first().waitFor();
});

test('one sent here wrongly goes back to the school: agreed with it first, and by its receipt', async () => {
  const clerk = await post('clerk-500108', `/graduates/${packets[1].graduate}`);
  await clerk.locator('#g-ending').click();
  await clerk.locator('.ant-select-item-option', { hasText: '退回学校' }).click();
  await clerk.getByLabel('比对和依据').fill('袋内为另一名同学的学籍材料，学校错装');
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await clerk.getByText('须写明与学校何时、与谁商定', { exact: false }).first().waitFor();
  await clerk.getByLabel('与学校商定').fill('11月26日与学校档案馆何某电话商定，退回换装');
  await settle(clerk);
  await accessible(clerk, 'back to the school');
  await picture(clerk, 'graduate-return', { manual: true });
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await done(clerk, '已提出');
  const reviewer = await post('reviewer-500108', `/graduates/${packets[1].graduate}`);
  // Sent back to the clerk once, who proposes it again.
  await reviewer.getByLabel('退回说明（退回时必填）').fill('请附学校来函编号');
  await reviewer.getByRole('button', { name: '退回经办' }).click();
  await done(reviewer, '已退回经办');
  await to(clerk, `/graduates/${packets[1].graduate}`);
  await clerk.getByText('请附学校来函编号', { exact: false }).first().waitFor();
  await accessible(clerk, 'to be proposed again');
  await clerk.locator('#g-ending').click();
  await clerk.locator('.ant-select-item-option', { hasText: '退回学校' }).click();
  await clerk.getByLabel('比对和依据').fill('袋内为另一名同学的学籍材料，学校错装（南山档函〔2026〕5号）');
  await clerk.getByLabel('与学校商定').fill('11月26日与学校档案馆何某电话商定，退回换装');
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await done(clerk, '已提出');
  await to(reviewer, `/graduates/${packets[1].graduate}`);
  await reviewer.getByRole('button', { name: '核准' }).click();
  await done(reviewer, '已核准');
  await to(clerk, `/graduates/${packets[1].graduate}`);
  await clerk.getByRole('link', { name: '办理转递' }).click();
  await state(clerk, /./);
  await settle(clerk);
  await accessible(clerk, 'on its way back to the school');
  await clerk.getByText('南山演示学院', { exact: false }).first().waitFor();
});
