// Drives the real program in Debian's headless Chromium: one demo province for a test
// file, a page for each post, axe-core, screenshots.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const need = createRequire(join(root, 'web', 'package.json'));
const { chromium } = need('playwright-core');
const axeSource = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

export const password = 'Yan-Shi-e2e-2026';
const people = Number(process.env.DANGAN_E2E_PEOPLE ?? 200);

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * The data folder of a demo province: built once for a program and a day, and copied
 * for every test file, since a stopped data folder can be used elsewhere.
 */
function province(bin, count, data) {
  const { mtimeMs, size } = statSync(bin);
  const prefix = 'dangan-e2e-province-';
  const name = `${prefix}${Math.round(mtimeMs)}-${size}-${new Date().toISOString().slice(0, 10)}-${count}`;
  const kept = join(tmpdir(), name);
  if (!existsSync(kept)) {
    // Those of earlier days and programs; another working copy may be using a fresh one.
    for (const old of readdirSync(tmpdir())) {
      if (!old.startsWith(prefix)) continue;
      // Another test file may be removing it too, as they all start at once.
      const made = statSync(join(tmpdir(), old), { throwIfNoEntry: false });
      if (made && made.mtimeMs < Date.now() - 7_200_000) rmSync(join(tmpdir(), old), { recursive: true, force: true });
    }
    const turn = spawnSync('flock', [`${kept}.lock`, process.execPath, join(root, 'test', 'e2e', 'province.mjs'), bin, kept, String(count), password], { encoding: 'utf8' });
    assert.equal(turn.status, 0, `dangan demo: ${turn.stderr}`);
  }
  cpSync(join(kept, 'data'), data, { recursive: true });
}

/**
 * A built province that serves, and a browser; real: as dangan init leaves it. Stop it in after():
 *
 *   let world; before(async () => { world = await start(); }); after(() => world.stop());
 */
