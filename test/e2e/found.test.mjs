// Packets found in private hands (6b): brought to the window, sealed by a second person,
// asked about, answered for, received.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { accessible, drawn, picture, settle, start } from './harness.mjs';

let world;
before(async () => { world = await start(); });
after(() => world?.stop());

async function pick(page, label, text) {
  await page.getByLabel(label, { exact: true }).click();
  await page.locator('.ant-select-item-option').getByText(text, { exact: true }).last().click();
}

test('带来的档案登记、二人封存、发函核实；属实的转接收', async () => {
  const clerk = await world.as('clerk-500108', '/found');
  await clerk.locator('tbody tr').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'packets found in private hands');
  await picture(clerk, 'found-list', { manual: true });
  await clerk.getByRole('button', { name: '登记来档' }).click();
  await clerk.getByRole('heading', { level: 1, name: '登记来档' }).waitFor();
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.locator('.ant-form-item-explain-error').first().waitFor();
  await clerk.locator('#personName').fill('演示来档人');
  await clerk.locator('#bringer').fill('演示来档人');
  await clerk.locator('#relation').fill('本人');
  await clerk.locator('#bringerPaper').fill('居民身份证');
  await clerk.locator('#keeper').fill('演示机械厂（演示）');
  await pick(clerk, '怎样来的', '本人携带');
  await pick(clerk, '包封状态', '已经拆封');
  await clerk.locator('#seen').fill('封口已撕开');
  await settle(clerk);
  await accessible(clerk, 'register a packet');
  await picture(clerk, 'found-new', { manual: true });
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.waitForURL(/found\/[0-9a-f-]{36}/);
  const path = new URL(clerk.url()).pathname;

  const keeper = await world.as('keeper-500108', path);
  await keeper.getByRole('button', { name: '二人封存' }).click();
  await keeper.getByLabel('封条号').fill('演示封100');
  await keeper.getByLabel('存放位置（待核实专柜）').fill('待核实柜-10');
  await accessible(keeper, 'seal a packet');
  await keeper.getByRole('dialog').getByRole('button', { name: '封存', exact: true }).click();
  await keeper.getByText('待核实柜-10').first().waitFor();

  // The state of the seal is photographed with the document camera and by file; both sign on the
  // pad, which gives a PNG, each for themselves.
  await clerk.reload();
  const files = clerk.getByRole('region', { name: '包封照片、封存签名' });
  await files.getByText('还没有照片').waitFor();
  await clerk.getByRole('button', { name: '用高拍仪拍：包封' }).click();
  await clerk.getByRole('button', { name: '拍照', exact: true }).and(clerk.locator(':enabled')).click();
  await clerk.getByRole('button', { name: '使用这一张' }).click();
  await files.getByRole('button', { name: '打开包封照片，第 1 个' }).waitFor();
  await clerk.getByLabel('包封照片', { exact: true }).setInputFiles({ name: '封口.png', mimeType: 'image/png', buffer: await drawn(clerk, 'image/png') });
  await files.getByText(/PNG 图片.*另存为/).first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a photo that is none');
  await clerk.getByLabel('包封照片', { exact: true }).setInputFiles({ name: '封口.jpg', mimeType: 'image/jpeg', buffer: await drawn(clerk, 'image/jpeg') });
  await files.getByRole('button', { name: '打开包封照片，第 2 个' }).waitFor();
  await clerk.getByLabel('签名板的签名文件').setInputFiles({ name: '签名.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
  await files.getByText('文件是空的').first().waitFor();
  await clerk.getByLabel('签名板的签名文件').setInputFiles({ name: '签名.png', mimeType: 'image/png', buffer: await drawn(clerk, 'image/png') });
  await files.getByRole('button', { name: '打开封存签名，第 3 个' }).waitFor();
  await keeper.reload();
  const theirs = keeper.getByRole('region', { name: '包封照片、封存签名' });
  await theirs.getByText(/还没有封存签名：/).waitFor();
  await settle(keeper);
  await picture(keeper, 'found-unsigned');
  await keeper.getByLabel('签名板的签名文件').setInputFiles({ name: '签名.png', mimeType: 'image/png', buffer: await drawn(keeper, 'image/png', 40) });
  await theirs.getByRole('button', { name: '打开封存签名，第 4 个' }).waitFor();
  assert.equal(await theirs.getByText(/还没有封存签名/).count(), 0);
  const [shown] = await Promise.all([keeper.waitForResponse((r) => r.url().endsWith('/pictures/4')), theirs.getByRole('button', { name: '打开封存签名，第 4 个' }).click()]);
  assert.equal(shown.headers()['content-type'], 'image/jpeg');
  await settle(keeper);
  await accessible(keeper, 'photos and signatures');
  await theirs.scrollIntoViewIfNeeded();
  await picture(keeper, 'found-pictures', { manual: true });
  // Who did not see it sealed is offered no signature.
  const reviewer = await world.as('reviewer-500108', path);
  await reviewer.getByRole('region', { name: '包封照片、封存签名' }).waitFor();
  assert.equal(await reviewer.getByRole('button', { name: '上传签名' }).count(), 0);

  await clerk.reload();
  await clerk.getByRole('button', { name: '发函核实' }).click();
  assert.equal(await clerk.getByLabel('核实单位全称').inputValue(), '演示机械厂（演示）');
  await clerk.getByRole('dialog').getByRole('button', { name: '发函', exact: true }).click();
  await clerk.getByText('待答复').first().waitFor();
  await clerk.getByRole('button', { name: '登记答复' }).click();
  await pick(clerk, '核实结果', '属实');
  await clerk.getByLabel('答复文号').fill('演机劳〔2026〕99号');
  await clerk.getByLabel('答复内容').fill('属实，误交本人');
  await accessible(clerk, 'answer to an inquiry');
  await clerk.getByRole('dialog').getByRole('button', { name: '登记答复' }).click();
  await clerk.getByText('已核实').first().waitFor();
  await settle(clerk);
  await accessible(clerk, 'a verified packet');
  await picture(clerk, 'found-page', { manual: true });

  // One of the sample whose number is known goes on as a transfer that has arrived.
  await clerk.goto(`${world.base}/found`);
  await clerk.getByRole('tab', { name: /已核实待接收/ }).or(clerk.getByRole('button', { name: /已核实待接收/ })).first().click();
  await clerk.locator('tbody tr', { hasNotText: '演示来档人' }).getByRole('link').first().click();
  await clerk.getByRole('button', { name: '转接收' }).click();
  await pick(clerk, '已核验的证件', '居民身份证');
  await pick(clerk, '存档依据', '户籍地');
  await clerk.getByLabel('所在区县', { exact: true }).fill('南岸');
  await clerk.locator('.ant-select-item-option').getByText(/南岸/).last().click();
  await clerk.getByLabel('人员类别', { exact: true }).click();
  await clerk.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').last().click();
  await clerk.getByLabel('所核验的类别证明').fill('灵活就业登记（演示）');
  await accessible(clerk, 'receive a verified packet');
  await clerk.getByRole('dialog').getByRole('button', { name: '转接收' }).click();
  await clerk.waitForURL(/transfers\/[0-9a-f-]{36}/);
  await clerk.getByText('核对中').first().waitFor();
  await settle(clerk);
  await picture(clerk, 'found-transfer');
});

test('本人的档案已在本机构：已核实的来档并入在档的档案，一人一档', async () => {
  const clerk = await world.as('clerk-500108', '/found');
  const asked = (path, data) => clerk.context().request.fetch(`${world.base}/api/v1${path}`, { method: data ? 'POST' : 'GET', headers: { Origin: world.base, 'Idempotency-Key': crypto.randomUUID() }, data }).then(async (r) => {
    assert.ok(r.ok(), `${path}: ${r.status()} ${await r.text()}`);
    return r.json();
  });
  // Two whose dossiers lie here: the packet is the first one's.
  const [own, other] = (await asked('/dossiers?limit=20&state=in_store')).items.slice(4);
  const { idNo } = await asked(`/dossiers/${own.id}/reveal`, { reason: '来档核对（演示）' });
  await clerk.getByRole('button', { name: '登记来档' }).click();
  await clerk.locator('#personName').fill(own.name);
  await clerk.locator('#idNo').fill(idNo);
  await clerk.locator('#bringer').fill(own.name);
  await clerk.locator('#relation').fill('本人');
  await clerk.locator('#bringerPaper').fill('居民身份证');
  await clerk.locator('#keeper').fill('演示纺织厂（演示）');
  await pick(clerk, '怎样来的', '本人携带');
  await pick(clerk, '包封状态', '包封完好');
  await clerk.getByRole('button', { name: '登记', exact: true }).click();
  await clerk.waitForURL(/found\/[0-9a-f-]{36}/);
  const keeper = await world.as('keeper-500108', new URL(clerk.url()).pathname);
  await keeper.getByRole('button', { name: '二人封存' }).click();
  await keeper.getByLabel('封条号').fill('演示封200');
  await keeper.getByLabel('存放位置（待核实专柜）').fill('待核实柜-20');
  await keeper.getByRole('dialog').getByRole('button', { name: '封存', exact: true }).click();
  await keeper.getByText('待核实柜-20').first().waitFor();
  await clerk.reload();
  await clerk.getByRole('button', { name: '发函核实' }).click();
  await clerk.getByRole('dialog').getByRole('button', { name: '发函', exact: true }).click();
  await clerk.getByText('待答复').first().waitFor();
  await clerk.getByRole('button', { name: '登记答复' }).click();
  await pick(clerk, '核实结果', '属实');
  await clerk.getByLabel('答复文号').fill('演纺劳〔2026〕7号');
  await clerk.getByLabel('答复内容').fill('属实，改制时交本人');
  await clerk.getByRole('dialog').getByRole('button', { name: '登记答复' }).click();
  await clerk.getByText('已核实').first().waitFor();

  await clerk.getByRole('button', { name: '并入', exact: false }).first().click();
  const dialog = clerk.getByRole('dialog');
  const choose = async (d) => {
    await dialog.locator('#f-dossier').fill(d.no);
    await clerk.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: d.no }).first().click();
  };
  await choose(other);
  await dialog.getByRole('button', { name: '并入', exact: true }).click();
  await dialog.getByText(/公民身份号码不一致，不能并入/).first().waitFor();
  await accessible(clerk, 'another person\'s dossier');
  await choose(own);
  await picture(clerk, 'found-join', { manual: true });
  await dialog.getByRole('button', { name: '并入', exact: true }).click();
  await clerk.getByRole('link', { name: '并入在档的档案' }).waitFor();
  await settle(clerk);
  await accessible(clerk, 'a packet that joined its dossier');
});
