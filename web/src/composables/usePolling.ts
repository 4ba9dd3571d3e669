/** Asks for something repeatedly: soon while it changes, later when it does not, patiently while nobody answers. */

import { onScopeDispose } from "vue";

import { ApiProblem, ConnectionLost, isAbort } from "@/api/problems";
import type { Reply } from "@/api/http";

export interface PollingOptions<T> {
  fetch(signal: AbortSignal): Promise<Reply<T>>;
  /** The wait after this value, in milliseconds, where it is not `wait`, that of something that moves. */
  rest?(value: T, wait: number): number | undefined;
  onValue(value: T): void;
  /** The connection is lost (true) or back (false). */
  onLost?(lost: boolean): void;
  /** An answer that asking again will not mend; polling has stopped. */
  onProblem(error: unknown): void;
}

export interface Clock {
  set(callback: () => void, milliseconds: number): number;
  clear(handle: number): void;
}

export const FIRST_MS = 1_500;
export const LONGEST_MS = 12_000;
const GROWTH = 1.5;

const browserClock: Clock = {
  set: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
  clear: (handle) => { window.clearTimeout(handle); },
};

export class Poller<T> {
  private tag = "";
  private wait = FIRST_MS;
  private timer = 0;
  private running = false;
  private lost = false;
  private newest = 0;
  private request: AbortController | undefined;

  constructor(private readonly options: PollingOptions<T>, private readonly clock: Clock = browserClock) {}

  start(): void {
    this.running = true;
    this.tag = "";
    this.now();
  }

  stop(): void {
    this.running = false;
    this.clock.clear(this.timer);
    this.request?.abort();
  }

  /** Asks at once: the connection came back, the page is looked at again, or the person did something. */
  now(): void {
    if (!this.running) return;
    this.clock.clear(this.timer);
    this.wait = FIRST_MS;
    void this.ask();
  }

  private async ask(): Promise<void> {
    this.newest += 1;
    const mine = this.newest;
    this.request?.abort();
    this.request = new AbortController();
    try {
      const reply = await this.options.fetch(this.request.signal);
      if (this.current(mine)) this.take(reply);
    } catch (error) {
      if (this.current(mine) && !isAbort(error)) this.fail(error);
    }
  }

  // A reply to an older question than the newest tells of a past that the page has left behind.
  private current(question: number): boolean {
    return this.running && question === this.newest;
  }

  private take(reply: Reply<T>): void {
    this.setLost(false);
    // The browser's cache answers what has not changed, with the tag that it had.
    const unchanged = reply.etag !== "" && reply.etag === this.tag;
    this.wait = unchanged ? Math.min(this.wait * GROWTH, LONGEST_MS) : FIRST_MS;
    this.tag = reply.etag;
    if (!unchanged) this.options.onValue(reply.body);
    const wait = Math.max(this.wait, reply.retryAfter * 1000);
    this.later(this.options.rest?.(reply.body, wait) ?? wait);
  }

  private fail(error: unknown): void {
    const passing = error instanceof ConnectionLost || (error instanceof ApiProblem && error.retriable);
    if (!passing) {
      this.stop();
      this.options.onProblem(error);
      return;
    }
    this.setLost(true);
    this.wait = Math.min(this.wait * GROWTH, LONGEST_MS);
    this.later(this.wait);
  }

  private setLost(lost: boolean): void {
    if (lost === this.lost) return;
    this.lost = lost;
    this.options.onLost?.(lost);
  }

  private later(milliseconds: number): void {
    if (this.running) this.timer = this.clock.set(() => void this.ask(), milliseconds);
  }
}

/** Polls as long as the component lives, and at once when the page is looked at again or the connection is back. */
export function usePolling<T>(options: PollingOptions<T>): Poller<T> {
  const poller = new Poller<T>(options);
  const again = (): void => { if (document.visibilityState === "visible") poller.start(); };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  onScopeDispose(() => {
    poller.stop();
    window.removeEventListener("online", again);
    document.removeEventListener("visibilitychange", again);
  });
  poller.start();
  return poller;
}
