/** From sign-in to a playing video, as a person goes: nothing is faked between the page and the video. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { correctWord, go } from "./directing";
import { askForMail, askForNotices, noticesOf } from "./notices";
import { choosePictures, dropOnAllScenes, makeForNothing, pictureOfScene, tidyPictures } from "./own_pictures";
import { shareAndTakeBack } from "./public_link";
import { makePreset, tidyPresets, useOfPreset } from "./presets";
import {
  DESKTOP, inspect, inspectAbroad, isReachable, launch, needed, noted, PHONE, play, shifted, signIn,
  visit, WITH_MOTION,
} from "./stage";

const RECORDING = needed("RECORDING");
let browser: Browser;
let page: Page;
let phone: Page;

beforeAll(async () => {
  browser = await launch();
  page = await visit(browser, DESKTOP);
});
afterAll(() => browser.close());

test("a wrong password is refused in words", async () => {
  await page.getByLabel("User name or email").fill("demo");
  await page.getByLabel("Password").fill("Not-the-password-1");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("The user name or password is incorrect.").waitFor();
  await inspect(page, "desktop-sign-in");
});

test("the empty library says what to do, and takes a recording", async () => {
  await signIn(page);
  await page.getByRole("heading", { name: "Start with a recording" }).waitFor();
  await inspect(page, "desktop-library-empty");
  await page.getByLabel("Recording", { exact: true }).setInputFiles(RECORDING);
  await page.waitForURL(/\/videos\/[^/]+\/new$/);
});

test("the price follows the choices before anything is bought", async () => {
  await page.getByText("Free preview").waitFor();
  const note = page.locator(".estimate .note");
  await note.getByText(/Live, it would cost about \$/).waitFor();
  const before = await note.textContent();
  await page.getByLabel("15 s").check();
  await page.waitForFunction((old) => document.querySelector(".estimate .note")?.textContent !== old, before);
  await page.getByLabel(/Spending limit/).fill("0,10");
  await page.getByText(/over your spending limit/).waitFor();
  expect(await page.getByRole("button", { name: "Make the video" }).isDisabled()).toBe(true);
  await page.getByLabel(/Spending limit/).fill("5,00");
  await page.getByText(/over your spending limit/).waitFor({ state: "detached" });
  await page.getByLabel(/Spending limit/).press("Enter");
  await page.getByLabel("Animated").check();
  await page.getByLabel("Music file").setInputFiles(RECORDING);
  await page.getByRole("button", { name: "Delete this music" }).waitFor();
  expect(await page.getByLabel("Music under the voice").inputValue()).not.toBe("");
  await inspect(page, "desktop-configure");
  expect(await shifted(page)).toBeLessThan(0.1);
  await choosePictures(page);
});

test("an expired session asks again and loses nothing of the form", async () => {
  await page.getByLabel(/What should it show/).fill("A village in spring");
  const button = page.getByRole("button", { name: "Make the video" });
  await expect.poll(() => button.isEnabled()).toBe(true);
  // In one step: a price asked for between the two would put the dialog over the button before it is pressed.
  await button.evaluate((element: HTMLButtonElement) => { localStorage.clear(); element.click(); });
  await page.getByRole("heading", { name: "Sign in again" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Sign in again" }).waitFor();
  await inspect(page, "desktop-expired");
  expect(await page.getByLabel(/What should it show/).inputValue()).toBe("A village in spring");
  await signIn(page);
});

test("the progress survives a reload and a lost connection", async () => {
  await page.waitForURL(/\/videos\/[^/]+$/);
  await page.getByRole("progressbar", { name: "Progress of the video" }).waitFor();
  await page.reload();
  await page.getByRole("progressbar", { name: "Progress of the video" }).waitFor();
  await page.context().setOffline(true);
  await page.getByText(/You're offline/).waitFor();
  await page.context().setOffline(false);
  await page.getByText(/You're offline/).waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Scene 1" }).waitFor();
  await askForMail(page);
  await askForNotices(page);
  await inspect(page, "desktop-progress");
});

test("while clips are made everything can be pressed, on a phone and with motion on", async () => {
  const phone = await visit(browser, { ...PHONE, ...WITH_MOTION }, new URL(page.url()).pathname);
  await signIn(phone);
  await phone.locator(".picture.generating").first().waitFor();
  for (const selector of ["summary", ".home", "section[aria-label=Progress] .button", "a.small"]) {
    expect(await isReachable(phone, selector), selector).toBe(true);
  }
  await phone.locator("summary").first().click();
  await inspect(phone, "phone-progress");
  await phone.getByRole("button", { name: "Cancel" }).click();
  await inspect(phone, "phone-stop");
  await phone.getByRole("button", { name: "Keep going" }).click();
  expect(await phone.evaluate(() => document.activeElement?.textContent)).toContain("Cancel");
  await phone.getByRole("link", { name: "Library" }).first().click();
  await phone.getByRole("heading", { name: "Library", level: 1 }).waitFor();
  await phone.waitForFunction(() => document.activeElement?.tagName === "H1");
  await phone.context().close();
});

test("the film plays, with its captions", async () => {
  await page.locator("video.film track").waitFor({ state: "attached", timeout: 500_000 });
  const film = await play(page);
  expect(film.time).toBeGreaterThan(0.5);
  expect([film.width, film.height]).toEqual([720, 1280]);
  expect(film.cues).toBeGreaterThan(0);
  expect(await page.getByText("A village in spring").count()).toBeGreaterThan(0);
  expect(await page.title()).toBe("Austen · Reelwright");
  await page.getByText("“Austen” is ready.").waitFor({ state: "attached" });
  expect(await noticesOf(page)).toEqual([
    "You'll be told here when a video is ready or has stopped.", "“Austen” is ready.",
  ]);
  await inspect(page, "desktop-result");
});

test("whoever is sent its public link watches it, until that is taken back", () => shareAndTakeBack(browser, page));

test("the film, both caption files and all that it is edited on with can be taken away", async () => {
  const starts = {
    "Download video": ["austen.mp4", "ftyp"], ".srt": ["austen.srt", "1\n"], ".vtt": ["austen.vtt", "WEBVTT"],
    "Export for editing": ["Austen.zip", "PK\u0003\u0004"],
  } as const;
  for (const [button, [name, start]] of Object.entries(starts)) {
    const [download] = await Promise.all([
      page.waitForEvent("download"), page.getByRole("button", { name: button }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    expect((await readFile(await download.path())).subarray(0, 12).toString("latin1")).toContain(start);
    // What is in it is looked at by whoever has started this.
    await download.saveAs(join(needed("DOWNLOADS"), name));
  }
});

test("on a phone in the dark it is all there too", async () => {
  const phone = await visit(browser, PHONE);
  await inspect(phone, "phone-sign-in");
  await signIn(phone);
  await phone.getByRole("heading", { name: "Austen" }).waitFor();
  await phone.getByText("Ready").waitFor();
  await inspect(phone, "phone-library");
  expect(await shifted(phone)).toBeLessThan(0.1);
  await phone.getByRole("link", { name: "Open", exact: true }).click();
  await phone.locator("video.film track").waitFor({ state: "attached" });
  expect(await play(phone)).toMatchObject({ width: 720, height: 1280 });
  await inspect(phone, "phone-result");
  await phone.getByRole("link", { name: "New version" }).click();
  await phone.getByText(/Live, it would cost about/).waitFor();
  expect(await phone.getByLabel("Animated").isChecked()).toBe(true);
  await inspect(phone, "phone-configure");
  await phone.context().close();
});

test("in other locales and in the other light every view is as sound", async () => {
  const path = new URL(page.url()).pathname;
  await inspectAbroad(page, {
    library: { path: "/", there: "article.video img" },
    result: { path, there: ".version" },
    configure: { path: `${path}/new`, there: ".estimate .note" },
    nowhere: { path: "/nowhere", there: "h1" },
  });
});

test("the finished video stays playable while a new one is made, and after that is stopped", async () => {
  await page.getByRole("link", { name: "New version" }).click();
  await page.getByRole("button", { name: "Make the video" }).click();
  await page.getByRole("progressbar", { name: "Progress of the video" }).waitFor();
  await page.getByRole("heading", { name: "Earlier versions" }).waitFor();
  expect(await page.locator("video.film").count()).toBe(1);
  await page.getByRole("button", { name: /^Play the version of/ }).click();
  expect(await play(page)).toMatchObject({ width: 720, height: 1280 });
  await inspect(page, "desktop-versions");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("heading", { name: "You stopped this video" }).waitFor();
  // Once it is stopped: one that is being made may be finished while it is looked at.
  await inspectAbroad(page, { stopped: { path: new URL(page.url()).pathname, there: ".version" } });
  expect(await page.locator("video.film").count()).toBe(1);
  await page.getByRole("button", { name: /^Delete the version of/ }).click();
  await inspect(page, "desktop-delete-version");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.locator(".version").waitFor({ state: "detached" });
  expect(await page.locator("video.film").count()).toBe(0);
});

test("a brand is kept as a preset, on a phone", () => makePreset(browser));

test("a plan is looked at before anything is bought, and tried as stills on a phone", async () => {
  await page.getByRole("link", { name: "Edit settings" }).click();
  await useOfPreset(page);
  await page.getByRole("button", { name: "Plan first" }).click();
  await page.getByRole("heading", { name: "The plan is ready to review" }).waitFor();
  await inspect(page, "desktop-storyboard");
  phone = await visit(browser, PHONE, new URL(page.url()).pathname);
  await signIn(phone);
  await phone.getByRole("heading", { name: "The plan is ready to review" }).waitFor();
  await go(phone, "Stills");
  await phone.getByRole("heading", { name: "The stills are ready to review" }).waitFor();
  expect(await play(phone)).toMatchObject({ width: 720, height: 1280 });
  await correctWord(phone);
  await inspect(phone, "phone-storyboard");
});

test("a video wholly of own pictures buys nothing", async () => {
  await pictureOfScene(phone);
  await dropOnAllScenes(page);
  await makeForNothing(phone);
  await phone.context().close();
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
});

test("another user sees none of it", async () => {
  const address = new URL(page.url()).pathname;
  const other = await visit(browser, DESKTOP, address);
  await signIn(other, "other");
  await other.getByText("This video belongs to another user.").waitFor();
  await other.context().close();
});

test("deleting asks first, and the library is empty again", async () => {
  await page.getByRole("link", { name: "Reelwright, library" }).click();
  await tidyPresets(page);
  await tidyPictures(page);
  await page.getByRole("link", { name: "Library", exact: true }).click();
  await page.getByRole("button", { name: "Delete Austen" }).click();
  await inspect(page, "desktop-delete");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Austen" }).waitFor();
  await page.getByRole("button", { name: "Delete Austen" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("heading", { name: "Start with a recording" }).waitFor();
  expect(noted(page)).toEqual([]);
});
