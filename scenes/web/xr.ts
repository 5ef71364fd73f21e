// The headset: entering and leaving, what controllers and hands do, head and hand poses, recentering.

import * as THREE from 'three';
import type { ClientMessage } from './contract';
import { JOINTS } from './finger';
import type { Led } from './hands';
import type { Held } from './stop';

const POSE_EVERY_S = 1 / 30;
const POSES_A_MESSAGE = 15;
const SITTING_M = 1.4; // eyes lower than this: the person sits
const NONE = [0, 0, 0, 0, 0, 0, 0];

export interface Worn {
  change(worn: boolean): void; // put on, or taken off or left
  press(origin: THREE.Vector3, direction: THREE.Vector3): void;
  send(message: ClientMessage): void;
}

export class Headset {
  hands = false;
  /** Joints of each hand that is tracked, else where its controller is held; in the viewer's room. */
  readonly tracked = new Map<XRHandedness, Map<string, THREE.Vector3> | Led>();
  readonly pointers = new THREE.Group(); // a thin ray from each controller or hand
  private session: XRSession | null = null;
  private frame: XRFrame | null = null;
  private rows: [number, number[], number[], number[]][] = [];
  private posed_s = 0;

  constructor(private readonly renderer: THREE.WebGLRenderer, private readonly rig: THREE.Object3D, private readonly worn: Worn) {
    renderer.xr.enabled = true;
    renderer.xr.setReferenceSpaceType('local-floor');
    for (let i = 0; i < 2; i++) this.pointers.add(ray());
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
    this.tracked.clear();
    this.pointers.visible = false;
    if (!frame || !space || !this.session) return { pressed: false, head_m: null, hands_m: [] };
    const head = frame.getViewerPose(space)?.transform;
    const hands: Partial<Record<XRHandedness, XRRigidTransform>> = {};
    let pressed = false;
    this.point(frame, space);
    for (const source of this.session.inputSources) {
      if (source.hand) this.hands = true;
      // A pinch that lasts is no stop (one rests a hand so); a held button is.
      else if (source.gamepad?.buttons.some((b) => b.pressed || b.value > 0.5)) pressed = true;
      const wrist = source.hand?.get('wrist');
      const at = wrist ? frame.getJointPose?.(wrist, space) : source.gripSpace && frame.getPose(source.gripSpace, space);
      if (at) hands[source.handedness] = at.transform;
      if (at) this.tracked.set(source.handedness, joints(frame, space, source) ?? held(at.transform, source));
    }
    this.pose(now_s, head, hands);
    const hands_m = [hands.left, hands.right].flatMap((h) => (h ? [h.position.y] : []));
    return { pressed, head_m: head?.position.y ?? null, hands_m };
  }

  get refresh_hz(): number {
    return this.session?.frameRate ?? 60;
  }

  /** Makes where the patient is and looks now the place and the direction of the scene; `standing_m`:
   * raises a sitting person to this height of the eyes. */
  recenter(standing_m: number | null): void {
    const space = this.renderer.xr.getReferenceSpace();
    const pose = space && this.frame?.getViewerPose(space)?.transform;
    if (!space || !pose) return;
    const { x, y, z, w } = pose.orientation;
    const yaw = new THREE.Euler().setFromQuaternion(new THREE.Quaternion(x, y, z, w), 'YXZ').y;
    const turn = { x: 0, y: Math.sin(yaw / 2), z: 0, w: Math.cos(yaw / 2) };
    const low = standing_m !== null && pose.position.y < SITTING_M && pose.position.y > 0.3;
    const at = new XRRigidTransform({ x: pose.position.x, y: low ? pose.position.y - standing_m : 0, z: pose.position.z, w: 1 }, turn);
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

  private point(frame: XRFrame, space: XRReferenceSpace): void {
    this.pointers.visible = true;
    const sources = [...this.session!.inputSources].filter((s) => s.targetRayMode === 'tracked-pointer');
    this.pointers.children.forEach((line, i) => {
      const pose = sources[i] && frame.getPose(sources[i].targetRaySpace, space);
      line.visible = !!pose;
      if (pose) line.matrix.fromArray(pose.transform.matrix);
    });
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

function joints(frame: XRFrame, space: XRReferenceSpace, source: XRInputSource): Map<string, THREE.Vector3> | null {
  if (!source.hand || !frame.getJointPose) return null;
  const found = new Map<string, THREE.Vector3>();
  for (const name of ['wrist', ...JOINTS]) {
    const joint = source.hand.get(name as XRHandJoint);
    const p = joint && frame.getJointPose(joint, space)?.transform.position;
    if (p) found.set(name, new THREE.Vector3(p.x, p.y, p.z));
  }
  return found.size > JOINTS.length / 2 ? found : null;
}

// A controller holds the wrist a little behind it; the trigger closes the hand.
function held(grip: XRRigidTransform, source: XRInputSource): Led {
  const matrix = new THREE.Matrix4().fromArray(grip.matrix).multiply(new THREE.Matrix4().makeTranslation(0, 0, 0.06));
  return { matrix, curl: 0.25 + 0.75 * (source.gamepad?.buttons[0]?.value ?? 0) };
}

function ray(): THREE.Line {
  const points = [new THREE.Vector3(0, 0, -0.05), new THREE.Vector3(0, 0, -1.4)];
  const material = new THREE.LineBasicMaterial({ color: 0xe8d8b0, transparent: true, opacity: 0.6, depthTest: false, toneMapped: false });
  const line = new THREE.Line(new THREE.BufferGeometry().setFromPoints(points), material);
  line.matrixAutoUpdate = false;
  line.renderOrder = 1010;
  return line;
}
