/** Numbers and dates as people read them: the words are the page's, the separators and orders the browser's. */

import { t } from "./i18n";

/**
 * The browser's own locale, asked for each time: a person may change it while the page is open. Digits are those of the
 * page's words, so that all numbers of a line are of one kind.
 */
function locale(): string | undefined {
  const language = typeof navigator === "undefined" ? undefined : navigator.languages[0];
  return language ? new Intl.Locale(language, { numberingSystem: "latn" }).toString() : undefined;
}

/** Words that are read from the right keep to themselves: beside them a number would change its place. */
function isolated(text: string): string {
  return /[\u0590-\u08ff]/.test(text) ? `\u2068${text}\u2069` : text;
}

export function money(usd: number): string {
  const format = new Intl.NumberFormat(locale(), { style: "currency", currency: "USD" });
  // "US$" has no letter that is read from the right; the mark that says otherwise would put its parts in another order.
  const written = (value: number) => format.format(value).replaceAll("\u200f", "");
  return usd > 0 && usd < 0.01 ? t("cost.under", { usd: written(0.01) }) : written(usd);
}

/** Seconds as 0:07 or 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const tail = String(whole % 60).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** Seconds as "40 s" or "3 min 20 s". */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  if (!minutes) return t("time.seconds", { seconds: whole });
  return whole % 60 ? t("time.both", { minutes, seconds: whole % 60 }) : t("time.minutes", { minutes });
}

/** Parts of a second as "0.8 s". */
export function brief(seconds: number): string {
  return t("time.seconds", { seconds: new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(seconds) });
}

export function bytes(count: number): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
  if (count < 1_000_000) return t("size.kilobytes", { count: number(Math.max(1, Math.round(count / 1000)), 0) });
  if (count < 1e9) return t("size.megabytes", { count: number(count / 1e6, 1) });
  return t("size.gigabytes", { count: number(count / 1e9, 2) });
}

export function day(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const shape = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return isolated(date.toLocaleString(locale(), shape));
}

/** The time of day until which something holds, such as 14:05. */
export function timeOfDay(iso: string): string {
  return isolated(new Date(iso).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" }));
}

/** An amount as typed, in the way of either kind of locale: 2.50, 2,50, $2.50. NaN when it is none. */
export function amount(text: string): number {
  const plain = text.trim().replace(/^\$\s*|\s*(?:\$|USD)$/gi, "");
  return /^\d+(?:[.,]\d{1,2})?$/.test(plain) ? Number(plain.replace(",", ".")) : Number.NaN;
}

/** Seconds from one time to another, or to `now`, both ISO 8601; undefined when it has not begun. */
export function secondsBetween(start: string | undefined, end: string | undefined, now: number): number | undefined {
  if (!start) return undefined;
  const from = Date.parse(start);
  const to = end ? Date.parse(end) : now;
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : Math.max(0, (to - from) / 1000);
}
