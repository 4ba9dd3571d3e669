/** Where the scenes of a plan meet, and where else they may: times are seconds of the recording. */

import type { Edit, Plan } from "@/api/types";

/** Seconds that a scene lasts at least, and that a video does at least and at most. */
const SHORTEST = 0.5;
const VIDEO = { shortest: 2, longest: 60 };
/** Seconds within which two times mean the same place. */
const SAME = 0.03;

/** Something on the recording's outline that can be moved from place to place. */
export interface Movable {
  kind: "start" | "cut" | "end";
  time: number;
  /** Where it may lie, in order; where it lies is among them. */
  places: number[];
}

/** The beginning of the video, a cut between two scenes, or the video's end. */
export interface Border extends Movable {
  /** Of the scene before it, from 1; 0 is the video's beginning. */
  scene: number;
  /** The edit that moves it. */
  move: (time: number) => Edit;
}

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000;

export function bordersOf(plan: Plan): Border[] {
  const { excerpt, scenes } = plan;
  const times = plan.cuts.map((cut) => cut.time);
  const within = (least: number, most: number) => times.filter((time) => time > least - SAME && time < most + SAME);
  const excerptTo = (start: number, end: number): Edit => ({ op: "excerpt", start, end });
  const cuts = scenes.slice(1).map((next, index): Border => {
    const scene = scenes[index] ?? next;
    const least = Math.max(scene.start + SHORTEST, next.end - next.longestSeconds);
    const most = Math.min(next.end - SHORTEST, scene.start + scene.longestSeconds);
    return {
      scene: scene.sequence, kind: "cut", time: excerpt.start + scene.end,
      places: within(excerpt.start + least, excerpt.start + most),
      move: (time) => ({ op: "move", scene: scene.id, end: rounded(time - excerpt.start) }),
    };
  });
  const firstEnd = excerpt.start + (scenes[0]?.end ?? 0);
  const lastStart = excerpt.start + (scenes.at(-1)?.start ?? 0);
  return [
    {
      scene: 0, kind: "start", time: excerpt.start,
      places: within(excerpt.end - VIDEO.longest, Math.min(firstEnd - SHORTEST, excerpt.end - VIDEO.shortest)),
      move: (time) => excerptTo(time, excerpt.end),
    },
    ...cuts,
    {
      scene: scenes.length, kind: "end", time: excerpt.end,
      places: within(Math.max(lastStart + SHORTEST, excerpt.start + VIDEO.shortest), excerpt.start + VIDEO.longest),
      move: (time) => excerptTo(excerpt.start, time),
    },
  ];
}

/** The place that is meant by a time; the border's own where it has no other. */
export const nearest = (border: Movable, time: number): number => closest(border.places, time) ?? border.time;

function closest(places: number[], time: number): number | undefined {
  const far = (place: number) => Math.abs(place - time);
  return places.reduce<number | undefined>((best, place) => (
    best === undefined || far(place) < far(best) ? place : best
  ), undefined);
}

/** The place that a key leads to from `time`; undefined for a key that leads nowhere. */
export function stepped(border: Movable, time: number, key: string): number | undefined {
  const { places } = border;
  const steps: Record<string, number | undefined> = {
    ArrowLeft: places.findLast((place) => place < time - SAME),
    ArrowRight: places.find((place) => place > time + SAME),
    Home: places[0],
    End: places.at(-1),
  };
  return key in steps ? steps[key] ?? time : undefined;
}

/** The last words before a place and the first ones after it, and whether the speech pauses there. */
export function wordsAround(plan: Plan, time: number): { before: string; after: string; isPause: boolean } {
  const index = plan.cuts.findIndex((cut) => Math.abs(cut.time - time) < 2 * SAME);
  const isPause = plan.cuts[index]?.clean ?? true;
  const before = wordsOf(plan.cuts.slice(Math.max(0, index - 3), Math.max(0, index))).slice(-3);
  return { before: before.join(" "), after: index < 0 ? "" : wordsFrom(plan, index, 3), isPause };
}

const wordsOf = (cuts: Plan["cuts"]) => cuts.flatMap((cut) => cut.text.split(" ").filter(Boolean));

/** The first words after a place. */
export function wordsFrom(plan: Plan, index: number, count: number): string {
  return wordsOf(plan.cuts.slice(index, index + count)).slice(0, count).join(" ");
}

/**
 * Where another part of the recording may begin: at a sentence, and with room after it for a video that is as long, or
 * for the shortest where the recording ends, which lasts `length` seconds.
 */
export function beginnings(plan: Plan, length = 0): { time: number; text: string }[] {
  const last = plan.cuts.at(-1)?.time ?? 0;
  const room = last < length - 1 ? plan.seconds : VIDEO.shortest;
  return plan.cuts.flatMap((cut, index) => {
    const isStart = index === 0 || cut.endsSentence || Math.abs(cut.time - plan.excerpt.start) < SAME;
    const text = wordsFrom(plan, index, 6);
    return isStart && text && cut.time <= last - room ? [{ time: cut.time, text }] : [];
  });
}

/** The excerpt that begins elsewhere and is about as long as it was. */
export function movedExcerpt(plan: Plan, start: number): Edit {
  const wanted = start + plan.seconds;
  const ends = plan.cuts.map((cut) => cut.time).filter((time) => (
    time >= start + VIDEO.shortest && time <= start + VIDEO.longest
  ));
  return { op: "excerpt", start, end: closest(ends, wanted) ?? wanted };
}
