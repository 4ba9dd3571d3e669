/** A transcript of the person's own: sent, read, used for the price, or refused in a sentence. */

import { flushPromises } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { reactive } from "vue";

import type { Reelwright } from "@/api/reelwright";
import type { Transcript } from "@/api/types";
import TranscriptField from "@/components/TranscriptField.vue";
import { choicesOf, useDraft } from "@/composables/useDraft";
import { services, show } from "./stage";

const READY = {
  transcriptId: "0123456789abcdef", status: "ready", filename: "talk.srt", hasTimes: true, cues: 12, words: 80,
} as Transcript;

function stageOf(read: Partial<Transcript>) {
  const createTranscript = vi.fn().mockResolvedValue({ transcript: READY, upload: { url: "https://b", fields: {} } });
  const api = { createTranscript, transcript: vi.fn().mockResolvedValue({ ...READY, ...read }) };
  const model = reactive({ value: null as Transcript | null });
  const send = vi.fn().mockResolvedValue(undefined);
  const field = show(TranscriptField, {
    videoId: "v", modelValue: null,
    "onUpdate:modelValue": (value: Transcript | null) => {
      model.value = value;
      void field.setProps({ modelValue: value });
    },
  }, services({ api: api as unknown as Reelwright, send }));
  const choose = async (file: File) => {
    const input = field.get<HTMLInputElement>("input[type=file]");
    Object.defineProperty(input.element, "files", { value: [file], configurable: true });
    await input.trigger("change");
    await flushPromises();
  };
  return { api, send, model, field, choose };
}

afterEach(() => { document.body.innerHTML = ""; });

it("sends the file, says what was read of it, and forgets it again", async () => {
  const { send, model, field, choose } = stageOf({});
  await choose(new File(["1"], "talk.srt"));
  expect(send).toHaveBeenCalledOnce();
  expect(model.value?.transcriptId).toBe(READY.transcriptId);
  expect(field.get("[role=status]").text()).toBe("talk.srt: 12 captions with times. Nothing is transcribed.");
  await field.get("button[aria-label='Remove talk.srt']").trigger("click");
  expect(model.value).toBeNull();
});

it("says why a file is refused, and keeps nothing of it", async () => {
  const { model, field, choose } = stageOf({ status: "refused", reason: "The transcript's file is a PDF." });
  await choose(new File(["%PDF"], "talk.srt"));
  expect(field.get("[role=status]").text()).toBe("The transcript's file is a PDF.");
  expect(model.value).toBeNull();
});

it("sends nothing that is empty or too large", async () => {
  const { api, field, choose } = stageOf({});
  await choose(new File([], "talk.srt"));
  expect(field.get("[role=status]").text()).toBe("The file is empty.");
  await choose({ name: "talk.srt", size: 5_000_000 } as File);
  expect(field.get("[role=status]").text()).toContain("at most 4 MB");
  expect(api.createTranscript).not.toHaveBeenCalled();
});

it("is a part of what is asked for", () => {
  const { draft } = useDraft("v", { getItem: () => null, setItem: () => undefined } as unknown as Storage);
  expect(choicesOf(draft)).not.toHaveProperty("transcriptId");
  draft.transcript = READY;
  expect(choicesOf(draft).transcriptId).toBe(READY.transcriptId);
});
