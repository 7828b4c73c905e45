import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, picture, settle, start } from './harness.mjs';
import { workbook } from './workbook.mjs';

let world;
let disk;
before(async () => {
  world = await start();
  disk = mkdtempSync(join(tmpdir(), 'dangan-scans-'));
});
after(async () => {
  await world?.stop();
  if (disk) rmSync(disk, { recursive: true, force: true });
});

/** Asks the API with the page's own session. */
function ask(page, path, body) {
  return page.evaluate(async ([path, body]) => {
    const r = await fetch(path, body ? { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(body) } : {});
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
    return r.json();
  }, [path, body]);
}

/** A page of a form as a scanner writes it, drawn by the browser: A4 at 300 dpi. */
async function leaf(page, title, rows, no) {
  const base64 = await page.evaluate(async ([title, rows, no]) => {
    const c = new OffscreenCanvas(2480, 3508);
    const g = c.getContext('2d');
    g.fillStyle = '#f3eee2';
    g.fillRect(0, 0, 2480, 3508);
    g.fillStyle = '#22242c';
    g.strokeStyle = '#3a3a40';
    g.lineWidth = 4;
    g.textAlign = 'center';
    g.font = '600 92px "Noto Serif CJK SC", serif';
    g.fillText(title, 1240, 320);
    g.textAlign = 'left';
    g.font = '52px "Noto Serif CJK SC", serif';
    rows.forEach((row, i) => {
      const y = 460 + i * 190;
      row.forEach((text, k) => {
        const [x, w] = row.length === 2 ? [[220, 360], [580, 1680]][k] : [[220, 360], [580, 680], [1260, 320], [1580, 680]][k];
        g.strokeRect(x, y, w, 190);
        g.fillText(text, x + 40, y + 114);
      });
    });
    const top = 460 + rows.length * 190;
    g.strokeRect(220, top, 2040, 3100 - top);
    g.font = '56px "Noto Sans CJK SC", sans-serif';
    for (let y = top + 150; y < 2800; y += 120) g.fillText('大学期间学习刻苦，团结同学，热心集体工作，成绩优良，无违纪记录。'.slice(0, 30 - ((y + no * 7) % 9)), 300, y);
    g.strokeStyle = '#b3311e';
    g.lineWidth = 8;
    g.beginPath();
    g.arc(1900, 2880, 130, 0, 7);
    g.stroke();
    g.fillStyle = '#3a3a40';
    g.fillText(String(no), 2260, 3400);
    const blob = await c.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let out = '';
    for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(out);
  }, [title, rows, no]);
  const raw = Buffer.from(base64, 'base64');
  assert.equal(raw.toString('latin1', 6, 10), 'JFIF');
  raw[13] = 1; // dots an inch
  raw.writeUInt16BE(300, 14);
  raw.writeUInt16BE(300, 16);
  return raw;
}

const catalog = [
  ['1', '1', '干部履历表', '2018', '3', '', '2', ''],
  ['4-1', '1', '高等学校毕业生登记表', '2013', '6', '20', '3', ''],
  ['9-2', '1', '劳动合同书', '2019', '7', '', '1', ''],
];

/** Writes a contractor's folder: two dossiers, the second without one of its pages. */
async function deliver(page, people) {
  const dir = join(disk, '2026年第四批');
  const sums = [];
  const put = (path, raw) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), raw);
    sums.push(`${createHash('sha256').update(raw).digest('hex')}  ${path}`);
  };
  const book = workbook([['类号', '序号', '材料名称', '年', '月', '日', '页数', '备注'], ...catalog]);
  for (const [k, who] of people.entries()) {
    const folder = `${who.idNo}_${who.name}`;
    put(`${folder}/目录.xlsx`, book);
    for (const [cls, seq, title, year, , , count] of catalog) {
      for (let n = 1; n <= Number(count); n++) {
        if (k === 1 && cls === '4-1' && n === 2) continue;
        const rows = [['姓　名', who.name, '出生年月', `${who.idNo.slice(6, 10)}年${Number(who.idNo.slice(10, 12))}月`], ['籍　贯', '重庆南岸', '政治面貌', '群众'], ['学　校', `江州工学院（演示） ${year}年`], ['备　注', `第 ${n} 页`]];
        put(`${folder}/${cls}/${seq.padStart(3, '0')}-${String(n).padStart(3, '0')}.jpg`, await leaf(page, title, rows, k * 10 + n));
      }
    }
  }
  writeFileSync(join(dir, 'SHA256SUMS'), `${sums.join('\n')}\n`);
  return dir;
}

