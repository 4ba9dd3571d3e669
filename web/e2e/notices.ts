/** The browser's own notices, which no page can look at: what was given is noted beside. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

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
