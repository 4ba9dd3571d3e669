/** What a person does with a finished video's formats: makes one for nothing, and goes to it. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { clipsSold, inspect, play } from "./stage";

/** On the page of a finished video: a square of the same clips stands beside it, plays, and leads back. */
export async function makeFormat(page: Page, view: string): Promise<void> {
  const before = await clipsSold();
  const formats = page.getByRole("region", { name: "Formats" });
  await page.getByRole("button", { name: "Make it Square (1:1) ($0.00)" }).click();
  await formats.locator(".chip.busy").waitFor();
  await inspect(page, `${view}-formats-underway`);
  await formats.getByRole("button", { name: "Download Square (1:1)" }).waitFor();
  await formats.getByText("Other captions or another look").click();
  const language = formats.getByLabel("Language of the captions");
  const usual = await language.inputValue();
  await language.selectOption("es");
  // The stand-in translates here, because it is told to.
  await formats.getByText("Only the translation of its captions is bought.").waitFor();
  await inspect(page, `${view}-formats-other`);
  await language.selectOption(usual);
  await formats.getByText("Other captions or another look").click();
  await inspect(page, `${view}-formats`);
  expect(await clipsSold()).toBe(before);
  await formats.getByRole("link", { name: "Square (1:1)" }).click();
  await page.getByRole("heading", { name: /\(1:1\)$/ }).waitFor();
  expect(await play(page)).toMatchObject({ width: 720, height: 720 });
  await formats.getByRole("button", { name: "Download Vertical (9:16)" }).waitFor();
  expect(await formats.getByRole("button", { name: /^Make it/ }).count()).toBe(2);
  await inspect(page, `${view}-square`);
  await formats.getByRole("link", { name: "Vertical (9:16)" }).click();
  await page.getByRole("heading", { name: /\(1:1\)$/ }).waitFor({ state: "detached" });
}