const done = (page, text) => page.locator('.said', { hasText: text }).waitFor();

test('scans: uploaded and taken in, quarantined with a report, accepted by sample, then open for use', async () => {
  const clerk = await world.as('clerk-500108', '/dossiers');
  const { items } = await ask(clerk, '/api/v1/dossiers?limit=100&state=in_store');
  const people = [];
  // The least recently changed: others may have pages that wait for acceptance, which the clerk does not see.
  for (const d of items.toReversed()) {
    const volume = await ask(clerk, `/api/v1/dossiers/${d.id}`);
    if (volume.counts?.images > 0 || volume.hold) continue;
    if ((await ask(clerk, `/api/v1/dossiers/${d.id}/digital`)).materials.length > 0) continue;
    const { idNo } = await ask(clerk, `/api/v1/dossiers/${d.id}/reveal`, { reason: '核对数字化成果' });
    people.push({ ...d, idNo });
    if (people.length === 2) break;
  }
  assert.equal(people.length, 2, 'two dossiers on paper only');

  // Scanner: a folder that is no delivery is refused in Chinese; the right one is taken in.
  const scanner = await world.as('scanner-500108', '/deliveries');
  await scanner.getByRole('heading', { name: '数字化成果' }).waitFor();
  await accessible(scanner, 'list');
  await scanner.getByLabel('交付压缩包').setInputFiles({ name: '成果.zip', mimeType: 'application/zip', buffer: Buffer.from('不是压缩包') });
  await scanner.getByText('压缩包损坏，或不是 ZIP 格式').waitFor();
  await accessible(scanner, 'refused');
  await picture(scanner, 'scans-refused', { manual: true });
  const dir = await deliver(scanner, people);
  await scanner.getByLabel('交付目录').setInputFiles(dir);
  await scanner.getByRole('heading', { name: '逐卷结果' }).waitFor({ timeout: 60_000 });
  await scanner.getByText('缺页').first().waitFor();
  await accessible(scanner, 'quarantine');
  await picture(scanner, 'scans-quarantine', { manual: true });
  assert.equal(await scanner.getByText(people[1].idNo).count(), 0, 'the identity number is masked');
  const [file] = await Promise.all([scanner.waitForEvent('download'), scanner.getByRole('button', { name: '下载问题清单' }).click()]);
  assert.match(file.suggestedFilename(), /需改正\.xlsx$/);
  assert.equal(readFileSync(await file.path()).toString('latin1', 0, 2), 'PK');
  await scanner.getByText('数字化成果须由接收人以外的人员验收').first().waitFor();
  const path = new URL(scanner.url()).pathname;

  // Before acceptance the window sees nothing of it.
  await clerk.goto(`${world.base}/dossiers/${people[0].id}/digital`);
  await clerk.getByText('没有可看的影像').first().waitFor();
  await accessible(clerk, 'nothing to see');

  // Reviewer: sample, verdicts, acceptance.
  const reviewer = await world.as('reviewer-500108', path);
  await accessible(reviewer, 'delivery');
  await reviewer.getByRole('button', { name: '抽样' }).click();
  await reviewer.getByText('抽样查看').first().waitFor();
  await reviewer.locator('.viewer-stage img').waitFor();
  await accessible(reviewer, 'sample');
  await picture(reviewer, 'scans-sample', { manual: true });
  const { sample } = await ask(reviewer, `/api/v1${path}`);
  assert.ok(sample.drawn >= 3, `${sample.drawn} pages drawn`);
  await reviewer.getByRole('button', { name: '不合格', exact: true }).click();
  await reviewer.getByText('不合格须写明原因').first().waitFor();
  for (let n = 0; n < sample.drawn; n++) {
    await reviewer.getByRole('button', { name: '合格', exact: true }).click();
    await reviewer.getByText('✓ 合格').waitFor();
    if (n + 1 < sample.drawn) {
      await reviewer.keyboard.press('Escape');
      await reviewer.locator('.viewer-stage').focus();
      await reviewer.keyboard.press('ArrowRight');
      await reviewer.locator('.viewer-stage img').waitFor();
    }
  }
  await reviewer.getByRole('button', { name: '返回批次' }).click();
  await reviewer.getByRole('button', { name: '验收通过' }).click();
  await reviewer.getByRole('dialog').waitFor();
  await accessible(reviewer, 'acceptance');
  await reviewer.getByRole('dialog').getByRole('button', { name: '验收通过' }).click();
  await done(reviewer, '已验收');
  await settle(reviewer);
  await accessible(reviewer, 'accepted');
  await picture(reviewer, 'scans-accepted', { manual: true });

  // Now the window sees the pages beside the catalog: zoom, turn, keys, thumbnails.
  await clerk.goto(`${world.base}/dossiers/${people[0].id}/digital`);
  await clerk.locator('.viewer-stage img').waitFor();
  await clerk.locator('.viewer-item', { hasText: '高等学校毕业生登记表' }).click();
  await clerk.locator('.viewer-rail img').nth(2).waitFor();
  await clerk.locator('.viewer-stage').focus();
  await clerk.keyboard.press('ArrowRight');
  await clerk.locator('.viewer-count', { hasText: '2 / 3' }).waitFor();
  await clerk.locator('.viewer-stage img').waitFor();
  await accessible(clerk, 'viewer');
  await clerk.locator('.viewer-stage').blur();
  await picture(clerk, 'scans-viewer', { manual: true });
  await clerk.keyboard.press('+');
  await clerk.getByText('125%').waitFor();
  await clerk.keyboard.press('-');
  await clerk.getByText('适合高度', { exact: true }).waitFor();
  await clerk.keyboard.press('r');
  await clerk.locator('.viewer-sheet.sideways').waitFor();
  await picture(clerk, 'scans-turned');
  await clerk.getByRole('button', { name: '适合高度' }).click();
  await clerk.locator('.viewer-thumb').nth(2).click();
  await clerk.locator('.viewer-count', { hasText: '3 / 3' }).waitFor();
  await accessible(clerk, 'viewer after keys');

  // What the page says of a key fact is noted beside it, by keyboard, with material and page.
  await clerk.locator('.viewer-stage').blur();
  await clerk.keyboard.press('2');
  await clerk.getByRole('radio', { name: /参加工作/, checked: true }).waitFor();
  await clerk.getByLabel('材料原文').fill('2013年7月');
  await settle(clerk);
  await accessible(clerk, 'mention');
  await picture(clerk, 'facts-viewer', { manual: true });
  await clerk.getByLabel('材料原文').press('Enter');
  await clerk.getByRole('region', { name: '登记本页记载' }).getByText('待核对').waitFor();
  await clerk.getByRole('link', { name: '信息核对表' }).click();
  await clerk.getByRole('heading', { level: 1, name: '信息核对表' }).waitFor();
  await clerk.getByRole('region', { name: '参加工作时间' }).getByText('2013年7月').waitFor();

  // Every page shown is on record.
  await clerk.goto(`${world.base}/dossiers/${people[0].id}`);
  await clerk.getByText('查看影像').first().waitFor();

  // The keeper has the paper, not the images.
  const keeper = await world.as('keeper-500108', `/dossiers/${people[0].id}`);
  await settle(keeper);
  const status = await keeper.evaluate((p) => fetch(p).then((r) => r.status), `/api/v1/dossiers/${people[0].id}/digital`);
  assert.ok(status === 403 || status === 404, `keeper: ${status}`);
  for (const p of [clerk, scanner, reviewer, keeper]) await p.context().close();
});

