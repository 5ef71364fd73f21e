// Levels, steps, the hand on the intensity, and what waits for a yes.

import { element, find, say, set, show } from './element';
import type { Running } from './wire';
import { proposalWords, two } from './words';

type Send = (message: object) => void;

export class Lead {
  private readonly list = find('levels');
  private readonly slider = find<HTMLInputElement>('manual');
  private readonly value = find<HTMLOutputElement>('manual-value');
  private names: string[] = [];
  private proposal: string | null = null;
  private manual = false;
  private held = false;
  private moved_ms = -Infinity;
  /** What this page last asked for by hand; the intensity may still be on its way there. */
  private wish: number | null = null;

  constructor(
    private readonly send: Send,
    private readonly asked: (text: string) => void,
  ) {
    find('easier').addEventListener('click', () => this.step(-1));
    find('harder').addEventListener('click', () => this.step(1));
    find('take').addEventListener('click', () => this.take());
    find('hand-back').addEventListener('click', () => send({ command: 'Manual', intensity: null }));
    find('proposal-yes').addEventListener('click', () => this.answer(true));
    find('proposal-no').addEventListener('click', () => this.answer(false));
    this.slider.addEventListener('input', () => {
      this.held = true;
      this.moved_ms = performance.now();
      say(this.value, two(this.slider.valueAsNumber));
      if (this.manual) this.take();
    });
    this.slider.addEventListener('change', () => (this.held = false));
  }

  step(by: number): void {
    this.wish = null;
    this.send({ command: 'Step', by });
  }

  private take(): void {
    this.wish = this.slider.valueAsNumber;
    this.moved_ms = performance.now();
    this.manual = true; // a hand that goes on moving is not lost before the next state comes
    this.send({ command: 'Manual', intensity: this.wish });
  }

  private answer(yes: boolean): void {
    if (this.proposal) this.send({ command: 'Confirm', proposal: this.proposal, yes });
    show(find('proposal'), false);
  }

  update(state: Running, stopped: boolean): void {
    if (state.levels.join('\n') !== this.names.join('\n')) this.list_(state.levels);
    [...this.list.children].forEach((item, i) => {
      if (i === state.level) set(item as HTMLElement, 'aria-current', 'step');
      else item.removeAttribute('aria-current');
    });
    if (state.mode === 'manual' || performance.now() - this.moved_ms > 1500) {
      this.manual = state.mode === 'manual';
    }
    if (stopped) this.wish = null;
    this.follow(state);
    for (const id of ['easier', 'harder', 'take', 'manual']) {
      find<HTMLButtonElement>(id).disabled = stopped;
    }
    find<HTMLButtonElement>('hand-back').disabled = stopped || !this.manual;
    set(find('take'), 'aria-pressed', String(this.manual));
    if (state.proposal !== this.proposal) this.propose(state);
  }

  /** The slider follows the intensity unless somebody holds it or asked for something by hand. */
  private follow(state: Running): void {
    if (this.held || performance.now() - this.moved_ms < 1500) return;
    if (!this.manual) this.wish = null;
    const here = two(state.intensity);
    const wish = this.wish === null ? here : two(this.wish);
    this.slider.value = this.wish === null ? String(state.intensity) : wish;
    say(this.value, wish === here ? here : `${here} → ${wish}`);
  }

  private list_(names: string[]): void {
    this.names = names;
    this.list.replaceChildren(...names.map((name) => element('li', {}, name)));
  }

  private propose(state: Running): void {
    this.proposal = state.proposal;
    show(find('proposal'), state.proposal !== null);
    if (state.proposal === null) return;
    const words = proposalWords(state.proposal, state.levels);
    say(find('proposal-text'), words);
    this.asked(words);
  }
}
