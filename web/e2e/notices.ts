/** How a person is told of an end: by e-mail, and by the browser's own notices, which no page can look at. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Asks for an e-mail of the end, which is remembered by the account and not by the browser. */
export async function askForMail(page: Page): Promise<void> {
  const box = page.getByLabel("E-mail me at demo@example.com when a video ends or waits for me");
  await box.check();
  await page.reload();
  await box.waitFor();
  expect(await box.isChecked()).toBe(true);
}

/** Asks for a notice of the end, as somebody who then looks at something else. */
export async function askForNotices(page: Page): Promise<void> {
  await page.context().grantPermissions(["notifications"]);
  await page.evaluate(() => {
    const given: string[] = [];
    const Plain = window.Notification;
    class Noted extends Plain {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        given.push(title);
      }
    }
    Object.assign(window, { given, Notification: Noted });
  });
  const box = page.getByLabel(/^Notify me when it ends/);
  await box.check();
  expect(await box.isChecked()).toBe(true);
  await page.evaluate(() => { Object.defineProperty(document, "visibilityState", { get: () => "hidden" }); });
}

export function noticesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { given: string[] }).given);
}
