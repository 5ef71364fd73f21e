// One clip of an asset: held at a moment, never played, and sampled only when that moment changes.

import * as THREE from 'three';
import { clipTime_s } from './playback';

export class Clip {
  readonly first_s: number;
  readonly last_s: number;
  // One for each clip, so that it is sampled by itself. No two clips move one property
  // (`adaptivevr scenes check`), so nothing has to be mixed.
  private readonly mixer: THREE.AnimationMixer;
  private readonly action: THREE.AnimationAction;
  private readonly moved: THREE.Object3D[];
  private held_s = Number.NaN;

  constructor(root: THREE.Object3D, clip: THREE.AnimationClip) {
    this.first_s = Math.min(...clip.tracks.map((t) => t.times[0] ?? 0));
    this.last_s = Math.max(...clip.tracks.map((t) => t.times[t.times.length - 1] ?? 0));
    this.mixer = new THREE.AnimationMixer(root);
    this.action = this.mixer.clipAction(clip);
    this.action.setLoop(THREE.LoopOnce, 1);
    this.action.clampWhenFinished = true;
    this.action.play();
    this.action.paused = true; // a running action would wrap to 0 at its end
    const names = new Set(clip.tracks.map((t) => THREE.PropertyBinding.parseTrackName(t.name).nodeName));
    this.moved = [];
    root.traverse((o) => {
      if (names.has(o.name) || names.has(o.uuid)) this.moved.push(o);
    });
  }

  /** Shows the clip so far on its way, 0..1. */
  at(share: number): void {
    this.hold(clipTime_s(this.first_s, this.last_s, share));
  }

  /** Shows the clip at a moment of its own. */
  hold(time_s: number): void {
    if (time_s === this.held_s) return;
    this.held_s = this.action.time = time_s;
    this.mixer.update(0); // samples it where it was put
    for (const node of this.moved) node.updateMatrix();
  }
}
