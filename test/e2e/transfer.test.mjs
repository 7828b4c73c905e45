import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';

let world;
before(async () => {
  // More people than elsewhere: each test takes a worker's paper dossier that nothing is under way with.
  world = await start({ count: 700 });
});
after(() => world?.stop());

/** Asks the API with the page's own session; a body makes it an act. */
function ask(page, path, body, method = 'POST') {
  return page.evaluate(async ([path, body, method]) => {
    const r = await fetch(path, body ? { method, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(body) } : {});
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
    return r.json();
  }, [path, body, method]);
}

/** One page for each post, kept over the tests of this file. */
const pages = new Map();
async function post(user, path) {
  if (!pages.has(user)) pages.set(user, await world.as(user, path));
  else if (path) await pages.get(user).goto(world.base + path);
  await settle(pages.get(user));
  return pages.get(user);
}

/** A paper-only dossier of 南岸 on its shelf, with the person's identity number; each test takes another one. */
const taken = new Set();
async function paperOnly(holder) {
  const shelf = '/api/v1/dossiers?limit=100&view=paper&state=in_store&category=4.1';
  const { items } = await ask(holder, shelf);
  await post('clerk-500101', '/');
  // Nobody who has a part in the case may be kin (10b): their lists leave such dossiers out.
  const others = [];
  for (const user of ['reviewer-500108', 'keeper-500108']) others.push(new Set((await ask(await post(user, '/'), shelf)).items.map((d) => d.id)));
  for (const d of items) {
    if (taken.has(d.id) || d.materials > 0 || others.some((ids) => !ids.has(d.id))) continue;
    taken.add(d.id);
    const { idNo } = await ask(holder, `/api/v1/dossiers/${d.id}/reveal`, { reason: '转递演练' });
    // Nor may a transfer be under way: one that is only applied for is known to its receiver alone.
    const { items: cases } = await ask(pages.get('clerk-500101'), `/api/v1/transfers?q=${idNo}`);
    if (cases.length === 0) return { ...d, idNo };
  }
  throw new Error('no paper-only dossier on the shelf');
}

