import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ref } from "vue";

import type { Reelwright } from "@/api/reelwright";
import type { Video } from "@/api/types";
import NoticeField from "@/components/NoticeField.vue";
import { useAnnouncer } from "@/composables/useAnnouncer";
import LibraryView from "@/views/LibraryView.vue";
import { answer, page, services, show, video } from "./stage";

/** The browser's own: `answers` is what the person says to its question. */
class Browser {
  static permission: NotificationPermission = "default";
  static answers: NotificationPermission = "granted";
  static given: Browser[] = [];
  static fails = false;
  onclick: () => void = () => undefined;
  close = vi.fn();

  static async requestPermission(): Promise<NotificationPermission> {
    Browser.permission = Browser.answers;
    return Browser.permission;
  }

  constructor(readonly title: string, readonly options: NotificationOptions) {
    if (Browser.fails) throw new TypeError("Illegal constructor");
    Browser.given.push(this);
  }
}

const titles = () => Browser.given.map((each) => each.title);
const box = (view: ReturnType<typeof show>) => view.get<HTMLInputElement>("input[type=checkbox]");

beforeEach(() => {
  Object.assign(Browser, { permission: "default", answers: "granted", given: [], fails: false });
  vi.stubGlobal("Notification", Browser);
  localStorage.clear();
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("the notice of an end", () => {
  it("is asked for once in a browser, shows how it looks, and can be left again", async () => {
    const view = show(NoticeField, {});
    expect(box(view).element.checked).toBe(false);
    await box(view).setValue(true);
    await flushPromises();
    expect(titles()).toEqual(["You'll be told here when a video is ready or has stopped."]);
    const later = box(show(NoticeField, {}));
    expect(later.element.checked).toBe(true);
    await later.setValue(false);
    expect(box(show(NoticeField, {})).element.checked).toBe(false);
  });

  it("is not promised where the browser refuses it, and how to allow it is said", async () => {
    Browser.answers = "denied";
    const view = show(NoticeField, {});
    await box(view).setValue(true);
    await flushPromises();
    expect(view.text()).toContain("Notifications are blocked in this browser");
    expect(titles()).toEqual([]);
  });

  const library = async () => {
    const videos = ref<Video[]>([]);
    const list = async () => answer(page(...videos.value), JSON.stringify(videos.value));
    show(LibraryView, {}, services({ api: { list } as unknown as Reelwright }));
    const become = async (...statuses: string[]) => {
      videos.value = statuses.map((status, at) => (
        video(`v${at}`, { title: `Talk ${at}`, ai_generation_status: status as never })
      ));
      document.dispatchEvent(new Event("visibilitychange"));
      await flushPromises();
    };
    await flushPromises();
    await become("processing", "processing", "completed");
    expect(document.title).toBe("2 in progress · Library · Reelwright");
    return { become };
  };

  it("is given for each video that ends while nobody looks, and leads to it", async () => {
    await box(show(NoticeField, {})).setValue(true);
    await flushPromises();
    const { become } = await library();
    await become("completed", "processing", "completed");
    // Somebody looks: it is said on the page alone.
    expect(useAnnouncer().words.value).toContain("“Talk 0” is ready.");
    expect(titles()).toHaveLength(1);
    vi.spyOn(document, "visibilityState", "get").mockReturnValueOnce("visible").mockReturnValue("hidden");
    await become("completed", "failed", "completed");
    expect(titles().slice(1)).toEqual(["“Talk 1” stopped."]);
    expect(document.title).toBe("Library · Reelwright");
    const focus = vi.spyOn(window, "focus").mockImplementation(() => undefined);
    Browser.given[1]!.onclick();
    await flushPromises();
    expect(focus).toHaveBeenCalledOnce();
    expect(Browser.given[1]!.close).toHaveBeenCalledOnce();
  });

  // Last: what a browser lacks it lacks for good.
  it("is not offered where a page may show none", async () => {
    Browser.fails = true;
    const view = show(NoticeField, {});
    await box(view).setValue(true);
    await flushPromises();
    expect(view.find("input").exists()).toBe(false);
    expect(show(NoticeField, {}).find("input").exists()).toBe(false);
  });
});
