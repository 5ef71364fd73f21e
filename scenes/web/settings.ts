// What a patient likes: language and comfort, kept in this browser and nowhere else.

import { choose } from './words';

const PLACE = 'adaptivevr.settings';

export interface Settings {
  language: string;
  vignette: boolean; // narrow the view while the scene moves the viewer
  seated: boolean; // raise a sitting person to the height the scenes are made for
  dwell: boolean; // a look that rests on an answer chooses it
  intactLeft: boolean; // which hand is tracked and mirrored
}

/** What was kept, else what suits most people: sitting, narrowed view, answers by look. */
export function settings(query: string, wished: readonly string[]): Settings {
  const asked = new URLSearchParams(query).get('lang');
  const usual: Settings = { language: choose(wished), vignette: true, seated: true, dwell: true, intactLeft: false };
  const kept = { ...usual, ...stored() };
  return asked ? { ...kept, language: choose([asked]) } : kept;
}

function stored(): Partial<Settings> {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Settings>;
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

export function keep(s: Settings): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(s));
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
}
