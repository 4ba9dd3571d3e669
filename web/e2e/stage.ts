/** A browser on the running system, and what the tests ask of every view. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium, type Browser, type BrowserContextOptions, type Page, type Response } from "playwright-core";
import { expect } from "vitest";

export const ADDRESS = needed("REELWRIGHT_URL");
const SHOTS = process.env["SHOTS"] ?? "";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE = 180_000;

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 860 }, colorScheme: "light" };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 }, colorScheme: "dark", deviceScaleFactor: 2, isMobile: true, hasTouch: true,
};
/** As people have it who have not asked for less: whatever moves, moves. */
export const WITH_MOTION: BrowserContextOptions = { reducedMotion: "no-preference" };

/** A locale whose numbers and dates are others, and one whose readers read from the right; each in the other light. */
const ABROAD: Record<string, BrowserContextOptions> = {
  "de-phone-light": { ...PHONE, colorScheme: "light", locale: "de-DE" },
  "ar-desktop-dark": { ...DESKTOP, colorScheme: "dark", locale: "ar-EG" },
};
/** Looked at only when somebody wants to see them. */
const EVERY_WAY: Record<string, BrowserContextOptions> = {
  "de-desktop-light": { ...DESKTOP, locale: "de-DE" },
  "ar-phone-light": { ...PHONE, colorScheme: "light", locale: "ar-EG" },
  "en-phone-light": { ...PHONE, colorScheme: "light" },
  "en-desktop-dark": { ...DESKTOP, colorScheme: "dark" },
};

export async function launch(): Promise<Browser> {
  // Chromium's sandbox refuses to run as root, which is who continuous integration is.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: needed("CHROME_PATH"), args });
}

/** A page that notes what a browser would only tell a developer. */
export async function visit(browser: Browser, options: BrowserContextOptions, path = "/"): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", acceptDownloads: true, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!entry.hadRecentInput) shifts.sum += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  page.on("pageerror", (error) => { noted(page).push(error.message); });
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) noted(page).push(message.text());
  });
  await page.goto(addressOf(path));
  return page;
}

/** Any place of the page, with the key that the printed address ends with. */
export function addressOf(path: string): string {
  const address = new URL(path, ADDRESS);
  address.hash = new URL(ADDRESS).hash;
  return address.href;
}

const notes = new WeakMap<Page, string[]>();

/** Uncaught errors of the page, and everything that its content security policy refused. */
export function noted(page: Page): string[] {
  const known = notes.get(page) ?? [];
  notes.set(page, known);
  return known;
}

export async function signIn(page: Page, name = "demo"): Promise<void> {
  await page.getByRole("button", { name: `Use ${name}` }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** What must hold for every view: nothing serious for axe, nothing wider than the screen; and a picture of it. */
export async function inspect(page: Page, name: string): Promise<void> {
  // Where a journey came to, should it stop.
  console.info(name);
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  }
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run;
    const { violations } = await run();
    return violations.map((each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`);
  });
  expect(found.filter((each) => /^(serious|critical)/.test(each)), name).toEqual([]);
  expect(await page.evaluate(widest), `${name} is wider than the screen`).toBe("");
  expect(noted(page), name).toEqual([]);
}

/** What reaches beyond the screen: a phone makes its window as wide as its content, so the elements themselves say. */
function widest(): string {
  const screen = document.documentElement.clientWidth;
  const isHidden = (element: Element) => element.closest(".visually-hidden, dialog:not([open])") !== null;
  const outside = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > screen + 1 || box.left < -1) && !isHidden(element);
  });
  return outside.map((element) => element.outerHTML.slice(0, 120)).join("\n");
}

/** Inspects each view, at its path and when `there` is shown, as people elsewhere have it who are signed in alike. */
export async function inspectAbroad(like: Page, views: Record<string, { path: string; there: string }>): Promise<void> {
  const storageState = await like.context().storageState();
  const browser = like.context().browser();
  // Side by side: most of the time goes into waiting for the page.
  await Promise.all(Object.entries({ ...ABROAD, ...(SHOTS ? EVERY_WAY : {}) }).map(async ([way, options]) => {
    const page = await visit(browser!, { ...options, storageState });
    for (const [view, { path, there }] of Object.entries(views)) {
      await page.goto(addressOf(path));
      await page.locator(there).first().waitFor();
      await inspect(page, `${way}-${view}`);
    }
    await page.context().close();
  }));
}

/** Whether a press in the middle of the element would reach it, and not something that lies over it. */
export function isReachable(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).first().evaluate((element) => {
    element.scrollIntoView({ block: "center" });
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top !== null && (element.contains(top) || top.contains(element));
  });
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

/** What is on the canvas of the captions, as text; empty while nothing is. */
export function drawn(page: Page): Promise<string> {
  return page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d");
    context?.drawImage(canvas, 0, 0);
    const isBlank = !context?.getImageData(0, 0, copy.width, copy.height).data.some(Boolean);
    return isBlank ? "" : copy.toDataURL();
  });
}

/** Has the page believe that real models make the clips, so that it names prices as a deployment's does. */
export async function asDeployed(page: Page): Promise<void> {
  await page.route("**/config.json", async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ json: { ...(await reply.json() as object), preview: false } });
  });
}

/** How many clips and stills were ever bought, of all videos. */
export async function clipsSold(): Promise<number> {
  const reply = await fetch(needed("LEDGER"), { headers: { Authorization: `Bearer ${needed("LEDGER_KEY")}` } });
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { entries: unknown[] }).entries.length;
}

/** The answer to the next edit of a plan. */
export function edited(page: Page): Promise<Response> {
  return page.waitForResponse((reply) => reply.request().method() === "PATCH");
}

export function shifted(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum);
}

export interface Played {
  time: number;
  width: number;
  height: number;
  cues: number;
}

/** Plays the film until its time has moved on, and says what the browser made of it. */
export async function play(page: Page): Promise<Played> {
  const film = page.locator("video.film");
  const began = await film.evaluate(goOn);
  // A film whose file is replaced meanwhile stands still: whoever watches presses play again.
  await expect.poll(() => film.evaluate(goOn)).toBeGreaterThan(began + 0.5);
  return film.evaluate((element: HTMLVideoElement) => {
    element.pause();
    const cues = element.textTracks[0]?.cues?.length ?? 0;
    return { time: element.currentTime, width: element.videoWidth, height: element.videoHeight, cues };
  });
}

/** Has the film play, if it does not, and returns where it stands, in seconds. */
async function goOn(film: HTMLVideoElement): Promise<number> {
  film.muted = true;
  for (const track of film.textTracks) track.mode = "showing";
  if (film.paused && !film.ended) await film.play().catch(() => undefined);
  return film.currentTime;
}

export function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The variable ${name} is missing.`);
  return value;
}
