// Usage: node pages.mjs CHROMIUM FOLDER
//
// Opens each page FOLDER/*.html in Chromium: light and dark, 1280 and 390 pixels wide, with scripts and without, and
// under a policy as Jenkins has it. Writes a screenshot of each to FOLDER/screenshots. Checks that nothing is asked for
// from elsewhere, that no page is wider than its screen, and with axe-core that no rule of a serious or critical impact
// is broken. Exit codes: 0 all hold; 1 what does not is listed.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [executablePath, folder] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Jenkins' default for what a job publishes.
const policy = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'";
const origin = 'http://report.test/';
const screenshots = path.join(folder, 'screenshots');
const flaws = [];
const openedMs = new Map();

async function axeFlaws(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
}

// What can be said with and without scripts: the text, the charts, the width.
async function layoutFlaws(page, width, strict) {
  const found = [];
  if (!(await page.locator('h1').isVisible())) found.push('no heading is visible');
  const chart = page.locator('figure svg').first();
  if ((await chart.count()) > 0) {
    const box = await chart.boundingBox();
    if (!box || box.width < 200 || box.height < 15) found.push(`a chart is drawn ${JSON.stringify(box)}`);
  }
  if (strict) return found;  // without style, long lines are as wide as they are
  const right = await page.evaluate(() => document.documentElement.scrollWidth).catch(() => width);
  if (right > width) found.push(`the page is ${right} pixels wide`);
  return found;
}

async function open(browser, name, { scheme, width, script, strict }) {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: 900 },
    javaScriptEnabled: script,
    bypassCSP: false,
  });
  const page = await context.newPage();
  const label = `${name} ${scheme} ${width}${script ? '' : ' no-script'}${strict ? ' strict' : ''}`;
  const say = (text) => flaws.push(`${label}: ${text}`);
  page.on('pageerror', (error) => say(`script failed: ${error.message}`));
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (url !== origin + name) {
      say(`asks for ${url}`);
      return route.abort();
    }
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    if (strict) headers['content-security-policy'] = policy;
    return route.fulfill({ status: 200, headers, body: fs.readFileSync(path.join(folder, name)) });
  });
  const start = performance.now();
  await page.goto(origin + name, { waitUntil: 'load' });
  if (label === `${name} light 1280`) openedMs.set(name, performance.now() - start);
  (await layoutFlaws(page, width, strict)).forEach(say);
  if (script && !strict) (await axeFlaws(page)).forEach(say);
  await page.screenshot({ path: path.join(screenshots, `${label.replaceAll(' ', '-')}.png`) });
  if (width === 1280 || strict)
    await page.screenshot({ path: path.join(screenshots, `${label.replaceAll(' ', '-')}-whole.png`), fullPage: true });
  await context.close();
}

const names = fs.readdirSync(folder).filter((name) => name.endsWith('.html'));
if (names.length === 0) flaws.push(`${folder} has no page`);
fs.mkdirSync(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const name of names) {
    for (const width of [1280, 390]) {
      for (const scheme of ['light', 'dark']) {
        await open(browser, name, { scheme, width, script: true });
        await open(browser, name, { scheme, width, script: false });
      }
      await open(browser, name, { scheme: 'light', width, script: true, strict: true });
    }
  }
} finally {
  await browser.close();
}
for (const flaw of flaws) console.error(flaw);
// For people: a test must not fail because a machine is slow.
for (const [name, ms] of openedMs)
  console.log(`${name}: ${fs.statSync(path.join(folder, name)).size} B, opened in ${Math.round(ms)} ms`);
console.log(`${names.length} pages, ${flaws.length} flaws`);
process.exitCode = flaws.length === 0 ? 0 : 1;
