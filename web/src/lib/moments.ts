/** The moments of a recording as they become clips: their edges, and what is said between them, in its seconds. */

import type { ClipWishes, Moment } from "@/api/types";
import type { Movable } from "./cuts";

/** Seconds that a clip lasts at least and at most. */
const CLIP = { shortest: 5, longest: 60 };
/** Seconds within which two times mean the same place. */
const SAME = 0.03;
/** Seconds that are shown around what can be reached. */
const PAD = 1;

export interface Edges {
  start: number;
  end: number;
}

/** The two handles of a moment: where either may lie in pauses, so that a clip is neither too short nor too long. */
export function handlesOf(moment: Moment, { start, end }: Edges): Movable[] {
  const places = [...new Set([...moment.cuts, moment.start, moment.end])].sort((one, other) => one - other);
  const within = (least: number, most: number) => places.filter((place) => place > least - SAME && place < most + SAME);
  // Of speech that is too short for a clip the whole may be one.
  const shortest = Math.min(CLIP.shortest, moment.seconds);
  return [
    { kind: "start", time: start, places: within(end - CLIP.longest, end - shortest) },
    { kind: "end", time: end, places: within(start + shortest, start + CLIP.longest) },
  ];
}

/** The part of the recording in which a moment's edges can be moved. */
export function reachOf(moment: Moment, length: number): { from: number; to: number } {
  const first = Math.min(moment.start, ...moment.cuts);
  const last = Math.max(moment.end, ...moment.cuts);
  return { from: Math.max(0, first - PAD), to: Math.max(last, Math.min(length, last + PAD)) };
}

/** What is said from one time to another. */
export function textBetween(moment: Moment, { start, end }: Edges): string {
  const inside = moment.nearby.filter((word) => word.start >= start - SAME && word.end <= end + SAME);
  return inside.map((word) => word.text).join(" ");
}

/** The last words before a place and the first ones after it. */
export function wordsAt(moment: Moment, time: number): { before: string; after: string } {
  const before = moment.nearby.filter((word) => word.end <= time + SAME).slice(-3);
  const after = moment.nearby.filter((word) => word.start >= time - SAME).slice(0, 3);
  const joined = (words: Moment["nearby"]) => words.map((word) => word.text).join(" ");
  return { before: joined(before), after: joined(after) };
}

/** What says which clips: moments as they were chosen, or, once an edge was moved, all of them by their times. */
export function clipsOf(moments: Moment[], moved: Record<string, Edges>): Pick<ClipWishes, "moments" | "excerpts"> {
  if (!moments.some((moment) => moved[moment.id])) return { moments: moments.map((moment) => moment.id) };
  return {
    excerpts: moments.map((moment) => {
      const { start, end } = moved[moment.id] ?? moment;
      return { start, end, title: moment.title };
    }),
  };
}
