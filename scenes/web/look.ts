// Looking around on a flat screen: drag with mouse or finger, arrow keys, or `?eye=yaw,pitch,height`.

import * as THREE from 'three';

const RAD = Math.PI / 180;
const EYE_M = 1.65;
const TAP_PX = 8;

export class Look {
  yaw = 0;
  pitch = 0;
  x = 0; // the pointer on the screen, -1 to 1
  y = 0;
  pressed = false;
  /** A tap or a click that was no drag, as a ray into the scene. */
  tapped: (origin: THREE.Vector3, direction: THREE.Vector3) => void = () => {};
  private dragged_px = 0;
  private height_m = EYE_M;

  constructor(private readonly camera: THREE.PerspectiveCamera, canvas: HTMLCanvasElement, query: string) {
    camera.rotation.order = 'YXZ';
    const [yaw, pitch, height] = (new URLSearchParams(query).get('eye') ?? '').split(',').map(Number);
    if (Number.isFinite(yaw)) this.yaw = yaw! * RAD;
    if (Number.isFinite(pitch)) this.pitch = pitch! * RAD;
    if (Number.isFinite(height) && height! > 0) this.height_m = height!;
    canvas.addEventListener('pointerdown', (e) => {
      canvas.setPointerCapture(e.pointerId);
      this.pressed = true;
      this.dragged_px = 0;
      this.at(e, canvas);
    });
    canvas.addEventListener('pointermove', (e) => {
      this.at(e, canvas);
      if (!canvas.hasPointerCapture(e.pointerId)) return;
      this.dragged_px += Math.abs(e.movementX) + Math.abs(e.movementY);
      this.turn(e.movementX * 0.2, e.movementY * 0.2);
    });
    canvas.addEventListener('pointerup', () => {
      this.pressed = false;
      if (this.dragged_px > TAP_PX) return;
      const origin = new THREE.Vector3().setFromMatrixPosition(camera.matrixWorld);
      this.tapped(origin, new THREE.Vector3(this.x, this.y, 0.5).unproject(camera).sub(origin).normalize());
    });
    canvas.addEventListener('pointercancel', () => (this.pressed = false));
    window.addEventListener('keydown', (e) => {
      const by = { ArrowLeft: [4, 0], ArrowRight: [-4, 0], ArrowUp: [0, 4], ArrowDown: [0, -4] }[e.key];
      if (by && !(e.target as Element).closest?.('button')) this.turn(by[0]!, by[1]!);
    });
  }

  private at(e: PointerEvent, canvas: HTMLCanvasElement): void {
    this.x = (2 * e.offsetX) / Math.max(1, canvas.clientWidth) - 1;
    this.y = 1 - (2 * e.offsetY) / Math.max(1, canvas.clientHeight);
  }

  private turn(yaw_deg: number, pitch_deg: number): void {
    this.yaw += yaw_deg * RAD;
    this.pitch = Math.min(85 * RAD, Math.max(-85 * RAD, this.pitch + pitch_deg * RAD));
  }

  recenter(): void {
    this.yaw = this.pitch = 0;
  }

  update(): void {
    this.camera.position.set(0, this.height_m, 0);
    this.camera.rotation.set(this.pitch, this.yaw, 0);
  }
}
