import { nextTick, reactive } from "vue";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem, ConnectionLost } from "@/api/problems";
import { contentType, type Reelwright } from "@/api/reelwright";
import type { Choices, Created, Estimate, Generation, Video, VideoPage } from "@/api/types";
import { budgetProblem, choicesOf, forgetDraft, keepDraft } from "@/state/draft";
import { followEstimate, PAUSE_MS } from "@/state/estimate";
import { makeLibrary } from "@/state/library";
import { makeUpload, titleOf, unfit } from "@/state/upload";

const video = (video_id: string) => ({ video_id, title: video_id }) as Video;
const page = (...videos: Video[]): VideoPage => ({ success: true, videos });
const recording = (name = "my_last-night.mp3", type = "audio/mpeg") => new File(["sound"], name, { type });

describe("library", () => {
  it("adds page to page without doubles, and ends where there is no token", async () => {
    const pages: Record<string, VideoPage> = {
      first: { ...page(video("c"), video("b")), next: "second" },
      second: page(video("b"), video("a")),
    };
    const asked: (string | undefined)[] = [];
    const list = async (next?: string) => { asked.push(next); return pages[next ?? "first"]!; };
    const library = makeLibrary({ list, remove: vi.fn() });
    await library.load();
    expect([library.state, library.hasMore]).toEqual(["ready", true]);
    await library.more();
    expect(library.videos.map((each) => each.video_id)).toEqual(["c", "b", "a"]);
    expect(library.hasMore).toBe(false);
    await library.more();
    expect(asked).toEqual([undefined, "second"]);
  });

  it("says what failed and keeps what it already shows", async () => {
    const list = vi.fn<() => Promise<VideoPage>>().mockRejectedValueOnce(new ConnectionLost());
    const library = makeLibrary({ list, remove: vi.fn() });
    await library.load();
    expect(library.state).toBe("failed");
    expect(library.problem).toContain("cannot be reached");
    list.mockResolvedValueOnce(page(video("a")));
    list.mockRejectedValueOnce(new ApiProblem(429, { message: "Slow down." }));
    await library.load();
    await library.load();
    expect([library.state, library.problem, library.videos.length]).toEqual(["ready", "Slow down.", 1]);
  });

  it("shows the newest answer when an older one comes late", async () => {
    const open: ((page: VideoPage) => void)[] = [];
    const library = makeLibrary({ list: () => new Promise((resolve) => open.push(resolve)), remove: vi.fn() });
    const both = [library.load(), library.load()];
    open[1]!(page(video("new")));
    open[0]!(page(video("old")));
    await Promise.all(both);
    expect(library.videos.map((each) => each.video_id)).toEqual(["new"]);
  });

  it("keeps a video that could not be deleted", async () => {
    const remove = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new ApiProblem(409, {})).mockResolvedValueOnce();
    const library = makeLibrary({ list: async () => page(video("a"), video("b")), remove });
    await library.load();
    await expect(library.remove("a")).rejects.toBeInstanceOf(ApiProblem);
    expect(library.videos).toHaveLength(2);
    await library.remove("a");
    expect(library.videos.map((each) => each.video_id)).toEqual(["b"]);
  });
});