export async function start({ count = people, real = false, args = [] } = {}) {
  const bin = join(root, 'bin', 'dangan');
  const folder = mkdtempSync(join(tmpdir(), 'dangan-e2e-'));
  const data = join(folder, 'data');
  let accounts = [];
  if (real) {
    const built = spawnSync(bin, ['init', '--data', data, '--json'], { encoding: 'utf8' });
    assert.equal(built.status, 0, `dangan init: ${built.stderr}`);
    accounts = JSON.parse(built.stdout);
  } else province(bin, count, data);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const log = [];
  const server = spawn(bin, [real ? 'serve' : 'demo', '--data', data, '--listen', `127.0.0.1:${port}`, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  server.stderr.on('data', (chunk) => log.push(String(chunk)));
  for (let i = 0; ; i++) {
    if (await fetch(`${base}/api/v1/rules`).then((r) => r.ok, () => false)) break;
    assert.ok(i < 600 && server.exitCode === null, `dangan serve did not answer: ${log.join('')}`);
    await new Promise((r) => setTimeout(r, 50));
  }
  const signedIn = new Map();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'], // a document camera that shows a test picture
  });
  return {
    /** Of a real province: the three administrators with their one-time passwords. */
    accounts,
    base,
    bin,
    data,
    browser,
    log,
    /** A fresh browser window; phone: 390×844. */
    async open(path = '/', { phone = false, width = phone ? 390 : 1440, height = phone ? 844 : 900 } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', acceptDownloads: true });
      const page = await context.newPage();
      page.setDefaultTimeout(25000);
      page.faults = [];
      page.asked = new Set();
      page.on('request', (r) => page.asked.add(r));
      for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => page.asked.delete(r));
      page.on('pageerror', (e) => page.faults.push(`page error: ${e.message}`));
      page.on('console', (m) => {
        if (m.type() === 'error' && !/status of (4\d\d)/.test(m.text())) page.faults.push(`console: ${m.text()}`);
      });
      if (path) await page.goto(base + path);
      return page;
    },
    /**
     * Signed in (the form itself is the shell's test), and the page is there. One sign-in
     * serves all windows of an account, as sign-ins are limited; alone: a session of its own.
     */
    async as(username, path = '/', { alone = false, ...options } = {}) {
      const page = await this.open('', options);
      const context = page.context();
      if (!alone && signedIn.has(username)) await context.addCookies(signedIn.get(username));
      else {
        let answer;
        // More posts than sign-ins a minute: the next one is let in within six seconds.
        for (let i = 0; i < 5; i++) {
          answer = await context.request.post(`${base}/api/v1/session`, { headers: { Origin: base }, data: { username, password } });
          if (answer.status() !== 429) break;
          await new Promise((r) => setTimeout(r, 3000));
        }
        assert.ok(answer.ok(), `${username}: ${answer.status()} ${await answer.text()}`);
        if (!alone) signedIn.set(username, await context.cookies());
      }
      // A session confirmed anew goes on under another cookie: the next window takes that one.
      if (!alone)
        page.on('response', async (r) => {
          if (r.ok() && r.url().endsWith('/account/step-up')) signedIn.set(username, await context.cookies());
        });
      await page.goto(base + path);
      await page.locator('header.header, .viewer').first().waitFor();
      await settle(page);
      return page;
    },
    async stop() {
      await browser.close();
      server.kill('SIGTERM');
      await new Promise((r) => (server.exitCode !== null ? r() : server.once('exit', r)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until nothing is asked for and nothing is loading. */
export async function settle(page) {
  for (let quiet = 0, n = 0; quiet < 3 && n < 1000; n++) {
    await new Promise((r) => setTimeout(r, 25));
    quiet = page.asked.size === 0 ? quiet + 1 : 0;
  }
  await page.waitForFunction(() => document.fonts.status === 'loaded' && document.querySelector('h1, [role="alert"]') && !document.querySelector('[aria-label="正在载入"], [aria-busy="true"]'));
}

/** A file as a pad or a camera gives one: a stroke on a transparent ground, on white as JPEG. */
export async function drawn(page, type, shift = 0) {
  const url = await page.evaluate(([type, shift]) => {
    const pad = document.createElement('canvas');
    [pad.width, pad.height] = [640, 220];
    const pen = pad.getContext('2d');
    if (type === 'image/jpeg') { pen.fillStyle = '#fff'; pen.fillRect(0, 0, 640, 220); }
    pen.lineWidth = 5;
    pen.strokeStyle = '#123';
    pen.beginPath();
    pen.moveTo(60, 120 + shift);
    for (let i = 1; i < 9; i++) pen.quadraticCurveTo(60 + i * 60 - 40, i % 2 ? 20 : 200, 60 + i * 60, 110 + shift / 2);
    pen.stroke();
    return pad.toDataURL(type, 0.9);
  }, [type, shift]);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** Screens whose contrast was measured: the same page with the same dialog, of whatever case. */
const measured = new Set();

/**
 * WCAG 2.2 A and AA: no violation; and no error in the page so far. Contrast takes most of
 * the time and is measured once a screen and file, in make e2e (DANGAN_E2E_CONTRAST) each time.
 */
export async function accessible(page, what = page.url()) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const screen = await page.evaluate(() => [location.pathname.replace(/[0-9a-f-]{36}/g, '·'), innerWidth, document.querySelector('[role="dialog"] .ant-modal-title, [role="dialog"] h2')?.textContent].join('|'));
  const contrast = !!process.env.DANGAN_E2E_CONTRAST || !measured.has(screen);
  measured.add(screen);
  const { violations } = await page.evaluate(
    (contrast) => window.axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, rules: { 'color-contrast': { enabled: contrast } } }),
    contrast,
  );
  const found = violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 4).map((n) => `   ${n.target.join(' ')}  ${n.html.slice(0, 160)}`).join('\n')}`);
  assert.equal(found.length, 0, `${what}\n${found.join('\n')}`);
  assert.deepEqual(page.faults ?? [], [], what);
  free(await page.evaluate(() => document.body.innerText), what);
}

/** No screen speaks of a charge, but to say that there is none or to name what is complained of (8, 29.9, 29.10). */
export function free(text, what) {
  const rest = text.replace(/\s/g, '').replace(/不收取(任何)?费用|不得收费|(视同|实际)?缴费年限|参保缴费(证明|凭证)|养老保险缴费明细|收取保管、查阅、证明、转递等费用|捆绑或变相收费/g, '');
  assert.equal(rest.match(/.{0,12}(收费|费用|价格|价款|金额|支付|缴费|付款|收款|交费|押金|发票|计费|[¥￥]).{0,12}/)?.[0], undefined, `${what}: a charge`);
}

/** Keeps a screenshot in artifacts/, and in docs/manual/img/ when the manual shows it; busy: of work under way. */
export async function picture(page, name, { manual = false, fullPage = false, busy = false } = {}) {
  if (!busy) await settle(page);
  const image = await page.screenshot({ fullPage });
  for (const folder of manual ? ['artifacts', 'docs/manual/img'] : ['artifacts']) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, `${name}.png`), image);
  }
}
