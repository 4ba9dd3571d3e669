/** The API's payloads as the page uses them. */

export type Style = "realistic" | "cinematic" | "animated" | "artistic";
export type Aspect = "9:16" | "16:9";
export type Captions = "words" | "lines" | "none";
export type Status = "uploading" | "processing" | "completed" | "failed" | "cancelled";
export type StepStatus = "pending" | "in_progress" | "completed" | "failed";
export type TaskStatus = "pending" | "submitting" | "generating" | "clip_ready" | "completed" | "filtered" | "failed";

export interface Step {
  step: string;
  status: StepStatus;
  started_at: string;
  completed_at: string;
  error_message: string;
}

export interface Beat {
  sequence: number;
  start_time: number;
  end_time: number;
  duration: number;
  audio_text: string;
  scene_description: string;
  vertex_ai_prompt: string;
}

export interface Clip {
  sequence: number;
  status: TaskStatus;
  video_url: string;
  prompt: string;
  attempt: number;
  cost_usd: number;
  error: string;
}

export interface Failure {
  step: string;
  error: string;
  message: string;
  next_action: string;
  scene?: number;
}

export interface Costs {
  transcription: number;
  scene_generation: number;
  video_generation: number;
  total: number;
}

export interface Generation {
  generation_id: string;
  model: string;
  options: { aspect_ratio?: Aspect; captions?: Captions; budget_usd?: number };
  scene_beats?: { overall_theme: string; scenes: Beat[] };
  vertex_ai_tasks: Clip[];
  processing_steps: Step[];
  final_video_url: string;
  captions_srt_url: string;
  captions_vtt_url: string;
  poster_url: string;
  planned_video_cost: number;
  cost_breakdown: Costs;
  user_prompt: string;
  target_duration: number;
  style: Style;
  started_at: string;
  degraded: string[];
  failure?: Failure;
  progress: number;
}

export interface Video {
  video_id: string;
  title: string;
  filename: string;
  bucket_location: string;
  file_size: number;
  content_type: string;
  duration: number;
  created_at: string;
  updated_at: string;
  ai_generation_status?: Status;
  ai_generation_data?: Generation;
}

export interface VideoPage {
  videos: Video[];
  next?: string;
}

export interface Upload {
  url: string;
  fields: Record<string, string>;
}

export interface Choices {
  prompt: string;
  targetDuration: number;
  style: Style;
  aspectRatio: Aspect;
  captions: Captions;
  budget?: number;
}

export interface Estimate {
  cost: number;
  seconds: number;
}
