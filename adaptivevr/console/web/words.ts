// Numbers and states as plain words.

import { interval } from './story';
import type { Running, Sensor } from './wire';

export const MODES: Record<string, string> = {
  manual: 'Manual',
  confirm: 'Confirm',
  auto: 'Automatic',
  freeze: 'Frozen',
  fallback: 'Falling back',
  safe: 'Safe',
};

export const SENSOR_STATES: Record<Sensor['state'], string> = {
  waiting: 'Settling',
  good: 'Good',
  poor: 'Poor',
  late: 'No data',
};

/** What an open gate means; a closed one comes with the engine's own words. */
const OPEN_GATES: Record<string, string> = {
  mode: 'automation on',
  fresh: 'data fresh',
  quality: 'signals good',
  relative: 'units known',
  known: 'arousal known',
  sd: 'sure enough',
  below_high: 'arousal not high',
  ceiling: 'below ceiling',
  no_flags: 'no limit active',
  rating: 'rating',
  heart: 'heart rate',
};

export const gateOpen = (name: string): string => OPEN_GATES[name] ?? name.replaceAll('_', ' ');

export const two = (value: number): string => value.toFixed(2);

/** 3725 -> 1:02:05, 65 -> 1:05. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  const pad = (n: number): string => String(n).padStart(2, '0');
  return hours ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`;
}

const UNITS: Record<string, string> = { uV: 'µV', uS: 'µS', mV: 'mV', relative: '' };

/** A measured value in its unit: three digits that count. */
export function measured(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '';
  if (unit === 'uV' && Math.abs(value) >= 1000) return measured(value / 1000, 'mV');
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? unit}`.trim();
}

export function arousalWords(state: Running): string {
  const { level, sd } = state.arousal;
  if (level === null) return 'Arousal is not known: no usable signal.';
  const [low, high] = interval(level, sd);
  const { window_low, window_high } = state.limits;
  const where =
    level > window_high! ? 'above the window' : level < window_low! ? 'below the window' : 'inside the window';
  return `Arousal index ${two(level)}, with 90 % between ${two(low)} and ${two(high)}, ${where} of ${two(window_low!)} to ${two(window_high!)}.`;
}

export function intensityWords(state: Running): string {
  return `Intensity ${two(state.intensity)} of at most ${two(state.limits['ceiling']!)}.`;
}

const PARTS: Record<string, string> = {
  heart_rate: 'heart rate',
  ln_rmssd: 'heart rate variability',
  ln_scl: 'skin level',
  ln_drive: 'skin responses',
  ln_alpha: 'brain (alpha)',
  ln_beta_alpha: 'brain (beta to alpha)',
  breath_rate: 'breath rate',
  rating: 'the rating',
};

/** What the estimate rests on, the weightiest first. */
export function restsWords(state: Running): string {
  const used = state.arousal.parts.filter((part) => part.weight >= 0.005);
  const all = used.reduce((sum, part) => sum + part.weight, 0);
  if (!all || state.arousal.level === null) return 'Arousal rests on nothing at present.';
  const words = [...used]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map((part) => {
      const name = PARTS[part.name] ?? part.name.replace(/^ln_/, '').replaceAll('_', ' ');
      return `${name} ${Math.round((100 * part.weight) / all)} %`;
    });
  return `Arousal rests on ${words.join(', ')}.`;
}

/** What a person is asked to agree to. */
export function proposalWords(proposal: string, levels: readonly string[]): string {
  if (proposal === 'resume') return 'The signals are good again. Let the automation go on?';
  if (proposal === 'move') return 'The sickness has passed. Let the scene move again?';
  const vetted = /^vet:(\d+)$/.exec(proposal)?.[1];
  if (vetted !== undefined) return `May level ${vetted}${levels[Number(vetted)] ? `, “${levels[Number(vetted)]}”,` : ''} be shown today?`;
  const stage = /^stage:(\w+)$/.exec(proposal)?.[1];
  if (stage !== undefined) return `Passed often enough. Open the next stage, ${stage}?`;
  const level = /^advance:(\d+)$/.exec(proposal)?.[1];
  if (level === undefined) {
    const words = `${proposal.replaceAll('_', ' ')}?`;
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  const name = levels[Number(level)];
  return name ? `Go on to level ${level}, “${name}”?` : `Go on to level ${level}?`;
}

/** How late a state is; the engine's own clock stands while ticks are missing. */
export function standsStill(state: Running): boolean {
  return state.now_s - state.tick_s > 0.5;
}
