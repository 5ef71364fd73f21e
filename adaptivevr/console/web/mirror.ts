// The scene beside the body: a small window onto the same scene, off until it is asked for.

import { element, find, say, set, show } from './element';
import { listen } from './keys';

export function mirror(stop: () => void): void {
  const toggle = find('mirror-toggle');
  const host = find('mirror');
  toggle.addEventListener('click', () => {
    const open = toggle.getAttribute('aria-expanded') === 'true';
    set(toggle, 'aria-expanded', String(!open));
    say(toggle, open ? 'Show it here' : 'Hide it');
    show(host, !open);
    if (open) {
      host.replaceChildren();
      return;
    }
    const frame = element('iframe', { src: '../scene/?mirror', title: 'The scene as it is shown' });
    // A key pressed while the frame has the focus never reaches this page.
    frame.addEventListener('load', () => {
      if (frame.contentWindow) listen(frame.contentWindow, stop);
    });
    host.append(frame);
  });
}
