// The July desk: a school's list is read before it is written, packets are scanned and
// signed for by keyboard alone, the person is told and comes.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, drawn, password, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

/** A right identity number of a made-up person. */
function idNo(n) {
  const body = `500108200407${String(10 + n)}${String(120 + n)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return body + '10X98765432'[[...body].reduce((sum, d, i) => sum + Number(d) * weights[i], 0) % 11];
}

test('名单预检后登记，接收台扫描签收，告知，认领', async () => {
  const clerk = await world.as('clerk-500108', '/graduates/lists');
  const people = ['丁示一', '丁示二', '丁示三', '丁示四'].map((name, n) => `${name},${idNo(n)},南山演示学院,NS-2026-000${n + 1},JY-77010${n},大学本科,1380000000${n}`);
  const content = `姓名,身份证号,毕业院校,转递编号,机要号,学历,手机号\n${people.join('\n')}\n丁示五,500108200407311231,南山演示学院,NS-2026-0005,,大学本科,\n`;
  await clerk.getByLabel('名单文件').setInputFiles({ name: '南山演示学院2026届.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  await clerk.getByText('可登记 4').waitFor();
  await clerk.getByText(/第 6 行：身份证号不正确/).waitFor();
  await settle(clerk);
  await accessible(clerk, 'preview of a list');
  await picture(clerk, 'graduate-list-preview', { manual: true });
  const [errors] = await Promise.all([clerk.waitForEvent('download'), clerk.getByRole('button', { name: '下载错误工作簿' }).click()]);
  assert.equal(errors.suggestedFilename(), '南山演示学院2026届-需改正.xlsx');
  assert.equal(await clerk.getByRole('cell', { name: '南山演示学院' }).count(), 0, 'the preview wrote');
  await clerk.getByRole('button', { name: '登记 4 人' }).click();
  await clerk.getByText('已登记 4，', { exact: false }).first().waitFor();
  await clerk.getByRole('link', { name: '南山演示学院' }).waitFor();

  // The desk: nothing but the keyboard, which the scanner is too.
  await clerk.goto(`${world.base}/graduates/desk`);
  await settle(clerk);
  const keys = clerk.keyboard;
  const scanned = (n) => clerk.getByText(`本批第 ${n} 袋`).waitFor();
  const good = clerk.getByRole('button', { name: /封存完好/ });
  await keys.type('ns-2026-0001');
  await keys.press('Enter');
  await good.waitFor();
  await clerk.locator('.graduate-person', { hasText: '丁示一' }).waitFor();
  await picture(clerk, 'graduate-desk-person', { manual: true });
  await keys.press('Enter');
  await scanned(1);
  await keys.type('JY-770101');
  await keys.press('Enter');
  await good.waitFor();
  await keys.press('2');
  await clerk.getByLabel('封存有损的情况').waitFor();
  await keys.type('封口撕裂');
  await keys.press('Enter');
  await scanned(2);
  await keys.type(idNo(2));
  await keys.press('Enter');
  await good.waitFor();
  await keys.press('Enter');
  await scanned(3);
  await keys.type('NS-2026-9999');
  await keys.press('Enter');
  await clerk.getByText('名单中没有这个编号。').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'desk');
  await picture(clerk, 'graduate-desk', { manual: true });
  // One signature for the batch: given for what lies in it, so a packet that is taken out asks for another.
  const pad = clerk.getByRole('group', { name: '签名板签名' });
  const write = async (shift) => clerk.getByLabel('本批的签名文件').setInputFiles({ name: '签名.png', mimeType: 'image/png', buffer: await drawn(clerk, 'image/png', shift) });
  await write(0);
  await pad.getByRole('button', { name: '打开签名' }).waitFor();
  await clerk.getByRole('button', { name: '取出丁示三' }).click();
  await pad.getByText(/签名时 3 袋，现在 2 袋/).waitFor();
  await settle(clerk);
  await accessible(clerk, 'a signature of before');
  await clerk.locator('#g-number').fill(idNo(2));
  await keys.press('Enter');
  await good.waitFor();
  await keys.press('Enter');
  await scanned(4);
  await write(0);
  await pad.getByText('这个签名文件已经用过').first().waitFor();
  await write(30);
  await pad.getByText(/签名以后这一批又有变动/).waitFor({ state: 'hidden' });
  await settle(clerk);
  await picture(clerk, 'graduate-pad', { manual: true });
  await clerk.getByLabel('点数（袋）').fill('4');
  await keys.press('Enter');
  await prove(clerk);
  await clerk.getByText('点数 4 袋，扫描 3 袋。').first().waitFor();
  await clerk.getByLabel('点数（袋）').fill('3');
  await keys.press('Enter');
  await prove(clerk);
  await clerk.getByText('刚签收的一批').waitFor();
  await settle(clerk);
  await accessible(clerk, 'signed');
  await picture(clerk, 'graduate-signed', { manual: true });
  await clerk.getByText('，已在签名板签名').waitFor();
  await clerk.getByRole('complementary').getByRole('link').first().click();
  await clerk.getByRole('heading', { level: 1, name: /接收批次/ }).waitFor();
  const [shown] = await Promise.all([clerk.waitForResponse((r) => r.url().endsWith('/signature')), clerk.getByRole('button', { name: '打开签名' }).click()]);
  assert.equal(shown.headers()['content-type'], 'image/jpeg');
  await settle(clerk);
  await accessible(clerk, 'a batch');
  await picture(clerk, 'graduate-batch', { manual: true });

  await clerk.goto(`${world.base}/graduates?school=${encodeURIComponent('南山演示学院')}`);
  await clerk.getByRole('link', { name: '丁示三' }).waitFor();
  assert.equal(await clerk.locator('tbody tr').count(), 3);
  await settle(clerk);
  await accessible(clerk, 'graduates');
  await picture(clerk, 'graduate-list', { manual: true });
  // The damaged bag after signing: what was found stays with it, and its school is told.
  await clerk.getByRole('link', { name: '丁示二' }).click();
  await clerk.getByText('有损：封口撕裂').waitFor();
  await settle(clerk);
  await accessible(clerk, 'damaged bag');
  await clerk.goto(`${world.base}/graduates/lists`);
  await clerk.getByRole('row', { name: /南山演示学院/ }).getByRole('button', { name: '出具回执' }).click();
  const slip = clerk.getByRole('button', { name: '南山演示学院回执 PDF' });
  await slip.waitFor();
  await clerk.goto(`${world.base}/graduates?school=${encodeURIComponent('南山演示学院')}`);
  await clerk.getByRole('link', { name: '丁示一' }).click();
  await clerk.getByRole('heading', { name: '告知本人' }).waitFor();
  await choose(clerk, '#g-way', '短信');
  await clerk.getByRole('button', { name: '登记告知' }).click();
  await clerk.getByRole('heading', { name: '再次告知' }).waitFor();
  await clerk.getByRole('button', { name: '认领并开户' }).click();
  await clerk.getByText('没有登记查验的证件。').first().waitFor();
  await choose(clerk, '#g-doc', '居民身份证');
  await clerk.locator('#g-notice').fill('2026-1');
  await clerk.getByRole('button', { name: '认领并开户' }).click();
  await clerk.getByText('没有登记袋内关键材料是否齐全。').first().waitFor();
  await clerk.getByRole('checkbox', { name: /^学历学位/ }).check();
  await settle(clerk);
  await accessible(clerk, 'claim');
  await picture(clerk, 'graduate-claim', { manual: true });
  await clerk.getByRole('button', { name: '认领并开户' }).click();
  await clerk.locator('.status', { hasText: '已认领' }).first().waitFor();
  await clerk.getByRole('button', { name: '告知承诺书' }).first().waitFor();
  // Told at once; nothing is promised until the person signs, here on the screen.
  await clerk.getByRole('heading', { name: '登记承诺' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'undertaking waits');
  await picture(clerk, 'graduate-told', { manual: true });
  await clerk.getByRole('button', { name: '登记承诺' }).click();
  await clerk.getByText('缺关键材料，本人尚未作出书面承诺。').first().waitFor();
  await clerk.getByRole('button', { name: '屏幕签名' }).click();
  await clerk.locator('#g-words').fill('学位证书原件在学校，本人知悉影响，承诺补交');
  const box = await clerk.getByRole('img', { name: '签名框' }).boundingBox();
  for (const [from, to] of [[0.2, 0.4], [0.45, 0.6], [0.65, 0.8]]) {
    await clerk.mouse.move(box.x + box.width * from, box.y + box.height * 0.3);
    await clerk.mouse.down();
    await clerk.mouse.move(box.x + box.width * to, box.y + box.height * 0.7, { steps: 8 });
    await clerk.mouse.up();
  }
  await settle(clerk);
  await picture(clerk, 'graduate-signing');
  await clerk.getByRole('button', { name: '登记承诺' }).click();
  await clerk.getByRole('button', { name: '收档凭证' }).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'undertaking signed');
  await picture(clerk, 'graduate-claimed', { manual: true });
});

/** Answers the question who sits before the screen, if it is asked. */
async function prove(page) {
  await settle(page);
  const dialog = page.getByRole('dialog');
  if ((await dialog.count()) === 0) return;
  await dialog.locator('input[type="password"]').fill(password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

async function choose(page, id, word) {
  await page.locator(id).click();
  await page.locator('.ant-select-item-option', { hasText: word }).click();
}
