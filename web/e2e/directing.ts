/** What a person does to a plan: edits it, goes on from it, corrects a word, and takes a scene again. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { drawn, edited, inspect } from "./stage";

/** Changes a prompt, a word, a cut, where clips begin, and the captions; each is saved. */
export async function editPlan(page: Page): Promise<void> {
  const prompt = page.getByLabel("Prompt of scene 1");
  await prompt.fill("A lighthouse in a storm");
  await prompt.blur();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.locator("button.word").first().click();
  await expect.poll(() => drawn(page)).not.toBe("");
  const captions = await drawn(page);
  await page.getByLabel(/^Correct “/).fill("Verily");
  await page.getByLabel(/^Correct “/).press("Enter");
  await page.locator("button.word:focus", { hasText: "Verily" }).waitFor();
  await expect.poll(() => drawn(page)).not.toBe(captions);
  const cut = page.getByRole("slider", { name: "Cut between scenes 1 and 2" });
  const [before, saved] = [await cut.getAttribute("aria-valuenow"), edited(page)];
  await cut.press("ArrowLeft");
  expect((await saved).status()).toBe(200);
  await page.locator('[role=slider]:not(.moved):focus').waitFor();
  expect(Number(await cut.getAttribute("aria-valuenow"))).toBeLessThan(Number(before));
  await page.getByText("Look and video model").click();
  const chained = edited(page);
  await page.getByLabel("Where the last one ends").check();
  expect((await chained).status()).toBe(200);
  expect(await page.getByRole("button", { name: "Make the video" }).isEnabled()).toBe(true);
}

/** Goes on from a storyboard, and waits until it is made. */
export async function go(page: Page, name: string): Promise<void> {
  const made = page.getByRole("progressbar", { name: "Progress of the video" });
  await page.getByRole("button", { name, exact: true }).click();
  await made.waitFor();
  await made.waitFor({ state: "detached" });
}

/** Corrects a word of the captions, and is at it again. */
export async function correctWord(page: Page): Promise<void> {
  await page.locator("button.word").nth(1).click();
  await page.getByLabel(/^Correct “/).fill("truly");
  await page.getByLabel(/^Correct “/).press("Enter");
  await page.locator("button.word:focus", { hasText: "truly" }).waitFor();
}

/** One scene is bought once more, and its earlier take put back for nothing. */
export async function takeAgain(phone: Page): Promise<void> {
  const made = phone.getByRole("progressbar", { name: "Progress of the video" });
  await phone.getByRole("button", { name: "Edit", exact: true }).click();
  await phone.getByRole("button", { name: "Retake scene 1" }).click();
  await inspect(phone, "phone-retake");
  await phone.getByRole("dialog").getByRole("button", { name: "Retake" }).click();
  await made.waitFor();
  await phone.getByRole("button", { name: /take 1 of scene 1$/ }).click();
  await phone.getByRole("button", { name: /^Use this take: take 2 of scene 1$/ }).waitFor();
  expect(await phone.getByText(/^Buys nothing/).count()).toBe(2);
  await inspect(phone, "phone-takes");
  await phone.getByRole("button", { name: "Update the video" }).click();
  await made.waitFor();
  await made.waitFor({ state: "detached" });
  await phone.locator("video.film track").waitFor({ state: "attached" });
}