async function pick(page, label, text) {
  await page.getByLabel(label, { exact: true }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first().click();
}

const done = (page, text) => page.locator('.said', { hasText: text }).waitFor();

test('a dossier goes from 南岸 to 万州 with all its papers, as both ends see it', async () => {
  const holder = await post('clerk-500108', '/transfers');
  await accessible(holder, 'list');
  const chosen = await paperOnly(holder);
  const { idNo } = chosen;

  // Receiver: application and letter.
  const clerk = await post('clerk-500101', '/transfers/new');
  await clerk.getByRole('heading', { name: '受理转入申请' }).waitFor();
  await pick(clerk, '原存档机构', '南岸区');
  await clerk.locator('#t-name').fill(chosen.name);
  await clerk.locator('#t-idNo').fill(`${idNo.slice(0, 17)}${idNo[17] === '0' ? '1' : '0'}`);
  await pick(clerk, '调档原因', '流动就业');
  await pick(clerk, '存档依据', '户籍地');
  await pick(clerk, '所在区县', '万州区');
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
  const keeper = await post('keeper-500108', '/custody');
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
  const lines = [['7', '表彰奖励审批表'], ['10', '其他可供参考的材料']];
  for (const [n, [cls, title]] of lines.entries()) {
    if (n > 0) await holder.getByRole('button', { name: '增加一项' }).click();
    await holder.getByLabel(`第${n + 1}项类号`).click();
    await holder.keyboard.type(cls);
    await holder.keyboard.press('Enter');
    await holder.getByLabel(`第${n + 1}项材料名称`).fill(title);
    await holder.getByLabel(`第${n + 1}项页数`).fill(String(3 + n));
  }
  await accessible(holder, 'list editor');
  await picture(holder, 'transfer-list-editor', { manual: true });
  await holder.getByRole('button', { name: '登记清单' }).click();
  await done(holder, '清单已登记');

  // Reviewer: another person.
  const reviewer = await post('reviewer-500108', path);
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
  await holder.getByLabel('邮件号').fill('EX123456785CN');
  // A draft is kept over a reload, and registers nothing.
  await holder.getByRole('button', { name: '存草稿' }).click();
  await done(holder, '已存草稿');
  await holder.reload();
  await settle(holder);
  assert.equal(await holder.getByLabel('邮件号').inputValue(), 'EX123456785CN');
  assert.equal((await ask(holder, `/api/v1/transfers/${id}`)).state, 'packed');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await holder.getByText('请改用机要通信或专人送取', { exact: false }).first().waitFor();
  await holder.getByText('在档案“关键信息”中登记工作经历', { exact: false }).first().waitFor();
  await holder.getByRole('button', { name: '查看条文' }).click();
  await accessible(holder, 'dispatch refused');
  await picture(holder, 'transfer-case', { manual: true });
  await holder.getByRole('button', { name: '改为机要通信' }).click();
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
  const second = await post('reviewer-500101', path);
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
  assert.equal(now.state, 'promising');
  assert.ok(now.gaps.filter((g) => g.keyFact).length >= 2 && now.gaps.every((g) => !g.keyFact || g.consequence), 'gaps by key fact, each with its consequence');
  await accessible(clerk, 'tell');
  await picture(clerk, 'transfer-tell', { manual: true });
  await clerk.getByRole('button', { name: '出具告知承诺书' }).click();
  await done(clerk, '已出具告知承诺书');
  // Not reached at first: a try is noted, the dossier is kept all the same.
  await clerk.getByRole('button', { name: '登记联系情况' }).first().click();
  await clerk.getByLabel('联系结果').fill('号码末四位 0000，未接通');
  await accessible(clerk, 'a try');
  await picture(clerk, 'transfer-contact', { manual: true });
  await clerk.locator('form').getByRole('button', { name: '登记联系情况' }).click();
  await done(clerk, '已登记联系情况');
  await clerk.locator('.page-title .status', { hasText: '代管待承诺' }).waitFor();
  await clerk.getByRole('button', { name: '登记承诺' }).first().click();
  await clerk.getByRole('button', { name: '登记承诺' }).last().click();
  await clerk.getByText('本人尚未作出书面承诺', { exact: false }).first().waitFor();
  await accessible(clerk, 'promise to be completed');
  await picture(clerk, 'transfer-promise-missing');
  await clerk.getByLabel('本人说明').fill('本人知悉并承诺补充');
  await clerk.getByRole('button', { name: '屏幕签名' }).click();
  await clerk.getByRole('button', { name: '登记承诺' }).last().click();
  await clerk.getByText('还没有在屏幕上签名', { exact: false }).first().waitFor();
  const pad = await clerk.getByLabel('签名框').boundingBox();
  for (const stroke of [[[0.1, 0.3], [0.3, 0.25], [0.5, 0.3]], [[0.3, 0.15], [0.28, 0.5], [0.15, 0.8]], [[0.3, 0.5], [0.42, 0.7], [0.55, 0.8]], [[0.65, 0.2], [0.62, 0.5], [0.6, 0.75], [0.85, 0.7], [0.86, 0.3]]]) {
    for (const [n, [x, y]] of stroke.entries()) {
      await clerk.mouse.move(pad.x + x * pad.width, pad.y + y * pad.height, { steps: 4 });
      if (n === 0) await clerk.mouse.down();
    }
    await clerk.mouse.up();
  }
  await accessible(clerk, 'signed on the screen');
  await picture(clerk, 'transfer-promise', { manual: true });
  await clerk.getByRole('button', { name: '登记承诺' }).last().click();
  await done(clerk, '已登记承诺');
  await picture(clerk, 'transfer-promised');

  // Shelf at the receiver, by its own number; the old one is still found.
  now = await ask(clerk, `/api/v1/transfers/${id}`);
  assert.match(now.dossierNo, /^50010101-/);
  const shelf = await post('keeper-500101', '/custody?state=back');
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
  // What is not key was accepted first and is owed (20.4b): the dossier's page says until when.
  await clerk.goto(`${world.base}/dossiers/${now.dossierId}`);
  const owed = clerk.getByRole('region', { name: '缺少的材料' });
  await owed.getByText(/待补充|本人已承诺补充/).first().waitFor();
  await owed.scrollIntoViewIfNeeded();
  await accessible(clerk, 'supplements owed');
  await picture(clerk, 'transfer-supplements', { manual: true });
  const still = await owed.getByRole('button', { name: /^补充办结/ }).count();
  await owed.getByRole('button', { name: /^补充办结/ }).first().click();
  await clerk.getByRole('dialog').getByRole('button', { name: '补充办结' }).click();
  await clerk.getByText('没有材料的，须写明情况').waitFor();
  await accessible(clerk, 'supplement without a word');
  await clerk.getByLabel('无此材料的说明').fill('学校证明当年未填发此表');
  await clerk.getByRole('dialog').getByRole('button', { name: '补充办结' }).click();
  await done(clerk, '补充材料已办结');
  await settle(clerk);
  assert.equal(await owed.getByRole('button', { name: /^补充办结/ }).count(), still - 1);
  // Who applied sees by the slip's number and code how far it is, and nothing of the dossier.
  const slip = now.documents.find((d) => d.kind === 'acceptance');
  const phone = await world.open('/verify', { phone: true });
  await phone.goto(`${world.base}/verify?n=${encodeURIComponent(slip.number)}&c=${encodeURIComponent(slip.code)}`);
  await phone.getByRole('heading', { name: /办理进度：已办结/ }).waitFor();
  assert.equal((await phone.locator('body').textContent()).includes(chosen.name), false);
  await accessible(phone, 'progress by the slip');
  await picture(phone, 'transfer-progress', { manual: true });
  await phone.close();
  await clerk.goto(`${world.base}${path}`);
  // A packet that is out is asked for: one case, and all of them at once, each once a day.
  await holder.goto(`${world.base}/`);
  await settle(holder);
  await accessible(holder, 'my work');
  await picture(holder, 'work-clerk', { manual: true, fullPage: true });
  await holder.getByRole('button', { name: '全部催办' }).click();
  await accessible(holder, 'chase all');
  await holder.getByRole('dialog').getByRole('button', { name: '全部催办' }).click();
  await done(holder, '已催办');
  // Nothing is chased twice a day: there is nothing left to press.
  await holder.getByRole('button', { name: '全部催办' }).waitFor({ state: 'detached' });
  await clerk.goto(`${world.base}/`);
  await clerk.getByRole('region', { name: '通知' }).getByText('催办').first().waitFor();
  await holder.goto(`${world.base}/transfers?view=done`);
  await settle(holder);
  await accessible(holder, 'finished list');
  await picture(holder, 'transfer-list', { manual: true });
});

/** Brings a case at 南岸 from its letter to the sealed packet, with the papers' own acts. */
async function packed(holder, reviewer, keeper, path, dossierId) {
  await ask(keeper, `/api/v1/custody/dossiers/${dossierId}/pull`, { packet: 'intact' });
  await ask(holder, `/api/v1${path}/list`, { lines: [{ class: '1', title: '流动人员履历表', copies: 1, pages: 8, keyFacts: ['birth_date', 'work_start', 'work_history'] }, { class: '4-1', title: '普通高等学校毕业生登记表', copies: 1, pages: 4, keyFacts: ['education_degree'] }] }, 'PUT');
  await ask(reviewer, `/api/v1${path}/review`, { note: '关键信息齐全' });
  await ask(holder, `/api/v1${path}/pack`, { sealNo: 'N-20877', volumes: 1 });
}

test('a packet goes astray, is asked for, comes back and goes again; another came opened, a third is lost and rebuilt', async () => {
  const holder = await post('clerk-500108', '/transfers');
  const keeper = await post('keeper-500108', '/custody');
  const reviewer = await post('reviewer-500108', '/');
  const clerk = await post('clerk-500101', '/transfers');
  const head = await post('head-500108', '/');
  /** One dossier on its way to 万州, by the rooms' own acts. */
  const onItsWay = async () => {
    const chosen = await paperOnly(holder);
    const c = await ask(clerk, '/api/v1/transfers', { direction: 'inner', name: chosen.name, idNo: chosen.idNo, document: '居民身份证', holder: '50010801', applicant: chosen.name, reason: '流动就业', regionBasis: '户籍地', tiePlace: '500101' });
    const l = await ask(clerk, `/api/v1/transfers/${c.id}/letter`, {});
    await ask(holder, `/api/v1/transfers/${c.id}/register`, { letterNo: l.letterNo, code: l.letterCode, receivedOn: l.letterOn });
    await packed(holder, reviewer, keeper, `/transfers/${c.id}`, chosen.id);
    await ask(holder, `/api/v1/transfers/${c.id}/dispatch`, { way: 'confidential_post', trackingNo: '渝机2026-0899', on: l.letterOn });
    return `/transfers/${c.id}`;
  };
  const path = await onItsWay();
  await holder.goto(world.base + path);
  await holder.getByRole('button', { name: '登记包裹异常' }).click();
  await accessible(holder, 'fault');
  await holder.getByRole('button', { name: '登记异常' }).click();
  await holder.getByText('不算逾期', { exact: false }).first().waitFor();
  await holder.getByRole('radio', { name: '误投' }).check();
  await holder.getByLabel('投到了哪里').fill('某街道办事处收发室（演示）');
  await holder.getByLabel('情况说明').fill('对方来电，包封完好');
  await picture(holder, 'transfer-fault', { manual: true });
  await holder.getByRole('button', { name: '登记异常' }).click();
  await done(holder, '已登记包裹异常');
  await holder.locator('.page-title .status', { hasText: '包裹误投' }).waitFor();
  // The carrier is asked in writing; both ends see it, the dossier stays with its sender.
  await holder.getByRole('button', { name: '向承运方查询' }).click();
  await holder.getByRole('textbox', { name: '承运方' }).fill('南岸区机要通信局（演示）');
  await holder.getByRole('button', { name: '出具查询函' }).click();
  await done(holder, '查询函已出具');
  await holder.getByRole('button', { name: '登记查询答复' }).click();
  await holder.getByRole('radio', { name: '投递到他处' }).check();
  await holder.getByLabel('投到了哪里').fill('某街道办事处收发室（演示）');
  await holder.getByLabel('答复内容和答复人').fill('误投，已退回发出单位');
  await accessible(holder, 'inquiry answer');
  await holder.getByRole('button', { name: '登记答复' }).click();
  await done(holder, '已登记答复');
  await picture(holder, 'transfer-fault-answered', { manual: true });
  await clerk.goto(world.base + path);
  await clerk.getByText('责任不中断', { exact: false }).waitFor();
  await clerk.getByText('误投，已退回发出单位', { exact: false }).first().waitFor();
  await holder.getByRole('button', { name: '登记退回到件' }).first().click();
  await holder.locator('form').getByRole('button', { name: '登记退回到件' }).click();
  await done(holder, '已登记退回到件');
  await holder.locator('.page-title .status', { hasText: '待寄送' }).waitFor();
  await holder.getByLabel('机要编号').fill('渝机2026-0900');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await done(holder, '已登记寄送');
  // It comes opened: a second person signs before it is received.
  await clerk.goto(world.base + path);
  await clerk.getByRole('button', { name: '已被拆封' }).click();
  await clerk.getByLabel('拆封情况').fill('右侧封条被揭开');
  await accessible(clerk, 'arrival, opened');
  await clerk.getByRole('button', { name: '登记到件' }).click();
  await done(clerk, '已登记到件');
  const second = await post('reviewer-500101', path);
  await second.getByLabel('第二人所见').fill('封条确已揭开，卷内材料未散');
  await accessible(second, 'second signature');
  await picture(second, 'transfer-fault-sign', { manual: true });
  await second.getByRole('button', { name: '签认', exact: true }).click();
  await done(second, '已签认');
  await second.getByText('包封异常记录').first().waitFor();

  // Lost: the carrier has no trace, the head reports, the superior has it rebuilt.
  const lost = await onItsWay();
  const act = (page, what, body) => ask(page, `/api/v1${lost}/fault${what}`, body);
  const seen = await ask(holder, `/api/v1${lost}`);
  await act(clerk, '', { kind: 'misdelivered', on: seen.dispatchedOn, place: '不明' });
  await act(holder, '/inquiry', { carrier: '南岸区机要通信局（演示）' });
  await act(holder, '/answer', { answer: 'lost', on: seen.dispatchedOn, note: '出站以后没有记录' });
  await head.goto(world.base + lost);
  await head.getByText('保管责任不变', { exact: false }).waitFor();
  await accessible(head, 'report a loss');
  await head.getByRole('button', { name: '报告遗失' }).click();
  await done(head, '已报告遗失');
  await holder.goto(world.base + lost);
  await holder.getByRole('button', { name: '申请重建' }).first().click();
  await holder.getByLabel('调查记录名称和文号').fill('南岸查〔2026〕1号');
  await holder.getByLabel('调查结论').fill('查明在分拣环节灭失，责任已认定，材料可由形成单位复制');
  await accessible(holder, 'ask for rebuilding');
  await holder.locator('form').getByRole('button', { name: '申请重建' }).click();
  await done(holder, '已报上级批复');
  const above = await post('supervisor-500108', lost);
  await above.getByRole('heading', { name: /批复遗失重建/ }).waitFor();
  await accessible(above, 'decide on rebuilding');
  await picture(above, 'transfer-rebuild', { manual: true });
  await above.getByRole('button', { name: '批复', exact: true }).click();
  await done(above, '已批复');
  await above.locator('.page-title .status', { hasText: '审核中' }).waitFor();
});

test('a dossier goes to an outside organ on its letter, by two messengers, until its receipt', async () => {
  const holder = await post('clerk-500108', '/transfers');
  const keeper = await post('keeper-500108', '/custody');
  const chosen = await paperOnly(holder);
  await holder.goto(`${world.base}/transfers/outside`);
  await settle(holder);
  await accessible(holder, 'outside letter, empty');
  await holder.getByLabel('档案编号', { exact: true }).fill(chosen.no);
  await holder.keyboard.press('Enter');
  await holder.getByText(chosen.no).first().waitFor();
  await holder.getByLabel('接收单位全称').fill('重庆市某区委组织部（演示）');
  await pick(holder, '转递原因', '录用聘用');
  await holder.getByLabel('接收地址').fill('人民路 1 号');
  await holder.getByLabel('函号').fill('某组调〔2026〕12号');
  await holder.locator('#o-on').fill('2026年11月18日');
  await holder.keyboard.press('Enter');
  await holder.getByRole('button', { name: '登记来函' }).click();
  await holder.getByText('尚未核实', { exact: false }).first().waitFor();
  await accessible(holder, 'outside letter not verified');
  await holder.getByLabel('所拨电话').fill('023-60000000');
  await holder.getByLabel('接听人').fill('周南星');
  await picture(holder, 'transfer-outside-letter', { manual: true });
  await holder.getByRole('button', { name: '登记来函' }).click();
  await holder.locator('.page-title .status', { hasText: '已登记' }).waitFor();
  const path = new URL(holder.url()).pathname;
  await settle(holder);
  await accessible(holder, 'outside letter registered');
  await picture(holder, 'transfer-outside-registered');
  const reviewer = await post('reviewer-500108', path);
  await packed(holder, reviewer, keeper, path, chosen.id);
  await holder.reload();
  await holder.getByRole('radio', { name: '专人送取' }).check();
  await holder.getByLabel('送取人1姓名').fill(chosen.name);
  await holder.getByLabel('送取人1公民身份号码').fill(chosen.idNo);
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await holder.getByText('送取人不得为本人或其亲属', { exact: false }).first().waitFor();
  await accessible(holder, 'the person as messenger');
  await picture(holder, 'transfer-messenger-refused', { manual: true });
  await holder.getByRole('radio', { name: '机要通信' }).check();
  await holder.getByLabel('机要编号').fill('渝机2026-0902');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await holder.locator('.page-title .status', { hasText: '待回执' }).waitFor();
  await settle(holder);
  await accessible(holder, 'awaiting an outside receipt');
  await holder.getByLabel('回执编号').fill('组收〔2026〕3号');
  await holder.getByText('与清单不符').click();
  await holder.getByRole('button', { name: '登记回执' }).last().click();
  await holder.getByText('须写明情况', { exact: false }).first().waitFor();
  await holder.getByLabel('不符情况').fill('第2项页数少1页，已补正');
  await picture(holder, 'transfer-outside-receipt', { manual: true });
  await holder.getByRole('button', { name: '登记回执' }).last().click();
  await holder.locator('.page-title .status', { hasText: '已办结' }).waitFor();
  await settle(holder);
  await accessible(holder, 'outside receipt registered');
  await picture(holder, 'transfer-outside-closed');
});

test('many go to one school on one letter: one review, one packet, receipts in parts', async () => {
  const holder = await post('clerk-500108', '/transfers');
  const people = [];
  for (let n = 0; n < 3; n++) people.push(await paperOnly(holder));
  const [first, second, third] = people;
  await holder.goto(`${world.base}/transfers/lists`);
  await settle(holder);
  await accessible(holder, 'lists');
  await holder.getByRole('button', { name: '登记一函多人' }).first().click();
  await holder.getByRole('heading', { name: '登记一函多人' }).waitFor();
  await holder.getByLabel('接收学校或单位全称').fill('演示大学研究生院（演示）');
  await holder.getByLabel('接收地址').fill('学府路 1 号');
  await holder.getByLabel('函号').fill('研招调〔2026〕77号');
  await holder.locator('#l-on').fill('2026年11月18日');
  await holder.keyboard.press('Enter');
  await holder.getByLabel('所拨电话').fill('023-61000000');
  await holder.getByLabel('接听人').fill('李老师');
  // Pasted from a spreadsheet, with a wrong number and one whose dossier is elsewhere; the second by a scan of the packet.
  const wrong = `${first.idNo.slice(0, 17)}${first.idNo[17] === '0' ? '1' : '0'}`;
  await holder.getByLabel('粘贴名单').fill(`1\t${first.name}\t${wrong}\n2\t邓予宁\t52010219900307121X`);
  await holder.getByRole('button', { name: '加入名单' }).click();
  await holder.getByLabel('扫描档案编号').fill(second.no);
  await holder.keyboard.press('Enter');
  await holder.getByLabel('第3人姓名').waitFor();
  await holder.getByRole('button', { name: '登记 3 人' }).click();
  await holder.getByText('名单中有 1 行需要改正').waitFor();
  await holder.getByText('第1人公民身份号码有误', { exact: false }).waitFor();
  await accessible(holder, 'letter of many, a line to be corrected');
  await holder.getByText('名单中有 1 行需要改正').scrollIntoViewIfNeeded();
  await picture(holder, 'transfer-list-new', { manual: true });
  await holder.getByLabel('第1人号码').fill(first.idNo);
  await holder.getByRole('button', { name: '登记 3 人' }).click();
  await done(holder, '已登记 2 人');
  await holder.getByRole('heading', { name: /未纳入本批/ }).waitFor();
  const path = new URL(holder.url()).pathname;
  // One more of the same letter, by the number on the packet.
  await holder.getByRole('button', { name: '补登人员' }).click();
  await holder.getByLabel('扫描档案编号').fill(third.no);
  await holder.keyboard.press('Enter');
  await holder.getByRole('button', { name: '补登 1 人' }).click();
  await done(holder, '已补登');
  await settle(holder);
  const { cases } = await ask(holder, `/api/v1/transfer-lists/${path.split('/').pop()}`);
  assert.equal(cases.length, 3);
  const keeper = await post('keeper-500108', '/custody');
  for (const c of cases) {
    const d = people.find((p) => p.name === c.name);
    await ask(keeper, `/api/v1/custody/dossiers/${d.id}/pull`, { packet: 'intact' });
    if (d !== third) await ask(holder, `/api/v1/transfers/${c.id}/list`, { lines: [{ class: '4-1', title: '普通高等学校毕业生登记表', copies: 1, pages: 4 }] }, 'PUT');
  }
  const reviewer = await post('reviewer-500108', path);
  await reviewer.getByRole('button', { name: '审核签名 2 份' }).waitFor();
  await accessible(reviewer, 'one signature for many');
  await picture(reviewer, 'transfer-list-review', { manual: true });
  await reviewer.getByRole('button', { name: '审核签名 2 份' }).click();
  await done(reviewer, '已审核签名');
  await ask(holder, `/api/v1/transfers/${cases.find((c) => c.name === third.name).id}/list`, { lines: [{ class: '10', title: '其他可供参考的材料', copies: 1, pages: 2 }] }, 'PUT');
  await reviewer.reload();
  await reviewer.getByRole('button', { name: '审核签名 1 份' }).click();
  await done(reviewer, '已审核签名');
  await holder.reload();
  await holder.getByLabel('封条编号').fill('N-20977');
  await accessible(holder, 'one packet');
  await holder.getByRole('button', { name: '登记装封' }).click();
  await done(holder, '已装封');
  await holder.getByRole('radio', { name: '邮政给据邮件' }).check();
  await holder.getByLabel('邮件号').fill('EX123456789CN');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await holder.getByRole('button', { name: '改为机要通信' }).first().waitFor();
  await holder.mouse.move(0, 0); // what the pointer hovers over has another color
  await accessible(holder, 'one of them may not go by mail');
  await picture(holder, 'transfer-list-way', { manual: true });
  await holder.getByRole('button', { name: '改为机要通信' }).first().click();
  await holder.getByLabel('机要编号').fill('渝机2026-0977');
  await holder.getByRole('button', { name: '登记寄送' }).click();
  await done(holder, '已登记寄送');
  await holder.getByLabel(`没有收到${first.name}`).check();
  await holder.getByLabel('回执编号').fill('研回〔2026〕77号');
  await holder.getByText('与清单不符').click();
  await holder.getByLabel('不符情况').fill('包内缺一人档案袋');
  await settle(holder);
  await accessible(holder, 'receipt in parts');
  await picture(holder, 'transfer-list-receipt', { manual: true });
  await holder.getByRole('button', { name: '登记回执' }).click();
  await done(holder, '已登记回执');
  await holder.getByText('还有 1 人没有回执', { exact: false }).waitFor();
  await holder.getByLabel('回执编号').fill('研回〔2026〕78号');
  await holder.getByRole('button', { name: '登记回执' }).click();
  await holder.locator('.page-title .status', { hasText: '已办结' }).waitFor();
  await settle(holder);
  await accessible(holder, 'list closed');
  await picture(holder, 'transfer-list-done');
  await holder.goto(`${world.base}/transfers/lists`);
  await settle(holder);
  await picture(holder, 'transfer-lists', { manual: true });
});

test('a packet comes from another province, in the states of 跨省通办', async () => {
  const clerk = await post('clerk-500108', '/transfers');
  const { items } = await ask(clerk, '/api/v1/transfers?side=in&limit=100');
  const across = items.find((c) => c.holder.startsWith('贵阳市人才服务中心'));
  await clerk.goto(`${world.base}/transfers/${across.id}`);
  await settle(clerk);
  const strip = clerk.getByRole('group', { name: '跨省通办' });
  assert.deepEqual(await strip.locator('.name').evaluateAll((l) => l.map((e) => e.firstChild.textContent)), ['申请', '电子调档函', '预审答复', '已寄出', '已接收']);
  assert.equal(await strip.locator('li.done').count(), 4);
  await accessible(clerk, 'across provinces');
  await picture(clerk, 'transfer-province', { manual: true });
});

test('a packet from outside goes back to the former employer, held to 20.3 like any other', async () => {
  const clerk = await post('clerk-500101', '/transfers/new');
  await clerk.getByText('外单位或外省市', { exact: true }).click();
  await clerk.locator('#t-holderName').fill('贵州某集团人力资源部（演示）');
  await clerk.locator('#t-name').fill('邓予安');
  await clerk.locator('#t-idNo').fill('52010219900307121X');
  await pick(clerk, '已核验的证件', '居民身份证');
  await pick(clerk, '调档原因', '流动就业');
  await pick(clerk, '存档依据', '户籍地');
  await pick(clerk, '所在区县', '渝中区');
  await pick(clerk, '人员类别', '');
  await clerk.locator('#t-evidence').fill('劳动合同');
  await clerk.getByRole('button', { name: '受理申请' }).click();
  // 7b: no tie here; who has one, and the way on.
  await clerk.getByText('不在本机构服务区域', { exact: false }).first().waitFor();
  await clerk.getByRole('button', { name: /^转交渝中区/ }).waitFor();
  await accessible(clerk, 'tie elsewhere');
  await picture(clerk, 'transfer-tie', { manual: true });
  // Passed on in one step: the agency with the tie has the case, this one sees it.
  await clerk.getByRole('button', { name: /^转交渝中区/ }).click();
  await done(clerk, '已受理并转交渝中区');
  await settle(clerk);
  await accessible(clerk, 'passed on');
  await picture(clerk, 'transfer-passed-on', { manual: true });
  await clerk.goto(`${world.base}/transfers/new`);
  await clerk.getByText('外单位或外省市', { exact: true }).click();
  await clerk.locator('#t-holderName').fill('贵州某集团人力资源部（演示）');
  await clerk.locator('#t-name').fill('邓予宁');
  await clerk.locator('#t-idNo').fill('520102199003071228');
  await pick(clerk, '已核验的证件', '居民身份证');
  await pick(clerk, '调档原因', '流动就业');
  await pick(clerk, '存档依据', '户籍地');
  await pick(clerk, '所在区县', '渝中区');
  await pick(clerk, '人员类别', '');
  await clerk.locator('#t-evidence').fill('劳动合同');
  await clerk.getByRole('button', { name: '受理申请' }).click();
  await clerk.getByRole('button', { name: /^转交渝中区/ }).waitFor();
  await clerk.getByLabel('在本机构受理的理由').fill('本人在万州区参加社会保险');
  await clerk.getByRole('button', { name: '仍在本机构受理' }).click();
  await clerk.getByRole('button', { name: '开具调档函' }).click();
  await done(clerk, '已开具调档函');
  const path = new URL(clerk.url()).pathname;
  await clerk.getByLabel('对方通知单编号').fill('黔转〔2026〕7号');
  await accessible(clerk, 'arrival from outside');
  await clerk.locator('form').getByRole('button', { name: '登记到件' }).click();
  await done(clerk, '已登记到件');
  await settle(clerk);
  await accessible(clerk, 'list of a packet from outside');
  await picture(clerk, 'transfer-outside-list');
  await ask(clerk, `/api/v1${path}/list`, { lines: [{ class: '7', title: '表彰奖励审批表', copies: 1, pages: 6 }, { class: '10', title: '其他可供参考的材料', copies: 1, pages: 2 }] }, 'PUT');
  await ask(clerk, `/api/v1${path}/check`, { results: [{ lineNo: 1, check: 'ok' }, { lineNo: 2, check: 'ok' }] });
  await clerk.reload();
  await clerk.getByRole('button', { name: '协商退回' }).click();
  await clerk.getByLabel('与谁、何时商定，需要补充什么').fill('11月25日与该集团人力资源部陈某电话商定，补齐毕业生登记表后再转');
  await accessible(clerk, 'return asked');
  await picture(clerk, 'transfer-return-ask');
  await clerk.getByRole('dialog').getByRole('button', { name: '协商退回' }).click();
  await clerk.locator('.page-title .status', { hasText: '待退回' }).waitFor();
  await settle(clerk);
  await clerk.getByLabel('封条编号').fill('N-30021');
  await clerk.getByRole('radio', { name: '邮政给据邮件' }).check();
  await clerk.getByLabel('邮件号').fill('EX123456785CN');
  await clerk.getByRole('button', { name: '登记退回寄送' }).last().click();
  await clerk.getByText('在本件“登记经历”中', { exact: false }).first().waitFor();
  await accessible(clerk, 'return by mail refused');
  await picture(clerk, 'transfer-return-refused', { manual: true });
  await clerk.getByText('登记经历', { exact: true }).first().click();
  await clerk.getByLabel('第1段单位').fill('贵州某集团（演示）');
  await clerk.getByLabel('第1段起始年月').fill('2015-07');
  await clerk.getByLabel('第1段身份').fill('国有企业工人');
  await clerk.keyboard.press('Enter');
  await pick(clerk, '第1段出处', '其他可供参考');
  await accessible(clerk, 'history of a packet from outside');
  await picture(clerk, 'transfer-history', { manual: true });
  await clerk.getByRole('button', { name: '登记经历' }).last().click();
  await done(clerk, '经历已登记');
  const second = await post('reviewer-500101', path);
  await second.getByRole('button', { name: '核对无误' }).waitFor();
  await accessible(second, 'history to be confirmed');
  await picture(second, 'transfer-history-confirm');
  await second.getByRole('button', { name: '核对无误' }).click();
  await done(second, '经历已核对');
  await clerk.reload();
  await settle(clerk);
  await clerk.getByLabel('封条编号').fill('N-30021');
  await clerk.getByRole('radio', { name: '邮政给据邮件' }).check();
  await clerk.getByLabel('邮件号').fill('EX123456785CN');
  await clerk.getByRole('button', { name: '登记退回寄送' }).last().click();
  await clerk.locator('.page-title .status', { hasText: '待回执' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'return on its way');
  await picture(clerk, 'transfer-return-sent');
  await clerk.getByRole('button', { name: '登记回执' }).last().click();
  await clerk.locator('.page-title .status', { hasText: '协商退回' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'returned');
  await picture(clerk, 'transfer-returned');
});

/** Opens a reading of the packet, which then hinders its leaving (20.2a). */
async function read(clerk, dossierId) {
  const reviewer = await post('reviewer-500108');
  const keeper = await post('keeper-500108', '/custody');
  const { today } = await ask(clerk, '/api/v1/transfers/choices');
  const reader = (name, idNo) => ({ name, idNo, post: '干部科', political: '01', declared: true, pledged: true });
  const { id } = await ask(clerk, '/api/v1/consultations', { dossierId, unitKind: 'organ', unit: '南岸区委组织部（演示）', purpose: 'vetting', reason: '拟任职考察，依据干部考察通知', paperName: '介绍信', paperNo: '南组信〔2026〕12号',
    paperOn: today, sealed: true, matches: true, formSigned: true, formBy: '周启明', way: 'paper', readers: [reader('冯澜', '500103198001010016'), reader('石漱玉', '500103198001010024')] });
  await ask(clerk, `/api/v1/consultations/${id}/submit`, {});
  await ask(clerk, `/api/v1/consultations/${id}/check`, {});
  await ask(reviewer, `/api/v1/consultations/${id}/approve`, { kind: 'whole', minutes: 60, pages: 100 });
  await ask(keeper, `/api/v1/custody/dossiers/${dossierId}/pull`, { packet: 'intact' });
}

test('a letter without code is verified by telephone; what may not go is answered in writing', async () => {
  const holder = await post('clerk-500108', '/transfers');
  const clerk = await post('clerk-500101', '/transfers');
  const chosen = await paperOnly(holder);
  await read(holder, chosen.id);
  const { idNo } = chosen;
  const { id } = await ask(clerk, '/api/v1/transfers', { direction: 'inner', name: chosen.name, idNo, document: '居民身份证', holder: '50010801', applicant: chosen.name, reason: '流动就业', regionBasis: '户籍地', tiePlace: '500101' });
  await ask(clerk, `/api/v1/transfers/${id}/letter`, {});
  await holder.goto(`${world.base}/transfers/${id}`);
  await holder.getByText('电话核实', { exact: true }).click();
  await holder.getByRole('button', { name: '登记来函' }).click();
  await holder.getByText('尚未核实', { exact: false }).first().waitFor();
  await holder.getByLabel('所拨电话').fill('023-58000000');
  await holder.getByLabel('接听人').fill('彭见山');
  await accessible(holder, 'verified by telephone');
  await picture(holder, 'transfer-telephone', { manual: true });
  await holder.getByRole('button', { name: '登记来函' }).click();
  await done(holder, '已登记');
  const reviewer = await post('reviewer-500108', `/transfers/${id}`);
  await accessible(reviewer, 'what hinders');
  await picture(reviewer, 'transfer-hindered');
  await reviewer.getByRole('button', { name: '不予转出' }).click();
  await reviewer.getByRole('dialog').waitFor();
  await accessible(reviewer, 'decline asked');
  await picture(reviewer, 'transfer-decline', { manual: true });
  await reviewer.getByRole('dialog').getByRole('button', { name: '不予转出' }).click();
  await reviewer.locator('.page-title .status', { hasText: '不予转出' }).waitFor();
  await settle(reviewer);
  await reviewer.getByText('不予办理告知单').first().waitFor();
  await accessible(reviewer, 'declined');
  await picture(reviewer, 'transfer-declined', { manual: true });
  await clerk.goto(`${world.base}/transfers/${id}`);
  await settle(clerk);
  await clerk.getByText('档案正在查阅', { exact: false }).first().waitFor();
  await accessible(clerk, 'declined, as the receiver sees it');
});
