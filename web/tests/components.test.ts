import { flushPromises } from "@vue/test-utils";
import { h, nextTick } from "vue";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Beat, Clip } from "@/api/types";
import AppHeader from "@/components/AppHeader.vue";
import AudioPlayer from "@/components/AudioPlayer.vue";
import ChoiceCards from "@/components/ChoiceCards.vue";
import CostTable from "@/components/CostTable.vue";
import DeleteDialog from "@/components/DeleteDialog.vue";
import ModalDialog from "@/components/ModalDialog.vue";
import ProgressPanel from "@/components/ProgressPanel.vue";
import SceneCard from "@/components/SceneCard.vue";
import StatusChip from "@/components/StatusChip.vue";
import VideoCard from "@/components/VideoCard.vue";
import { useAnnouncer } from "@/composables/useAnnouncer";
import { generation, services, show, video } from "./stage";

afterEach(() => { document.body.replaceChildren(); });

describe("a dialog", () => {
  it("stays when a second Escape closes it against the page's will", async () => {
    const view = show(ModalDialog, { title: "Sign in again", closable: false });
    const dialog = view.get("dialog").element as HTMLDialogElement;
    expect(dialog.open).toBe(true);
    dialog.close();
    dialog.dispatchEvent(new Event("close"));
    await nextTick();
    expect(dialog.open).toBe(true);
    expect(view.emitted("close")).toBeUndefined();
  });

  it("gives the focus back by being closed, not only taken away", () => {
    const view = show(ModalDialog, { title: "Delete?" });
    const closed = vi.spyOn(view.get("dialog").element as HTMLDialogElement, "close");
    view.unmount();
    expect(closed).toHaveBeenCalledOnce();
  });

  it("deletes once, says why it could not, and can be left", async () => {
    const remove = vi.fn().mockRejectedValueOnce(new Error("x")).mockResolvedValue(undefined);
    const view = show(DeleteDialog, { title: "Delete “Talk”?", text: "All of it.", remove });
    expect(view.get("h2").text()).toBe("Delete “Talk”?");
    expect(view.get("p").text()).toBe("All of it.");
    const [leave, go] = view.findAll("button");
    await leave!.trigger("click");
    expect(view.emitted("cancel")).toHaveLength(1);
    await go!.trigger("click");
    await flushPromises();
    expect(view.get("[role=alert]").text()).not.toBe("");
    await view.get("button.danger").trigger("click");
    await flushPromises();
    expect(view.emitted("deleted")).toHaveLength(1);
  });
});

describe("a scene", () => {
  const beat = { sequence: 2, start_time: 0, end_time: 5, audio_text: "مرحبا", scene_description: "d" } as Beat;
  const props = { beat, stopped: false, format: "9:16", preview: false };
  const order = { sequence: 2, video_url: "", reason: { code: "", message: "", charged: true } };

  it("shimmers in its picture only while its clip is made", () => {
    const clip = { ...order, state: "generating" } as Clip;
    const view = show(SceneCard, { ...props, clip });
    expect(view.get(".picture").classes()).toContain("generating");
    expect(view.get(".chip").text()).toBe("Generating");
    // The chip has the colour of work under way, and none of the picture's shimmer.
    expect(view.get(".chip").classes()).not.toContain("generating");
    expect(view.get(".said").attributes("dir")).toBe("auto");
  });

  it("is called stopped when the work has ended around it", () => {
    const clip = { ...order, state: "submitting" } as Clip;
    expect(show(SceneCard, { ...props, stopped: true, clip }).get(".chip").text()).toBe("Stopped");
  });

  it("shows its clip, or a picture of the person's own, whose link has no ending", () => {
    const clip = { ...order, state: "completed" } as Clip;
    const of = (video_url: string) => (
      show(SceneCard, { ...props, clip: { ...clip, video_url } }).get(".picture").html()
    );
    expect(of("https://b/take.mp4?sig=a")).toContain("<video");
    expect(of("https://b/own0123456789ab?sig=a")).toContain("<img");
  });

  it("says why its clip failed, and by which name to look that up", () => {
    const reason = { code: "SceneFiltered", message: "Veo withheld the scene.", charged: false };
    const clip = { ...order, state: "failed", reason } as Clip;
    expect(show(SceneCard, { ...props, clip }).get(".wrong").text()).toBe("Veo withheld the scene. SceneFiltered");
    expect(show(SceneCard, { ...props, clip: { ...clip, state: "completed" } }).find(".wrong").exists()).toBe(false);
  });
});