describe("upload", () => {
  const form = { url: "https://bucket", fields: { key: "k" }, expiresAt: "" };
  const answer: Created = { success: true, video: video("v1"), upload: form };

  it("makes the record, sends the form, and shows how far it is", async () => {
    const seen: number[] = [];
    const createVideo = vi.fn<Reelwright["createVideo"]>().mockResolvedValue(answer);
    const upload = makeUpload({ createVideo }, async (_form, _file, onPercent) => {
      onPercent(40);
      seen.push(upload.percent);
    });
    expect(await upload.begin(recording())).toBe("v1");
    expect(createVideo.mock.calls[0]![1]).toBe("My last night");
    expect(seen).toEqual([40]);
    expect(upload.state).toBe("idle");
  });

  it("after a lost connection goes on with the same record and key", async () => {
    const createVideo = vi.fn().mockRejectedValueOnce(new ConnectionLost()).mockResolvedValue(answer);
    const send = vi.fn().mockRejectedValueOnce(new ConnectionLost()).mockResolvedValue(undefined);
    const upload = makeUpload({ createVideo }, send);
    expect(await upload.begin(recording())).toBeUndefined();
    expect(upload.state).toBe("failed");
    expect(await upload.retry()).toBeUndefined();
    expect(await upload.retry()).toBe("v1");
    const keys = createVideo.mock.calls.map((call) => call[2] as string);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("is quiet about what the person cancelled", async () => {
    const upload = makeUpload({ createVideo: async () => answer }, (_form, _file, _percent, signal) =>
      new Promise((_resolve, reject) => { signal.onabort = () => { reject(new DOMException("", "AbortError")); }; }));
    const work = upload.begin(recording());
    await nextTick();
    upload.cancel();
    expect(await work).toBeUndefined();
    expect([upload.state, upload.problem]).toEqual(["idle", ""]);
  });

  it("refuses what is no recording before anything is sent", async () => {
    const createVideo = vi.fn();
    const upload = makeUpload({ createVideo }, vi.fn());
    await upload.begin(new File(["x"], "notes.txt", { type: "text/plain" }));
    expect([upload.state, upload.problem.includes("not a recording")]).toEqual(["failed", true]);
    expect(createVideo).not.toHaveBeenCalled();
    expect(unfit(new File([], "a.mp3"))).toContain("empty");
    expect(contentType(new File(["x"], "a.FLAC"))).toBe("audio/flac");
    expect(titleOf(".mp3")).toBe(".mp3");
  });
});

describe("draft", () => {
  beforeEach(() => { sessionStorage.clear(); });

  it("is still there after a reload, until it is forgotten", async () => {
    const draft = keepDraft("v1");
    draft.prompt = "A storm";
    draft.budget = "5";
    await nextTick();
    expect(keepDraft("v1")).toMatchObject({ prompt: "A storm", budget: "5" });
    expect(keepDraft("v2").prompt).toBe("");
    forgetDraft("v1");
    expect(keepDraft("v1").prompt).toBe("");
  });

  it("begins with what the earlier video was made with", () => {
    const options = { aspect_ratio: "16:9", captions: "lines" };
    const earlier = { user_prompt: "Sea", target_duration: 45, style: "artistic", options };
    expect(keepDraft("v1", earlier as Partial<Generation> as Generation)).toMatchObject({
      prompt: "Sea", targetDuration: 45, style: "artistic", aspectRatio: "16:9", captions: "lines", budget: "",
    });
  });

  it("survives a broken store", () => {
    sessionStorage.setItem("draft:v1", "{");
    expect(keepDraft("v1").style).toBe("cinematic");
  });

  it.each([["", ""], ["5", ""], ["0", "amount"], ["-1", "amount"], ["ten", "amount"], ["1001", "at most"]])(
    "says what is wrong with a budget of %j", (typed, expected) => {
      const problem = budgetProblem(typed);
      if (expected) expect(problem).toContain(expected);
      else expect(problem).toBe("");
    });

  it("sends no budget when there is none", () => {
    const draft = keepDraft("v1");
    expect(choicesOf(draft)).not.toHaveProperty("budget");
    draft.budget = "4.5";
    expect(choicesOf(draft).budget).toBe(4.5);
  });
});

describe("estimate", () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  function stage() {
    const choices = reactive({ prompt: "", targetDuration: 30 }) as Choices;
    const open: {
      wanted: Choices; signal: AbortSignal; give(value: Estimate): void; fail(error: unknown): void;
    }[] = [];
    const estimate = (_id: string, wanted: Choices, signal: AbortSignal) => new Promise<Estimate>((give, fail) => {
      open.push({ wanted: { ...wanted }, signal, give, fail });
    });
    const live = followEstimate({ estimate }, "v1", () => ({ ...choices }));
    return { choices, open, live };
  }

  it("asks at once, then a moment after the last change, and never for the description", async () => {
    const { choices, open } = stage();
    await vi.advanceTimersByTimeAsync(0);
    expect(open).toHaveLength(1);
    choices.prompt = "A storm";
    await vi.advanceTimersByTimeAsync(PAUSE_MS * 2);
    expect(open).toHaveLength(1);
    choices.targetDuration = 45;
    await vi.advanceTimersByTimeAsync(PAUSE_MS / 2);
    choices.targetDuration = 60;
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(open.map((each) => each.wanted.targetDuration)).toEqual([30, 60]);
  });

  it("keeps the newest price when an older answer comes late", async () => {
    const { choices, open, live } = stage();
    await vi.advanceTimersByTimeAsync(0);
    choices.targetDuration = 60;
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(open[0]!.signal.aborted).toBe(true);
    open[1]!.give({ seconds: 60 } as Estimate);
    await vi.advanceTimersByTimeAsync(0);
    open[0]!.give({ seconds: 30 } as Estimate);
    await vi.advanceTimersByTimeAsync(0);
    expect(live).toMatchObject({ value: { seconds: 60 }, pending: false, problem: "" });
  });

  it("says when there is no estimate", async () => {
    const { open, live } = stage();
    await vi.advanceTimersByTimeAsync(0);
    open[0]!.fail(new ConnectionLost());
    await vi.advanceTimersByTimeAsync(0);
    expect(live.pending).toBe(false);
    expect(live.problem).toContain("cannot be reached");
  });
});
