// Things to collect (nodes named `collect*`) by looking at them or pointing at them: each a small task.

import * as THREE from 'three';

const LOOK_DEG = 5;
const POINT_DEG = 7;
const LOOK_S = 0.35;
const GONE_S = 8; // until a thing that was collected is there again
const FAR_M = 60;

export class Collecting {
  score = 0;
  readonly ring: THREE.Mesh;
  private things: THREE.Object3D[] = [];
  private gone = new Map<THREE.Object3D, number>();
  private target: THREE.Object3D | null = null;
  private looked_s = NaN;
  private readonly at = new THREE.Vector3();

  constructor() {
    const material = new THREE.MeshBasicMaterial({ color: new THREE.Color(1, 0.82, 0.45), transparent: true, opacity: 0.85, depthTest: false, depthWrite: false, toneMapped: false });
    this.ring = new THREE.Mesh(new THREE.RingGeometry(0.9, 1, 48), material);
    this.ring.renderOrder = 880;
    this.ring.visible = false;
  }

  /** The things of another scene. */
  take(things: THREE.Object3D[]): void {
    for (const thing of this.gone.keys()) thing.visible = true;
    this.gone.clear();
    this.end();
    this.things = things;
  }

  get any(): boolean {
    return this.things.length > 0;
  }

  /** A task begins: the next thing ahead is the one. False if none can be seen. */
  begin(eye: THREE.Vector3, ahead: THREE.Vector3): boolean {
    let best = Infinity;
    this.target = null;
    for (const thing of this.things) {
      if (!thing.visible) continue;
      const way = thing.getWorldPosition(this.at).sub(eye);
      const far = way.length();
      // Ahead and near counts; what lies behind would ask for a turn of the body.
      const cost = far * (1.6 - way.normalize().dot(ahead));
      if (far < FAR_M && way.dot(ahead) > -0.2 && cost < best) [best, this.target] = [cost, thing];
    }
    this.looked_s = NaN;
    return this.target !== null;
  }

  end(): void {
    this.target = null;
    this.ring.visible = false;
  }

  /** At each picture; true in the one that collects it by looking. */
  update(eye: THREE.Vector3, ahead: THREE.Vector3, now_s: number): boolean {
    for (const [thing, until_s] of this.gone) {
      if (now_s < until_s) continue;
      thing.visible = true;
      this.gone.delete(thing);
    }
    this.ring.visible = this.target !== null;
    if (!this.target) return false;
    this.target.getWorldPosition(this.at);
    const far = this.at.distanceTo(eye);
    this.ring.position.copy(this.at);
    this.ring.lookAt(eye);
    this.ring.scale.setScalar(0.06 * far + 0.12);
    if (!this.near(eye, ahead, LOOK_DEG)) this.looked_s = NaN;
    else if (!(this.looked_s >= 0)) this.looked_s = now_s;
    return now_s - this.looked_s >= LOOK_S && this.collected(now_s);
  }

  /** A pointer pressed along a ray; true if that collects it. */
  press(origin: THREE.Vector3, direction: THREE.Vector3, now_s: number): boolean {
    return this.target !== null && this.near(origin, direction, POINT_DEG) && this.collected(now_s);
  }

  private near(origin: THREE.Vector3, direction: THREE.Vector3, within_deg: number): boolean {
    const way = this.target!.getWorldPosition(this.at).sub(origin);
    return way.angleTo(direction) * (180 / Math.PI) <= within_deg;
  }

  private collected(now_s: number): boolean {
    this.target!.visible = false;
    this.gone.set(this.target!, now_s + GONE_S);
    this.score += 1;
    this.end();
    return true;
  }
}
