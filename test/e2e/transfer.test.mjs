import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, picture, settle } from './harness.mjs';
import { ask, done, packed, paperOnly, pick, post, world } from './transfer.mjs';

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
  await holder.getByLabel('收寄的邮政网点').fill('南坪邮政支局');
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
  await holder.getByLabel('交寄的机要通信局').fill('重庆市机要通信局南岸站');
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
  assert.equal((await ask(clerk, `/api/v1/transfers/${id}`)).signed.length, 0, 'signed on the screen: nothing to scan');

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
  // What was promised is not waived by the clerk alone (20.4a): a reviewer does.
  const waives = await post('reviewer-500101', `/dossiers/${now.dossierId}`);
  const left = waives.getByRole('region', { name: '缺少的材料' });
  const still = await left.getByRole('button', { name: /^补充办结/ }).count();
  await left.getByRole('button', { name: /^补充办结/ }).first().click();
  await waives.getByRole('dialog').getByRole('button', { name: '补充办结' }).click();
  await waives.getByText('没有材料的，须写明情况').waitFor();
  await accessible(waives, 'supplement without a word');
  await waives.getByLabel('无此材料的说明').fill('学校证明当年未填发此表');
  await waives.getByRole('dialog').getByRole('button', { name: '补充办结' }).click();
  await done(waives, '补充材料已办结');
  await settle(waives);
  assert.equal(await left.getByRole('button', { name: /^补充办结/ }).count(), still - 1);
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
    await ask(holder, `/api/v1/transfers/${c.id}/dispatch`, { way: 'confidential_post', trackingNo: '渝机2026-0899', office: '重庆市机要通信局', on: l.letterOn });
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
  await holder.getByLabel('交寄的机要通信局').fill('重庆市机要通信局南岸站');
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

test('what was entered wrongly is put right: on the letter until it is registered, on the way while the packet is under way', async () => {
  const holder = await post('clerk-500108', '/transfers');
  const chosen = await paperOnly(holder);
  const clerk = await post('clerk-500101', '/transfers');
  const begun = await ask(clerk, '/api/v1/transfers', { direction: 'inner', name: chosen.name, idNo: chosen.idNo, document: '居民身份证', holder: '50010801', applicant: chosen.name, reason: '流动就业', regionBasis: '户籍地', tiePlace: '500101' });
  const path = `/transfers/${begun.id}`;
  await ask(clerk, `/api/v1${path}/letter`, {});
  await clerk.goto(`${world.base}${path}`);

  // The page says who asks and why; a wrong reason is put right, the letter is issued anew.
  await clerk.getByRole('heading', { name: '申请与原因' }).waitFor();
  const old = (await ask(clerk, `/api/v1${path}`)).letterNo;
  await clerk.getByRole('button', { name: '更正登记信息' }).click();
  const form = clerk.locator('form', { hasText: '更正登记信息' });
  await form.waitFor();
  await pick(clerk, '转递原因', '录用聘用');
  await form.getByLabel('更正原因').fill('申请人补交录用通知，原因登错');
  await settle(clerk);
  await accessible(clerk, 'correction');
  await picture(clerk, 'transfer-correct', { manual: true });
  await form.getByRole('button', { name: '更正', exact: true }).click();
  await done(clerk, '已更正');
  await clerk.getByLabel('更正记录').getByText('录用聘用').waitFor();
  await settle(clerk);
  await accessible(clerk, 'corrected');
  await picture(clerk, 'transfer-corrected', { manual: true });
  const now = await ask(clerk, `/api/v1${path}`);
  assert.notEqual(now.letterNo, old);
  assert.equal(now.corrections[0].was, '流动就业');

  // The holder registers the new letter; from then on what the letter says stays.
  await holder.goto(`${world.base}${path}`);
  await ask(holder, `/api/v1${path}/register`, { letterNo: now.letterNo, code: now.letterCode, receivedOn: now.letterOn });
  const later = await ask(clerk, `/api/v1${path}`);
  assert.ok(later.fields.find((f) => f.field === 'reason').tooLate.message.includes('对方登记来函以前'));
  assert.equal(later.fields.find((f) => f.field === 'applicant').tooLate, undefined);

  // On the way the sender puts its number right.
  await packed(holder, await post('reviewer-500108', '/'), await post('keeper-500108', '/'), path, chosen.id);
  await ask(holder, `/api/v1${path}/dispatch`, { way: 'confidential_post', trackingNo: '渝机000871', office: '重庆市机要通信局', on: now.letterOn });
  await holder.goto(`${world.base}${path}`);
  await holder.getByRole('button', { name: '更正寄送登记' }).click();
  await holder.getByLabel('机要编号').fill('渝机000817');
  await holder.getByLabel('交寄的机要通信局').fill('重庆市机要通信局南岸站');
  await holder.getByLabel('更正原因').fill('照机要交寄单核对，编号登错');
  await settle(holder);
  await accessible(holder, 'correction of the way');
  await picture(holder, 'transfer-correct-way', { manual: true });
  await holder.locator('form').getByRole('button', { name: '更正寄送登记' }).click();
  await done(holder, '已更正寄送登记');
  await clerk.goto(`${world.base}${path}`);
  await clerk.getByLabel('更正记录').getByText('渝机000817').waitFor();
});

