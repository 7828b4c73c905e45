import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  world = await start();
});
after(() => world?.stop());

/** Asks the API with the page's own session. */
function ask(page, path, body) {
  return page.evaluate(async ([path, body]) => {
    const r = await fetch(path, body ? { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(body) } : {});
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
    return r.json();
  }, [path, body]);
}

async function pick(page, label, text) {
  await page.getByLabel(label, { exact: true }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first().click();
}

const done = (page, text) => page.locator('.said', { hasText: text }).waitFor();

test('a dossier goes from 南岸 to 万州 with all its papers, as both ends see it', async () => {
  const holder = await world.as('clerk-500108', '/transfers');
  await accessible(holder, 'list');
  const { items } = await ask(holder, '/api/v1/dossiers?limit=50&state=in_store');
  const chosen = items.find((d) => d.state === 'in_store' && !d.hold) ?? items[0];
  const { idNo } = await ask(holder, `/api/v1/dossiers/${chosen.id}/reveal`, { reason: '转递演练' });

  // Receiver: application and letter.
  const clerk = await world.as('clerk-500101', '/transfers/new');
  await clerk.getByRole('heading', { name: '受理转入申请' }).waitFor();
  await pick(clerk, '原存档机构', '南岸区');
  await clerk.locator('#t-name').fill(chosen.name);
  await clerk.locator('#t-idNo').fill(`${idNo.slice(0, 17)}${idNo[17] === '0' ? '1' : '0'}`);
  await pick(clerk, '调档原因', '流动就业');
  await pick(clerk, '存档依据', '户籍地');
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByText('校验码不符').waitFor();
  await accessible(clerk, 'application with a wrong number');
  await clerk.locator('#t-idNo').fill(idNo);
  await pick(clerk, '已核验的证件', '居民身份证');
  await picture(clerk, 'transfer-new', { manual: true });
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByRole('button', { name: '开具调档函' }).click();
  await done(clerk, '已开具调档函');
  await clerk.locator('.page-title .status', { hasText: '已开函' }).waitFor();
  await accessible(clerk, 'lettered');
  const path = new URL(clerk.url()).pathname;
  const id = path.split('/').pop();
  const seen = await ask(clerk, `/api/v1/transfers/${id}`);
  assert.match(seen.letterNo, /^万州人才调〔\d{4}〕\d+号$/);

  // Holder: the letter starts the clock.
  await holder.goto(`${world.base}${path}`);
  await holder.getByLabel('函上的验证码').fill('ABCD-2345');
  await holder.getByRole('button', { name: '登记来函' }).click();
  await holder.getByText('验证码与调档函登记簿不符', { exact: false }).first().waitFor();
  await holder.getByLabel('函上的验证码').fill(seen.letterCode);
  await accessible(holder, 'register');
  await picture(holder, 'transfer-register', { manual: true });
  await holder.getByRole('button', { name: '登记来函' }).click();
  await holder.locator('.term li.end-day').waitFor();
  assert.equal(await holder.locator('.term li').count(), 15);

  // Keeper: scan and pull.
  const keeper = await world.as('keeper-500108', '/custody');
  await accessible(keeper, 'custody');
  await keeper.getByLabel('扫描或输入档案编号').fill(chosen.no);
  await keeper.keyboard.press('Enter');
  await keeper.getByRole('button', { name: '提档出库' }).waitFor();
  await accessible(keeper, 'custody with a packet');
  await picture(keeper, 'custody-pull', { manual: true });
  await keeper.getByRole('button', { name: '提档出库' }).click();
  await done(keeper, '已出库');

  // Holder: the list line by line, unless the catalog made it.
  await holder.reload();
  await settle(holder);
  if (await holder.getByRole('button', { name: '登记清单' }).isVisible()) {
    const lines = [['9-2', '劳动合同书', '履历'], ['4-1', '高等学校毕业生登记表', '学历']];
    for (const [n, [cls, title]] of lines.entries()) {
      if (n > 0) await holder.getByRole('button', { name: '增加一项' }).click();
      await holder.getByLabel(`第${n + 1}项类号`).click();
      await holder.keyboard.type(cls);
      await holder.keyboard.press('Enter');
      await holder.getByLabel(`第${n + 1}项材料名称`).fill(title);
    }
    await accessible(holder, 'list editor');
    await picture(holder, 'transfer-list-editor', { manual: true });
    await holder.getByRole('button', { name: '登记清单' }).click();
    await done(holder, '清单已登记');
  }

  // Reviewer: another person.
  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '审核通过' }).waitFor();
  await accessible(reviewer, 'review');
  await picture(reviewer, 'transfer-review', { manual: true });
  await reviewer.getByRole('button', { name: '审核通过' }).click();
  await done(reviewer, '已审核通过');

  // Holder: seal, refused way, dispatch.
  await holder.reload();
  await holder.getByLabel('封条编号').fill('N-20871');
  await holder.getByRole('button', { name: '登记装封' }).click();
  await done(holder, '已装封');
  await holder.getByRole('radio', { name: '邮政给据邮件' }).check();
  await holder.getByLabel('邮件号').fill('EX123456789CN');
  const forced = (await ask(holder, `/api/v1/transfers/${id}`)).forced !== 'no';
  if (forced) {
    await holder.getByRole('button', { name: '登记寄送' }).click();
    await holder.getByText('请改用机要通信或专人送取', { exact: false }).first().waitFor();
    await holder.getByRole('button', { name: '查看条文' }).click();
    await accessible(holder, 'dispatch refused');
    await picture(holder, 'transfer-case', { manual: true });
    await holder.getByRole('button', { name: '改为机要通信' }).click();
  } else {
    await holder.getByRole('radio', { name: '机要通信' }).check();
  }
  await holder.getByLabel('机要编号').fill('渝机2026-0871');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await done(holder, '已登记寄送');
  await holder.locator('.page-title .status', { hasText: '在途' }).waitFor();

  // Receiver: arrival, item by item by keyboard, second person, receipt.
  await clerk.reload();
  await clerk.getByRole('button', { name: '登记到件' }).click();
  await done(clerk, '已登记到件');
  await clerk.getByRole('link', { name: '开始核对' }).click();
  await clerk.getByRole('heading', { name: /^逐份核对/ }).waitFor();
  await settle(clerk);
  const rows = await clerk.locator('tr.check-row').count();
  await clerk.locator('h1').click();
  for (let n = 0; n < rows; n++) await clerk.keyboard.press('1');
  await accessible(clerk, 'check');
  await picture(clerk, 'transfer-check', { manual: true });
  await clerk.getByRole('button', { name: '登记核对结果' }).click();
  await clerk.waitForURL(`**${path}`);
  const second = await world.as('reviewer-500101', path);
  await second.getByRole('button', { name: '复核签收' }).waitFor();
  await accessible(second, 'receive');
  await second.getByRole('button', { name: '复核签收' }).click();
  await done(second, '已签收');

  // The sender's case is closed by the receipt.
  await holder.reload();
  await holder.locator('.page-title .status', { hasText: '已办结' }).waitFor();
  await holder.getByText('档案转递通知单回执').first().waitFor();

  // Gaps are told once, the person promises.
  await clerk.reload();
  await settle(clerk);
  let now = await ask(clerk, `/api/v1/transfers/${id}`);
  if (now.state === 'promising') {
    await accessible(clerk, 'tell');
    await clerk.getByRole('button', { name: '出具告知承诺书' }).click();
    await done(clerk, '已出具告知承诺书');
    await clerk.getByRole('button', { name: '登记承诺' }).click();
    await clerk.getByText('本人尚未作出书面承诺', { exact: false }).first().waitFor();
    await accessible(clerk, 'promise to be completed');
    await clerk.getByLabel('本人已在告知承诺书上签名').check();
    await clerk.getByLabel('本人说明').fill('本人知悉并承诺补充');
    await picture(clerk, 'transfer-promise', { manual: true });
    await clerk.getByRole('button', { name: '登记承诺' }).click();
    await done(clerk, '已登记承诺');
  }

  // Shelf at the receiver, by its own number; the old one is still found.
  now = await ask(clerk, `/api/v1/transfers/${id}`);
  assert.match(now.dossierNo, /^50010101-/);
  const shelf = await world.as('keeper-500101', '/custody?state=back');
  await shelf.getByLabel('扫描或输入档案编号').fill(chosen.no);
  await shelf.keyboard.press('Enter');
  await shelf.getByLabel('库位').fill('01-A-012-03-5-08');
  await picture(shelf, 'custody-shelf', { manual: true });
  await shelf.getByRole('button', { name: '归还入库' }).click();
  await done(shelf, '已入库');
  await clerk.reload();
  await clerk.locator('.page-title .status', { hasText: '已办结' }).waitFor();
  await accessible(clerk, 'closed');
  await picture(clerk, 'transfer-closed', { manual: true });
  await holder.goto(`${world.base}/transfers?view=done`);
  await settle(holder);
  await accessible(holder, 'finished list');
  await picture(holder, 'transfer-list', { manual: true });
});
