// Loops of the scene, mixed by the channels; a browser lets them begin with the first gesture.

import type { Player } from './player';

const RAMP_S = 0.15;

export class Sound {
  problem: (text: string) => void = () => {};
  private context: AudioContext | null = null;
  private loops = new Map<string, GainNode>();
  private sources: AudioBufferSourceNode[] = [];
  private playing: Player | null = null;

  /** Called by a gesture of the patient: from now on sounds may be heard. */
  begin(): void {
    if (!this.context) this.context = new AudioContext();
    void this.context.resume();
  }

  /** Fits loudness to the scene; at rest (fade 1) it is quiet. */
  update(player: Player | null, fade: number): void {
    if (!this.context) return;
    if (player !== this.playing) this.change(player);
    for (const [name, gain] of this.loops) {
      const loudness = (player?.loudness[name] ?? 0) * (1 - fade);
      gain.gain.setTargetAtTime(loudness, this.context.currentTime, RAMP_S / 3);
    }
  }

  private change(player: Player | null): void {
    for (const source of this.sources.splice(0)) source.stop();
    this.loops.clear();
    this.playing = player;
    for (const name of Object.keys(player?.loudness ?? {})) void this.load(player!, name);
  }

  private async load(player: Player, name: string): Promise<void> {
    const context = this.context!;
    const url = `/scenes/${player.manifest.name}/sound/${name}.ogg`;
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(String(answer.status));
      const buffer = await context.decodeAudioData(await answer.arrayBuffer());
      if (player !== this.playing) return;
      const source = new AudioBufferSourceNode(context, { buffer, loop: true });
      const gain = new GainNode(context, { gain: 0 });
      source.connect(gain).connect(context.destination);
      source.start();
      this.sources.push(source);
      this.loops.set(name, gain);
    } catch (error) {
      this.problem(`The sound ${url} could not be played (${error}).`);
    }
  }
}
