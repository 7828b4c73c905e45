// Supplements (20.4a, 20.4b): what is promised stands in one list; a longer term is asked for
// with a reason, granted by another person, once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, drawn, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('a longer term is not agreed to: with a reason, or not at all', async () => {
  const clerk = await world.as('clerk-500108', '/supplements');
  const { items } = await clerk.evaluate(() => fetch('/api/v1/supplements?view=open&limit=200').then((r) => r.json()));
  const may = (i, action) => i.possible.some((p) => p.action === action && p.allowed);
  const one = items.find((i) => i.lateDays === 0 && may(i, 'supplement.ask'));
  assert.ok(one, 'a supplement that may be put off');
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByRole('button', { name: '申请延期' }).click();
  const day = new Date(`${one.dueOn}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 3);
  await clerk.locator('#s-until').fill(`${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日`);
  await clerk.keyboard.press('Enter');
  await clerk.locator('#s-note').fill('学校放假（演示）');
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('待批延期').first().waitFor();

  const reviewer = await world.as('reviewer-500108', `/supplements/${one.id}`);
  await reviewer.getByRole('button', { name: '不同意', exact: true }).click();
  const dialog = reviewer.getByRole('dialog');
  await dialog.getByRole('button', { name: '不同意', exact: true }).click();
  await dialog.getByText(/理由/).nth(1).waitFor();
  await dialog.locator('#s-note').fill('学校已复函可以补办，不必延期');
  await accessible(reviewer, 'not agreeing');
  await dialog.getByRole('button', { name: '不同意', exact: true }).click();
  await reviewer.getByText('学校已复函可以补办').first().waitFor();
  await settle(reviewer);
  await picture(reviewer, 'supplement-denied', { manual: true });

  assert.deepEqual([...clerk.faults, ...reviewer.faults], []);
});

test('a promise is put off once, by another person than the one who asks', async () => {
  const clerk = await world.as('clerk-500108', '/supplements');
  await clerk.getByRole('button', { name: /^全部待补/ }).click();
  await clerk.locator('main tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'supplements');

  const { items } = await clerk.evaluate(() => fetch('/api/v1/supplements?view=open&limit=200').then((r) => r.json()));
  const one = items.find((i) => i.lateDays === 0 && i.possible.some((p) => p.action === 'supplement.ask' && p.allowed));
  assert.ok(one, 'a supplement that may be put off');
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByText('补充期限还没有过。').waitFor(); // nobody is asked again before the term
  await clerk.getByRole('button', { name: '申请延期' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('没有写明延期的理由。').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'asking for a longer term');
  const day = new Date(`${one.dueOn}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 3);
  await clerk.locator('#s-until').fill(`${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日`);
  await clerk.keyboard.press('Enter');
  await clerk.locator('#s-note').fill('毕业学校正在补办');
  await clerk.getByRole('dialog').getByRole('button', { name: '申请延期' }).click();
  await clerk.getByText('待批延期').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a supplement');

  const reviewer = await world.as('reviewer-500108', '/supplements');
  await reviewer.getByRole('button', { name: /^待批延期/ }).click();
  await reviewer.locator('main tbody tr').first().click();
  await reviewer.getByRole('button', { name: '同意延期' }).click();
  await reviewer.locator('#s-note').fill('情况属实');
  await settle(reviewer);
  await accessible(reviewer, 'granting');
  await picture(reviewer, 'supplement-grant', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '同意延期' }).click();
  await reviewer.getByText(/已延一次/).waitFor();
  await clerk.goto(`${world.base}/supplements/${one.id}`);
  await clerk.getByText('期限已经延过一次。').waitFor();
});

test('an undertaking signed on paper is kept as a scan; its dossier goes back to nobody, however late it is', async () => {
  const asked = async (page, path, data) => page.context().request.fetch(`${world.base}/api/v1${path}`, { method: data ? 'POST' : 'GET', headers: { Origin: world.base, 'Idempotency-Key': crypto.randomUUID() }, data });
  // One who was told what is missing signs on paper.
  let clerk;
  let found;
  for (const user of ['clerk-500101', 'clerk-500108', 'clerk-500102', 'clerk-500103']) {
    clerk = await world.as(user, '/transfers');
    const { items } = await (await asked(clerk, '/transfers?side=in&state=promising&limit=50')).json();
    found = items[0];
    if (found) break;
    await clerk.close();
  }
  assert.ok(found, 'somebody who is to sign an undertaking');
  const told = await asked(clerk, `/transfers/${found.id}/tell`, {});
  assert.ok(told.ok() || told.status() === 403, `tell: ${await told.text()}`); // told already
  const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10); // as it is in China
  const signed = await asked(clerk, `/transfers/${found.id}/promise`, { signed: true, return: false, signing: 'paper', statement: '本人知悉并承诺补充', on: day });
  assert.ok(signed.ok(), `promise: ${await signed.text()}`);
  await clerk.goto(`${world.base}/transfers/${found.id}`);
  await clerk.getByText('本人纸面签名的承诺书，可上传照片').waitFor();
  const scan = clerk.getByLabel('承诺书扫描件');
  await scan.setInputFiles({ name: '承诺书.png', mimeType: 'image/png', buffer: await drawn(clerk, 'image/png') });
  await clerk.getByText(/PNG 图片.*另存为/).first().waitFor(); // a page is no signature: a photo or a PDF
  await scan.setInputFiles({ name: '承诺书.jpg', mimeType: 'image/jpeg', buffer: await drawn(clerk, 'image/jpeg') });
  const kept = clerk.getByRole('button', { name: '第 1 个，照片' });
  await kept.waitFor();
  const [shown] = await Promise.all([clerk.waitForResponse((r) => r.url().endsWith('/undertaking/1')), kept.click()]);
  assert.equal(shown.headers()['content-type'], 'image/jpeg');
  await settle(clerk);
  await accessible(clerk, 'an undertaking signed on paper');
  await kept.scrollIntoViewIfNeeded();
  await picture(clerk, 'transfer-undertaking-scan');
  // It is served from now on: no way leads back to the sender, offered or asked for (20.4a).
  assert.equal(await clerk.getByRole('button', { name: /协商退回|退回寄送/ }).count(), 0);
  const back = await asked(clerk, `/transfers/${found.id}/return`, { agreement: '承诺逾期未补，拟退回（演示）' });
  assert.ok([403, 409, 422].includes(back.status()), `${back.status()}`);
  assert.match(await back.text(), /退回|签收|不能/);
  // What is late is asked for again or brought before a superior, with the dossier where it is.
  await clerk.goto(`${world.base}/supplements`);
  await clerk.getByText(/档案不退回/).first().waitFor();
});