describe("a clip that waits for its turn", () => {
  const reason = { code: "VeoThrottled", message: "The clip waits.", charged: false };
  const beat = { sequence: 2, start_time: 0, end_time: 5, audio_text: "a", scene_description: "d" } as Beat;
  const waiting = (seconds: number) => generation({
    waiting_for: "quota",
    vertex_ai_tasks: [
      { sequence: 2, video_url: "", state: "pending", deadline: Date.now() / 1000 + seconds, reason } as Clip,
    ],
  });
  const props = { beat, format: "9:16", preview: false };

  it.each([[200, "4 min"], [30, "1 min"]])("says roughly how long: %s s", (seconds, words) => {
    const made = waiting(seconds);
    const [own] = made.vertex_ai_tasks;
    const card = show(SceneCard, { ...props, stopped: false, clip: own });
    expect(card.text()).toContain(`Waits for its turn, about ${words}.`);
    expect(card.find(".wrong").exists()).toBe(false);
    const panel = show(ProgressPanel, { generation: made, acting: false, preview: false });
    expect(panel.get("[role=status]").text()).toBe(`Waiting for a turn with the video provider, about ${words}`);
  });

  it("says that it goes on by itself when nobody knows how long", () => {
    const panel = show(ProgressPanel, { generation: waiting(-5), acting: false, preview: false });
    expect(panel.get("[role=status]").text()).toMatch(/continues automatically/);
  });
});

describe("progress", () => {
  it("asks before it stops anything", async () => {
    const view = show(ProgressPanel, { generation: generation({ progress: 40 }), acting: false, preview: true });
    expect(view.text()).toContain("40%");
    expect(view.text()).not.toMatch(/Cost so far|Time left/);
    await view.get("button").trigger("click");
    expect(view.emitted("cancel")).toBeUndefined();
    await view.get("button.danger").trigger("click");
    expect(view.emitted("cancel")).toHaveLength(1);
  });

  const all = ["transcription", "scene_planning", "video_generation", "finalization"] as const;
  const steps = (started_at?: string) => all.map((step) => (
    { step, status: step === "video_generation" ? "processing" : "completed", started_at }
  ));
  it.each([
    ["plan", ["Transcribe", "Plan scenes"], ""],
    ["draft", ["Transcribe", "Plan scenes", "Draw scenes", "Assemble video"], "Drawing each scene"],
    ["stills", ["Transcribe", "Plan scenes", "Draw stills", "Assemble video"], "Drawing one still for each scene"],
    ["video", ["Transcribe", "Plan scenes", "Generate clips", "Assemble video"], "Generating one clip for each scene"],
  ] as const)("says what a run to the goal %s makes", (goal, names, doing) => {
    const made = generation({ goal, processing_steps: steps() as never });
    const view = show(ProgressPanel, { generation: made, acting: false, preview: true });
    expect(view.findAll(".steps .name").map((each) => each.text())).toEqual(names);
    if (goal !== "plan") expect(view.get("[role=status]").text()).toBe(doing);
  });

  it("counts the time of the run, and not that of a review before it", () => {
    const started_at = new Date(Date.now() - 5_000).toISOString();
    const made = generation({ started_at: "2026-01-01T00:00:00Z", processing_steps: steps(started_at) as never });
    expect(show(ProgressPanel, { generation: made, acting: false, preview: true }).get("dd").text()).toBe("5 s");
  });
});

