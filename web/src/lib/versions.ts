/** Finished videos: the one that a record itself tells of, until its versions are asked for. */

import type { Generation, Shape, Version } from "@/api/types";

const FRAME_RATE = 24;

interface Branded {
  intro?: { frames?: number };
}

/** Seconds of an intro, after which the first scene of a generation's video begins. */
export const leadOf = (generation: Generation | null | undefined): number => (
  ((generation?.options["brand"] as Branded | undefined)?.intro?.frames ?? 0) / FRAME_RATE
);

/** The format of the picture: that of the clips, unless they are cut to another. */
export const shapeOf = ({ options }: Pick<Generation, "options">): Shape => (
  (options["shape"] ?? options["aspect_ratio"] ?? "9:16") as Shape
);

/** The version that a finished generation is; its record has the same links. */
export function versionOf(generation: Generation): Version {
  const text = (name: string): string => String(generation.options[name] ?? "");
  const ends = generation.processing_steps.map((step) => step.completed_at ?? "");
  const scenes = generation.scene_beats?.scenes ?? [];
  return {
    generation_id: generation.generation_id,
    revision: generation.final_revision,
    finished_at: ends.sort().at(-1) ?? "",
    seconds: Math.max(0, ...scenes.map((scene) => scene.end_time)),
    style: generation.style,
    target_duration: generation.target_duration,
    aspect_ratio: shapeOf(generation),
    captions: text("captions"),
    model: generation.model,
    prompt: generation.user_prompt,
    cost_usd: generation.cost_breakdown.total,
    degraded: generation.degraded,
    links: generation.links,
  };
}