test('a packet comes to an agency that is neither end: it is booked by its number and sent on', async () => {
  const holder = await post('clerk-500108', '/transfers');
  const reviewer = await post('reviewer-500108', '/');
  const keeper = await post('keeper-500108', '/custody');
  const clerk = await post('clerk-500101', '/transfers');
  const chosen = await paperOnly(holder);
  const c = await ask(clerk, '/api/v1/transfers', { direction: 'inner', name: chosen.name, idNo: chosen.idNo, document: '居民身份证', holder: '50010801', applicant: chosen.name, contact: '13900002222', reason: '流动就业', regionBasis: '户籍地', tiePlace: '500101' });
  const path = `/transfers/${c.id}`;
  const l = await ask(clerk, `/api/v1${path}/letter`, {});
  await ask(holder, `/api/v1${path}/register`, { letterNo: l.letterNo, code: l.letterCode, receivedOn: l.letterOn });
  await packed(holder, reviewer, keeper, path, chosen.id);
  const sent = await ask(holder, `/api/v1${path}/dispatch`, { way: 'confidential_post', trackingNo: '渝机2026-4001', office: '重庆市机要通信局', on: l.letterOn });
  await clerk.goto(world.base + path);
  await clerk.getByText('139******22').first().waitFor();

  const third = await post('clerk-500103', '/transfers');
  await third.getByRole('button', { name: '误投包裹' }).click();
  await third.getByRole('heading', { name: '登记误投到本机构的包裹' }).waitFor();
  await third.getByLabel('包裹上的编号').fill('渝机0000-0000');
  await third.getByRole('button', { name: '登记误投' }).click();
  await third.getByText('没有查到编号为', { exact: false }).first().waitFor();
  await accessible(third, 'no such packet');
  await third.getByLabel('包裹上的编号').fill(sent.noticeNo);
  await picture(third, 'transfer-stray', { manual: true });
  await third.getByRole('button', { name: '登记误投' }).click();
  await third.getByRole('heading', { name: /^误投包裹 WT-/ }).waitFor();
  await settle(third);
  await third.getByText('误投包裹登记单').first().waitFor();
  assert.equal((await third.locator('body').textContent()).includes(chosen.name), false, 'who it is of is not shown');
  await accessible(third, 'stray packet');
  await picture(third, 'transfer-stray-page');
  // Both ends see where it is, and the sender can't send it on meanwhile.
  await holder.goto(world.base + path);
  await holder.locator('.page-title .status', { hasText: '包裹误投' }).waitFor();
  await holder.getByText('原封代管', { exact: false }).first().waitFor();
  await accessible(holder, 'a third agency has it');
  await picture(holder, 'transfer-stray-ends');
  await third.getByRole('radio', { name: '邮政给据邮件' }).check();
  await third.getByLabel('邮件号').fill('EX123456785CN');
  await third.getByLabel('收寄的邮政网点').fill('南坪邮政支局');
  await third.getByRole('button', { name: '登记转送' }).click();
  await third.getByText('请改用机要通信或专人送取', { exact: false }).first().waitFor();
  await third.getByRole('button', { name: '改为机要通信' }).first().click();
  await third.getByLabel('机要编号').fill('渝机2026-4002');
  await third.getByLabel('交寄的机要通信局').fill('重庆市机要通信局南岸站');
  await third.getByRole('button', { name: '登记转送' }).click();
  await third.locator('.page-title .status', { hasText: '已转送接收单位' }).waitFor();
  await settle(third);
  await accessible(third, 'stray packet sent on');
  await clerk.goto(world.base + path);
  await clerk.getByRole('button', { name: '登记到件' }).first().waitFor();
  assert.equal((await ask(clerk, `/api/v1${path}`)).trackingNo, '渝机2026-4002');
  const above = await post('supervisor-500108', '/transfers/tally');
  await above.getByRole('heading', { name: '转递时限' }).waitFor();
  await accessible(above, 'terms by agency');
  await picture(above, 'transfer-tally', { manual: true });
});