test('the same delivery again changes nothing', async () => {
  const scanner = await world.as('scanner-500108', '/deliveries');
  const before = await ask(scanner, '/api/v1/deliveries?limit=100');
  // An upload that is cancelled on its way leaves nothing behind.
  let leave;
  const left = new Promise((r) => { leave = r; });
  await scanner.route('**/api/v1/delivery-uploads?*', async (r) => { if (r.request().method() !== 'POST') return r.continue(); await left; await r.abort().catch(() => undefined); });
  await scanner.getByLabel('交付目录').setInputFiles(join(disk, '2026年第四批'));
  await scanner.getByText('正在上传').waitFor();
  await accessible(scanner, 'uploading');
  await picture(scanner, 'scans-uploading', { manual: true, busy: true });
  await scanner.getByRole('button', { name: '取消' }).click();
  await scanner.getByText('已取消上传，没有改动任何内容').waitFor();
  leave();
  await scanner.unroute('**/api/v1/delivery-uploads?*');
  assert.equal((await ask(scanner, '/api/v1/deliveries?limit=100')).items.length, before.items.length);
  await scanner.getByLabel('交付目录').setInputFiles(join(disk, '2026年第四批'));
  await scanner.getByText('没有新内容').waitFor({ timeout: 60_000 });
  await accessible(scanner, 'the same again');
  await picture(scanner, 'scans-list', { manual: true });
  const { items } = await ask(scanner, '/api/v1/deliveries?limit=100');
  assert.equal(items.length, before.items.length);
  await scanner.context().close();
});
