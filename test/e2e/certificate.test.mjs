// A certificate: taken in and drafted by a clerk, issued by a reviewer, checked
// by anybody on a phone and by a program without the province's data.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

test('受理、审核签发，手机上验证，离线核验', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  await clerk.locator('tbody a').first().click();
  await clerk.getByRole('button', { name: '出具证明' }).click();
  await clerk.getByRole('heading', { level: 1, name: '受理证明申请' }).waitFor();
  await clerk.locator('#use').fill('办理社会保险（演示）');
  await clerk.getByRole('button', { name: /^受理/ }).click();
  await clerk.locator('.ant-form-item-explain-error').first().waitFor();
  await accessible(clerk, 'new certificate with mistakes');
  await clerk.locator('#name').fill('演示申请人');
  const answer = await clerk.evaluate(async () => {
    const id = new URLSearchParams(location.search).get('dossier');
    const { person } = await (await fetch(`/api/v1/dossiers/${id}`)).json();
    const shown = await fetch(`/api/v1/dossiers/${id}/reveal`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'e2e-reveal' }, body: JSON.stringify({ reason: '核对申请人证件' }) });
    return { name: person.name, idNo: (await shown.json()).idNo };
  });
  await clerk.locator('#name').fill(answer.name);
  await clerk.locator('#idNo').fill(answer.idNo);
  await clerk.getByRole('checkbox').first().check();
  await clerk.getByRole('checkbox', { name: /^证明：/ }).first().check();
  await settle(clerk);
  await picture(clerk, 'certificate-new', { manual: true, fullPage: true });
  await clerk.getByRole('button', { name: '受理并提交审核' }).click();
  const problem = clerk.locator('.ant-form-item-explain-error, .refusal').first();
  await Promise.race([clerk.waitForURL(/certificates\/[0-9a-f-]{36}/), problem.waitFor()]);
  assert.match(clerk.url(), /certificates\/[0-9a-f-]{36}/, (await problem.count()) > 0 ? await problem.textContent() : '');
  await settle(clerk);
  await accessible(clerk, 'submitted certificate');
  const path = new URL(clerk.url()).pathname;

  const reviewer = await world.as('reviewer-500108', path);
  await accessible(reviewer, 'review');
  await picture(reviewer, 'certificate-review', { manual: true });
  await reviewer.getByRole('button', { name: '签发', exact: true }).click();
  await reviewer.getByRole('button', { name: '签发证明' }).click();
  await reviewer.getByRole('button', { name: '打开证明' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'issued');
  await picture(reviewer, 'certificate-issued', { manual: true });
  const issued = await reviewer.evaluate(async (p) => {
    const one = await (await fetch(`/api/v1${p}`)).json();
    const doc = await (await fetch(`/api/v1/documents/${one.documentId}`)).json();
    const pdf = new Uint8Array(await (await fetch(`/api/v1/documents/${one.documentId}/pdf`)).arrayBuffer());
    return { number: doc.number, code: doc.code, pdf: Array.from(pdf) };
  }, path);

  const phone = await world.open('/verify', { phone: true });
  await phone.getByLabel('文书编号').fill(issued.number);
  await phone.getByLabel('验证码').fill('AAAA-AAAA');
  await phone.getByRole('button', { name: '验证' }).click();
  await phone.getByText('没有查到', { exact: true }).waitFor();
  await accessible(phone, 'not found');
  await phone.goto(`${world.base}/verify?n=${encodeURIComponent(issued.number)}&c=${encodeURIComponent(issued.code)}`);
  await phone.getByText('文书有效').waitFor();
  assert.equal(await phone.getByText(answer.name).count(), 0, 'the public page names the person');
  await accessible(phone, 'valid');
  await picture(phone, 'verify-phone', { manual: true });

  const file = join(world.data, '..', 'certificate.pdf');
  const trust = join(world.data, '..', 'trust.pem');
  writeFileSync(file, Buffer.from(issued.pdf));
  writeFileSync(trust, Buffer.from(await (await fetch(`${world.base}/api/v1/verify/trust`)).arrayBuffer()));
  const check = () => spawnSync(world.bin, ['verify', 'certificate', file, '--trust', trust, '--json'], { encoding: 'utf8' });
  const good = check();
  assert.equal(good.status, 0, good.stdout + good.stderr);
  const changed = Buffer.from(issued.pdf);
  changed[Math.floor(changed.length / 3)] ^= 1;
  writeFileSync(file, changed);
  assert.equal(check().status, 4, 'a flipped byte passed');
});

