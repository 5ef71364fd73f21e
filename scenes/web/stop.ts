// Every way to stop in the renderer itself: keys, a long press, both hands up, the headset taken off.

import type { StopBy } from './contract';

const LONG_PRESS_S = 0.6;
const HANDS_UP_S = 0.5;

/** Escape, the space bar or S; the space bar still presses a button that has the focus. */
export function stopsByKey(event: Pick<KeyboardEvent, 'key' | 'repeat' | 'target' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === ' ') return !(event.target as Element | null)?.closest?.('button, input, a');
  return event.key === 'Escape' || event.key === 's' || event.key === 'S';
}

export function listenForKeys(stop: (by: StopBy) => void): void {
  // Captured, so that nothing on the page can take the key before it has stopped.
  const heard = (event: KeyboardEvent) => {
    if (!stopsByKey(event)) return;
    event.preventDefault();
    stop('key');
  };
  window.addEventListener('keydown', heard, { capture: true });
}

/** What a press or a gesture is told by: which buttons are down, and how high head and hands are. */
export interface Held {
  pressed: boolean;
  head_m: number | null;
  hands_m: number[];
}

/** Long press and hands up, from what is held at each picture. Fires once until it is let go. */
export class HeldStop {
  private pressed_s: number | null = null;
  private up_s: number | null = null;
  private fired: Partial<Record<StopBy, boolean>> = {};

  update(held: Held, now_s: number): StopBy | null {
    this.pressed_s = held.pressed ? (this.pressed_s ?? now_s) : null;
    const up = held.head_m !== null && held.hands_m.length >= 2 && held.hands_m.every((y) => y > held.head_m!);
    this.up_s = up ? (this.up_s ?? now_s) : null;
    if (this.once('controller', this.pressed_s !== null && now_s - this.pressed_s >= LONG_PRESS_S)) return 'controller';
    if (this.once('gesture', this.up_s !== null && now_s - this.up_s >= HANDS_UP_S)) return 'gesture';
    return null;
  }

  private once(by: StopBy, due: boolean): boolean {
    const first = due && !this.fired[by];
    this.fired[by] = due;
    return first;
  }
}
