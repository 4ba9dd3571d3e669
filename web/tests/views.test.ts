import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Reelwright } from "@/api/reelwright";
import App from "@/App.vue";
import ResultPanel from "@/components/ResultPanel.vue";
import SignInForm from "@/components/SignInForm.vue";
import UploadBox from "@/components/UploadBox.vue";
import { useAnnouncer } from "@/composables/useAnnouncer";
import { LONGEST_REST_MS, restOfLinks } from "@/composables/useVersions";
import { useUploads } from "@/stores/uploads";
import ConfigureView from "@/views/ConfigureView.vue";
import LibraryView from "@/views/LibraryView.vue";
import VideoView from "@/views/VideoView.vue";
import { answer, generation, page, services, show, version, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });
beforeEach(() => { sessionStorage.clear(); });

const form = { url: "u", fields: {}, expiresAt: "" };

describe("the upload box", () => {
  it("offers another file for one of the wrong kind", async () => {
    const view = show(UploadBox, { roomy: true });
    const click = vi.spyOn(HTMLInputElement.prototype, "click").mockImplementation(() => undefined);
    useUploads().add([new File(["x"], "notes.txt")]);
    await flushPromises();
    expect(view.get("[role=alert]").text()).toContain("notes.txt: Unsupported file type");
    await view.get("[role=alert] button").trigger("click");
    expect(click).toHaveBeenCalledOnce();
    expect(view.find("[role=alert]").exists()).toBe(false);
  });

  it("keeps what is under way when the view is left, and tells of it in the next", async () => {
    let arrive: () => void = () => undefined;
    const createVideo = async () => ({ success: true, video: video("v1"), upload: form });
    const given = services({
      api: { createVideo } as unknown as Reelwright, send: () => new Promise((resolve) => { arrive = resolve; }),
    });
    const view = show(UploadBox, { roomy: false }, given);
    const uploads = useUploads();
    uploads.add([new File(["x"], "a.mp3")]);
    await flushPromises();
    view.unmount();
    arrive();
    await flushPromises();
    expect(uploads.transfers).toMatchObject([{ state: "arrived", videoId: "v1" }]);
  });
});

describe("the library", () => {
  it("shows each title in its own direction, and announces a deletion", async () => {
    const api = { list: async () => answer(page(video("a", { title: "مرحبا بالعالم" }))), remove: vi.fn() };
    const view = show(LibraryView, {}, services({ api: api as unknown as Reelwright }));
    await flushPromises();
    expect(view.get("h2.clip").attributes("dir")).toBe("auto");
    await view.get("button.end").trigger("click");
    await view.get("button.danger").trigger("click");
    await flushPromises();
    expect(useAnnouncer().words.value).toContain("Deleted “مرحبا بالعالم”");
    expect(view.findAll("h2.clip")).toHaveLength(0);
  });
});

describe("the choices", () => {
  const recording = video("v1", { duration: 0 });
  const estimate = vi.fn(async () => ({ cost: { total: 3 }, generationSeconds: 60, withinBudget: true, goals: [] }));
  const api = (start = vi.fn().mockResolvedValue(undefined)) => (
    { show: async () => answer(recording), estimate, start } as unknown as Reelwright
  );

  it("never start by Enter in a field, and once by the button", async () => {
    const start = vi.fn().mockResolvedValue(undefined);
    const view = show(ConfigureView, { videoId: "v1" }, services({ api: api(start) }));
    await flushPromises();
    await view.get("form").trigger("submit");
    await view.get("input[inputmode=decimal]").trigger("keydown", { key: "Enter" });
    expect(start).not.toHaveBeenCalled();
    await view.get("aside button").trigger("click");
    await view.findAll("aside button")[2]!.trigger("click");
    expect(start).toHaveBeenCalledOnce();
    await flushPromises();
    await view.findAll("aside button")[2]!.trigger("click");
    expect(start.mock.calls.map(([, , goal]) => goal)).toEqual(["video", "draft"]);
  });

  it("say what is wrong with a limit, and take one with a comma", async () => {
    const start = vi.fn().mockResolvedValue(undefined);
    const view = show(ConfigureView, { videoId: "v1" }, services({ api: api(start) }));
    await flushPromises();
    await view.get("input[inputmode=decimal]").setValue("much");
    expect(view.text()).toContain("Enter an amount in dollars, such as $5.00");
    await view.get("input[inputmode=decimal]").setValue("2,50");
    await view.get("aside button").trigger("click");
    expect(start.mock.calls[0]![1]).toMatchObject({ budget: 2.5 });
  });
});

describe("one video", () => {
  it("announces that it is ready, and names it in the tab", async () => {
    const states = ["processing", "completed"] as const;
    let asked = 0;
    const showVideo = async () => {
      const status = states[Math.min(asked++, 1)]!;
      const data = generation({ progress: 40 });
      return answer(video("v1", { title: "Talk", ai_generation_status: status, ai_generation_data: data }), status);
    };
    const api = { show: showVideo, versions: async () => answer([]) } as unknown as Reelwright;
    const view = show(VideoView, { videoId: "v1" }, services({ api }));
    await flushPromises();
    expect(document.title).toBe("40% · Talk · Reelwright");
    document.dispatchEvent(new Event("visibilitychange"));
    await flushPromises();
    expect(useAnnouncer().words.value).toContain("“Talk” is ready.");
    expect(document.title).toBe("Talk · Reelwright");
    view.unmount();
  });

  it("asks for new links every time that they run out, and goes on where it was", async () => {
    const of = (sig: string) => ({ video: video("v1"), version: version("a", 1, sig), preview: false });
    const view = show(ResultPanel, of("a"));
    const film = view.get("video.film");
    for (const sig of ["b", "c"]) {
      (film.element as HTMLVideoElement).currentTime = 7;
      await film.trigger("error");
      await view.setProps(of(sig));
      expect(film.attributes("src")).toContain(`sig=${sig}`);
      await film.trigger("loadedmetadata");
      expect((film.element as HTMLVideoElement).currentTime).toBe(7);
    }
    expect(view.emitted("stale")).toHaveLength(2);
  });
});

