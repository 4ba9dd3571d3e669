/** How soon each first view is seen over a slow line, how often the page asks, and how soon it answers a press. */

import { writeFileSync } from "node:fs";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { addressOf, DESKTOP, launch, needed, PHONE, signIn, visit } from "./stage";

/** A line of 1.6 Mbit/s with the round trip of Lighthouse's slow 4G, in milliseconds. */
const LINE = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const RUNS = 3;
/** Milliseconds that the page is let settle before its requests are counted, and in which they are. */
const SETTLE_MS = 45_000;
const MINUTE_MS = 60_000;
const VIDEO = needed("VIDEO");
const BUSY = needed("BUSY");
const VIEWS: Record<string, string> = {
  library: "/", video: `/videos/${VIDEO}`, configure: `/videos/${VIDEO}/new`, moments: `/videos/${VIDEO}/moments`,
  pictures: "/pictures", presets: "/presets", "new preset": "/new-preset",
};
const figures: Record<string, unknown> = {};
let browser: Browser;
let signedIn: BrowserContextOptions;

beforeAll(async () => {
  browser = await launch();
  const page = await visit(browser, DESKTOP);
  await signIn(page);
  await page.locator(".grid li a").first().waitFor();
  signedIn = { storageState: await page.context().storageState() };
  await page.context().close();
});

afterAll(async () => {
  writeFileSync(needed("FIGURES"), JSON.stringify(figures));
  await browser.close();
});

/** Milliseconds from the start of the visit to the largest thing that it paints, and the kB that came until then. */
async function paint(options: BrowserContextOptions, path: string): Promise<{ lcp: number; kB: number }> {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  await page.addInitScript(() => {
    const seen = { lcp: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.lcp = Math.max(seen.lcp, entry.startTime);
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await page.goto(addressOf(path), { waitUntil: "networkidle" });
  await page.locator("h1").first().waitFor();
  const result = await page.evaluate(() => {
    const rows = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const { lcp } = (window as unknown as { seen: { lcp: number } }).seen;
    const bytes = rows.filter((row) => row.responseEnd <= lcp).reduce((sum, row) => sum + row.transferSize, 0);
    return { lcp: Math.round(lcp), kB: Math.round(bytes / 1000) };
  });
  await context.close();
  return result;
}

function middle<T extends { lcp: number }>(rows: T[]): T {
  return [...rows].sort((one, other) => one.lcp - other.lcp)[Math.floor(rows.length / 2)] as T;
}

test("each first view is painted soon over a slow line", async () => {
  const rows: Record<string, unknown> = {};
  for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    for (const [view, path] of [["sign-in", "/"], ...Object.entries(VIEWS)] as [string, string][]) {
      const context = view === "sign-in" ? options : { ...options, ...signedIn };
      const paints = [];
      for (let run = 0; run < RUNS; run += 1) paints.push(await paint(context, path));
      rows[`${view}, ${device}`] = middle(paints);
    }
  }
  figures["views"] = rows;
});

test("a page that nothing changes on asks seldom", async () => {
  const rows: Record<string, unknown> = {};
  const places = {
    "library, all finished": "/", "video, finished": `/videos/${VIDEO}`, "video, being made": `/videos/${BUSY}`,
  };
  await Promise.all(Object.entries(places).map(async ([place, path]) => { rows[place] = await asked(path); }));
  figures["requests a minute"] = rows;
});

/** How often the API is asked in a minute, and which of its answers had nothing new. */
async function asked(path: string): Promise<{ requests: number; unchanged: number }> {
  const page = await visit(browser, { ...DESKTOP, ...signedIn }, path);
  await page.locator("h1").first().waitFor();
  await page.waitForTimeout(SETTLE_MS);
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const count = { requests: 0, unchanged: 0 };
  session.on("Network.responseReceived", ({ type }) => { if (type === "Fetch") count.requests += 1; });
  session.on("Network.responseReceivedExtraInfo", ({ statusCode }) => {
    if (statusCode === 304) count.unchanged += 1;
  });
  await page.waitForTimeout(MINUTE_MS);
  await page.context().close();
  return count;
}

/** Milliseconds from a press to the frame after its effect, as the browser itself times events. */
async function delays(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const worst = { ms: 0 };
    Object.assign(window, { worst });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) worst.ms = Math.max(worst.ms, entry.duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  await act();
  await page.waitForTimeout(500);
  return page.evaluate(() => (window as unknown as { worst: { ms: number } }).worst.ms);
}

test("a library of two hundred videos answers at once", async () => {
  const page = await visit(browser, { ...DESKTOP, ...signedIn });
  // Places of what is still loading are no cards.
  const cards = page.locator(".grid > li:has(a)");
  await cards.nth(1).waitFor();
  while (await page.getByRole("button", { name: "Show more" }).count()) {
    const count = await cards.count();
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => cards.count()).toBeGreaterThan(count);
  }
  figures["videos"] = await cards.count();
  const rows: Record<string, number> = {};
  const bin = page.getByRole("button", { name: /Delete/ }).nth(3);
  rows["open the question before a deletion"] = await delays(page, () => bin.click());
  rows["close it"] = await delays(page, () => page.keyboard.press("Escape"));
  rows["go to a video"] = await delays(page, () => cards.nth(5).locator("a").first().click());
  rows["go back"] = await delays(page, async () => { await page.goBack(); await cards.nth(100).waitFor(); });
  figures["delay of a press ms"] = rows;
});
