// Only in the demonstration: unplug and plug sensors, frighten the patient, freeze the engine.

import { element, find, say, set, show } from './element';
import { ORDER } from './sensors';
import type { Running } from './wire';

const FREEZE_S = 3;

export class Demo {
  private readonly group = find('unplug');
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly unplugged = new Set<string>();

  constructor(private readonly send: (message: object) => void) {
    find('frighten').addEventListener('click', () => send({ type: 'demo', do: 'frighten' }));
    find('freeze').addEventListener('click', () => send({ type: 'demo', do: 'freeze', seconds: FREEZE_S }));
  }

  update(state: Running): void {
    show(find('demo'), state.demo === true);
    if (!state.demo) return;
    const inOrder = [...state.sensors].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    for (const sensor of inOrder) {
      if (sensor.kind === 'markers' || sensor.kind === 'pose') continue;
      let button = this.buttons.get(sensor.kind);
      if (!button) {
        button = element('button', { type: 'button', 'aria-pressed': 'false' });
        button.addEventListener('click', () => this.toggle(sensor.kind));
        this.buttons.set(sensor.kind, button);
      }
      if (this.group.children.length !== this.buttons.size) {
        this.group.replaceChildren(...inOrder.flatMap((s) => this.buttons.get(s.kind) ?? []));
      }
      const out = this.unplugged.has(sensor.kind);
      set(button, 'aria-pressed', String(out));
      say(button, `${out ? 'Plug in' : 'Unplug'} ${sensor.label.replace(/ \(.*/, '').toLowerCase()}`);
    }
  }

  private toggle(kind: string): void {
    const out = this.unplugged.has(kind);
    if (out) this.unplugged.delete(kind);
    else this.unplugged.add(kind);
    this.send({ type: 'demo', do: out ? 'plug' : 'unplug', kind });
  }
}
