// The breathing pacer as it is seen: a soft disc that fills and empties with the lungs.

import * as THREE from 'three';
import type { Pace } from './contract';
import { breathAt } from './pacer';

const SMALL = 0.32;

export class Breath {
  readonly group = new THREE.Group();
  private pace: Pace | null = null;
  private readonly disc: THREE.Mesh;

  constructor() {
    const soft = (opacity: number) =>
      new THREE.MeshBasicMaterial({ color: new THREE.Color(0.72, 0.85, 0.88), transparent: true, opacity, depthTest: false, depthWrite: false, toneMapped: false });
    this.disc = new THREE.Mesh(new THREE.CircleGeometry(0.22, 48), soft(0.4));
    const ring = new THREE.Mesh(new THREE.RingGeometry(0.22, 0.232, 64), soft(0.55));
    this.group.add(this.disc, ring);
    this.group.position.set(0, 1.15, -2);
    for (const o of this.group.children) o.renderOrder = 900;
    this.group.visible = false;
  }

  /** `pace.start_s` on this page's clock; null takes the pacer away. */
  show(pace: Pace | null): void {
    this.pace = pace;
    this.group.visible = pace !== null;
  }

  update(now_s: number, rest: boolean): void {
    if (!this.pace) return;
    this.group.visible = !rest;
    // A sine between the ends: nobody breathes in straight lines.
    const { fullness } = breathAt(this.pace, now_s);
    const eased = 0.5 - 0.5 * Math.cos(Math.PI * fullness);
    this.disc.scale.setScalar(SMALL + (1 - SMALL) * eased);
  }
}
