import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import type { OwnSettings } from "@/api/types";
import MailField from "@/components/MailField.vue";
import { services, show } from "./stage";

const settings = (mailAtEnd: boolean, more: Partial<OwnSettings> = {}): OwnSettings => (
  { success: true, settings: { mailAtEnd }, mailFrom: "video@example.com", mailTo: "jane@example.com", ...more }
);
const stage = async (api: object) => {
  const view = show(MailField, {}, services({ api: api as Reelwright }));
  await flushPromises();
  return view;
};

describe("the e-mail of an end", () => {
  it("is off, says where it goes, and is stored as it is ticked", async () => {
    const putSettings = vi.fn(async (mailAtEnd: boolean) => settings(mailAtEnd));
    const view = await stage({ settings: async () => settings(false), putSettings });
    const box = view.get<HTMLInputElement>("input");
    expect(view.text()).toContain("jane@example.com");
    expect(box.element.checked).toBe(false);
    await box.setValue(true);
    await flushPromises();
    expect(putSettings).toHaveBeenCalledWith(true);
    expect(box.element.checked).toBe(true);
  });

  it("is not offered where none is sent, none can arrive, or nobody knows", async () => {
    for (const reply of [settings(false, { mailFrom: "" }), settings(true, { mailTo: "" })]) {
      expect((await stage({ settings: async () => reply })).find("input").exists()).toBe(false);
    }
    const lost = await stage({ settings: () => Promise.reject(new TypeError("gone")) });
    expect(lost.find("input").exists()).toBe(false);
  });

  it("stays as it was where it can't be stored, and says why", async () => {
    const putSettings = () => Promise.reject(new TypeError("gone"));
    const view = await stage({ settings: async () => settings(false), putSettings });
    await view.get("input").setValue(true);
    await flushPromises();
    expect(view.get<HTMLInputElement>("input").element.checked).toBe(false);
    expect(view.get("[role=alert]").text()).not.toBe("");
  });
});
