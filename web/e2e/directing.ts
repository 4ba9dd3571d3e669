/** What a person does to a plan: edits it, goes on from it, corrects a word, and takes a scene again. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { addressOf, asDeployed, clipsSold, drawn, edited, inspect } from "./stage";

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

/** The words to post with are changed and copied; the video stays what it is. */
export async function writePost(page: Page, view: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByText("Words to post with", { exact: true }).click();
  const hook = page.getByLabel("Hook", { exact: true });
  expect(await hook.inputValue()).not.toBe("");
  const saved = edited(page);
  await hook.fill("One word would have done.");
  await hook.blur();
  expect((await saved).status()).toBe(200);
  await page.getByText("One word would have done.", { exact: false }).first().waitFor();
  await page.getByRole("button", { name: "Copy the words for TikTok" }).click();
  await page.getByText("Copied for TikTok.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^One word would have done\.\n\n[^]*#/);
  await inspect(page, `${view}-post`);
}

/** The cover is another scene's picture with a title, drawn as it will be. */
export async function chooseCover(page: Page, view: string): Promise<void> {
  await page.getByText("Cover", { exact: true }).click();
  const chosen = edited(page);
  await page.getByRole("button", { name: "Scene 2", exact: true }).click();
  expect((await chosen).status()).toBe(200);
  const titled = edited(page);
  await page.getByLabel("Title in the cover").fill("One word would have done");
  await page.getByLabel("Title in the cover").blur();
  expect((await titled).status()).toBe(200);
  await inspect(page, `${view}-cover`);
}

/** One scene is bought once more: another clip is made for it, and no other. */
export async function takeAgain(page: Page, view: string): Promise<void> {
  const progress = page.getByRole("progressbar", { name: "Progress of the video" });
  const before = await clipsSold();
  await page.getByRole("button", { name: "Retake scene 1" }).click();
  await inspect(page, `${view}-retake`);
  await page.getByRole("dialog").getByRole("button", { name: "Retake" }).click();
  await progress.waitFor();
  await inspect(page, `${view}-retaking`);
  await progress.waitFor({ state: "detached" });
  expect(await clipsSold()).toBe(before + 1);
}

/** The earlier clip of a scene is shown again, for nothing. */
export async function putBack(page: Page, view: string): Promise<void> {
  const before = await clipsSold();
  await page.getByRole("button", { name: /take 1 of scene 1$/ }).click();
  await page.getByRole("button", { name: /^Use this take: take 2 of scene 1$/ }).waitFor();
  expect(await page.getByText(/^Buys nothing/).count()).toBe(2);
  await inspect(page, `${view}-takes`);
  await go(page, "Update the video");
  expect(await clipsSold()).toBe(before);
}

/** What was typed here while the plan was changed in another tab is told of, and made on the plan as it is now. */
export async function mergeWithAnotherTab(page: Page, view: string): Promise<void> {
  const prompt = page.getByLabel("Prompt of scene 1");
  const other = await page.context().newPage();
  await asDeployed(other);
  await other.goto(addressOf(new URL(page.url()).pathname));
  await other.getByRole("button", { name: /^Make the video \(\$\d/ }).waitFor();
  await inspect(other, `${view}-priced`);
  await other.getByLabel("Prompt of scene 2").fill("A harbour at noon");
  await other.getByLabel("Prompt of scene 2").blur();
  await other.getByText("Saved", { exact: true }).waitFor();
  await other.close();
  await prompt.fill("A lighthouse in fog");
  await prompt.blur();
  await page.getByText(/The plan was changed in another tab/).waitFor();
  await inspect(page, `${view}-conflict`);
  await page.getByRole("button", { name: "Reload and make my changes again" }).click();
  await page.getByText(/The plan was changed in another tab/).waitFor({ state: "detached" });
  await expect.poll(() => page.getByLabel("Prompt of scene 2").inputValue()).toBe("A harbour at noon");
  expect(await prompt.inputValue()).toBe("A lighthouse in fog");
}
