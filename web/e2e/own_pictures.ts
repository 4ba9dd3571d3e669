/** What a person does with pictures of their own: adds them, uses them for one scene or for all, and takes them out. */

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { go } from "./directing";
import { clipsSold, edited, inspect, needed, play } from "./stage";

/** A photo, another one, a file that only claims to be one, and a logo. */
export const [HARBOUR = "", STREET = "", FAKE = "", LOGO = ""] = needed("PICTURES").split("\n");

/** Drops files on an element, as from another window. */
async function drop(page: Page, selector: string, paths: string[]): Promise<void> {
  const files = await Promise.all(paths.map(async (path) => ({
    name: basename(path), bytes: [...await readFile(path)],
  })));
  const dataTransfer = await page.evaluateHandle((contents) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of contents) transfer.items.add(new File([new Uint8Array(bytes)], name));
    return transfer;
  }, files);
  await page.locator(selector).first().dispatchEvent("drop", { dataTransfer });
}

/** Before anything is planned: with pictures there is no clip in the price, and without them again there is. */
export async function choosePictures(page: Page): Promise<void> {
  const note = page.locator(".estimate .note");
  await note.getByText(/Live, it would cost about \$/).waitFor();
  const whole = await note.textContent();
  await page.getByLabel("Add pictures for the video: file").setInputFiles([HARBOUR, STREET]);
  await page.getByLabel(`Leave out ${basename(STREET)}`).waitFor();
  await page.locator(".wishes img").nth(1).waitFor();
  // By their names, in which 2 comes before 10.
  expect(await page.locator(".chosen .clip").allTextContents()).toEqual([basename(HARBOUR), basename(STREET)]);
  await note.getByText(/cost (under|about) \$0.0\d/).waitFor();
  await inspect(page, "desktop-configure-pictures");
  await page.getByLabel(`Leave out ${basename(HARBOUR)}`).click();
  await page.getByLabel(`Leave out ${basename(STREET)}`).click();
  await note.getByText(whole ?? "", { exact: true }).waitFor();
}

/** A scene has a picture at once, with its uses and their prices, and none again; what is no picture is told. */
export async function pictureOfScene(phone: Page): Promise<void> {
  const scene = phone.locator("article.scene").first();
  const file = phone.getByLabel("Add a picture to scene 1: file");
  await file.setInputFiles(FAKE);
  await scene.getByText(/The file is none of jpg, png, webp or heic pictures/).waitFor();
  await inspect(phone, "phone-no-picture");
  await scene.getByRole("button", { name: "Dismiss" }).click();
  await file.setInputFiles(HARBOUR);
  await scene.getByText("Your picture: free").waitFor();
  await scene.locator(".take.shown img").waitFor();
  expect(await scene.getByLabel("Still", { exact: true }).isChecked()).toBe(true);
  const priced = edited(phone);
  await scene.getByLabel("First frame").check();
  expect((await priced).status()).toBe(200);
  await scene.getByText(/New clip, live: \$/).waitFor();
  await inspect(phone, "phone-picture");
  await scene.getByRole("button", { name: "Remove the picture of scene 1" }).click();
  await scene.getByRole("button", { name: "Add a picture to scene 1", exact: true }).waitFor();
  await phone.getByRole("button", { name: "Add a picture to scene 1: choose from yours" }).click();
  await inspect(phone, "phone-picker");
  await phone.getByRole("dialog").getByRole("button", { name: basename(HARBOUR) }).first().click();
  await scene.getByText("Your picture: free").waitFor();
}

/** Pictures that are dropped on the storyboard are those of all scenes. */
export async function dropOnAllScenes(page: Page): Promise<void> {
  // What was changed on the phone is seen.
  await page.reload();
  await page.getByText("Your picture: free").waitFor();
  const scenes = await page.locator("article.scene").count();
  await drop(page, "section.board", [STREET, HARBOUR]);
  await page.getByText("Your picture: free").nth(scenes - 1).waitFor();
  await page.locator(".take.shown img").nth(scenes - 1).waitFor();
  await inspect(page, "desktop-own-pictures");
}

/** All scenes have own pictures: the video is made, and not one clip or still bought. */
export async function makeForNothing(phone: Page): Promise<void> {
  const before = await clipsSold();
  await phone.reload();
  await phone.getByText("Your picture: free").nth(1).waitFor();
  await inspect(phone, "phone-own-pictures");
  await go(phone, "Make the video");
  await phone.locator("video.film track").waitFor({ state: "attached" });
  expect(await play(phone)).toMatchObject({ width: 720, height: 1280 });
  await phone.locator(".scene .picture img").first().scrollIntoViewIfNeeded();
  await expect.poll(() => phone.locator(".scene .picture img").first().evaluate(
    (picture: HTMLImageElement) => picture.naturalWidth,
  )).toBeGreaterThan(0);
  await inspect(phone, "phone-directed");
  expect(await clipsSold()).toBe(before);
  const [download] = await Promise.all([
    phone.waitForEvent("download"), phone.getByRole("button", { name: "Download video" }).click(),
  ]);
  // What is in it is looked at by whoever has started this.
  await download.saveAs(join(needed("DOWNLOADS"), "own.mp4"));
}

/** All of them are in the library, and each can be deleted. */
export async function tidyPictures(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Your pictures" }).click();
  await page.getByRole("heading", { name: "Your pictures" }).waitFor();
  const rows = page.locator(".shelf > li");
  await page.getByText("The file is none of jpg").first().waitFor();
  const before = await rows.count();
  await inspect(page, "desktop-pictures");
  await page.getByRole("button", { name: `Delete ${basename(FAKE)}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await rows.nth(before - 1).waitFor({ state: "detached" });
}
