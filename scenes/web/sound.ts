// Sounds of the scene: loops mixed by the channels, one-shots of cues, each all around or from a place.
// A browser lets them begin with the first gesture.

import * as THREE from 'three';
import type { Player } from './player';

const RAMP_S = 0.15;
const HUSH_S = 0.03; // a cue ends at once, without a click
const PLACED_EVERY_S = 0.05;
const NEAR_M = 2; // full loudness up to here

interface Loop {
  gain: GainNode;
  panner: PannerNode | null;
  at: THREE.Object3D | null;
}

export class Sound {
  private readonly goals = new WeakMap<AudioParam, number>();
  problem: (text: string) => void = () => {};
  private context: AudioContext | null = null;
  private all: GainNode | null = null; // quiet at rest
  private loops = new Map<string, Loop>();
  private files = new Map<string, Promise<AudioBuffer>>();
  private sources = new Set<AudioBufferSourceNode>();
  private once_ = new Map<AudioBufferSourceNode, GainNode>(); // one-shots that are heard now
  private hushed = 0;
  private playing: Player | null = null;
  private placed_s = -1;

  /** Called by a gesture of the patient: from now on sounds may be heard. */
  begin(): void {
    if (!this.context) {
      this.context = new AudioContext();
      this.all = new GainNode(this.context, { gain: 0 });
      this.all.connect(this.context.destination);
    }
    void this.context.resume();
  }

  get heard(): string[] {
    return [...this.loops.keys()];
  }

  /** Fits loudness and places to the scene; at rest (fade 1) all is quiet. */
  update(player: Player | null, fade: number, ear: THREE.Object3D): void {
    if (!this.context || !this.all) return;
    if (player !== this.playing) this.change(player);
    const now_s = this.context.currentTime;
    this.glide(this.all.gain, 1 - fade, now_s);
    for (const [name, loop] of this.loops) this.glide(loop.gain.gain, player?.loudness[name] ?? 0, now_s);
    if (now_s - this.placed_s < PLACED_EVERY_S) return;
    this.placed_s = now_s;
    this.listen(ear);
    for (const { panner, at } of this.loops.values()) if (panner && at) place(panner, at);
  }

  /** A sound that is heard once, from a node or all around. */
  async once(player: Player, name: string, loudness: number, at: THREE.Object3D | null): Promise<void> {
    if (!this.context || !this.all) return;
    const hushed = this.hushed;
    const source = await this.source(player, name, false);
    if (!source || player !== this.playing || hushed !== this.hushed) return;
    this.once_.set(source, this.connect(source, loudness, at).gain);
    source.start();
  }

  // Told again only when it is another: every word to the audio thread costs a part of a picture.
  private glide(gain: AudioParam, to: number, now_s: number): void {
    if (this.goals.get(gain) === to) return;
    this.goals.set(gain, to);
    gain.setTargetAtTime(to, now_s, RAMP_S / 3);
  }

  /** How many one-shots are heard now. */
  get shots(): number {
    return this.once_.size;
  }

  /** Ends every one-shot at once, those too whose file is still on its way. */
  hush(): void {
    this.hushed += 1;
    const now_s = this.context?.currentTime ?? 0;
    for (const [source, gain] of this.once_) {
      gain.gain.setTargetAtTime(0, now_s, HUSH_S / 5);
      source.stop(now_s + HUSH_S);
    }
    this.once_.clear();
  }

  private change(player: Player | null): void {
    for (const source of this.sources) source.stop();
    this.sources.clear();
    this.once_.clear();
    this.loops.clear();
    this.files.clear();
    this.playing = player;
    for (const name of player?.loops ?? []) void this.loop(player!, name);
    for (const cue of Object.values(player?.manifest.cues ?? {})) if (cue.sound) void this.file(player!, cue.sound).catch(() => {});
  }

  private async loop(player: Player, name: string): Promise<void> {
    const source = await this.source(player, name, true);
    if (!source || player !== this.playing || this.loops.has(name)) return;
    const node = player.manifest.places?.[name];
    this.loops.set(name, this.connect(source, 0, node ? player.node(node) : null));
    source.start();
  }

  private connect(source: AudioBufferSourceNode, loudness: number, at: THREE.Object3D | null): Loop {
    const context = this.context!;
    const gain = new GainNode(context, { gain: loudness });
    const panner = at ? new PannerNode(context, { panningModel: 'HRTF', distanceModel: 'inverse', refDistance: NEAR_M }) : null;
    if (panner && at) place(panner, at);
    source.connect(gain);
    (panner ? gain.connect(panner) : gain).connect(this.all!);
    this.sources.add(source);
    source.onended = () => {
      this.sources.delete(source);
      this.once_.delete(source);
    };
    return { gain, panner, at };
  }

  private async source(player: Player, name: string, loop: boolean): Promise<AudioBufferSourceNode | null> {
    try {
      return new AudioBufferSourceNode(this.context!, { buffer: await this.file(player, name), loop });
    } catch (error) {
      this.problem(`The sound ${name} of ${player.manifest.name} could not be played (${error}).`);
      return null;
    }
  }

  private file(player: Player, name: string): Promise<AudioBuffer> {
    const known = this.files.get(name);
    if (known) return known;
    const made = fetch(`/scenes/${player.manifest.name}/sound/${name}.ogg`).then(async (answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return this.context!.decodeAudioData(await answer.arrayBuffer());
    });
    this.files.set(name, made);
    return made;
  }

  private listen(ear: THREE.Object3D): void {
    const ears = this.context!.listener;
    const e = ear.matrixWorld.elements;
    const [x, y, z] = [e[12]!, e[13]!, e[14]!];
    if (!ears.positionX) return void ears.setPosition(x, y, z); // Firefox
    ears.positionX.value = x;
    ears.positionY.value = y;
    ears.positionZ.value = z;
    ears.forwardX.value = -e[8]!;
    ears.forwardY.value = -e[9]!;
    ears.forwardZ.value = -e[10]!;
    ears.upX.value = e[4]!;
    ears.upY.value = e[5]!;
    ears.upZ.value = e[6]!;
  }
}

const HERE = new THREE.Vector3();

function place(panner: PannerNode, at: THREE.Object3D): void {
  at.getWorldPosition(HERE);
  panner.positionX.value = HERE.x;
  panner.positionY.value = HERE.y;
  panner.positionZ.value = HERE.z;
}
