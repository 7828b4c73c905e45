// A unit signs in at a real provider of identities (OpenID Connect) and hands in what was
// asked of it: its worker sees the own unit's requests, sends photos from a telephone, a
// clerk returns and receives (12c, 14, 29.3).
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { accessible, picture, settle, start } from './harness.mjs';

const unit = '南坪精密机械（演示）有限公司';
const uscc = '91500103MA5U00011H';

/** A number of a citizen with its check character. */
function number(first17) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return first17 + '10X98765432'[weights.reduce((n, w, i) => n + w * Number(first17[i]), 0) % 11];
}
const people = {
  worker: { name: '经办丙（演示）', id_no: number('50010119900307421'), uscc, unit_name: unit },
  stranger: { name: '路人（演示）', id_no: number('50010119910307425'), uscc, unit_name: unit },
  person: { name: '本人（演示）', id_no: number('50010119920307429') },
};

let world;
let folder;
let provider;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dangan-portal-'));
  const port = await new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
  const secret = 'a secret of the test alone';
  writeFileSync(join(folder, 'secret'), secret);
  const issuer = `http://127.0.0.1:${port}`;
  writeFileSync(join(folder, 'sign-in.json'), JSON.stringify({ providers: [
    { key: 'licence', name: '电子营业执照', kind: 'unit', issuer, clientId: 'dangan-unit', secretFile: 'secret' },
    { key: 'citizen', name: '渝快办', kind: 'person', issuer, clientId: 'dangan-person', secretFile: 'secret' },
  ] }));
  world = await start({ args: ['--sign-in-file', join(folder, 'sign-in.json')] });
  // Somebody whose dossier lies in 南岸, and signs in as the provider's register has them.
  const desk = await world.as('clerk-500108', '/dossiers');
  const { items } = await asked(desk, 'GET', '/dossiers?limit=100&state=in_store');
  const dead = new Set((await asked(desk, 'GET', '/deaths?limit=100')).items.map((d) => d.dossierId)); // who died applies for nothing
  const kept = items.filter((d) => !dead.has(d.id)).at(-7);
  const shown = await asked(desk, 'POST', `/dossiers/${kept.id}/reveal`, { reason: '窗口核对身份' });
  people.kept = { name: kept.name, id_no: shown.idNo, dossier: kept.id };
  await desk.close();
  provider = fork(join(dirname(fileURLToPath(import.meta.url)), 'provider.mjs'), [String(port), `${world.base}/portal/callback`, secret, JSON.stringify(people)], { silent: true });
  await new Promise((done, fail) => {
    provider.once('message', done);
    provider.once('exit', (code) => fail(new Error(`the provider ended: ${code}`)));
    provider.stderr.on('data', (d) => process.env.DANGAN_E2E_LOUD && process.stderr.write(d));
  });
});
after(async () => {
  provider?.removeAllListeners('exit');
  provider?.disconnect();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs in at the provider's own pages, from the button on. */
async function signIn(page, button, login) {
  await page.getByRole('button', { name: button }).click();
  await page.waitForURL(/\/interaction\//);
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('form input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/portal/);
  page.faults.length = 0; // the provider's own pages ask for fonts of the net, which is not there
}

/** A request of the API as a clerk. */
async function asked(page, method, path, data) {
  const answer = await page.context().request.fetch(`${world.base}/api/v1${path}`, { method, headers: { Origin: world.base, 'Idempotency-Key': crypto.randomUUID() }, data });
  assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

test('a requester asks, the person consents on a telephone, and takes it back (N2)', async () => {
  const top = await world.as('supervisor-500000', '/requesters');
  await top.getByRole('button', { name: '登记核验单位' }).click();
  const dialog = top.getByRole('dialog');
  await dialog.getByLabel('单位全称').fill('照母山审计事务所（演示）');
  await dialog.getByLabel('统一社会信用代码').fill('91500112MAABCDEF8N');
  await dialog.getByLabel('依据（同意其接入的协议号或文号）').fill('数据核验协议2026-9号（演示）');
  await dialog.getByLabel('有效期至（最长一年）').fill(new Date(Date.now() + 200 * 86400e3).toISOString().slice(0, 10).replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日'));
  await dialog.getByLabel('有效期至（最长一年）').press('Enter');
  await dialog.getByRole('button', { name: '登记' }).click();
  const key = await top.getByLabel('密钥', { exact: true }).inputValue();
  assert.match(key, /^[\w-]{43}$/);
  await settle(top);
  await accessible(top, 'the key, once');
  await top.getByRole('button', { name: '已经记下' }).click();
  await settle(top);
  await accessible(top, 'requesters');
  await picture(top, 'requesters', { manual: true });
  const guard = await world.as('secadmin-500000', '/requesters');
  await guard.getByRole('button', { name: /^确认\s*照母山/ }).click();
  await guard.getByRole('dialog').getByRole('button', { name: '确认' }).click();
  await guard.getByRole('dialog').waitFor({ state: 'detached' });

  const program = async (method, path, body) => {
    const answer = await fetch(`${world.base}/api/v1/requester${path}`, { method, headers: { 'Requester-Key': key, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  const born = people.kept.id_no.slice(6, 10);
  const consent = (await program('POST', '/consents', { idNo: people.kept.id_no, purpose: 'recruit', matter: '招聘审计助理', days: 30, questions: [{ kind: 'education_at_least', value: 'bachelor' }, { kind: 'birth_year', value: born }, { kind: 'party_recorded', value: 'recorded' }, { kind: 'custody_at', value: '50010801' }] })).body;
  assert.equal((await program('POST', `/consents/${consent.id}/answers`)).status, 403, 'answered before the person consented');

  const phone = await world.open('/portal', { phone: true });
  await signIn(phone, '用渝快办登录', 'kept');
  await phone.getByRole('button', { name: '同意核验' }).click();
  await phone.getByText('照母山审计事务所（演示）').waitFor();
  await settle(phone);
  await accessible(phone, 'who asks');
  await picture(phone, 'portal-consents');
  await phone.getByText('照母山审计事务所（演示）').click();
  await phone.getByText('学历是否不低于本科？').waitFor();
  await phone.getByRole('radio', { name: /^15天/ }).check();
  await settle(phone);
  await accessible(phone, 'what is asked');
  await picture(phone, 'portal-consent', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '同意这4个问题' }).click();
  await phone.getByText('本人已同意').waitFor();
  const said = await program('POST', `/consents/${consent.id}/answers`);
  assert.equal(said.status, 200);
  assert.ok(said.body.questions.every((q) => ['yes', 'no', 'not_recorded'].includes(q.answer)));
  await phone.reload();
  await phone.getByText('问了什么，答复了什么').waitFor();
  await settle(phone);
  await accessible(phone, 'what was answered');
  await picture(phone, 'portal-consent-answered', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '撤回同意' }).click();
  await phone.getByText('本人已撤回').waitFor();
  assert.equal((await program('POST', `/consents/${consent.id}/answers`)).status, 403, 'answered after it was taken back');
});

test('a unit signs in, hands in what was asked of it, and sees what became of it', async () => {
  const clerk = await world.as('clerk-500108', '/units');
  const accounts = await asked(clerk, 'GET', `/unit-accounts?q=${encodeURIComponent(unit)}`);
  const account = accounts.items[0].id;
  const list = await asked(clerk, 'GET', '/dossiers?limit=20');
  const dossier = list.items.at(-1).id;

  // Nobody whom the unit did not authorize is let in, and is told what to do.
  const phone = await world.open('/portal', { phone: true });
  await phone.getByRole('button', { name: '用电子营业执照登录' }).waitFor();
  await settle(phone);
  await accessible(phone, 'the doors');
  await picture(phone, 'portal-doors', { manual: true });
  await signIn(phone, '用电子营业执照登录', 'stranger');
  await phone.getByText('您没有登记为这一单位的经办人。').waitFor();
  await settle(phone);
  await accessible(phone, 'not let in');
  await picture(phone, 'portal-refused');

  const until = new Date(Date.now() + 90 * 86400e3).toISOString().slice(0, 10);
  await asked(clerk, 'POST', `/unit-accounts/${account}/workers`, { workerName: people.worker.name, workerIdNo: people.worker.id_no, workerUntil: until, workerLetter: '授权书〔2026〕9号（演示）' });
  const open = (addressee, titles) => asked(clerk, 'POST', `/dossiers/${dossier}/collections`, { target: 'unit', addressee, titles });
  const request = await open(unit, ['竞聘上岗审批表', '年度工作总结（组织鉴定）']);
  await open('别家单位（演示）有限公司', ['外单位借调审批表']);

  // What a provider answers is of no use in a browser that did not ask.
  const desk = await world.open('/portal');
  let answer = '';
  desk.on('request', (r) => { if (r.url().includes('/portal/callback?')) answer = r.url(); });
  await desk.route('**/api/v1/portal/session', (route) => route.abort());
  await signIn(desk, '用电子营业执照登录', 'worker');
  await desk.getByRole('alert').waitFor();
  desk.faults.length = 0; // the aborted request
  assert.match(answer, /[?&]code=/);
  const other = await world.open('/portal');
  await other.goto(answer);
  await other.getByText('这次登录没有完成').waitFor();
  await desk.unroute('**/api/v1/portal/session');
  const forged = await desk.context().request.post(`${world.base}/api/v1/portal/session`, { headers: { Origin: world.base }, data: { code: new URL(answer).searchParams.get('code'), state: 'guessed' } });
  assert.equal(forged.status(), 403);
  await desk.goto(answer);
  await desk.getByRole('heading', { level: 2, name: unit }).waitFor();
  await desk.getByText('竞聘上岗审批表').waitFor();
  assert.equal(await desk.getByText('外单位借调审批表').count(), 0, 'another unit’s request is shown');
  await settle(desk);
  await accessible(desk, 'the inbox');
  await picture(desk, 'portal-home', { manual: true });
  // The code works once.
  const again = await desk.context().request.post(`${world.base}/api/v1/portal/session`, { headers: { Origin: world.base }, data: { code: new URL(answer).searchParams.get('code'), state: new URL(answer).searchParams.get('state') } });
  assert.equal(again.status(), 403);

  // On a telephone: photos for one material, the other later.
  const paper = await world.open('/verify', { width: 1200, height: 1600 });
  await settle(paper);
  const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await paper.screenshot({ type: 'jpeg', quality: 80 }) };
  const worker = await world.open('/portal', { phone: true });
  await signIn(worker, '用电子营业执照登录', 'worker');
  await worker.getByText('竞聘上岗审批表').click();
  await worker.getByRole('heading', { level: 1, name: '提交材料' }).waitFor();
  await worker.locator('input[type=file]').first().setInputFiles([photo, photo]);
  await worker.getByRole('button', { name: '确认提交 2 个文件' }).waitFor();
  await settle(worker);
  await accessible(worker, 'chosen photos');
  await picture(worker, 'portal-chosen', { manual: true, fullPage: true });
  await worker.getByRole('button', { name: '确认提交 2 个文件' }).click();
  await worker.getByText('已提交，待查看').waitFor();
  await settle(worker);
  await accessible(worker, 'sent');
  await picture(worker, 'portal-sent', { fullPage: true });

  // The clerk looks, returns, and receives what comes next.
  await clerk.goto(`${world.base}/collections/${request.id}`);
  await clerk.locator('a[href*="/hand-ins/"]').first().click();
  await clerk.locator('.handed-in img').nth(1).waitFor();
  await clerk.getByText(`经办人 ${people.worker.name}`).waitFor();
  await settle(clerk);
  await accessible(clerk, 'what a unit sent');
  await picture(clerk, 'portal-clerk', { manual: true });
  await clerk.getByRole('button', { name: '退回' }).first().click();
  await clerk.getByRole('dialog').getByRole('radio', { name: '没有盖章、签字' }).check();
  await clerk.getByRole('dialog').getByRole('button', { name: '退回' }).click();
  await clerk.getByText('已退回').first().waitFor();
  await worker.goto(`${world.base}/portal/requests/${request.id}`);
  await worker.getByText(/上次提交已退回：材料没有盖章或签字/).waitFor();
  await settle(worker);
  await accessible(worker, 'returned');
  await picture(worker, 'portal-returned', { fullPage: true });
  await worker.locator('input[type=file]').first().setInputFiles(photo);
  await worker.getByRole('button', { name: '确认提交 1 个文件' }).click();
  await worker.getByText('已提交，待查看').waitFor();
  await clerk.goto(`${world.base}/collections/${request.id}`);
  await clerk.locator('a[href*="/hand-ins/"]').first().click();
  await clerk.getByRole('button', { name: /^接收《/ }).first().click();
  const dialog = clerk.getByRole('dialog');
  assert.equal(await dialog.locator('#h-maker').inputValue(), unit);
  await dialog.getByLabel('年', { exact: true }).fill('2026');
  await dialog.getByRole('button', { name: '接收' }).click();
  await clerk.getByText(/已接收/).first().waitFor();

  // A session from outside opens nothing of the office, and ends when it is left.
  const inside = await desk.context().request.get(`${world.base}/api/v1/dossiers`);
  assert.equal(inside.status(), 403);
  await worker.goto(`${world.base}/portal`);
  await worker.getByRole('button', { name: '退出' }).click();
  // The provider's session is ended too: it asks, and sends the browser back.
  await worker.waitForURL(/\/session\/end/);
  await worker.locator('button[name=logout]').click();
  await worker.waitForURL((at) => at.pathname === '/portal');
  worker.faults.length = 0;
  await worker.getByRole('button', { name: '用电子营业执照登录' }).waitFor();
  const gone = await worker.context().request.get(`${world.base}/api/v1/portal/requests`);
  assert.equal(gone.status(), 401);
});

test('a person applies for a certificate by telephone, is asked once for a paper, and follows it', async () => {
  const paper = await world.open('/verify', { width: 1200, height: 1600 });
  await settle(paper);
  const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await paper.screenshot({ type: 'jpeg', quality: 80 }) };
  const phone = await world.open('/portal', { phone: true });
  await signIn(phone, '用渝快办登录', 'kept');
  await phone.getByRole('heading', { level: 2, name: people.kept.name }).waitFor();
  await settle(phone);
  await picture(phone, 'portal-person-home', { manual: true });
  await phone.getByRole('link', { name: '申请证明' }).click();
  await phone.getByText('要哪种证明').waitFor();
  await phone.getByRole('button', { name: '提交申请' }).click();
  await phone.locator('.wrong').getByText('用途不能为空').waitFor();
  await phone.getByLabel('用途').fill('办理社会保险关系转移');
  await phone.getByLabel('联系电话').fill('13800000000');
  await phone.locator('input[type=file]').first().setInputFiles(photo);
  await phone.getByRole('button', { name: '去掉第 1 项的第 1 个文件' }).waitFor();
  await settle(phone);
  await accessible(phone, 'an application for a certificate');
  await picture(phone, 'portal-certificate', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '提交申请' }).click();
  await phone.waitForURL(/portal\/applications\/[0-9a-f-]{36}/);
  await phone.getByText('待受理').waitFor();
  await settle(phone);
  await accessible(phone, 'an application that waits');
  await picture(phone, 'portal-application', { fullPage: true });
  const id = new URL(phone.url()).pathname.split('/').at(-1);

  // The clerk finds it among what came over the net, looks at the photo, and asks once for what is missing.
  const clerk = await world.as('clerk-500108', '/intakes');
  await clerk.locator(`a[href="/intakes/${id}"]`).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'what came over the net');
  await picture(clerk, 'intake-sent');
  await clerk.goto(`${world.base}/intakes/${id}`);
  await clerk.locator('.handed-in img').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'an application over the net');
  await picture(clerk, 'intake-online', { manual: true, fullPage: true });
  await clerk.getByRole('button', { name: '一次性告知补正' }).click();
  await clerk.locator('#intake-note').fill('请附单位开具的办理通知');
  await clerk.getByRole('dialog').getByRole('button', { name: '告知补正' }).click();
  await clerk.getByText('待补正').first().waitFor();
  await clerk.getByRole('button', { name: '补正告知单' }).first().waitFor();

  await phone.reload();
  await phone.getByText('请附单位开具的办理通知').waitFor();
  await settle(phone);
  await accessible(phone, 'asked for a paper');
  await picture(phone, 'portal-asked', { manual: true, fullPage: true });
  await phone.getByLabel('补正说明').fill('通知见照片');
  await phone.locator('input[type=file]').setInputFiles(photo);
  await phone.getByRole('button', { name: '提交补正' }).click();
  await phone.getByText('待受理').waitFor();

  // Taken in by the ordinary form, filled with what was sent.
  await clerk.reload();
  await clerk.getByText('通知见照片').waitFor();
  await clerk.getByRole('button', { name: '受理', exact: true }).click();
  await clerk.getByText(`本人${people.kept.name}网上申请`).waitFor();
  assert.equal(await clerk.locator('#use').inputValue(), '办理社会保险关系转移');
  assert.ok(await clerk.getByRole('checkbox', { name: '电子身份凭证' }).isChecked(), 'the sign-in proved who applies');
  await settle(clerk);
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.waitForURL(/certificates\/[0-9a-f-]{36}/);
  await phone.goto(`${world.base}/portal`);
  await phone.getByRole('button', { name: '我的申请' }).click();
  await phone.getByText('已受理，草稿').first().waitFor();
  await settle(phone);
  await accessible(phone, 'what was applied for');
  await picture(phone, 'portal-applied', { manual: true });
  assert.equal(await phone.getByRole('link', { name: '评价这次服务' }).count(), 0, 'nothing to rate before it ended');

  // What has ended is rated here, once, without a slip at hand (28).
  const made = new URL(clerk.url()).pathname.split('/').at(-1);
  await asked(clerk, 'POST', `/certificates/${made}/withdraw`, { reason: '本人来电撤回（演示）' });
  await phone.reload();
  await phone.getByRole('button', { name: '我的申请' }).click();
  await phone.getByRole('link', { name: '评价这次服务' }).click();
  await phone.getByText('满意', { exact: true }).click();
  await settle(phone);
  await accessible(phone, 'a rating by who is signed in');
  await picture(phone, 'portal-rate', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '提交评价' }).click();
  await phone.getByText('已收到您的评价，谢谢').waitFor();
  await accessible(phone, 'rated');
  await phone.getByRole('link', { name: '返回', exact: true }).last().click();
  await phone.getByRole('button', { name: '我的申请' }).click();
  await phone.getByText('已受理，').first().waitFor();
  await settle(phone);
  assert.equal(await phone.getByRole('link', { name: '评价这次服务' }).count(), 0, 'rated twice');

  // Another is given up before anybody looked at it.
  await phone.getByRole('button', { name: '待提交' }).click();
  await phone.getByRole('link', { name: '申请证明' }).click();
  await phone.getByRole('radio', { name: /经历证明/ }).check();
  await phone.getByLabel('用途').fill('评定职称');
  await phone.getByRole('button', { name: '提交申请' }).click();
  await phone.getByRole('button', { name: '撤回申请' }).click();
  await phone.getByRole('button', { name: '确定撤回' }).click();
  await phone.getByText('已撤回').first().waitFor();
});

test('a unit applies for a transfer and a consultation', async () => {
  const paper = await world.open('/verify', { width: 1200, height: 1600 });
  await settle(paper);
  const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await paper.screenshot({ type: 'jpeg', quality: 80 }) };
  const phone = await world.open('/portal', { phone: true });
  await signIn(phone, '用电子营业执照登录', 'worker');
  await phone.getByRole('link', { name: '申请转入档案' }).click();
  await phone.getByLabel('存档人员姓名').fill('新进人员（演示）');
  await phone.getByLabel('公民身份号码').fill(number('50010119930307421'));
  await phone.getByRole('radio', { name: '单位、学校或外省市' }).check();
  await phone.getByLabel('现在保管档案的单位全称').fill('成都市人才流动服务中心（演示）');
  await phone.getByLabel('是什么单位').selectOption('service');
  await phone.getByLabel('在外省的，是哪个省').selectOption('51');
  await phone.locator('#f-category').selectOption({ index: 1 });
  await phone.getByLabel('调档原因').selectOption('集体户转入');
  await phone.getByLabel('为什么存在这里').selectOption('现工作单位所在地');
  await phone.getByLabel('是哪个区县').selectOption('500108');
  await phone.getByRole('button', { name: '提交申请' }).click();
  await phone.getByRole('alert').getByText('没有附单位申请函').waitFor();
  await phone.locator('input[type=file]').first().setInputFiles(photo);
  await settle(phone);
  await accessible(phone, 'a unit applies for a transfer');
  await picture(phone, 'portal-transfer', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '提交申请' }).click();
  await phone.getByText('待受理').waitFor();
  const moving = new URL(phone.url()).pathname.split('/').at(-1);
  const clerk = await world.as('clerk-500108', `/intakes/${moving}`);
  await clerk.getByRole('button', { name: '受理', exact: true }).click();
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByText('尚未核验身份证件').first().waitFor(); // nobody outside says what was seen

  // A consultation: two readers, the letter; the clerk's form is filled with it.
  await phone.goto(`${world.base}/portal/apply/consultation`);
  await phone.getByLabel('被查阅人姓名').fill(people.kept.name);
  await phone.getByLabel('被查阅人公民身份号码').fill(people.kept.id_no);
  await phone.getByLabel('查阅事由').selectOption('vetting');
  await phone.getByLabel('事由说明').fill('拟任职考察（演示）');
  await phone.getByLabel('介绍信文号').fill('南精信〔2026〕3号');
  await phone.getByLabel('介绍信日期').fill(new Date(Date.now() - 86400e3).toISOString().slice(0, 10));
  for (const [i, n] of ['50010119880307421', '50010119870307421'].entries()) {
    const box = phone.getByRole('group', { name: `查阅人 ${i + 1}` });
    await box.getByLabel('姓名').fill(`查阅${'甲乙'[i]}（演示）`);
    await box.getByLabel('公民身份号码').fill(number(n));
    await box.getByLabel('职务').fill('人力资源部');
  }
  await phone.locator('input[type=file]').first().setInputFiles(photo);
  await settle(phone);
  await accessible(phone, 'a unit applies for a consultation');
  await picture(phone, 'portal-consultation', { manual: true, fullPage: true });
  await phone.getByRole('button', { name: '提交申请' }).click();
  await phone.getByText('待受理').waitFor();
  const reading = new URL(phone.url()).pathname.split('/').at(-1);
  await clerk.goto(`${world.base}/intakes/${reading}`);
  await clerk.getByRole('button', { name: '受理', exact: true }).click();
  await clerk.getByText('网上申请。核对所附文件').waitFor();
  assert.equal(await clerk.locator('#paperNo').inputValue(), '南精信〔2026〕3号');
  await settle(clerk);
  await accessible(clerk, 'a consultation that was applied for over the net');
  await clerk.getByRole('button', { name: '提交申请' }).click();
  await clerk.waitForURL(/consultations\/[0-9a-f-]{36}/);
  await phone.goto(`${world.base}/portal/applications/${reading}`);
  await phone.getByText(/已受理，/).waitFor();
});

test('a person signs in and sees nothing of others', async () => {
  const page = await world.open('/portal', { phone: true });
  await signIn(page, '用渝快办登录', 'person');
  await page.getByRole('heading', { level: 2, name: people.person.name }).waitFor();
  await page.getByText('没有等待您提交的材料。').waitFor();
  await settle(page);
  await accessible(page, 'a person');
  await picture(page, 'portal-person');
});
