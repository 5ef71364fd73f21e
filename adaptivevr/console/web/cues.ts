// The scene's cues: agreed to one by one before anything is shown, then let happen one at a time.

import { element, find, say, set, show } from './element';
import type { CueRow, Entry, Running } from './wire';

const PARTIES = [['clinician', 'Talked through'], ['patient', 'Patient said yes']] as const;
const SETTLES_MS = 700; // a tick just made is not taken back by a state that was under way
const BEFORE =
  'Before anything is shown: talk each cue through, and tick both when the patient has said yes aloud. ' +
  'Later none can be added.';
const AFTER = 'Nothing can be added any more. Take a tick away as soon as the patient wants it gone.';

interface Parts {
  item: HTMLElement;
  play: HTMLButtonElement;
  why: HTMLElement;
  ticks: HTMLInputElement[];
}

/** What stands beside a cue's button. */
export function standing(row: CueRow, stopped: boolean): string {
  if (stopped) return 'stopped';
  return row.open ? 'ready' : row.why;
}

export class Cues {
  private readonly parts = new Map<string, Parts>();
  private names = '';
  private ticked_ms = -Infinity;

  constructor(private readonly send: (message: object) => void) {}

  update(state: Running, stopped: boolean): void {
    const rows = state.cues ?? [];
    show(find('cues-card'), rows.length > 0);
    const names = rows.map((row) => row.name).join('\n');
    if (names !== this.names) this.list(rows, names);
    const must = rows.filter((row) => row.must);
    show(find('cues-rule'), must.length > 0);
    say(find('cues-rule'), must.some((row) => row.too_late) ? AFTER : BEFORE);
    for (const row of rows) this.row(row, stopped);
  }

  /** What became of a cue, said once. */
  heard(entry: Entry): void {
    if (entry.what !== 'cue') return;
    say(find('cues-said'), entry.text);
    set(find('cues-said'), 'data-played', String(entry.played === true));
  }

  private row(row: CueRow, stopped: boolean): void {
    const { item, play, why, ticks } = this.parts.get(row.name)!;
    const open = row.open && !stopped;
    set(item, 'data-open', String(open));
    // Not `disabled`: the focus stays where it is, and the reason can be heard.
    set(play, 'aria-disabled', String(!open));
    say(why, standing(row, stopped));
    const settled = performance.now() - this.ticked_ms > SETTLES_MS;
    PARTIES.forEach(([by], i) => {
      const tick = ticks[i];
      if (!tick) return;
      if (settled) tick.checked = row[by];
      tick.disabled = row.too_late && !tick.checked;
    });
  }

  private list(rows: CueRow[], names: string): void {
    this.names = names;
    this.parts.clear();
    find('cues').replaceChildren(...rows.map((row) => this.made(row)));
  }

  private made(row: CueRow): HTMLElement {
    const [title, why] = [`cue-${row.name}`, `cue-why-${row.name}`];
    const play = element('button', { type: 'button', 'aria-label': `Play: ${row.title}`, 'aria-describedby': why }, 'Play');
    play.addEventListener('click', () => {
      if (play.getAttribute('aria-disabled') !== 'true') this.send({ command: 'Cue', name: row.name });
    });
    const ticks = row.must ? PARTIES.map(([by]) => this.tick(row.name, by)) : [];
    const labels = ticks.map((tick, i) => element('label', {}, tick, ` ${PARTIES[i]![1]}`));
    const reason = element('span', { class: 'cue-why', id: why });
    const item = element(
      'li', {},
      element(
        'div', { class: 'cue', role: 'group', 'aria-labelledby': title },
        element('p', { id: title }, row.title, element('small', {}, ` ${row.how}`)),
        element('p', { class: 'cue-ticks' }, ...labels, reason),
        play,
      ),
    );
    this.parts.set(row.name, { item, play, why: reason, ticks });
    return item;
  }

  private tick(name: string, by: string): HTMLInputElement {
    const tick = element('input', { type: 'checkbox' });
    tick.addEventListener('change', () => {
      this.ticked_ms = performance.now();
      this.send({ command: 'Vet', name, by, yes: tick.checked });
    });
    return tick;
  }
}

const FIRST = ['button[aria-disabled="false"]', 'input:enabled:not(:checked)', 'button'];

/** To the first cue that may come now, else to the first that can be agreed to, else to the first. */
export function toCues(): void {
  const found = FIRST.map((one) => find('cues').querySelector<HTMLElement>(one)).find((one) => one);
  found?.focus();
}
