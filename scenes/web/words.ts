// What the page itself says. The engine's texts come over the channel in the patient's language.

import type { Why } from './playback';

export const WORDS = {
  stop: 'Stop',
  tooMuch: 'Too much',
  enter: 'Enter VR',
  leave: 'Leave VR',
  recenter: 'Recenter',
  sound: 'Sound on',
  yes: 'Yes',
  no: 'No',
  ok: 'OK',
  loading: 'Getting the scene ready',
  keys: 'Escape, space or S stops at once. Drag to look around.',
};

/** Why the rest scene is shown, in a sentence for the person who looks at it. */
export const WHY: Record<Why, string> = {
  '': '',
  stop: 'Stopped. You are at rest.',
  waiting: 'Waiting for the session.',
  expired: 'The connection to the session is lost. You are at rest; trying to reconnect.',
  rest: 'At rest.',
};
