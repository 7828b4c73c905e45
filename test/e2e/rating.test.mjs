// 好差评 (28): on the window's second screen, by the slip's code on a telephone; a bad rating is called back on by who had no hand in it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

/** Slips of issued certificates that were not rated. */
async function slips(page, n) {
  const out = [];
  const { items } = await page.evaluate(() => fetch('/api/v1/certificates?view=issued&limit=50').then((r) => r.json()));
  for (const c of items) {
    if (out.length === n) break;
    const papers = await page.evaluate((id) => fetch(`/api/v1/documents?case=Certificate:${id}`).then((r) => r.json()), c.id);
    const d = papers.items.find((x) => x.kind === 'acceptance' && x.state === 'issued');
    if (!d) continue;
    const v = await page.evaluate(([n, c]) => fetch(`/api/v1/verify?number=${encodeURIComponent(n)}&code=${c}`).then((r) => r.json()), [d.number, d.code]);
    if (v.rating === 'open') out.push({ ...d, certificate: c.id });
  }
  assert.equal(out.length, n, 'slips to rate');
  return out;
}

test('窗口评价屏评价；手机扫码差评；没有经手的人回访办结；统计', async () => {
  const clerk = await world.as('clerk-500108', '/certificates');
  const [good, bad] = await slips(clerk, 2);

  await clerk.goto(`${world.base}/certificates/${good.certificate}`);
  // A window of its own, without the clerk's session.
  const screen = await world.open(await clerk.getByRole('link', { name: '在评价屏上请申请人评价' }).first().getAttribute('href'), { width: 1024, height: 768 });
  await screen.getByText('您对这次服务满意吗').waitFor();
  await screen.getByText('非常满意', { exact: true }).click();
  await screen.getByText('一次说清', { exact: true }).click();
  await settle(screen);
  await accessible(screen, 'the second screen');
  await picture(screen, 'rating-screen', { manual: true });
  await screen.getByRole('button', { name: '提交评价' }).click();
  await screen.getByText('已收到您的评价，谢谢').waitFor();

  const phone = await world.open(`/verify?n=${encodeURIComponent(bad.number)}&c=${bad.code}`, { phone: true });
  await phone.getByRole('link', { name: '去评价' }).click();
  await phone.getByText('非常不满意', { exact: true }).click();
  await phone.getByRole('button', { name: '提交评价' }).click();
  await phone.getByText('没有说明哪里不满意').waitFor();
  await phone.getByText('多次往返', { exact: true }).click();
  await phone.locator('#rate-text').fill('跑了三趟');
  await phone.locator('#rate-contact').fill('023-61234567');
  await settle(phone);
  await accessible(phone, 'a bad rating on a telephone');
  await picture(phone, 'rating-phone', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '提交评价' }).click();
  await phone.getByText('将由没有经手的工作人员回访核实').waitFor();
  await phone.reload();
  await phone.getByText('已经评价过').first().waitFor();

  // Who handled it does not see it; the head does.
  await clerk.goto(`${world.base}/ratings`);
  await settle(clerk);
  assert.doesNotMatch(await clerk.locator('main').innerText(), /非常不满意[^匿]*多次往返/);
  const head = await world.as('head-500108', '/ratings');
  await head.locator('tbody tr').first().waitFor();
  await settle(head);
  await accessible(head, 'call-backs');
  await picture(head, 'rating-list', { manual: true });
  await head.locator('tbody tr', { hasText: '非常不满意' }).last().getByRole('link').click();
  await head.getByText('跑了三趟').waitFor();
  await head.getByText('023-61234567').waitFor();
  await head.getByRole('button', { name: '登记回访' }).click();
  await head.locator('#call-said').fill('说明了三次往返的经过');
  await accessible(head, 'enter a call');
  await head.getByRole('button', { name: '登记', exact: true }).click();
  await head.getByText('已联系到').first().waitFor();
  await head.getByRole('button', { name: '办结', exact: true }).click();
  await head.getByText('反映属实', { exact: true }).click();
  await head.getByText('已整改', { exact: true }).click();
  await head.locator('#end-answer').fill('窗口没有一次告知，已改用一次性告知单');
  await settle(head);
  await accessible(head, 'finish a call-back');
  await picture(head, 'rating-finish', { manual: true });
  await head.getByRole('dialog').getByRole('button', { name: '办结', exact: true }).click();
  await head.getByText('没有一次告知，已改用').waitFor();
  await settle(head);
  await accessible(head, 'a call-back that is finished');
  await picture(head, 'rating-page', { manual: true });

  const above = await world.as('supervisor-500108', '/ratings');
  await above.getByRole('button', { name: '统计' }).or(above.getByRole('tab', { name: '统计' })).first().click();
  await above.getByRole('columnheader', { name: '评价率' }).waitFor();
  await settle(above);
  await accessible(above, 'figures of ratings');
  await picture(above, 'rating-figures', { manual: true });
});
