/** The steps of the work in words: what is made of the scenes goes by the run's goal. */

import type { Generation, Step } from "@/api/types";
import { t } from "./i18n";

type Part = "name" | "doing" | "failed";

export function stepWords(part: Part, step: Step["step"], goal: Generation["goal"]): string {
  const isDrawn = step === "video_generation" && (goal === "draft" || goal === "stills");
  return t(isDrawn ? `step.${goal}.${part}` : `step.${part}.${step}`);
}

const EARLY = new Set(["transcription", "scene_planning"]);

/** The steps that a run to the goal goes through: a plan, or moments, are there before anything is made of them. */
export function stepsOf({ processing_steps: steps, goal }: Pick<Generation, "processing_steps" | "goal">): Step[] {
  return goal === "plan" || goal === "moments" ? steps.filter(({ step }) => EARLY.has(step)) : steps;
}
