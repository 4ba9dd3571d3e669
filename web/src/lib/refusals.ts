/** An edit that the service refused: which field is to blame, what it may say, and where on the page that is told. */

import type { Edit, FieldProblem } from "@/api/types";
import { brief } from "./format";
import { t } from "./i18n";

export interface Refusal {
  change: Edit;
  problem: FieldProblem;
}

/** Fields of edits that are times, in seconds. */
const TIMES = new Set(["at", "start", "end"]);
const NAMED = new Set([
  "at", "end", "imageId", "index", "model", "pictures", "prompt", "scene", "start", "take", "text", "title", "use",
]);

/** The name of the place beside which a refusal of the edit is told. */
export function placeOf(change: Edit): string {
  switch (change.op) {
    case "scene":
      return ["scene", change.scene, PARTS.find((part) => typeof change[part] === "string")].join(".");
    case "look":
      return ["look", LOOKS.find((part) => typeof change[part] === "string")].join(".");
    case "speakers":
      return ["speakers", Object.keys(change.speakers)[0]].join(".");
    case "take": case "picture": case "split": case "merge":
      return `${change.op}.${change.scene}`;
    case "move": case "excerpt":
      return "cuts";
    case "word": case "join": case "delete":
      return "word";
    default:
      return change.op;
  }
}

const PARTS = ["prompt", "description", "model"] as const;
const LOOKS = ["people", "place", "palette"] as const;

/** The field, what is wrong with it, and what it may say. */
export function refusalWords({ problem }: Refusal): string {
  const field = problem.field.split(".").at(-1) ?? "";
  const words = problem.message.charAt(0).toUpperCase() + problem.message.slice(1);
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  const named = NAMED.has(field) ? t("refused.named", { field: t(`refused.field.${field}`), sentence }) : sentence;
  return [named, limitWords(problem, field)].filter(Boolean).join(" ");
}

function limitWords({ limit }: FieldProblem, field: string): string {
  // A length that is said of a cut is one in seconds, too.
  const written = (value: number | string) => (
    TIMES.has(field) && typeof value === "number" ? brief(value) : String(value)
  );
  const { least, most, choices } = limit ?? {};
  if (choices?.length) return t("refused.choices", { choices: choices.map(written).join(", ") });
  const has = { least: typeof least === "number", most: typeof most === "number" };
  const values = { least: written(least ?? 0), most: written(most ?? 0) };
  if (has.least && has.most) return t("refused.between", values);
  if (has.least) return t("refused.least", values);
  return has.most ? t("refused.most", values) : "";
}
