/** A page of another origin, in a real browser, tries every server of a running cloud and gets nothing. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { launch, needed } from "./stage";

interface Attempt {
  url: string;
  method: string;
  headers?: Record<string, string>;
  body?: string;
  mode?: RequestMode;
}

/** The addresses of the servers, and what an attacker would ask each of them for. */
const targets = JSON.parse(needed("TARGETS")) as Attempt[];
let browser: Browser;
let elsewhere: Server;

beforeAll(async () => {
  browser = await launch();
  elsewhere = createServer((_, reply) => {
    reply.setHeader("Content-Type", "text/html").end("<title>Elsewhere</title>");
  });
  await new Promise<void>((listening) => { elsewhere.listen(0, "127.0.0.1", listening); });
});

afterAll(async () => {
  await browser.close();
  elsewhere.close();
});

async function visitElsewhere(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`);
  return page;
}

test("there is something to attack", () => {
  expect(targets.length).toBeGreaterThan(10);
});

test("no script reads an answer, whatever it asks", async () => {
  const page = await visitElsewhere();
  for (const attempt of targets) {
    const outcome = await page.evaluate(async ({ url, ...rest }: Attempt) => {
      try {
        const reply = await fetch(url, rest);
        return `${reply.type} ${reply.status} ${await reply.text()}`;
      } catch (error) {
        return (error as Error).name;
      }
    }, attempt);
    expect(outcome, JSON.stringify(attempt)).toBe("TypeError");
  }
});

test("what is sent without asking first is refused too", async () => {
  const page = await visitElsewhere();
  const statuses: number[] = [];
  page.on("response", (reply) => { if (!reply.url().includes("localhost")) statuses.push(reply.status()); });
  for (const { url, body } of targets) {
    await page.evaluate(async ([address, text]) => {
      const kind = { "Content-Type": "text/plain" };
      await fetch(address, { method: "POST", mode: "no-cors", headers: kind, body: text }).catch(() => null);
    }, [url, body ?? "{}"] as const);
  }
  expect(statuses.length).toBe(targets.length);
  expect(new Set(statuses)).toEqual(new Set([403]));
});

test("no form of another page gets through", async () => {
  for (const { url } of targets) {
    const page = await visitElsewhere();
    const sent = page.waitForResponse((reply) => reply.url().startsWith(url));
    await page.evaluate((address) => {
      const form = Object.assign(document.createElement("form"), { method: "POST", action: address });
      document.body.append(form);
      form.submit();
    }, url);
    expect((await sent).status(), url).toBe(403);
    await page.close();
  }
});

test("nothing loads as a part of another page", async () => {
  const page = await visitElsewhere();
  for (const { url } of targets) {
    const loaded = await page.evaluate((address) => new Promise<boolean>((done) => {
      const script = document.createElement("script");
      script.onload = () => { done(true); };
      script.onerror = () => { done(false); };
      script.src = address;
      document.head.append(script);
    }), url);
    expect(loaded, url).toBe(false);
  }
});

test("another name for this machine opens nothing", async () => {
  // What a page does that lets its own name point here once it is loaded.
  const rebound = await browser.browserType().launch({
    executablePath: needed("CHROME_PATH"),
    args: [
      "--host-resolver-rules=MAP rebound.example 127.0.0.1", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
  try {
    const page = await rebound.newPage();
    for (const port of new Set(targets.map(({ url }) => new URL(url).port))) {
      const reply = await page.goto(`http://rebound.example:${port}/config.json`);
      expect(reply?.status(), port).toBe(403);
      expect(await page.content()).not.toContain("demoUsers");
    }
  } finally {
    await rebound.close();
  }
});
