/** A generation that fails, is resumed, and is stopped by the person; then two finished videos of one recording. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { addressOf, DESKTOP, inspect, launch, needed, PHONE, play, signIn, visit } from "./stage";

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

test("two finished videos stand side by side: each plays, and one is deleted alone", async () => {
  const path = `/videos/${needed("TWICE")}`;
  await page.goto(addressOf(path));
  const rows = page.locator(".version");
  await rows.nth(1).waitFor();
  const shown = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-current")));
  expect(await shown()).toEqual(["true", null]);
  await page.locator("video.film track").waitFor({ state: "attached" });
  expect(await play(page)).toMatchObject({ width: 90, height: 160, cues: 1 });
  expect(await page.getByRole("heading", { name: "Adjustments" }).count()).toBe(0);
  await rows.nth(1).getByRole("button", { name: /^Play the version of/ }).click();
  await expect.poll(() => page.locator("video.film").evaluate((film: HTMLVideoElement) => film.videoWidth)).toBe(160);
  expect(await play(page)).toMatchObject({ width: 160, height: 90 });
  expect(await shown()).toEqual([null, "true"]);
  await page.getByText("The video is 2.0 s long").waitFor();
  await inspect(page, "desktop-two-versions");
  await rows.nth(0).getByRole("button", { name: /^Delete the version of/ }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await rows.nth(1).waitFor({ state: "detached" });
  expect(await play(page)).toMatchObject({ width: 160, height: 90 });
});
