// The headset: entering and leaving, what controllers and hands do, head and hand poses, recentering.

import * as THREE from 'three';
import type { ClientMessage } from './contract';
import type { Held } from './stop';

const POSE_EVERY_S = 1 / 30;
const POSES_A_MESSAGE = 15;
const NONE = [0, 0, 0, 0, 0, 0, 0];

export interface Worn {
  change(worn: boolean): void; // put on, or taken off or left
  press(origin: THREE.Vector3, direction: THREE.Vector3): void;
  send(message: ClientMessage): void;
}

export class Headset {
  hands = false;
  private session: XRSession | null = null;
  private frame: XRFrame | null = null;
  private rows: [number, number[], number[], number[]][] = [];
  private posed_s = 0;

  constructor(private readonly renderer: THREE.WebGLRenderer, private readonly rig: THREE.Object3D, private readonly worn: Worn) {
    renderer.xr.enabled = true;
    renderer.xr.setReferenceSpaceType('local-floor');
  }

  async supported(): Promise<boolean> {
    return (await navigator.xr?.isSessionSupported('immersive-vr').catch(() => false)) ?? false;
  }

  get presenting(): boolean {
    return this.session !== null;
  }

  async enter(): Promise<void> {
    const session = await navigator.xr!.requestSession('immersive-vr', { requiredFeatures: ['local-floor'], optionalFeatures: ['hand-tracking'] });
    session.addEventListener('end', () => this.left());
    session.addEventListener('visibilitychange', () => {
      if (session.visibilityState === 'hidden') this.worn.change(false);
      else if (session.visibilityState === 'visible') this.worn.change(true);
    });
    session.addEventListener('select', (event) => this.select(event));
    await this.renderer.xr.setSession(session);
    this.renderer.xr.setFoveation(1);
    this.session = session;
    this.worn.change(true);
  }

  async leave(): Promise<void> {
    await this.session?.end();
  }

  /** At each picture: what is held, for the stop; poses are gathered and sent on the way. */
  update(frame: XRFrame | undefined, now_s: number): Held {
    this.frame = frame ?? null;
    const space = this.renderer.xr.getReferenceSpace();
    if (!frame || !space || !this.session) return { pressed: false, head_m: null, hands_m: [] };
    const head = frame.getViewerPose(space)?.transform;
    const hands: Partial<Record<XRHandedness, XRRigidTransform>> = {};
    let pressed = false;
    for (const source of this.session.inputSources) {
      if (source.hand) this.hands = true;
      // A pinch that lasts is no stop (one rests a hand so); a held button is.
      else if (source.gamepad?.buttons.some((b) => b.pressed || b.value > 0.5)) pressed = true;
      const wrist = source.hand?.get('wrist');
      const at = wrist ? frame.getJointPose?.(wrist, space) : source.gripSpace && frame.getPose(source.gripSpace, space);
      if (at) hands[source.handedness] = at.transform;
    }
    this.pose(now_s, head, hands);
    const hands_m = [hands.left, hands.right].flatMap((h) => (h ? [h.position.y] : []));
    return { pressed, head_m: head?.position.y ?? null, hands_m };
  }

  /** Makes where the patient is and looks now the place and the direction of the scene. */
  recenter(): void {
    const space = this.renderer.xr.getReferenceSpace();
    const pose = space && this.frame?.getViewerPose(space)?.transform;
    if (!space || !pose) return;
    const { x, y, z, w } = pose.orientation;
    const yaw = new THREE.Euler().setFromQuaternion(new THREE.Quaternion(x, y, z, w), 'YXZ').y;
    const turn = { x: 0, y: Math.sin(yaw / 2), z: 0, w: Math.cos(yaw / 2) };
    const at = new XRRigidTransform({ x: pose.position.x, y: 0, z: pose.position.z, w: 1 }, turn);
    this.renderer.xr.setReferenceSpace(space.getOffsetReferenceSpace(at));
  }

  private left(): void {
    this.session = null;
    this.flush();
    this.worn.change(false);
  }

  private select(event: XRInputSourceEvent): void {
    const space = this.renderer.xr.getReferenceSpace();
    const pose = space && event.frame.getPose(event.inputSource.targetRaySpace, space);
    if (!pose) return;
    const matrix = new THREE.Matrix4().fromArray(pose.transform.matrix).premultiply(this.rig.matrixWorld);
    const origin = new THREE.Vector3().setFromMatrixPosition(matrix);
    this.worn.press(origin, new THREE.Vector3(0, 0, -1).transformDirection(matrix));
  }

  private pose(now_s: number, head: XRRigidTransform | undefined, hands: Partial<Record<XRHandedness, XRRigidTransform>>): void {
    if (!head || now_s - this.posed_s < POSE_EVERY_S) return;
    this.posed_s = now_s;
    this.rows.push([now_s, seven(head), seven(hands.left), seven(hands.right)]);
    if (this.rows.length >= POSES_A_MESSAGE) this.flush();
  }

  private flush(): void {
    if (this.rows.length) this.worn.send({ type: 'pose', rows: this.rows.splice(0) });
  }
}

function seven(t: XRRigidTransform | undefined): number[] {
  if (!t) return NONE;
  const { position: p, orientation: q } = t;
  return [p.x, p.y, p.z, q.x, q.y, q.z, q.w].map((v) => Math.round(v * 1e5) / 1e5);
}
