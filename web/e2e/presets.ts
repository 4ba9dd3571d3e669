/** What a person does with a brand: keeps it as a preset, begins a video with it, changes it, and deletes it. */

import { basename } from "node:path";

import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

import { LOGO } from "./own_pictures";
import { addressOf, inspect, PHONE, signIn, visit } from "./stage";

/** On a phone: a logo, a look of captions, and a style under a name. */
export async function makePreset(browser: Browser): Promise<void> {
  const phone = await visit(browser, PHONE);
  await signIn(phone);
  await phone.getByRole("link", { name: "Your presets" }).click();
  await phone.getByText("You have no presets yet.").waitFor();
  await inspect(phone, "phone-presets-none");
  await phone.getByRole("link", { name: "New preset" }).click();
  await phone.getByRole("textbox", { name: /^Name/ }).fill("Acme GmbH");
  await phone.getByRole("button", { name: "Save the preset" }).click();
  await phone.getByText("Enter a name of small letters").waitFor();
  await phone.getByRole("textbox", { name: /^Name/ }).fill("acme");
  await phone.getByLabel("Add a picture for the logo: file").setInputFiles(LOGO);
  await phone.getByLabel("Top left").check();
  await phone.locator("img.logo.top-left").waitFor();
  await phone.getByLabel("Captions", { exact: true }).selectOption({ label: "Box" });
  await phone.getByLabel("Serif").check();
  await phone.getByLabel("Spoken word").fill("#e600a0");
  await phone.getByLabel("Style", { exact: true }).selectOption({ label: "Artistic" });
  await inspect(phone, "phone-preset");
  await phone.getByRole("button", { name: "Save the preset" }).click();
  await phone.getByRole("heading", { name: "acme" }).waitFor();
  await phone.getByText("Artistic · Captions: Box · Logo").waitFor();
  await inspect(phone, "phone-presets");
  await phone.context().close();
}

/** At a desk: a limit is added, which a video that is begun with it has, beside all else that it says. */
export async function useOfPreset(page: Page): Promise<void> {
  await page.getByLabel("Preset").waitFor();
  const configured = new URL(page.url()).pathname;
  await page.getByRole("link", { name: "Your presets" }).click();
  await page.getByRole("link", { name: "Change acme" }).click();
  await page.locator("img.logo.top-left").waitFor();
  expect(await page.getByLabel("Serif").isChecked()).toBe(true);
  await page.getByLabel(/Spending limit/).fill("7,50");
  await inspect(page, "desktop-preset");
  await page.getByRole("button", { name: "Save the preset" }).click();
  await page.getByText("at most $7.50").waitFor();
  await inspect(page, "desktop-presets");
  await page.goto(addressOf(configured));
  await page.getByLabel("Preset").selectOption("acme");
  expect(await page.getByLabel("Artistic").isChecked()).toBe(true);
  expect(await page.getByLabel(/^Box/).isChecked()).toBe(true);
  expect(await page.getByLabel(/Spending limit/).inputValue()).toBe("7.5");
  await page.getByText(/Live, it would cost about/).waitFor();
  await inspect(page, "desktop-configure-preset");
}

/** It can be deleted, and so can its logo: what was made has its own. */
export async function tidyPresets(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Your presets" }).click();
  await page.getByRole("button", { name: "Delete acme" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("You have no presets yet.").waitFor();
  await page.getByRole("link", { name: "Library", exact: true }).click();
  await page.getByRole("link", { name: "Your pictures" }).click();
  await page.getByRole("button", { name: `Delete ${basename(LOGO)}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: `Delete ${basename(LOGO)}` }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Library", exact: true }).click();
}
