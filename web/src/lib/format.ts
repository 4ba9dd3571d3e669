/** Numbers and dates as people read them: the words are the page's, the separators and orders the browser's. */

import { t } from "./i18n";

/** The browser's own locale, asked for each time: a person may change it while the page is open. */
function locale(): string | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.languages[0];
}

export function money(usd: number): string {
  const format = new Intl.NumberFormat(locale(), { style: "currency", currency: "USD" });
  return usd > 0 && usd < 0.01 ? t("cost.under", { usd: format.format(0.01) }) : format.format(usd);
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
  return date.toLocaleString(locale(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** The time of day until which something holds, such as 14:05. */
export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
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
