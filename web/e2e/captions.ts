/** What a person does with what is read and who says it: a transcript, names of voices, a font, another language. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { drawn, edited, inspect, needed } from "./stage";

/** A transcript of one's own is read, and left out again; voices are to be told apart, in a language that is named. */
export async function chooseWords(page: Page, view: string): Promise<void> {
  const text = { name: "words.txt", mimeType: "text/plain", buffer: Buffer.from("One word would have done.") };
  await page.getByLabel("Transcript file").setInputFiles(text);
  await page.getByText("words.txt: 5 words. Their times come from the recording.").waitFor();
  await page.getByLabel("People who speak").selectOption("2");
  await page.getByLabel("Language of the recording").selectOption({ label: "American English" });
  await inspect(page, `${view}-words`);
  await page.getByRole("button", { name: "Remove words.txt" }).click();
}

/** A voice that was told apart gets a name. */
export async function nameVoice(page: Page, view: string): Promise<void> {
  const summary = page.getByText("Who speaks", { exact: true });
  await summary.click();
  const saved = edited(page);
  await page.getByLabel("Voice 1", { exact: true }).fill("Anna");
  await page.getByLabel("Voice 1", { exact: true }).blur();
  expect((await saved).status()).toBe(200);
  await inspect(page, `${view}-voices`);
  await summary.click();
}

/** Captions are drawn in a font of one's own, and in the look's when that is deleted; the next run translates them. */
export async function brandCaptions(page: Page, view: string): Promise<void> {
  const summary = page.getByText("Caption font, position, size and colours", { exact: true });
  await summary.click();
  await expect.poll(() => drawn(page)).not.toBe("");
  const plain = await drawn(page);
  const chosen = edited(page);
  await page.getByLabel("Font file", { exact: true }).setInputFiles(needed("FONT"));
  expect((await chosen).status()).toBe(200);
  await expect.poll(() => drawn(page)).not.toBe(plain);
  const font = page.getByLabel("A font of your own", { exact: true });
  expect(await font.locator("option:checked").textContent()).toBe("Acme Blocks");
  await inspect(page, `${view}-own-font`);
  const own = await drawn(page);
  await page.getByRole("button", { name: "Delete this font" }).click();
  await expect.poll(() => drawn(page)).not.toBe(own);
  expect(await font.inputValue()).toBe("");
  const translated = edited(page);
  await page.getByLabel("Language of the captions").selectOption("ja");
  expect((await translated).status()).toBe(200);
  await page.getByText(/a translation/).first().waitFor();
  await inspect(page, `${view}-language`);
  await summary.click();
}

/** The words of the first caption that comes with the film. */
export function firstCue(page: Page): Promise<string> {
  return page.locator("video.film").evaluate((film: HTMLVideoElement) => {
    const cue = film.textTracks[0]?.cues?.[0] as VTTCue | undefined;
    return cue?.text ?? "";
  });
}
