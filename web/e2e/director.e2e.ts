/** A video is directed from its plan to the last correction, at a desk and on a phone with everything in motion. */

import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { brandCaptions, chooseWords, firstCue, nameVoice } from "./captions";
import {
  chooseCover, correctWord, editPlan, go, mergeWithAnotherTab, putBack, takeAgain, writePost,
} from "./directing";
import { makeFormat } from "./formats";
import { makeClips } from "./moments";
import { clipsSold, DESKTOP, inspect, launch, needed, noted, PHONE, play, signIn, visit, WITH_MOTION } from "./stage";

const RECORDING = needed("RECORDING");
const VIEWS: [string, BrowserContextOptions][] = [["desktop", DESKTOP], ["phone", { ...PHONE, ...WITH_MOTION }]];
let browser: Browser;

beforeAll(async () => { browser = await launch(); });
afterAll(() => browser.close());

test.each(VIEWS)("on a %s: plan, edits, draft, video, retake, word, put back", async (view, options) => {
  const page = await visit(browser, options);
  await signIn(page);
  await page.getByLabel("Recording", { exact: true }).setInputFiles(RECORDING);
  await page.getByLabel("15 s").check();
  await chooseWords(page, view);
  await page.getByRole("button", { name: "Plan first" }).click();
  await page.getByRole("heading", { name: "The plan is ready to review" }).waitFor();
  const before = await clipsSold();

  await brandCaptions(page, view);
  await editPlan(page);
  await nameVoice(page, view);
  await mergeWithAnotherTab(page, view);
  await inspect(page, `${view}-plan`);
  await go(page, "Draft");
  await page.getByRole("heading", { name: "The draft is ready to review" }).waitFor();
  expect(await play(page)).toMatchObject({ width: 720, height: 1280 });
  await page.locator(".drawn video").first().waitFor();
  await inspect(page, `${view}-draft`);
  expect(await clipsSold()).toBe(before);

  await go(page, "Make the video");
  await page.locator("video.film track").waitFor({ state: "attached" });
  expect(await play(page)).toMatchObject({ width: 720, height: 1280 });
  // The stand-in marks each line with the language that it should be in.
  expect(await firstCue(page)).toMatch(/^(Anna: )?ja /);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const scenes = await page.locator("article.scene").count();
  expect(await clipsSold()).toBe(before + scenes);
  await inspect(page, `${view}-editor`);

  await writePost(page, view);
  await chooseCover(page, view);
  await takeAgain(page, view);
  await correctWord(page);
  await go(page, "Update the video");
  await putBack(page, view);
  await page.locator("video.film track").waitFor({ state: "attached" });
  expect(await play(page)).toMatchObject({ width: 720, height: 1280 });
  await inspect(page, `${view}-directed`);

  await makeFormat(page, view);
  await page.getByRole("link", { name: "Moments", exact: true }).click();
  await makeClips(page, view);
  expect(noted(page)).toEqual([]);
  await page.context().close();
});
