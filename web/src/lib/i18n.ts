/** The page's words: one catalogue, and `t` for everything that is not a template. */

import { createI18n } from "vue-i18n";

import en from "@/messages/en.json";

export const i18n = createI18n({ legacy: false, locale: "en", fallbackLocale: "en", messages: { en } });

export function t(key: string, values: Record<string, unknown> = {}): string {
  return i18n.global.t(key, values);
}
