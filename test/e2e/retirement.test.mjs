// Dossiers that go to the social-insurance reviewer (7.4, 22): who is near the age, the
// check, the list under two signatures, the packet shown outside, the count on its return.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('到龄名单、受理与核对；送审由两人经手；退回清点', async () => {
  const clerk = await world.as('clerk-500108', '/retirements');
  await clerk.locator('tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'persons near the age');
  await picture(clerk, 'retire-near', { manual: true });
  const [list] = await Promise.all([clerk.waitForResponse((r) => r.url().endsWith('/retirement-near-list')), clerk.getByRole('button', { name: '打印本月名单' }).click()]);
  assert.equal(list.status(), 200);
  await clerk.getByText(/已出具 .*龄/).first().waitFor();
  await clerk.locator('tbody a').first().click();
  await clerk.getByRole('heading', { level: 1, name: '办理退休送审' }).waitFor();
  await clerk.getByText('弹性提前').click();
  await clerk.getByText(/至多提前3年/).waitFor();
  await clerk.getByText('至少在所选退休日期前 3 个月').waitFor();
  await accessible(clerk, 'take a person up');
  await picture(clerk, 'retire-new', { manual: true });
  await clerk.getByText('按法定退休年龄').click();
  if (await clerk.locator('#ground').count()) await clerk.locator('#ground').fill('劳动合同书（演示）');
  await clerk.getByRole('button', { name: '受理', exact: true }).click();
  await clerk.waitForURL(/retirements\/[0-9a-f-]{36}/);
  await clerk.getByRole('button', { name: '核对信息' }).click();
  const dialog = clerk.getByRole('dialog');
  await dialog.locator('#retire-pieces').fill('12');
  await dialog.locator('#retire-pages').fill('56');
  await dialog.locator('#retire-note').fill('已当面告知本人（演示）');
  await accessible(clerk, 'check and count');
  await dialog.getByRole('button', { name: '核对完毕' }).click();
  await clerk.getByText('待送审').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a checked case');
  await picture(clerk, 'retire-page', { manual: true });

  await clerk.goto(`${world.base}/retirements`);
  await clerk.getByRole('button', { name: /^核对与待送审/ }).click();
  await clerk.getByRole('checkbox', { name: /^选择/ }).first().check();
  await clerk.getByRole('button', { name: /^拟定送审清单/ }).click();
  await clerk.locator('#recipient').fill('重庆市南岸区社会保险局（演示）');
  await clerk.getByRole('button', { name: '拟定清单' }).click();
  await clerk.waitForURL(/retirements\/lists\/[0-9a-f-]{36}/);
  await clerk.getByText('拟送审').first().waitFor();

  // The center's list stands with the keeper's packet pulled or still asked for: its reviewer sees why not.
  const center = await world.as('clerk-500000', '/retirements/lists');
  await center.locator('tbody tr').first().waitFor();
  await accessible(center, 'lists sent for review');
  await center.getByRole('row', { name: /送审在外/ }).getByRole('link').first().click();
  await center.getByText('应还日期').waitFor();
  await settle(center);
  await accessible(center, 'a list outside');
  await picture(center, 'retire-list', { manual: true });
  await center.locator('main tbody a').first().click();
  await center.getByRole('button', { name: '登记退回' }).click();
  await center.waitForURL(/\/return$/);
  // Piece by piece by keyboard: the first is a page short, the others are as they went out.
  await center.locator('tr.current').waitFor();
  await center.keyboard.press('3');
  const short = center.getByLabel('第1项退回页数');
  await short.fill(String(Number(await center.locator('tbody tr').first().locator('td').nth(4).innerText()) - 1));
  await center.getByLabel('第1项说明').fill('缺末页');
  await center.locator('h1').click();
  await center.keyboard.press('j');
  const rows = await center.locator('tr.check-row').count();
  assert.ok(rows > 3, 'the catalog went out with the packet');
  for (let n = 1; n < rows; n++) await center.keyboard.press('1');
  await center.getByText(`已核对 ${rows} / ${rows} 项`).waitFor();
  const [, pieces, sheets] = (await center.locator('main').innerText()).match(/送出 (\d+) 份 (\d+) 页/);
  await center.locator('#retire-pieces').fill(pieces);
  await center.locator('#retire-pages').fill(String(Number(sheets) - 1));
  await center.locator('#retire-difference').fill('末页误留审核卷宗，三日内补送（演示）');
  await center.locator('#retire-approval').fill('演示退审〔2026〕88号');
  await settle(center);
  await accessible(center, 'count what came back');
  await picture(center, 'retire-return', { manual: true });
  await center.getByRole('button', { name: '登记退回', exact: true }).click();
  await center.getByText('退回待复核').first().waitFor();
  assert.equal(await center.getByRole('button', { name: '复核退回' }).isEnabled().catch(() => false), false, 'who counted does not sign twice');

  // The second person finds it so, and both stand on the record.
  const second = await world.as('reviewer-500000', new URL(center.url()).pathname);
  await second.getByRole('button', { name: '复核退回' }).click();
  const word = second.getByRole('dialog');
  await word.getByText(/缺末页/).waitFor();
  await accessible(second, 'the second person');
  await picture(second, 'retire-second', { manual: true });
  await word.getByRole('button', { name: '复核无误' }).click();
  await second.getByText('审批表待归档').first().waitFor();
  await second.getByRole('button', { name: /^录/ }).or(second.getByText(/录〔/)).first().waitFor();
  await settle(second);
  await accessible(second, 'a difference on record');

  await center.reload();
  const form = center.getByRole('region', { name: '退休审批表' });
  await form.waitFor();
  assert.ok(await form.getByRole('link', { name: /登记收到/ }).isVisible());
  await accessible(center, 'waiting for the approval form');
  await center.getByRole('button', { name: '差异查清' }).click();
  await center.locator('#retire-basis').fill('末页已补送，二人对照入卷（演示）');
  await center.getByRole('dialog').getByRole('button', { name: '登记查清' }).click();
  await center.getByText('末页已补送').first().waitFor();
  await settle(center);
  await picture(center, 'retire-settled', { manual: true });

  await center.goto(`${world.base}/retirements/ages`);
  await center.getByRole('region', { name: '男职工（原60周岁）' }).getByText('63周岁').first().waitFor();
  await accessible(center, 'the table of ages');
  await picture(center, 'retire-ages', { manual: true });
});

