/** What a run buys, in words. */

import type { NextGoal } from "@/api/types";
import { money } from "./format";
import { t } from "./i18n";

type Purchase = NextGoal["buys"][number];

/** "2 clips", "1 still", "2 stills and 1 clip"; empty for nothing. */
export function purchaseWords(buys: Pick<Purchase, "kind">[]): string {
  const count = (kind: Purchase["kind"]) => buys.filter((each) => each.kind === kind).length;
  const clips = count("clip") ? t("runs.clip", {}, count("clip")) : "";
  const stills = count("still") ? t("runs.still", {}, count("still")) : "";
  return clips && stills ? t("runs.both", { stills, clips }) : clips || stills;
}

/** A button's words with its price; where nothing is charged they stand alone. */
export function pricedWords(words: string, usd: number, preview: boolean): string {
  if (preview) return words;
  return usd > 0 ? t("runs.priced", { words, usd: money(usd) }) : t("runs.free", { words });
}