describe("cards", () => {
  it.each([
    [{ ai_generation_status: "processing", ai_generation_data: generation({ progress: 7 }) }, "In progress · 7%"],
    [{ upload: { status: "expired" } }, "Upload incomplete"],
    [{ ai_generation_status: "awaiting_review", ai_generation_data: generation() }, "Ready to review"],
    [
      { ai_generation_status: "awaiting_review", ai_generation_data: generation({ goal: "moments" }) },
      "Moments chosen",
    ],
    [{ ai_generation_status: "failed" }, "Failed"],
    [{}, "Recording"],
  ])("says where a video stands", (more, words) => {
    expect(show(StatusChip, { video: video("a", more as never) }).text()).toBe(words);
  });

  it("plays at the first press", async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
    // Too large for an outline, which would be asked of the network.
    const recorded = video("a", { file_size: 1e9, recording: { url: "https://b/a.mp3", expiresAt: "" } } as never);
    const view = show(VideoCard, { video: recorded });
    await view.findAll("button")[0]!.trigger("click");
    await flushPromises();
    expect(play).toHaveBeenCalledOnce();
  });

  it("keeps the newest finished video's picture while another is made, and after that failed", async () => {
    const poster = { url: "https://b/old/poster.jpg?sig=a", expiresAt: "2026-01-01T10:00:00Z" };
    for (const status of ["processing", "failed", "cancelled", "completed"] as const) {
      const card = show(VideoCard, { video: video("v1", {
        poster, ai_generation_status: status, ai_generation_data: generation(),
      }) });
      expect(card.get("img").attributes("src")).toBe(poster.url);
    }
    const first = video("v1", { ai_generation_status: "processing", ai_generation_data: generation() });
    expect(show(VideoCard, { video: first }).find("img").exists()).toBe(false);
  });

  it("says when a recording cannot be played", async () => {
    vi.spyOn(HTMLMediaElement.prototype, "play").mockRejectedValue(new Error("no"));
    const view = show(AudioPlayer, { src: "", name: "Talk" });
    await view.get("button").trigger("click");
    await flushPromises();
    expect(view.get("[role=alert]").text()).toContain("can't play");
  });

  it("shows rewritten prompts, and what may be charged, only where there are some", () => {
    const costs = generation().cost_breakdown;
    expect(show(CostTable, { costs }).text()).not.toContain("Prompt rewrites");
    const text = show(CostTable, { costs: { ...costs, rephrasing: 0.001, undecided: 0.8 } }).text();
    expect(text).toContain("Prompt rewritesunder $0.01");
    expect(text).toContain("May be charged as well$0.80");
  });
});

describe("the bar and the choices", () => {
  it("says when a sign-out did not reach the service", async () => {
    const given = services();
    Object.assign(given.session, { signOut: vi.fn().mockRejectedValue(new Error("no network")) });
    const view = show(AppHeader, {}, given);
    expect(view.get(".name").text()).toBe("demo");
    await view.get("button").trigger("click");
    await flushPromises();
    expect(useAnnouncer().words.value).toContain("You're signed out on this device.");
  });

  it("offers each choice once, in a group of its own", async () => {
    const options = [{ id: 15, name: "15 s" }, { id: 30, name: "30 s", use: "Shorts" }];
    const group = (legend: string) => h(ChoiceCards, { legend, options, modelValue: 15 });
    const view = show({ render: () => [group("Length"), group("Other")] }, {});
    const radios = view.findAll<HTMLInputElement>("input[type=radio]");
    // Two groups of one name would be one group: choosing here would unchoose there.
    expect(radios.map((radio) => radio.element.checked)).toEqual([true, false, true, false]);
    const names = radios.map((radio) => radio.attributes("name"));
    expect([names[0] === names[1], names[0] === names[2]]).toEqual([true, false]);
    await radios[1]!.setValue();
    expect(view.findComponent(ChoiceCards).emitted("update:modelValue")).toEqual([[30]]);
  });
});
