// The limits that a clinician tunes while a session runs; what is shown is what is in force.

import { element, find, say, set } from './element';
import type { Entry, Running } from './wire';

interface Field {
  name: string;
  label: string;
  step: number;
  unit: string;
}

const FIELDS: Field[] = [
  { name: 'window_low', label: 'Window, low', step: 0.01, unit: '' },
  { name: 'window_high', label: 'Window, high', step: 0.01, unit: '' },
  { name: 'arousal_max', label: 'Arousal ceiling', step: 0.01, unit: '' },
  { name: 'ceiling', label: 'Intensity ceiling', step: 0.05, unit: '' },
  { name: 'rise_per_s', label: 'Rise per second', step: 0.005, unit: '' },
  { name: 'dwell_s', label: 'Stay on a level, s', step: 5, unit: 's' },
];

/** 0.30000001 and 0.3 are the same number to a person. */
export const trimmed = (value: number): string => String(Number(value.toPrecision(4)));

/** What became of a change, in one sentence. */
export function changeWords(entry: Entry): string {
  const field = FIELDS.find((f) => f.name === entry.name);
  const label = field?.label.replace(', s', '') ?? entry.name?.replaceAll('_', ' ') ?? 'Limit';
  const [was, is] = [trimmed(entry.old ?? NaN), trimmed(entry.new ?? NaN)];
  if (!entry.bounded) return `${label}: ${was} → ${is}, in force.`;
  const asked = trimmed(entry.asked ?? NaN);
  return was === is
    ? `${label} stays ${is}: ${asked} is outside its bounds.`
    : `${label}: ${was} → ${is}; ${asked} is outside its bounds.`;
}

export class Limits {
  private readonly inputs = new Map<string, HTMLInputElement>();
  private readonly said = find('limits-said');

  constructor(private readonly send: (message: object) => void) {
    const form = find<HTMLFormElement>('limits');
    form.addEventListener('submit', (event) => event.preventDefault());
    for (const field of FIELDS) form.append(this.field(field));
  }

  private field({ name, label, step }: Field): HTMLElement {
    const input = element('input', {
      id: `limit-${name}`, type: 'number', step: String(step), inputmode: 'decimal', disabled: '',
    });
    input.addEventListener('change', () => {
      const value = input.valueAsNumber;
      input.dataset['edited'] = '';
      if (Number.isFinite(value)) this.send({ command: 'SetLimit', name, value });
    });
    input.addEventListener('input', () => (input.dataset['edited'] = 'yes'));
    input.addEventListener('blur', () => (input.dataset['edited'] = ''));
    this.inputs.set(name, input);
    return element('div', { class: 'limit' }, element('label', { for: input.id }, label), input);
  }

  /** Shows what is in force, except where somebody is writing. */
  update(state: Running): void {
    for (const [name, input] of this.inputs) {
      const value = state.limits[name];
      input.disabled = value === undefined;
      if (value === undefined || (input.dataset['edited'] && document.activeElement === input)) continue;
      const text = trimmed(value);
      if (input.value !== text) input.value = text;
    }
  }

  heard(entry: Entry): void {
    if (entry.what !== 'limit') return;
    say(this.said, changeWords(entry));
    set(this.said, 'data-bounded', String(Boolean(entry.bounded)));
    const input = this.inputs.get(entry.name ?? '');
    if (input) input.dataset['edited'] = '';
  }
}
