// Drives the real program in Debian's Chromium: one demo province for a test
// file, a page for each post, axe-core, screenshots.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
 * A built province that serves, and a browser; real: as dangan init leaves it. Stop it in after():
 *
 *   let world; before(async () => { world = await start(); }); after(() => world.stop());
 */
export async function start({ count = people, real = false } = {}) {
  const bin = join(root, 'bin', 'dangan');
  const folder = mkdtempSync(join(tmpdir(), 'dangan-e2e-'));
  const data = join(folder, 'data');
  const make = real ? ['init', '--data', data, '--json'] : ['demo', '--data', data, '--people', String(count), '--seed', '1', '--password', password, '--build-only'];
  const built = spawnSync(bin, make, { encoding: 'utf8' });
  assert.equal(built.status, 0, `dangan ${make[0]}: ${built.stderr}`);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const log = [];
  const server = spawn(bin, [real ? 'serve' : 'demo', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  server.stderr.on('data', (chunk) => log.push(String(chunk)));
  for (let i = 0; ; i++) {
    if (await fetch(`${base}/api/v1/rules`).then((r) => r.ok, () => false)) break;
    assert.ok(i < 150 && server.exitCode === null, `dangan serve did not answer: ${log.join('')}`);
    await new Promise((r) => setTimeout(r, 200));
  }
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none'],
  });
  return {
    /** Of a real province: the three administrators with their one-time passwords. */
    accounts: real ? JSON.parse(built.stdout) : [],
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
      page.on('pageerror', (e) => page.faults.push(`page error: ${e.message}`));
      page.on('console', (m) => {
        if (m.type() === 'error' && !/status of (4\d\d)/.test(m.text())) page.faults.push(`console: ${m.text()}`);
      });
      await page.goto(base + path);
      return page;
    },
    /** Signs in through the form and waits for the page. */
    async as(username, path = '/', options) {
      const page = await this.open(path, options);
      await page.getByLabel('用户名').fill(username);
      await page.getByRole('textbox', { name: '口令' }).fill(password);
      await page.getByRole('button', { name: '登录' }).click();
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

/** Waits until nothing is loading. */
export async function settle(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.fonts.status === 'loaded' && document.querySelector('h1, [role="alert"]') && !document.querySelector('[aria-label="正在载入"], [aria-busy="true"]'));
}

/** WCAG 2.2 A and AA: no violation; and no error in the page so far. */
export async function accessible(page, what = page.url()) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } }));
  const found = violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 4).map((n) => `   ${n.target.join(' ')}  ${n.html.slice(0, 160)}`).join('\n')}`);
  assert.equal(found.length, 0, `${what}\n${found.join('\n')}`);
  assert.deepEqual(page.faults ?? [], [], what);
}

/** Keeps a screenshot in artifacts/, and in docs/manual/img/ when the manual shows it. */
export async function picture(page, name, { manual = false, fullPage = false } = {}) {
  await settle(page);
  for (const folder of manual ? ['artifacts', 'docs/manual/img'] : ['artifacts']) {
    mkdirSync(join(root, folder), { recursive: true });
    await page.screenshot({ path: join(root, folder, `${name}.png`), fullPage });
  }
}
