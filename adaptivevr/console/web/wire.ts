// The console channel as the page sees it: binary signal frames, and JSON for everything else.

export interface Part {
  name: string;
  pull: number;
  weight: number;
  quality: number;
  age_s: number;
  state: string;
}

export interface Arousal {
  level: number | null;
  sd: number;
  parts: Part[];
  age_s: number | null;
  relative: boolean;
  prior_only: boolean;
}

export interface Gate {
  name: string;
  open: boolean;
  text: string;
}

export interface Sensor {
  id: string;
  name: string;
  kind: string;
  label: string;
  state: 'waiting' | 'good' | 'poor' | 'late';
  quality: number;
  silent_s: number;
  samples: number;
  note: string;
  sentence: string;
}

export interface Trace {
  number: number;
  id: string;
  label: string;
  unit: string;
  rate_hz: number;
  channels: string[];
}

/** One event of the scene. must: both have to agree to it; too_late: they no longer can. */
export interface CueRow {
  name: string;
  title: string;
  how: string;
  must: boolean;
  clinician: boolean;
  patient: boolean;
  too_late: boolean;
  open: boolean;
  why: string;
  wait_s: number;
}

/** What is known before the first tick. */
export interface Head {
  type: 'state';
  now_s: number;
  latched: boolean;
  demo?: boolean;
  idle?: boolean;
  recording?: string;
  patient?: string;
  pairing?: Pairing;
}

/** How a headset in this network may be paired; absent without `--lan`. */
export interface Pairing {
  url: string;
  code: string | null;
  left_s: number;
  wait_s: number;
  paired: boolean;
  connected: number;
  authority: boolean; // whether the certificate is of this installation's own authority
}

export interface Running extends Head {
  tick_s: number;
  session_s: number;
  seq: number;
  phase: string;
  level: number;
  mode: string;
  mode_text: string;
  intensity: number;
  wish: number | null;
  rest: boolean;
  arousal: Arousal;
  why: string;
  reason: string;
  capped_by: string | null;
  gates: Gate[];
  proposal: string | null;
  prompt: { id: string; kind: string; text: string } | null;
  protocol: string;
  scene: string;
  levels: string[];
  limits: Record<string, number>;
  heart_rate_bpm: number | null;
  rating: number | null;
  question: { scale: string; text: string; low: string; high: string; max: number; step: number };
  quiet_share: number | null;
  refused: string[];
  cues: CueRow[];
  screen: string[];
  renderers: string[];
  sensors: Sensor[];
  traces: Trace[];
}

export type State = Head | Running;

export const running = (state: State): state is Running => 'seq' in state;

/** One line of the log. `what` says which further facts it carries. */
export interface Entry {
  type: 'log';
  at_s: number;
  who: string;
  text: string;
  what?: string;
  name?: string;
  old?: number;
  new?: number;
  asked?: number;
  bounded?: boolean;
  value?: number | null;
  played?: boolean;
  of?: number;
}

/** The course before this page came: rows of time, arousal or null, its sd, intensity, mode. */
export interface Past {
  type: 'past';
  rows: [number, number | null, number, number, string][];
}

export type Message = State | Entry | Past | { type: 'refused'; text: string };

export interface Signals {
  trace: number;
  seq: number;
  rate_hz: number;
  sent_s: number;
  t0_s: number;
  channels: Float32Array[];
}

export const HEADER_BYTES = 32;

/**
 * Reads one signal frame: `<BBHIIfdd` (trace, version, channels, samples, seq, rate, sent, first
 * sample's time), then float32 by channel. Throws a sentence when it is none.
 */
export function decodeSignals(frame: ArrayBuffer): Signals {
  if (frame.byteLength < HEADER_BYTES) {
    throw new Error(`expected a header of ${HEADER_BYTES} bytes, got ${frame.byteLength}`);
  }
  const view = new DataView(frame);
  const version = view.getUint8(1);
  if (version !== 1) throw new Error(`expected signal frames of version 1, got ${version}`);
  const count = view.getUint16(2, true);
  const samples = view.getUint32(4, true);
  const expected = HEADER_BYTES + 4 * count * samples;
  if (frame.byteLength !== expected) {
    throw new Error(`expected ${expected} bytes, got ${frame.byteLength}`);
  }
  return {
    trace: view.getUint8(0),
    seq: view.getUint32(8, true),
    rate_hz: view.getFloat32(12, true),
    sent_s: view.getFloat64(16, true) / 1e3,
    t0_s: view.getFloat64(24, true),
    channels: Array.from(
      { length: count },
      (_, c) => new Float32Array(frame, HEADER_BYTES + 4 * c * samples, samples),
    ),
  };
}

export function decodeText(text: string): Message | null {
  const message: unknown = JSON.parse(text);
  if (typeof message !== 'object' || message === null) throw new Error('expected an object');
  const type = (message as { type?: unknown }).type;
  const known = type === 'state' || type === 'log' || type === 'past' || type === 'refused';
  return known ? (message as Message) : null;
}
