/** What somebody does who was sent a public link: watches without signing in, until its owner takes it back. */

import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

import { inspect } from "./stage";

export async function shareAndTakeBack(browser: Browser, page: Page): Promise<void> {
  await page.getByRole("button", { name: "Make a link and copy it" }).click();
  const link = await page.locator("a.address").getAttribute("href") ?? "";
  const stranger = await browser.newContext({ viewport: { width: 412, height: 860 } });
  const tab = await stranger.newPage();
  expect((await tab.goto(link))?.headers()["x-robots-tag"]).toBe("noindex, nofollow");
  expect(await tab.evaluate(watched)).toMatchObject({ width: 720, height: 1280, hasCues: true });
  await inspect(tab, "phone-public");
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.getByText("The link shows nothing any more.").waitFor();
  expect((await tab.reload())?.status()).toBe(404);
  await tab.getByText("shows it no longer").waitFor();
  await stranger.close();
}

/** Plays the page's video for a moment, with its captions. */
async function watched() {
  const film = document.querySelector("video")!;
  const track = film.textTracks[0]!;
  track.mode = "showing";
  film.muted = true;
  await film.play();
  while (film.currentTime < 0.5 || !track.cues?.length) await new Promise(requestAnimationFrame);
  return { width: film.videoWidth, height: film.videoHeight, hasCues: track.cues.length > 0 };
}
