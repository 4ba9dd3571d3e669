/** What a run buys, in words. */

import type { Generation, NextGoal } from "@/api/types";
import { money } from "./format";
import { t } from "./i18n";

type Purchase = NextGoal["buys"][number];

/** "2 clips", "1 still", "2 stills and 1 clip"; empty for nothing. */
export function purchaseWords(buys: Pick<Purchase, "kind">[]): string {
  const count = (kind: Purchase["kind"]) => buys.filter((each) => each.kind === kind).length;
  const clips = count("clip") ? t("runs.clip", {}, count("clip")) : "";
  const stills = count("still") ? t("runs.still", {}, count("still")) : "";
  const takes = clips && stills ? t("runs.both", { stills, clips }) : clips || stills;
  if (!count("translation")) return takes;
  return takes ? t("runs.withTranslation", { takes }) : t("runs.translation");
}

/** A button's words with its price; where nothing is charged they stand alone. */
export function pricedWords(words: string, usd: number, preview: boolean): string {
  if (preview) return words;
  return usd > 0 ? t("runs.priced", { words, usd: money(usd) }) : t("runs.free", { words });
}

/** What a generation has cost, and may have, and the most that it may cost, in USD; undefined for no limit. */
export interface Spending {
  spent: number;
  limit: number | undefined;
}

export function spendingOf(generation: Generation): Spending {
  const { total, undecided } = generation.cost_breakdown;
  const limit = Number(generation.options["budget_usd"]);
  return { spent: total + undecided, limit: limit > 0 ? limit : undefined };
}

/** The limit that so much more needs, in whole ten cents with one to spare; undefined when the one there is will do. */
export function raisedLimit({ spent, limit }: Spending, usd: number): number | undefined {
  if (limit === undefined || usd <= 0 || spent + usd <= limit + 1e-9) return undefined;
  return Math.ceil((spent + usd + 0.01) * 10 - 1e-6) / 10;
}

/** What is spent of the limit. */
export const limitWords = ({ spent, limit = 0 }: Spending): string => (
  t("runs.limit", { spent: money(spent), limit: money(limit) })
);

/** A button that raises the limit says so before all else. */
export function raisingWords(words: string, raised: number | undefined): string {
  return raised === undefined ? words : t("runs.raise", { limit: money(raised), words });
}
