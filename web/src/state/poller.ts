/** Asks for something repeatedly: soon while it changes, later when it does not, patiently while nobody answers. */

import { ApiProblem, ConnectionLost, isAbort } from "@/api/problems";
import type { Reply } from "@/api/http";

export interface PollerOptions<T> {
  fetch(etag: string, signal: AbortSignal): Promise<Reply<T>>;
  /** Whether this is the last word, after which nothing is asked. */
  final(value: T): boolean;
  onValue(value: T): void;
  /** The connection is lost (true) or back (false). */
  onLost(lost: boolean): void;
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
  private etag = "";
  private wait = FIRST_MS;
  private timer = 0;
  private running = false;
  private lost = false;
  private newest = 0;
  private request: AbortController | undefined;

  constructor(private readonly options: PollerOptions<T>, private readonly clock: Clock = browserClock) {}

  start(): void {
    this.running = true;
    this.etag = "";
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
      const reply = await this.options.fetch(this.etag, this.request.signal);
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
    this.wait = reply.body === null ? Math.min(this.wait * GROWTH, LONGEST_MS) : FIRST_MS;
    if (reply.body !== null) {
      this.etag = reply.etag;
      this.options.onValue(reply.body);
      if (this.options.final(reply.body)) { this.stop(); return; }
    }
    this.later(Math.max(this.wait, reply.retryAfter * 1000));
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
    this.options.onLost(lost);
  }

  private later(milliseconds: number): void {
    if (this.running) this.timer = this.clock.set(() => void this.ask(), milliseconds);
  }
}
