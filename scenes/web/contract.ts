// The scene channel, `v: 1`: what the engine says and what a renderer answers.
// Golden files: tests/scenes/channel/*.json.

export interface SceneFrame {
  type: 'frame';
  seq: number;
  time_s: number;
  data_s: number | null;
  scene: string;
  level: number;
  intensity: number;
  values: Record<string, number>;
  ambient: Record<string, number>;
  rest: boolean;
  mode: string;
  valid_for_s: number;
}

export interface Scale {
  name: string;
  min: number;
  max: number;
  step: number;
  low: string;
  high: string;
}

export interface Prompt {
  type: 'prompt';
  id: string;
  kind: 'info' | 'rating' | 'confirm' | 'task';
  text: string;
  scale?: Scale;
  until_s: number | null;
  // Of a task: answers of which one is right (none: something to do or to find), and a picture by name.
  choices?: string[];
  right?: number | null;
  picture?: string;
}

export interface Pace {
  start_s: number;
  in_s: number;
  hold_s: number;
  out_s: number;
  rest_s: number;
}

export type EngineMessage =
  | SceneFrame
  | Prompt
  | { type: 'pacer'; pace: Pace | null }
  | { type: 'cue'; id: string; name: string; at_s: number }
  | { type: 'scene'; name: string; asset: string; hash: string }
  | { type: 'stop'; id: string }
  | { type: 'error'; text: string }
  | { type: 'clock'; client_s: number; engine_s: number };

export type StopBy = 'key' | 'button' | 'controller' | 'gesture' | 'headset' | 'flash';

export type ClientMessage =
  | { type: 'hello'; renderer: string; version: string; languages: string[]; hands: boolean; refresh_hz: number }
  | { type: 'clock'; client_s: number }
  | { type: 'ack'; seq: number; shown_s: number; rest: boolean }
  | { type: 'rating'; prompt: string; scale: string; value: number | null; shown_s: number; answered_s: number }
  | { type: 'heard'; cue: string; played: boolean; shown_s: number }
  | { type: 'too_much' }
  | { type: 'stop'; by: StopBy }
  | { type: 'headset'; worn: boolean }
  | { type: 'task'; id: string; correct: boolean; reaction_s: number | null }
  | { type: 'pose'; rows: [number, number[], number[], number[]][] }
  | { type: 'problem'; text: string };

type Fields = Record<string, unknown>;

const number = (m: Fields, ...names: string[]) => names.every((n) => Number.isFinite(m[n]));
const text = (m: Fields, ...names: string[]) => names.every((n) => typeof m[n] === 'string');
const numbers = (v: unknown) =>
  typeof v === 'object' && v !== null && Object.values(v).every((x) => Number.isFinite(x));

/** The message a text stands for; null for a type nobody knows yet. Throws on what breaks the contract. */
export function decode(data: string): EngineMessage | null {
  const m = JSON.parse(data) as Fields;
  if (typeof m !== 'object' || m === null || m.v !== 1) throw new Error(`expected v: 1, got ${data.slice(0, 60)}`);
  const ok = check(m);
  if (ok === false) throw new Error(`expected a message of the scene channel, got ${data.slice(0, 120)}`);
  return ok;
}

function check(m: Fields): EngineMessage | null | false {
  switch (m.type) {
    case 'frame':
      return (
        number(m, 'seq', 'time_s', 'level', 'intensity', 'valid_for_s') &&
        text(m, 'scene', 'mode') && typeof m.rest === 'boolean' && numbers(m.values) && numbers(m.ambient) &&
        (m as unknown as SceneFrame)
      );
    case 'prompt':
      return text(m, 'id', 'kind', 'text') && (m.kind !== 'rating' || numbersOfScale(m.scale)) && texts(m.choices) && (m as unknown as Prompt);
    case 'pacer':
      if (m.pacer === null) return { type: 'pacer', pace: null };
      return number(m, 'start_s', 'in_s', 'hold_s', 'out_s', 'rest_s') && { type: 'pacer', pace: m as unknown as Pace };
    case 'cue':
      return text(m, 'id', 'name') && number(m, 'at_s') && (m as EngineMessage);
    case 'scene':
      return text(m, 'name', 'asset', 'hash') && (m as EngineMessage);
    case 'stop':
      return m as EngineMessage; // whatever else it says, it is a stop
    case 'error':
      return text(m, 'text') && (m as EngineMessage);
    case 'clock':
      return number(m, 'client_s', 'engine_s') && (m as EngineMessage);
    default:
      return null;
  }
}

const texts = (v: unknown) => v === undefined || (Array.isArray(v) && v.every((x) => typeof x === 'string'));

function numbersOfScale(scale: unknown): boolean {
  const s = scale as Fields | undefined;
  return !!s && number(s, 'min', 'max', 'step') && (s.step as number) > 0 && text(s, 'name', 'low', 'high');
}

/** The text of a message to the engine. */
export const encode = (message: ClientMessage): string => JSON.stringify({ v: 1, ...message });
