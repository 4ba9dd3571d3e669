/** What can be chosen for a video, in words and pictures. */

import animated from "@/assets/styles/animated.svg";
import artistic from "@/assets/styles/artistic.svg";
import cinematic from "@/assets/styles/cinematic.svg";
import realistic from "@/assets/styles/realistic.svg";
import type { Aspect, Captions, Style } from "@/api/types";
import { t } from "./i18n";

export interface Option<T> {
  id: T;
  name: string;
  use?: string;
  picture?: string;
}

export const STYLES: Option<Style>[] = [
  { id: "realistic", name: t("choice.realistic"), picture: realistic },
  { id: "cinematic", name: t("choice.cinematic"), picture: cinematic },
  { id: "animated", name: t("choice.animated"), picture: animated },
  { id: "artistic", name: t("choice.artistic"), picture: artistic },
];

export const FORMATS: Option<Aspect>[] = [
  { id: "9:16", name: t("choice.vertical"), use: t("choice.verticalUse") },
  { id: "16:9", name: t("choice.landscape"), use: t("choice.landscapeUse") },
];

export const CAPTIONS: Option<Captions>[] = [
  { id: "words", name: t("choice.words"), use: t("choice.wordsUse") },
  { id: "lines", name: t("choice.lines"), use: t("choice.linesUse") },
  { id: "none", name: t("choice.none"), use: t("choice.noneUse") },
];
