/** What can be chosen for a video, in words and pictures. */

import animated from "@/assets/styles/animated.svg";
import artistic from "@/assets/styles/artistic.svg";
import cinematic from "@/assets/styles/cinematic.svg";
import realistic from "@/assets/styles/realistic.svg";
import type { Aspect, Captions, Style } from "@/api/types";

export const STYLES: { id: Style; name: string; picture: string }[] = [
  { id: "realistic", name: "Realistic", picture: realistic },
  { id: "cinematic", name: "Cinematic", picture: cinematic },
  { id: "animated", name: "Animated", picture: animated },
  { id: "artistic", name: "Artistic", picture: artistic },
];

export const ASPECTS: { id: Aspect; name: string; use: string }[] = [
  { id: "9:16", name: "Vertical", use: "Reels, Shorts, TikTok" },
  { id: "16:9", name: "Wide", use: "YouTube, presentations" },
];

export const CAPTIONS: { id: Captions; name: string; use: string }[] = [
  { id: "words", name: "Word by word", use: "Each word lights up as it is spoken" },
  { id: "lines", name: "Lines", use: "A line at a time, as in films" },
  { id: "none", name: "None", use: "The caption files are made all the same" },
];

export const STEP_NAMES: Record<string, string> = {
  transcription: "Listen",
  scene_planning: "Plan the scenes",
  video_generation: "Make the clips",
  finalization: "Join the film",
};

export const STEP_DOES: Record<string, string> = {
  transcription: "hearing every word of the recording",
  scene_planning: "choosing the excerpt and what each scene shows",
  video_generation: "making one clip for each scene",
  finalization: "joining the clips under your voice, with captions",
};