test('证明列表；不予出具写明条款、事实和怎样办，出具告知单', async () => {
  const page = await world.as('reviewer-500108', '/certificates');
  await page.getByRole('row', { name: /待审核/ }).first().getByRole('link').first().click();
  await page.getByRole('button', { name: '不予出具' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '不予出具' }).click();
  await dialog.getByText('请写明事实。').waitFor();
  await accessible(page, 'refuse a certificate');
  await dialog.getByLabel('事实').fill('档案中没有所申请亲属关系的记载');
  await dialog.getByLabel('可以怎样办').fill('向户籍登记机关申请出具亲属关系证明');
  await picture(page, 'certificate-refuse', { manual: true });
  await dialog.getByRole('button', { name: '不予出具' }).click();
  await page.getByRole('region', { name: '不予出具的理由' }).getByText('档案中没有所申请亲属关系的记载').waitFor();
  await page.getByText('不予办理告知单').first().waitFor();
  await settle(page);
  await accessible(page, 'refused certificate');
  await picture(page, 'certificate-refused');
  await page.goto(`${world.base}/certificates`);
  await page.getByRole('button', { name: /^已签发/ }).or(page.getByRole('tab', { name: /^已签发/ })).first().click();
  await page.locator('tbody tr').first().waitFor();
  await accessible(page, 'certificates');
  await picture(page, 'certificate-list', { manual: true });
});

test('档案记载情况证明：有记载的照原文证明，查无记载的提档查找后告知', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  await clerk.locator('tbody a').nth(4).click();
  await clerk.getByRole('button', { name: '出具证明' }).click();
  await clerk.getByRole('heading', { level: 1, name: '受理证明申请' }).waitFor();
  const person = await clerk.evaluate(async () => {
    const id = new URLSearchParams(location.search).get('dossier');
    const { person } = await (await fetch(`/api/v1/dossiers/${id}`)).json();
    const shown = await fetch(`/api/v1/dossiers/${id}/reveal`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'e2e-reveal-facts' }, body: JSON.stringify({ reason: '核对申请人证件' }) });
    return { id, name: person.name, idNo: (await shown.json()).idNo };
  });
  await clerk.getByRole('radio', { name: '档案记载情况证明' }).check();
  await clerk.locator('#use').fill('核定退休年龄（演示）');
  await clerk.locator('#name').fill(person.name);
  await clerk.locator('#idNo').fill(person.idNo);
  await clerk.getByRole('checkbox', { name: '居民身份证' }).check();
  await clerk.getByRole('button', { name: /^受理/ }).click();
  await clerk.getByText('没有写明要证明哪些事项').waitFor();
  await clerk.getByRole('checkbox', { name: '出生日期', exact: true }).check();
  await clerk.getByRole('checkbox', { name: '入党时间', exact: true }).check();
  await settle(clerk);
  await accessible(clerk, 'what is asked of the record');
  await picture(clerk, 'certificate-facts');
  await clerk.getByRole('button', { name: /^受理/ }).click();
  await clerk.waitForURL(/certificates\/[0-9a-f-]{36}/);
  const path = new URL(clerk.url()).pathname;
  await clerk.getByText('纸质档案还没有提到本件').waitFor();
  await clerk.getByRole('button', { name: '请库管提档' }).click();
  await clerk.getByRole('button', { name: '请库管提档' }).waitFor({ state: 'detached' }).catch(() => {});

  const keeper = await world.as('keeper-500108', '/');
  const pulled = await keeper.evaluate(async (id) => (await fetch(`/api/v1/custody/dossiers/${id}/pull`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'e2e-pull-facts' }, body: JSON.stringify({ packet: 'intact' }) })).status, person.id);
  assert.equal(pulled, 200);

  await clerk.goto(`${world.base}${path}`);
  await clerk.getByRole('checkbox', { name: /^证明：出生日期/ }).first().waitFor();
  for (const box of await clerk.getByRole('checkbox', { name: /^证明：出生日期/ }).all()) if (await box.isEnabled()) await box.check();
  await clerk.getByRole('checkbox', { name: '查无记载：入党时间' }).check();
  for (const box of await clerk.getByRole('checkbox', { name: /已查看，未写明/ }).all()) if (await box.isEnabled()) await box.check();
  await settle(clerk);
  await accessible(clerk, 'what is not recorded');
  await picture(clerk, 'certificate-absent', { manual: true, fullPage: true });
  await clerk.getByRole('button', { name: '提交审核' }).click();
  await clerk.getByText('待审核').first().waitFor();

  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '签发', exact: true }).click();
  await reviewer.getByText('出具查无记载告知单').first().waitFor();
  await reviewer.getByRole('button', { name: '签发证明' }).click();
  await reviewer.getByRole('button', { name: '打开查无记载告知单' }).waitFor();
  await settle(reviewer);
  await accessible(reviewer, 'stated and told');
  await picture(reviewer, 'certificate-facts-issued');
  const texts = await reviewer.evaluate(async (p) => {
    const one = await (await fetch(`/api/v1${p}`)).json();
    return [one.number, one.noticeNo];
  }, path);
  assert.ok(texts[0] && texts[1] && texts[0] !== texts[1], texts.join());

  const supervisor = await world.as('supervisor-500000', '/certificate-wordings');
  await supervisor.getByRole('row', { name: /存档证明/ }).getByRole('button', { name: '修改' }).click();
  const dialog = supervisor.getByRole('dialog');
  await dialog.getByLabel('结尾').fill('该同志2013年入党。');
  await dialog.getByRole('button', { name: '发布' }).click();
  await dialog.getByText('固定用语里不能有数字').waitFor();
  await accessible(supervisor, 'words of certificates with mistakes');
  await dialog.getByLabel('结尾').fill('本证明只说明档案存放情况，不对档案以外的任何事项作证明。');
  await dialog.getByRole('button', { name: '发布' }).click();
  await supervisor.getByText('第 1 版').waitFor();
  await settle(supervisor);
  await accessible(supervisor, 'words of certificates');
  await picture(supervisor, 'certificate-wordings');
});

