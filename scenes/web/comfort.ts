// Comfort in the headset: the view narrows while the scene moves the viewer, and a picture rate that
// sinks stops the moving (sources: G2). There is no teleporting: nobody is moved but by the scene.

import * as THREE from 'three';

const STILL_M_S = 0.3;
const FAST_M_S = 1.5;
const LEAST_HZ = 60;
const SLOW_FOR_S = 1;
const WELL_FOR_S = 2;
const EASE_S = 0.2; // speed changes are done quickly, or they are felt

/** How narrow the view should be, 0 to 1, at a speed. */
export function narrowing(speed_m_s: number): number {
  const x = Math.min(1, Math.max(0, (speed_m_s - STILL_M_S) / (FAST_M_S - STILL_M_S)));
  return x * x * (3 - 2 * x);
}

/** A dark rim before the eyes; the middle stays clear. */
export class Vignette {
  readonly mesh: THREE.Mesh<THREE.CircleGeometry, THREE.ShaderMaterial>;
  amount = 0;
  private readonly here = new THREE.Vector3();
  private readonly before = new THREE.Vector3();
  private speed_m_s = 0;
  private known = false;

  constructor() {
    const material = new THREE.ShaderMaterial({
      uniforms: { uAmount: { value: 0 } },
      vertexShader: 'varying vec2 vAt; void main() { vAt = position.xy; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.); }',
      fragmentShader:
        'varying vec2 vAt; uniform float uAmount; void main() {' +
        ' float r = length(vAt), rim = mix(1.6, .55, uAmount);' + // tangents of the angle from straight ahead
        ' gl_FragColor = vec4(.03, .03, .04, .96 * uAmount * smoothstep(rim, rim + .35, r)); }',
      transparent: true, depthTest: false, depthWrite: false,
    });
    this.mesh = new THREE.Mesh(new THREE.CircleGeometry(4, 48), material);
    this.mesh.position.z = -1;
    this.mesh.renderOrder = 940;
    this.mesh.frustumCulled = false;
    this.mesh.visible = false;
  }

  /** Another scene: the viewer is elsewhere without having moved. */
  jump(): void {
    this.known = false;
    this.speed_m_s = 0;
  }

  /** `carrier`: what the scene moves the viewer by. */
  update(carrier: THREE.Object3D, dt_s: number, wanted: boolean): void {
    carrier.getWorldPosition(this.here);
    const speed = this.known && dt_s > 0 ? this.here.distanceTo(this.before) / dt_s : 0;
    this.before.copy(this.here);
    this.known = true;
    this.speed_m_s += (speed - this.speed_m_s) * Math.min(1, dt_s / 0.15);
    const goal = wanted ? narrowing(this.speed_m_s) : 0;
    this.amount += (goal - this.amount) * Math.min(1, dt_s / 0.25);
    this.mesh.visible = this.amount > 0.02;
    this.mesh.material.uniforms.uAmount!.value = this.amount;
  }
}

/** Whether the viewer may be moved: not while pictures come too slowly to look at comfortably. */
export class Locomotion {
  share = 1; // of the commanded speed
  frozen = false;
  private times_s: number[] = [];
  private since_s = NaN; // since when the rate speaks against the present state

  update(now_s: number, dt_s: number, worn: boolean, refresh_hz: number): number {
    if (!worn) {
      this.frozen = false;
      this.times_s = [];
      this.since_s = NaN;
      return (this.share = 1);
    }
    this.times_s.push(now_s);
    while (now_s - this.times_s[0]! > 1) this.times_s.shift();
    const slow = now_s - this.times_s[0]! > 0.9 && this.times_s.length < Math.min(LEAST_HZ, 0.83 * refresh_hz);
    if (slow === this.frozen) this.since_s = NaN;
    else if (!(this.since_s >= 0)) this.since_s = now_s;
    else if (now_s - this.since_s >= (slow ? SLOW_FOR_S : WELL_FOR_S)) {
      this.frozen = slow;
      this.since_s = NaN;
    }
    const step = dt_s / EASE_S;
    this.share = this.frozen ? Math.max(0, this.share - step) : Math.min(1, this.share + step);
    return this.share;
  }
}
