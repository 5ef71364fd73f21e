// A board that hangs in the scene: words, and buttons for a pointer or for a look that rests on them.

import * as THREE from 'three';

const WIDTH = 1024;
const HEIGHT = 512;
const METRES = 1.3;
const DWELL_S = 1.5;

export interface Button {
  label: string;
  press: () => void;
}

interface Area extends Button {
  x: number;
  y: number;
  w: number;
  h: number;
}

export class Panel {
  readonly mesh: THREE.Mesh<THREE.PlaneGeometry, THREE.MeshBasicMaterial>;
  private readonly canvas = document.createElement('canvas');
  private readonly texture: THREE.CanvasTexture;
  private areas: Area[] = [];
  private text = '';
  private ends: [string, string] = ['', ''];
  private looked: { area: Area; since_s: number } | null = null;
  private readonly ray = new THREE.Raycaster();
  private drawn = '';

  constructor() {
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.texture = new THREE.CanvasTexture(this.canvas);
    this.texture.colorSpace = THREE.NoColorSpace; // the renderer writes display values as they are
    const material = new THREE.MeshBasicMaterial({ map: this.texture, transparent: true, depthTest: false, depthWrite: false, toneMapped: false });
    this.mesh = new THREE.Mesh(new THREE.PlaneGeometry(METRES, (METRES * HEIGHT) / WIDTH), material);
    this.mesh.renderOrder = 1000;
    this.mesh.visible = false;
  }

  /** Hangs the board 1.6 m before a head that looks along `yaw`, a little below the eyes. */
  hang(head: THREE.Vector3, yaw: number): void {
    this.mesh.position.set(head.x - Math.sin(yaw) * 1.6, head.y - 0.18, head.z - Math.cos(yaw) * 1.6);
    this.mesh.rotation.set(0, yaw, 0);
  }

  show(text: string, buttons: Button[], ends: [string, string] = ['', '']): void {
    this.text = text;
    this.ends = ends;
    this.looked = null;
    const w = Math.min(220, (WIDTH - 60) / Math.max(1, buttons.length));
    const left = (WIDTH - w * buttons.length) / 2;
    this.areas = buttons.map((b, i) => ({ ...b, x: left + i * w + 4, y: 270, w: w - 8, h: 120 }));
    this.mesh.visible = true;
    this.draw(-1, 0);
  }

  hide(): void {
    this.mesh.visible = false;
    this.areas = [];
    this.looked = null;
  }

  /** A pointer pressed along a ray: presses the button it hits, if any. */
  press(origin: THREE.Vector3, direction: THREE.Vector3): boolean {
    const area = this.hit(origin, direction);
    area?.press();
    return !!area;
  }

  /** A look that rests on a button for long enough presses it. */
  look(origin: THREE.Vector3, direction: THREE.Vector3, now_s: number): void {
    if (!this.mesh.visible) return;
    const area = this.hit(origin, direction);
    if (!area) {
      this.looked = null;
      this.draw(-1, 0);
      return;
    }
    if (this.looked?.area !== area) this.looked = { area, since_s: now_s };
    const share = (now_s - this.looked.since_s) / DWELL_S;
    this.draw(this.areas.indexOf(area), Math.min(1, share));
    if (share >= 1) {
      this.looked = null;
      area.press();
    }
  }

  private hit(origin: THREE.Vector3, direction: THREE.Vector3): Area | undefined {
    if (!this.mesh.visible) return undefined;
    this.mesh.updateWorldMatrix(true, false);
    this.ray.set(origin, direction);
    const uv = this.ray.intersectObject(this.mesh, false)[0]?.uv;
    if (!uv) return undefined;
    const [x, y] = [uv.x * WIDTH, (1 - uv.y) * HEIGHT];
    return this.areas.find((a) => x >= a.x && x <= a.x + a.w && y >= a.y && y <= a.y + a.h);
  }

  private draw(looked: number, share: number): void {
    const state = `${this.text}|${this.areas.map((a) => a.label)}|${looked}|${Math.round(share * 20)}`;
    if (state === this.drawn) return;
    this.drawn = state;
    const c = this.canvas.getContext('2d')!;
    c.clearRect(0, 0, WIDTH, HEIGHT);
    c.fillStyle = 'rgba(24, 22, 28, 0.86)';
    c.beginPath();
    c.roundRect(8, 8, WIDTH - 16, HEIGHT - 16, 36);
    c.fill();
    c.fillStyle = '#f3ece2';
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.font = '46px system-ui, sans-serif';
    lines(c, this.text, WIDTH - 120).forEach((line, i, all) => c.fillText(line, WIDTH / 2, 140 + (i - (all.length - 1) / 2) * 58));
    this.areas.forEach((a, i) => {
      c.fillStyle = i === looked ? '#5a5268' : '#3a3644';
      c.beginPath();
      c.roundRect(a.x, a.y, a.w, a.h, 18);
      c.fill();
      if (i === looked) {
        c.fillStyle = '#e8b04a';
        c.fillRect(a.x + 8, a.y + a.h - 14, (a.w - 16) * share, 8);
      }
      c.fillStyle = '#f3ece2';
      c.font = '40px system-ui, sans-serif';
      c.fillText(a.label, a.x + a.w / 2, a.y + a.h / 2, a.w - 8);
    });
    c.font = '30px system-ui, sans-serif';
    c.textAlign = 'left';
    c.fillText(this.ends[0], 40, 445);
    c.textAlign = 'right';
    c.fillText(this.ends[1], WIDTH - 40, 445);
    this.texture.needsUpdate = true;
  }
}

function lines(c: CanvasRenderingContext2D, text: string, width: number): string[] {
  const out: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const longer = `${out[out.length - 1]} ${word}`.trim();
    if (c.measureText(longer).width > width && out[out.length - 1]) out.push(word);
    else out[out.length - 1] = longer;
  }
  return out.slice(0, 4);
}