/** A made-up identity number with its check character. */
function number(first17) {
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * Number(first17[i]), 0);
  return first17 + '10X98765432'[sum % 11];
}

async function pick(page, label, text) {
  await page.getByLabel(label, { exact: true }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first().click();
}

test('代办人凭委托书申请；代办人数异常的由负责人确认', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  const link = clerk.locator('tbody a').nth(3);
  await link.click();
  await clerk.getByRole('button', { name: '出具证明' }).click();
  await clerk.getByRole('heading', { level: 1, name: '受理证明申请' }).waitFor();
  const person = await clerk.evaluate(async () => {
    const id = new URLSearchParams(location.search).get('dossier');
    const { person } = await (await fetch(`/api/v1/dossiers/${id}`)).json();
    const shown = await fetch(`/api/v1/dossiers/${id}/reveal`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'e2e-reveal-agent' }, body: JSON.stringify({ reason: '核对委托人证件' }) });
    return { name: person.name, idNo: (await shown.json()).idNo };
  });
  await clerk.locator('#use').fill('办理社会保险（演示）');
  await clerk.getByRole('radio', { name: '代办人' }).check();
  const paper = clerk.getByRole('region', { name: '委托书' });
  await paper.getByLabel('委托人（存档人员）').fill(person.name);
  await paper.locator('#m-principalNo').fill(person.idNo);
  await paper.getByRole('button', { name: '登记委托书' }).click();
  await paper.locator('.ant-form-item-explain-error').first().waitFor();
  await accessible(clerk, 'mandate with mistakes');
  await paper.locator('#m-agent').fill('演示代办人');
  await paper.locator('#m-agentNo').fill(number('50010819700101123'));
  await paper.getByRole('button', { name: '登记委托书' }).click();
  await paper.getByText('代办人没有声明不是有偿中介').waitFor();
  await pick(clerk, '查验的委托人证件', '居民身份证');
  await pick(clerk, '查验的代办人证件', '居民身份证');
  await pick(clerk, '代办人与委托人的关系', '近亲属');
  const until = new Date(Date.now() + 30 * 86400_000);
  await paper.locator('#m-until').fill(`${until.getFullYear()}年${until.getMonth() + 1}月${until.getDate()}日`);
  await clerk.keyboard.press('Enter');
  await paper.getByRole('checkbox', { name: /当面核对原件/ }).check();
  await paper.getByRole('checkbox', { name: /不收取任何费用/ }).check();
  await settle(clerk);
  await picture(clerk, 'mandate-form', { manual: true, fullPage: true });
  await paper.getByRole('button', { name: '登记委托书' }).click();
  await paper.getByText('有效', { exact: true }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'mandate chosen');
  await picture(clerk, 'mandate-chosen');
  await clerk.getByRole('checkbox', { name: /^证明：/ }).first().check();
  await clerk.getByRole('button', { name: '受理并提交审核' }).click();
  await clerk.waitForURL(/certificates\/[0-9a-f-]{36}/);
  await clerk.getByText('演示代办人').first().waitFor();
  await clerk.getByRole('link', { name: /^WT-/ }).click();
  await clerk.getByRole('heading', { level: 1, name: `演示代办人代${person.name}` }).waitFor();
  await clerk.getByRole('cell', { name: '出具证明' }).waitFor();

  const head = await world.as('head-500108', '/mandates?view=waiting');
  await head.locator('tbody tr').first().waitFor();
  await settle(head);
  await accessible(head, 'mandates');
  await picture(head, 'mandate-list');
  await head.locator('tbody a').first().click();
  await head.getByRole('button', { name: '确认代办人' }).click();
  await head.getByRole('dialog').getByRole('button', { name: '确认', exact: true }).click();
  await head.getByText('没有写明核实情况。').waitFor();
  await accessible(head, 'decide a mandate');
  await picture(head, 'mandate-page', { manual: true });
  await head.getByLabel('怎样核实的').fill('电话询问委托人，为同一单位同事，没有报酬');
  await head.getByRole('dialog').getByRole('button', { name: '确认', exact: true }).click();
  await head.getByText('没有报酬').waitFor();
  await head.goto(`${world.base}/mandates?view=agents`);
  await head.getByText('人数异常').first().waitFor();
  await settle(head);
  await accessible(head, 'agents');
  await picture(head, 'mandate-agents', { manual: true });
});
