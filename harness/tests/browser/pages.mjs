// Usage: node pages.mjs CHROMIUM FOLDER [SITE]
//
// Opens each page FOLDER/*.html in Chromium: light and dark, 1280 and 390 pixels wide, with scripts and without, and
// under a policy as Jenkins has it; and of SITE, the address of leakgate serve, one page of each kind. Writes a screenshot of each to FOLDER/screenshots. Checks that nothing is asked for
// from elsewhere, that no file has 1 MB or more, that no page is wider than its screen, and with axe-core that no rule of a serious or critical impact
// is broken. Exit codes: 0 all hold; 1 what does not is listed.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [executablePath, folder, site] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Jenkins' default for what a job publishes.
const policy = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'";
const origin = 'http://report.test/';
const maxPageBytes = 1_000_000;
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

// A file, as a server would send it.
function filePage(name) {
  const body = fs.readFileSync(path.join(folder, name));
  return {
    name,
    address: origin + name,
    strict: true,
    answer: (route, strict) => {
      if (route.request().url() !== origin + name) return false;
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      if (strict) headers['content-security-policy'] = policy;
      return route.fulfill({ status: 200, headers, body });
    },
  };
}

// A page of the site, under its own policy. It may ask for what else the site has.
function sitePage(name, address) {
  return {
    name: `site-${name}`,
    address: site + address,
    strict: false,
    answer: (route) => (route.request().url().startsWith(site) ? route.continue() : false),
  };
}

async function sitePages() {
  if (!site) return [];
  // The first page judges a bit more each time that it is asked for.
  while ((await fetch(site)).headers.get('refresh'));
  const document = async (address) => (await fetch(site + address)).json();
  const { runs } = await document('api/runs');
  const { reports } = await document('api/reports');
  const of = (scenario) => runs.filter((run) => run.scenario === scenario).map(({ run }) => run);
  const hostile = runs.find(({ scenario }) => scenario.includes('<script>')).scenario;
  const [login] = of('login');
  const [newer, older] = of('sample');
  return [
    sitePage('overview', ''),
    sitePage('trend', 'trend?scenario=login'),
    sitePage('series', 'trend?scenario=login&series=latency'),
    sitePage('hostile', `trend?scenario=${encodeURIComponent(hostile)}`),
    sitePage('run', `run?id=${login}`),
    sitePage('values', `diff?before=${of('login').at(-1)}&after=${login}`),
    sitePage('diff', `diff?before=${older}&after=${newer}`),
    sitePage('report', `report?id=${reports[0].report}`),
  ];
}

async function open(browser, { name, address, answer }, { scheme, width, script, strict }) {
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
    const answered = answer(route, strict);
    if (answered) return answered;
    say(`asks for ${route.request().url()}`);
    return route.abort();
  });
  const start = performance.now();
  const response = await page.goto(address, { waitUntil: 'load' });
  if (response.status() !== 200) say(`has status ${response.status()}`);
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
for (const name of names) {
  const { size } = fs.statSync(path.join(folder, name));
  if (size >= maxPageBytes) flaws.push(`${name}: ${size} B, expected less than ${maxPageBytes}`);
}
fs.mkdirSync(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const page of [...names.map(filePage), ...(await sitePages())]) {
    for (const width of [1280, 390]) {
      for (const scheme of ['light', 'dark']) {
        await open(browser, page, { scheme, width, script: true });
        await open(browser, page, { scheme, width, script: false });
      }
      if (page.strict) await open(browser, page, { scheme: 'light', width, script: true, strict: true });
    }
  }
} finally {
  await browser.close();
}
for (const flaw of flaws) console.error(flaw);
// For people: a test must not fail because a machine is slow.
for (const [name, ms] of openedMs) {
  const file = path.join(folder, name);
  console.log(`${name}: ${fs.existsSync(file) ? `${fs.statSync(file).size} B, ` : ''}opened in ${Math.round(ms)} ms`);
}
console.log(`${openedMs.size} pages, ${flaws.length} flaws`);
process.exitCode = flaws.length === 0 ? 0 : 1;
