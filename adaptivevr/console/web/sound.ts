// Tones for what must be noticed by somebody who looks at the patient and not at the screen.

const TONES = {
  lost: [[880, 0], [660, 0.18], [880, 0.36], [660, 0.54]],
  sensor: [[587, 0], [494, 0.16]],
  stopped: [[392, 0], [294, 0.2]],
  back: [[494, 0], [659, 0.14]],
  ask: [[659, 0], [784, 0.14]],
} as const;

export type Tone = keyof typeof TONES;

/** Off until the page was touched once: browsers allow no sound before. */
export class Sound {
  on = true;
  private context: AudioContext | null = null;

  constructor() {
    const wake = (): void => {
      this.context ??= new AudioContext();
      void this.context.resume();
    };
    window.addEventListener('pointerdown', wake, { once: true });
    window.addEventListener('keydown', wake, { once: true });
  }

  play(tone: Tone): void {
    const context = this.context;
    if (!context || !this.on) return;
    for (const [hertz, after_s] of TONES[tone]) {
      const start_s = context.currentTime + after_s;
      const voice = context.createOscillator();
      const loudness = context.createGain();
      voice.type = 'triangle';
      voice.frequency.value = hertz;
      loudness.gain.setValueAtTime(0, start_s);
      loudness.gain.linearRampToValueAtTime(tone === 'lost' ? 0.3 : 0.14, start_s + 0.015);
      loudness.gain.exponentialRampToValueAtTime(0.001, start_s + 0.15);
      voice.connect(loudness).connect(context.destination);
      voice.start(start_s);
      voice.stop(start_s + 0.17);
    }
  }
}
