// Called by chromium.py: uses h3-notes as a user in a browser would, and writes what is wrong as JSON.
//
// Under the service's own policy: nothing is intercepted. Looks at each state of the front-end light and dark, 1280 and
// 390 pixels wide, with axe-core, and keeps screenshots.
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { createRequire } from "node:module";

const parts = [];
for await (const part of process.stdin) parts.push(part);
const { chromium: executablePath, packages, screenshots, base, port } = JSON.parse(Buffer.concat(parts));
const load = createRequire(path.join(packages, "package.json"));
const { chromium } = load("playwright-core");
const axe = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

const attachment = crypto.randomBytes(2_000_003);
const hostile = `<img src="none.png" onerror="document.title = 'hacked'"> & "quotes" 100 %`;
const wrong = [];
let checks = 0;

function check(what, found, expected = true) {
  ++checks;
  if (found !== expected) wrong.push(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

const title = (page, text) => page.getByRole("heading", { name: text, level: 3, exact: true });
const problem = (page) => page.getByRole("alert");

// The page's own view of the outside: scripts that fail, and what its policy has blocked.
function watch(page) {
  page.on("pageerror", (error) => wrong.push(`script failed: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) wrong.push(`blocked: ${message.text()}`);
  });
}

async function axeFlaws(page) {
  // Not through a <script> element, which the policy would block.
  await page.evaluate(axe);
  const { violations } = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return violations.map(({ id, help, nodes }) => `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
}

async function lookAt(page, name) {
  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const label = `${name} ${colorScheme} ${width}`;
      ++checks;
      wrong.push(...(await axeFlaws(page)).map((flaw) => `${label}: ${flaw}`));
      check(`${label}: width`, await page.evaluate(() => document.documentElement.scrollWidth), width);
      await page.screenshot({ path: path.join(screenshots, `${label.replaceAll(" ", "-")}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

async function fillAccount(page, name, password, button) {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: button }).click();
}

async function register(page) {
  const response = await page.goto(base);
  check("front-end", response.status(), 200);
  await page.getByRole("heading", { name: "Log in or register" }).waitFor();
  await lookAt(page, "login");
  await fillAccount(page, "anna", "wrong horse", "Log in");
  await problem(page).getByText("name or password is wrong").waitFor();
  await lookAt(page, "refused");
  await fillAccount(page, "anna", "correct horse", "Register");
  await page.getByRole("heading", { name: "Your notes" }).waitFor();
  check("the problem is gone", await problem(page).isVisible(), false);
  const [cookie] = await page.context().cookies();
  check("cookie", `${cookie.name} ${cookie.httpOnly} ${cookie.sameSite} ${cookie.path}`, "notes true Lax /");
  check("scripts see no cookie", await page.evaluate(() => document.cookie), "");
}

async function addNote(page, name, text, file) {
  const form = page.locator("#new");
  await form.getByLabel("Title").fill(name);
  await form.getByLabel("Text").fill(text);
  if (file) await form.getByLabel("Attachment").setInputFiles(file);
  await form.getByRole("button", { name: "Add note" }).click();
  await title(page, name).waitFor();
}

async function writeNotes(page) {
  await lookAt(page, "empty");
  await addNote(page, hostile, "first line\nsecond line", { name: "a.bin", mimeType: "application/x", buffer: attachment });
  await addNote(page, "other", "word ".repeat(200) + "x".repeat(300));
  check("a title is text", await page.title(), "Notes");
  check("and makes no element", await page.locator("li img").count(), 0);
  const link = page.getByRole("link", { name: "Attachment of" });
  await link.waitFor();
  await lookAt(page, "notes");
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  check("the attachment comes back", attachment.equals(fs.readFileSync(await download.path())));
}

async function findNotes(page) {
  await page.getByLabel("Search").fill("100 %");
  await page.getByRole("status").getByText("1 note", { exact: true }).waitFor();
  check("only what was searched", await title(page, "other").count(), 0);
  await page.reload();
  await page.getByLabel("Search").fill("");
  await title(page, "other").waitFor();
  await page.getByRole("button", { name: "Delete other" }).click();
  await title(page, "other").waitFor({ state: "detached" });
  check("one is left", await page.locator("#list li").count(), 1);
}

async function tryForbiddenScripts(page) {
  const violated = await page.evaluate(() => new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
    document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'hacked'" }));
  }));
  check("an inline script is blocked", violated, "script-src-elem");
  check("and does not run", await page.title(), "Notes");
}

// Pages of another origin, which a server on its port gives them. 127.0.0.1 is the same site as the service, localhost is not.
async function withForeignPage(browserContext, origin, use) {
  const page = await browserContext.newPage();
  await page.goto(origin);
  const send = (options) => page.evaluate(async ([url, sent]) => {
    try {
      const response = await fetch(url, { credentials: "include", ...sent });
      return `${response.status} ${response.headers.get("Location") ?? ""}`;
    } catch (error) {
      return error.name;
    }
  }, [`${base}/api/notes`, options]);
  await use(send);
  await page.close();
}

async function crossOrigins(browserContext) {
  const server = http.createServer((request, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>app</title>"));
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const note = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"title": "from elsewhere", "text": ""}' };
  await withForeignPage(browserContext, `http://127.0.0.1:${port}`, async (send) => {
    check("the allowed origin, after a preflight", /^201 \/api\/notes\/\d+$/.test(await send(note)));
    check("a field that the preflight does not allow", await send({ headers: { "X-Other": "1" } }), "TypeError");
  });
  await withForeignPage(browserContext, `http://localhost:${port}`, async (send) => {
    check("another origin, refused by the preflight", await send(note), "TypeError");
    check("another origin may not read", await send({}), "TypeError");
    check("nor send a form", await send({ method: "POST", body: new URLSearchParams({ title: "x" }).toString() }), "TypeError");
  });
  server.close();
  server.closeAllConnections();
}

async function leave(page) {
  await page.reload();
  await title(page, "from elsewhere").waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Log in or register" }).waitFor();
  check("no cookie is left", (await page.context().cookies()).length, 0);
  check("no notes are shown", await page.locator("#notes").isVisible(), false);
  await fillAccount(page, "anna", "correct horse", "Log in");
  await title(page, hostile).waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
}

async function knockTooOften(page) {
  await page.getByRole("heading", { name: "Log in or register" }).waitFor();
  for (let tries = 0; tries < 40; ++tries) {
    const answered = page.waitForResponse(`${base}/login`);
    await fillAccount(page, "anna", "wrong horse", "Log in");
    if ((await answered).status() === 429) break;
    await problem(page).getByText("name or password is wrong").waitFor();
  }
  await problem(page).getByText(/Too many attempts: try again in \d+ seconds/).waitFor();
}

// The form without its script: what the browser does by itself. On 127.0.0.1 it sends Sec-Fetch-Site, which it does
// not to a plain HTTP server elsewhere: there the form's Origin has to do.
async function withoutScript(browser, site, name) {
  const browserContext = await browser.newContext();
  const page = await browserContext.newPage();
  await page.route("**/notes.js", (route) => route.abort());
  await page.goto(site);
  await page.evaluate(() => (document.getElementById("account").hidden = false));
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill("correct horse");
  const [response] = await Promise.all([page.waitForResponse(`${site}/register`), page.getByRole("button", { name: "Register" }).click()]);
  check(`a form by itself, to ${site}`, response.status(), 303);
  await page.waitForURL(response.status() === 303 ? `${site}/` : `${site}/register`);
  check(`keeps the cookie of ${site}`, (await page.evaluate(async () => (await fetch("/api/notes")).status)), 200);
  await browserContext.close();
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP notes.test 127.0.0.1"] });
try {
  await withoutScript(browser, base, "ben");
  await withoutScript(browser, base.replace("127.0.0.1", "notes.test"), "carl");
  const context = await browser.newContext();
  const page = await context.newPage();
  watch(page);
  await register(page);
  await writeNotes(page);
  await findNotes(page);
  await crossOrigins(context);
  await leave(page);
  await knockTooOften(page);
  page.removeAllListeners("console");
  await tryForbiddenScripts(page);
} catch (error) {
  wrong.push(String(error));
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({ checks, wrong }));