describe("the versions of a video", () => {
  const summaries = [version("new", 2), version("old", 1)];
  const done = generation({ generation_id: "new", scene_beats: { scenes: [{ sequence: 1 }] } as never });

  function stage(status: string, data = done) {
    let list = summaries;
    const record = () => video("v1", {
      title: "Talk", ai_generation_status: status as never, ai_generation_data: data, versions: list,
    });
    const removeVersion = vi.fn(async (_video: string, id: string) => {
      list = list.filter((each) => each.generation_id !== id);
    });
    const versions = vi.fn(async () => answer(list));
    const api = { show: async () => answer(record()), versions, removeVersion } as unknown as Reelwright;
    return { view: show(VideoView, { videoId: "v1" }, services({ api })), removeVersion, versions };
  }

  it("are switched between, and only the latest shows its scenes", async () => {
    vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
    const { view } = stage("completed");
    await flushPromises();
    expect(view.get("video.film").attributes("src")).toContain("/new/final_video.mp4");
    expect(view.find("#scenes").exists()).toBe(true);
    await view.findAll(".version")[1]!.get("button").trigger("click");
    await flushPromises();
    expect(view.get("video.film").attributes("src")).toContain("/old/final_video.mp4");
    expect(view.find("#scenes").exists()).toBe(false);
    expect(view.get(".version[aria-current]").text()).toContain("Wish old");
    view.unmount();
  });

  it.each(["processing", "failed", "awaiting_review"])("are shown while a new one is %s", async (status) => {
    const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
    const { view } = stage(status, generation({ generation_id: "next", failure: null }));
    await flushPromises();
    expect(view.get("video.film").attributes("src")).toContain("/new/final_video.mp4");
    expect(view.get("#versions").text()).toBe("Earlier versions");
    await view.findAll(".version")[1]!.get("button").trigger("click");
    await flushPromises();
    expect(view.get("video.film").attributes("src")).toContain("/old/final_video.mp4");
    expect(play).toHaveBeenCalled();
    view.unmount();
  });

  it("are deleted one by one, after a question", async () => {
    const { view, removeVersion, versions } = stage("completed");
    await flushPromises();
    await view.findAll(".version")[1]!.findAll("button")[2]!.trigger("click");
    expect(removeVersion).not.toHaveBeenCalled();
    expect(view.get("dialog").text()).toContain("The recording and its other versions stay.");
    await view.get("dialog button.danger").trigger("click");
    await flushPromises();
    expect(removeVersion).toHaveBeenCalledWith("v1", "old");
    expect(view.findAll(".version")).toHaveLength(1);
    expect(view.find("dialog").exists()).toBe(false);
    expect(useAnnouncer().words.value).toContain("Deleted the version of");
    expect(versions.mock.calls.length).toBeGreaterThan(1);
    view.unmount();
  });

  it("are asked for again before their links run out, and now and then", () => {
    const now = Date.now();
    const ending = (minutes: number) => ({
      ...version("a"), links: { video: { url: "", expiresAt: new Date(now + minutes * 60_000).toISOString() } },
    });
    expect([60, 2, 0].map((minutes) => restOfLinks([ending(minutes)], now))).toEqual([LONGEST_REST_MS, 60_000, 1_000]);
    expect(restOfLinks([], now)).toBe(LONGEST_REST_MS);
  });
});

describe("the frame", () => {
  it("does not let a dropped file replace the page, and warns while something is uploaded", async () => {
    const given = services({ api: { createVideo: () => new Promise(() => undefined) } as unknown as Reelwright });
    const view = show(App, {}, given);
    const drop = new Event("drop", { cancelable: true });
    Object.assign(drop, { dataTransfer: { types: ["Files"] } });
    window.dispatchEvent(drop);
    expect(drop.defaultPrevented).toBe(true);
    const quiet = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(quiet);
    expect(quiet.defaultPrevented).toBe(false);
    useUploads().add([new File(["x"], "a.mp3")]);
    const busy = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(busy);
    expect(busy.defaultPrevented).toBe(true);
    view.unmount();
  });

  it("shows the sign-in while nobody is in, and its refusals in words", async () => {
    const signIn = vi.fn().mockRejectedValue(new Error("x"));
    const given = services({ state: "out" });
    Object.assign(given.session, { signIn });
    expect(show(App, {}, given).text()).toContain("Turn speech into a captioned vertical video");
    const view = show(SignInForm, { name: "demo" }, given);
    await view.get("input[type=password]").setValue("pw");
    await view.get("form").trigger("submit");
    await flushPromises();
    expect(signIn).toHaveBeenCalledWith("demo", "pw");
    expect(view.get("[role=alert]").text()).not.toBe("");
  });
});
