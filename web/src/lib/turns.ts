/** A clip that is not ordered yet, because its model's quota has no room: how long it waits. */
import type { Clip } from "@/api/types";

const MINUTE = 60;

/** Return how many seconds the clip still waits for its turn, in whole minutes; 0 when it does not. */
export function secondsToTurn(clip: Clip | undefined, now: number): number {
  if (clip?.state !== "pending" || clip.reason.code !== "VeoThrottled") return 0;
  return Math.max(0, Math.ceil((clip.deadline - now / 1000) / MINUTE)) * MINUTE;
}
