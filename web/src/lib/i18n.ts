/** The page's words: one catalogue, and `t` for everything that is not a template. */

import { createI18n } from "vue-i18n";

import en from "@/messages/en.json";

export const i18n = createI18n({ legacy: false, locale: "en", fallbackLocale: "en", messages: { en } });

/** `count` chooses between the forms of words for one and for several, and is their `{count}`. */
export function t(key: string, values: Record<string, unknown> = {}, count?: number): string {
  return count === undefined ? i18n.global.t(key, values) : i18n.global.t(key, { ...values, count }, count);
}
