// Reasons not to take part, asked before anything is shown; one that applies ends in rest.

import { element, find, say, show } from './element';
import type { Running } from './wire';

export class Screening {
  private asked = '';

  constructor(send: (message: object) => void, stop: () => void) {
    find('screen').addEventListener('change', () => {
      say(find('screen-said'), this.applying().length ? 'This applies: rest, and do not begin' : 'None applies');
    });
    find('screen-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const reasons = this.applying();
      if (reasons.length) stop();
      send({ command: 'Screened', reasons: reasons.join('; ') });
    });
  }

  update(state: Running): void {
    const reasons = state.screen ?? [];
    show(find('screen-card'), reasons.length > 0);
    const asked = reasons.join('\n');
    if (asked === this.asked) return;
    this.asked = asked;
    find('screen').replaceChildren(
      ...reasons.map((reason) => element('label', {}, element('input', { type: 'checkbox', value: reason }), ` ${reason}`)),
    );
  }

  private applying(): string[] {
    return [...find('screen').querySelectorAll<HTMLInputElement>('input:checked')].map((box) => box.value);
  }
}
