/** What a person does with a recording's moments: looks for them, listens, moves an edge, and makes clips of them. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { clipsSold, inspect } from "./stage";

/** On the page of moments: from a search to drafts of what was chosen, for which no clip is bought. */
export async function makeClips(page: Page, view: string): Promise<void> {
  await page.getByRole("heading", { name: "Find the best moments" }).waitFor();
  await page.getByLabel("How many moments").selectOption("2");
  await page.getByLabel("15 s").check();
  await inspect(page, `${view}-search`);
  const before = await clipsSold();
  await page.getByRole("button", { name: /^Find moments/ }).click();
  await page.getByRole("progressbar", { name: "Progress of the video" }).waitFor();
  // What shows the progress has boxes of its own.
  const boxes = page.locator(".moment").getByRole("checkbox");
  await boxes.first().waitFor();
  expect(await boxes.first().isChecked()).toBe(true);

  await moveEdges(page);
  await page.getByRole("button", { name: "Listen to moment 1" }).click();
  await page.getByRole("button", { name: "Pause moment 1" }).click();
  await page.getByRole("button", { name: "Listen to moment 1" }).waitFor();
  await page.getByRole("radio", { name: /^Drafts/ }).check();
  await inspect(page, `${view}-moments`);

  const clips = await boxes.count();
  await page.getByRole("button", { name: /^Draft \d clips?/ }).click();
  await page.locator("h2:focus", { hasText: "Clips" }).waitFor();
  await page.locator(".clips .chip.busy").first().waitFor();
  await inspect(page, `${view}-clips-underway`);
  await expect.poll(() => page.locator(".clips .chip.good").count(), { timeout: 600_000, interval: 1_000 }).toBe(clips);
  await inspect(page, `${view}-clips`);
  expect(await clipsSold()).toBe(before);
}

/** The end is moved by keys and by a pointer, to pauses, and put back. */
async function moveEdges(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Move its edges, moment 1" }).click();
  const end = page.getByRole("slider", { name: "End of moment 1" });
  const now = async () => Number(await end.getAttribute("aria-valuenow"));
  const chosen = await now();
  await end.press("Home");
  await end.press("Enter");
  await page.getByRole("button", { name: "Edges of moment 1 as chosen" }).waitFor();
  const least = await now();
  expect(least).toBeLessThan(chosen);
  const box = await end.boundingBox();
  const lane = await page.locator(".moment .lane").first().boundingBox();
  await page.mouse.move(box!.x + box!.width / 2, box!.y + 20);
  await page.mouse.down();
  await page.mouse.move(lane!.x + lane!.width, box!.y + 20, { steps: 4 });
  await page.mouse.up();
  expect(await now()).toBe(Number(await end.getAttribute("aria-valuemax")));
  await page.getByRole("button", { name: "Edges of moment 1 as chosen" }).click();
  expect(await now()).toBe(chosen);
}
