/** A generation that fails, is resumed, and is stopped by the person; the planner refuses once. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { DESKTOP, inspect, launch, needed, PHONE, signIn, visit } from "./stage";

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  page = await visit(browser, { ...DESKTOP, colorScheme: "dark" });
  await signIn(page);
  await page.getByRole("heading", { name: "Library" }).waitFor();
});
afterAll(() => browser.close());

test("what is no recording is refused before it is sent", async () => {
  const file = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") };
  await page.getByLabel("Recording", { exact: true }).setInputFiles(file);
  await page.getByText(/Unsupported file type/).waitFor();
  await inspect(page, "desktop-wrong-file");
  await page.getByRole("button", { name: "Dismiss" }).click();
});

test("a failure names the step and the reason, and offers to resume", async () => {
  await page.getByLabel("Recording", { exact: true }).setInputFiles(needed("RECORDING"));
  await page.getByLabel("15 s").check();
  await page.getByRole("button", { name: "Make the video" }).click();
  await page.getByRole("heading", { name: "Planning failed" }).waitFor();
  await page.getByText("PlannerRefused").waitFor();
  await inspect(page, "desktop-failed");
});

test("resuming goes on, and cancelling stops it", async () => {
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("progressbar", { name: "Progress of the video" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("heading", { name: "You stopped this video" }).waitFor();
  expect(await page.getByText("failed").count()).toBe(0);
  await inspect(page, "desktop-cancelled");
});

test("on a phone the failure is readable as well", async () => {
  const phone = await visit(browser, PHONE, new URL(page.url()).pathname);
  await signIn(phone);
  await phone.getByRole("button", { name: "Resume" }).waitFor();
  await inspect(phone, "phone-cancelled");
  expect(await phone.getByRole("alert").count()).toBe(1);
});
