/** The API's payloads by the names that the page uses; their shapes come from the OpenAPI document. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Video = Schemas["VideoView"];
export type Version = Schemas["VersionView"];
export type VideoPage = Schemas["VideoList"];
export type Generation = Schemas["GenerationView"];
export type Step = Schemas["ProcessingStep"];
export type Beat = Schemas["SceneBeat"];
export type Clip = Schemas["TaskView"];
export type Costs = Schemas["CostBreakdown"];
export type Estimate = Schemas["Estimate"];
export type Alternative = Schemas["Alternative"];
export type Created = Schemas["VideoCreated"];
export type Transcript = Schemas["TranscriptView"];
export type TranscriptCreated = Schemas["TranscriptCreated"];
export type Upload = Pick<Schemas["UploadForm"], "url" | "fields">;
export type Problem = Schemas["Problem"];
export type FieldProblem = Schemas["FieldProblem"];

export type Music = Schemas["MusicView"];
export type Font = Schemas["FontView"];
export type Picture = Schemas["ImageView"];
export type PicturePage = Schemas["ImageList"];
export type PictureCreated = Schemas["ImageCreated"];
export type PictureUse = Schemas["UseShown"]["use"];
export type WishedPicture = Schemas["WishedPicture"];
export type Preset = Schemas["PresetView"];
export type PresetChoices = Schemas["Preset"];
export type Corner = NonNullable<Schemas["PresetLogo"]["corner"]>;

export type Moments = Schemas["MomentsShown"];
export type Moment = Schemas["MomentView"];
export type MomentSearch = Partial<Schemas["LookForMoments"]>;
export type ClipWishes = Partial<Schemas["StartClips"]>;
export type SearchPrice = Schemas["MomentsPriced"];
export type ClipPrices = Schemas["ClipsPriced"];
export type ClipsStarted = Schemas["ClipsStarted"];

export type Plan = Schemas["PlanView"];
export type PlannedScene = Schemas["SceneShown"];
export type Take = Schemas["TakeShown"];
export type NextGoal = Schemas["NextGoal"];
export type Word = Schemas["WordShown"];
export type ExportView = Schemas["ExportView"];
export type ExportFile = Schemas["ExportFile"];
export type Edit = Schemas["EditPlan"]["edits"][number];

export type Style = Schemas["StartGeneration"]["style"];
export type Aspect = Schemas["StartGeneration"]["aspectRatio"];
/** Of a video's picture; clips are bought in the aspects alone. */
export type VariantWishes = Schemas["StartVariant"];
export type VariantPrice = Schemas["VariantPriced"];
export type Shape = Schemas["StartVariant"]["aspectRatio"];
export type Resolution = Schemas["StartGeneration"]["resolution"];
export type Captions = Schemas["StartGeneration"]["captions"];
export type CaptionStyle = Required<Schemas["CaptionStyle"]>;
export type CaptionLanguage = Schemas["PlanView"]["captionLanguage"];
export type Speakers = Schemas["StartGeneration"]["speakers"];
export type Continuity = Schemas["StartGeneration"]["continuity"];
export type Goal = Schemas["StartGeneration"]["goal"];
export type OwnSettings = Schemas["UserSettingsShown"];
export type Status = NonNullable<Video["ai_generation_status"]>;
export type StepStatus = Step["status"];
export type TaskState = Clip["state"];

/** What a person chooses; the rest of the request has its defaults. */
export interface Choices
  extends Pick<
    Schemas["StartGeneration"],
    "prompt" | "targetDuration" | "style" | "aspectRatio" | "resolution" | "captions" | "captionLanguage" | "continuity"
    | "music" | "speakers"
  > {
  captionStyle: CaptionStyle;
  /** Without one a preset's; null for none. */
  budget?: number | null;
  /** What else it begins with: a logo, for one. */
  preset?: string;
  /** The person's own, in the order in which scenes show them. */
  pictures?: WishedPicture[];
  /** Empty for the deployment's default. */
  model: string;
  transcriptId?: string;
}