test('退休事项的结局：审批表归档后办结；未通过的重新核对；终止办理', async () => {
  const clerk = await world.as('clerk-500000', '/retirements');
  await clerk.getByRole('button', { name: /^待归档/ }).click();
  await clerk.locator('tbody a').first().waitFor();
  // Of those that are back, the sample's own has its form filed.
  const waiting = await clerk.locator('tbody td:first-child a, tbody a').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')).filter((h) => h?.startsWith('/retirements/')))]);
  let ended = false;
  for (const href of waiting) {
    await clerk.goto(world.base + href);
    await clerk.getByRole('region', { name: '退休审批表' }).waitFor();
    if (!(await clerk.getByRole('region', { name: '退休审批表' }).getByText('已归档').count())) continue;
    await clerk.getByRole('button', { name: '办结', exact: true }).click();
    // No letter has come: it can't be passed on.
    const dialog = clerk.getByRole('dialog');
    await dialog.getByText('转出（已登记调档函）').click();
    await dialog.getByRole('button', { name: '办结', exact: true }).click();
    await dialog.getByText(/还没有登记接收单位的调档函/).first().waitFor();
    await accessible(clerk, 'no letter to pass it on');
    await dialog.getByText('由本机构继续保管', { exact: true }).click();
    await dialog.locator('#retire-basis').fill('本人选择继续存档（演示）');
    await picture(clerk, 'retire-finish', { manual: true });
    await dialog.getByRole('button', { name: '办结', exact: true }).click();
    await clerk.getByText('已退休，继续保管').first().waitFor();
    ended = true;
    break;
  }
  assert.ok(ended, 'a case whose form is filed');
  await settle(clerk);
  await accessible(clerk, 'a case at its end');

  // What the reviewer did not approve is counted back, signed, and checked again.
  await clerk.goto(`${world.base}/retirements`);
  await clerk.getByRole('button', { name: /^送审中/ }).click();
  await clerk.getByRole('row', { name: /退回待复核/ }).getByRole('link').first().click();
  await clerk.getByRole('button', { name: '重新清点' }).click();
  await clerk.getByText('未通过，退回').click();
  await clerk.locator('#retire-why').fill('视同缴费年限材料不足（演示）');
  const again = clerk.locator('#retire-difference');
  if (await again.count()) await again.fill('末页已找到（演示）');
  await clerk.getByRole('button', { name: '登记退回', exact: true }).click();
  await clerk.waitForURL(/retirements\/[0-9a-f-]{36}$/);
  const reviewer = await world.as('reviewer-500000', new URL(clerk.url()).pathname);
  await reviewer.getByRole('button', { name: '清点有误' }).click();
  await reviewer.locator('#retire-basis').fill('末页在卷内，不缺（演示）');
  await reviewer.getByRole('dialog').getByRole('button', { name: '退回重新清点' }).click();
  await reviewer.getByText(/清点有误，待重新清点/).first().waitFor();
  await clerk.goto(`${world.base}/`);
  await clerk.getByText(/复核认为清点有误/).first().waitFor();
  await clerk.goto(reviewer.url());
  await clerk.getByRole('button', { name: '重新清点' }).click();
  await clerk.getByText('末页在卷内，不缺（演示）').first().waitFor();
  await clerk.getByRole('group', { name: '第1项核对结果' }).getByRole('button', { name: '相符' }).click();
  const [, pieces, sheets] = (await clerk.locator('main').innerText()).match(/送出 (\d+) 份 (\d+) 页/);
  await clerk.locator('#retire-pieces').fill(pieces);
  await clerk.locator('#retire-pages').fill(sheets);
  await clerk.getByText('未通过，退回').click();
  await clerk.locator('#retire-why').fill('视同缴费年限材料不足（演示）');
  await clerk.getByRole('button', { name: '登记退回', exact: true }).click();
  await clerk.waitForURL(/retirements\/[0-9a-f-]{36}$/);
  await reviewer.reload();
  await reviewer.getByRole('button', { name: '复核退回' }).click();
  await reviewer.getByRole('dialog').getByText('没有差异').waitFor();
  await reviewer.getByRole('dialog').getByRole('button', { name: '复核无误' }).click();
  await reviewer.getByText('核对中').first().waitFor();
  await reviewer.getByText(/未通过：视同缴费年限材料不足/).first().waitFor();
  await reviewer.getByRole('button', { name: '终止办理' }).click();
  await reviewer.locator('#retire-basis').fill('本人改选弹性延迟（演示）');
  await reviewer.getByRole('dialog').getByRole('button', { name: '终止办理' }).click();
  await reviewer.getByText('不再办理').first().waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'a case given up');
});

test('全市监督替换退休年龄对照表：写错的指明第几行，原表继续有效', async () => {
  const above = await world.as('supervisor-500000', '/retirements/ages');
  await above.getByText('现用决定所附对照表').waitFor();
  await above.getByRole('button', { name: '替换对照表' }).click();
  const dialog = above.getByRole('dialog');
  const table = dialog.getByLabel('对照表', { exact: true });
  const right = await table.inputValue();
  await table.fill(right.replace('men,1965-05,722', 'men,1965-5,722'));
  await dialog.getByRole('button', { name: '替换', exact: true }).click();
  await dialog.getByText(/第 \d+ 行：出生年月应写成/).waitFor();
  await accessible(above, 'a wrong table');
  await picture(above, 'retire-ages-wrong', { manual: true });
  await table.fill(right);
  await dialog.getByRole('button', { name: '替换', exact: true }).click();
  await above.getByText('现用全市载入的对照表').waitFor();
  assert.deepEqual(above.faults, []);
  await above.context().close();
});
