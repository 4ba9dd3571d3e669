import { describe, expect, it, vi } from "vitest";

import { ApiProblem, ConnectionLost } from "@/api/problems";
import { contentType } from "@/api/files";
import type { Reelwright } from "@/api/reelwright";
import type { Created } from "@/api/types";
import { IDLE_MS, restOf } from "@/composables/useVideo";
import { useLibrary } from "@/stores/library";
import type { Sender } from "@/lib/sending";
import { titleOf, unfit, useUploads } from "@/stores/uploads";
import { answer, generation, page, services, settle, video, withStores } from "./stage";

const recording = (name = "my_last-night.mp3", type = "audio/mpeg") => new File(["sound"], name, { type });

describe("library", () => {
  const library = (api: Partial<Reelwright>) => withStores(services({ api: api as Reelwright }), useLibrary);

  it("adds page to page without doubles, and ends where there is no token", async () => {
    const list = vi.fn(async () => answer(page(video("b"), video("a"))));
    const store = library({ list });
    store.takeFirst({ ...page(video("c"), video("b")), next: "second" });
    await store.more();
    expect(store.videos.map((each) => each.video_id)).toEqual(["c", "b", "a"]);
    expect(store.hasMore).toBe(false);
    await store.more();
    expect(list.mock.calls).toEqual([["second"]]);
  });

  it("loses no page when a refresh overlaps", async () => {
    let give: (value: ReturnType<typeof answer<ReturnType<typeof page>>>) => void = () => undefined;
    const store = library({ list: () => new Promise((resolve) => { give = resolve; }) });
    store.takeFirst({ ...page(video("d"), video("c")), next: "second" });
    const more = store.more();
    store.takeFirst({ ...page(video("e"), video("d")), next: "other" });
    give(answer({ ...page(video("b"), video("a")), next: "third" }));
    await more;
    store.takeFirst({ ...page(video("e"), video("d")), next: "other" });
    expect(store.videos.map((each) => each.video_id)).toEqual(["e", "d", "c", "b", "a"]);
    expect(store.hasMore).toBe(true);
  });

  it("shows what is new of what it knows, and drops what was deleted elsewhere", () => {
    const store = library({});
    store.takeFirst(page(video("b", { title: "old" }), video("a")));
    store.takeFirst(page(video("b", { title: "new" })));
    expect(store.videos.map((each) => each.title)).toEqual(["new"]);
  });

  it("says what failed and keeps what it already shows", async () => {
    const list = vi.fn().mockRejectedValue(new ApiProblem(429, { message: "Slow down." }));
    const store = library({ list });
    store.fail(new ConnectionLost());
    expect([store.state, store.problem.includes("can't be reached")]).toEqual(["failed", true]);
    store.takeFirst({ ...page(video("a")), next: "second" });
    await store.more();
    expect([store.state, store.problem, store.videos.length]).toEqual(["ready", "Slow down.", 1]);
  });

  it("keeps a video that could not be deleted", async () => {
    const remove = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new ApiProblem(409, {})).mockResolvedValueOnce();
    const store = library({ remove });
    store.takeFirst(page(video("a"), video("b")));
    await expect(store.remove("a")).rejects.toBeInstanceOf(ApiProblem);
    expect(store.videos).toHaveLength(2);
    await store.remove("a");
    expect(store.videos.map((each) => each.video_id)).toEqual(["b"]);
  });
});

describe("uploads", () => {
  const form = { url: "https://bucket", fields: { key: "k" }, expiresAt: "" };
  const created: Created = { success: true, video: video("v1"), upload: form };
  const uploads = (createVideo: Reelwright["createVideo"], send: Sender) =>
    withStores(services({ api: { createVideo } as Reelwright, send }), useUploads);

  it("makes the record, sends the form, and shows how far it is", async () => {
    const percents: number[] = [];
    const createVideo = vi.fn<Reelwright["createVideo"]>().mockResolvedValue(created);
    const store = uploads(createVideo, async (_form, _file, onPercent) => {
      onPercent(40);
      percents.push(store.transfers[0]!.percent);
    });
    store.add([recording()]);
    expect(store.isBusy).toBe(true);
    await settle();
    expect(createVideo.mock.calls[0]![1]).toBe("My last night");
    expect(percents).toEqual([40]);
    expect(store.transfers).toMatchObject([{ state: "arrived", videoId: "v1" }]);
    expect(store.isBusy).toBe(false);
  });

  it("takes several files, two at a time", async () => {
    const open: (() => void)[] = [];
    const store = uploads(async () => created, () => new Promise((resolve) => { open.push(resolve); }));
    store.add(["a.mp3", "b.mp3", "c.mp3"].map((name) => recording(name)));
    await settle();
    expect(store.transfers.map((each) => each.state)).toEqual(["uploading", "uploading", "waiting"]);
    open[0]!();
    await settle();
    expect(store.transfers.map((each) => each.state)).toEqual(["arrived", "uploading", "uploading"]);
  });

  it("after a lost connection goes on with the same record and key", async () => {
    const createVideo = vi.fn().mockRejectedValueOnce(new ConnectionLost()).mockResolvedValue(created);
    const send = vi.fn().mockRejectedValueOnce(new ConnectionLost()).mockResolvedValue(undefined);
    const store = uploads(createVideo, send);
    store.add([recording()]);
    await settle();
    expect(store.transfers[0]).toMatchObject({ state: "failed", canRetry: true });
    store.retry(store.transfers[0]!.id);
    await settle();
    store.retry(store.transfers[0]!.id);
    await settle();
    expect(store.transfers[0]).toMatchObject({ state: "arrived", videoId: "v1" });
    const keys = createVideo.mock.calls.map((call) => call[2] as string);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("is quiet about what the person cancelled", async () => {
    const store = uploads(async () => created, (_form, _file, _percent, signal) =>
      new Promise((_resolve, reject) => { signal.onabort = () => { reject(new DOMException("", "AbortError")); }; }));
    store.add([recording()]);
    await settle();
    store.dismiss(store.transfers[0]!.id);
    await settle();
    expect(store.transfers).toEqual([]);
  });

  it("refuses what is no recording before anything is sent, and does not offer to try that again", async () => {
    const createVideo = vi.fn();
    const store = uploads(createVideo, vi.fn());
    store.add([new File(["x"], "notes.txt", { type: "text/plain" }), new File([], "a.mp3")]);
    await settle();
    expect(store.transfers.map((each) => [each.state, each.canRetry])).toEqual([["failed", false], ["failed", false]]);
    expect(store.transfers[0]!.problem).toContain("Unsupported file type");
    store.retry(store.transfers[0]!.id);
    await settle();
    expect(createVideo).not.toHaveBeenCalled();
    expect(unfit(new File([], "a.mp3"))).toContain("empty");
    expect(contentType(new File(["x"], "a.FLAC"))).toBe("audio/flac");
    expect(titleOf(".mp3")).toBe(".mp3");
  });
});

describe("a video's rest", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const link = (minutes: number) => ({ url: "u", expiresAt: new Date(now + minutes * 60_000).toISOString() });

  it("is none while it is made, and ends before any link of it does, each time", () => {
    expect(restOf(video("a", { ai_generation_status: "processing" }), now)).toBeUndefined();
    expect(restOf(video("a", { ai_generation_status: "failed" }), now)).toBe(IDLE_MS);
    const ready = (minutes: number) => video("a", {
      ai_generation_status: "completed", ai_generation_data: generation({ links: { video: link(minutes) } }),
    });
    expect([60, 1.25, -5].map((minutes) => restOf(ready(minutes), now))).toEqual([IDLE_MS, 15_000, 1_000]);
  });
});
