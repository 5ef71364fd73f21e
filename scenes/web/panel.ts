// A board that hangs in the scene: words, and buttons for a pointer or for a look that rests on them.

import * as THREE from 'three';
import { type Card, drawCard } from './card';

const WIDTH = 1024;
const HEIGHT = 512;
const METRES = 1.3;
const DWELL_S = 1.5;

export interface Button {
  label: string;
  press: () => void;
}

/** What a board says: words, answers with words at both ends, a card to judge, how far something is. */
export interface Board {
  text: string;
  buttons?: Button[];
  ends?: [string, string];
  card?: Card | null;
  progress?: number;
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
  private board: Board = { text: '' };
  private poked = false;
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

  show(board: Board): void {
    this.board = board;
    this.looked = null;
    this.poked = true; // a finger that is there already must come out first
    const buttons = board.buttons ?? [];
    const w = Math.min(220, (WIDTH - 60) / Math.max(1, buttons.length));
    const left = (WIDTH - w * buttons.length) / 2;
    const y = board.card ? 380 : 270;
    this.areas = buttons.map((b, i) => ({ ...b, x: left + i * w + 4, y, w: w - 8, h: board.card ? 100 : 120 }));
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

  /** A finger tip goes through a button from the front: presses it, once until it is out again. */
  poke(tips: THREE.Vector3[]): void {
    if (!this.mesh.visible) return;
    let inside = false;
    for (const tip of tips) {
      const at = this.mesh.worldToLocal(tip.clone());
      if (at.z > 0.01 || at.z < -0.06) continue;
      const area = this.areaAt((at.x / METRES + 0.5) * WIDTH, (0.5 - (at.y * WIDTH) / HEIGHT / METRES) * HEIGHT);
      if (!area) continue;
      inside = true;
      if (!this.poked) {
        this.poked = true;
        area.press();
        return;
      }
    }
    this.poked = inside;
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
    return this.areaAt(uv.x * WIDTH, (1 - uv.y) * HEIGHT);
  }

  private areaAt(x: number, y: number): Area | undefined {
    return this.areas.find((a) => x >= a.x && x <= a.x + a.w && y >= a.y && y <= a.y + a.h);
  }

  private draw(looked: number, share: number): void {
    const { text, ends = ['', ''], card, progress } = this.board;
    const state = JSON.stringify([text, ends, card, Math.round((progress ?? -1) * 50), this.areas.map((a) => a.label), looked, Math.round(share * 20)]);
    if (state === this.drawn) return;
    this.drawn = state;
    const c = this.canvas.getContext('2d')!;
    c.clearRect(0, 0, WIDTH, HEIGHT);
    rounded(c, 8, 8, WIDTH - 16, HEIGHT - 16, 36, 'rgba(24, 22, 28, 0.86)');
    c.fillStyle = '#f3ece2';
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.font = '46px system-ui, sans-serif';
    const middle = card ? 58 : 140;
    lines(c, text, WIDTH - 120).forEach((line, i, all) => c.fillText(line, WIDTH / 2, middle + (i - (all.length - 1) / 2) * 58));
    if (card) drawCard(c, card, WIDTH / 2 - 140, 92, 280);
    if (progress !== undefined) {
      rounded(c, 212, 300, 600, 20, 10, '#3a3644');
      rounded(c, 212, 300, 20 + 580 * Math.min(1, Math.max(0, progress)), 20, 10, '#e8b04a');
    }
    this.areas.forEach((a, i) => this.button(c, a, i === looked, share));
    c.font = '30px system-ui, sans-serif';
    c.textAlign = 'left';
    c.fillText(ends[0], 40, 445, WIDTH / 2 - 60);
    c.textAlign = 'right';
    c.fillText(ends[1], WIDTH - 40, 445, WIDTH / 2 - 60);
    this.texture.needsUpdate = true;
  }

  private button(c: CanvasRenderingContext2D, a: Area, looked: boolean, share: number): void {
    rounded(c, a.x, a.y, a.w, a.h, 18, looked ? '#5a5268' : '#3a3644');
    if (looked) {
      c.fillStyle = '#e8b04a';
      c.fillRect(a.x + 8, a.y + a.h - 14, (a.w - 16) * share, 8);
    }
    c.fillStyle = '#f3ece2';
    c.font = '40px system-ui, sans-serif';
    c.fillText(a.label, a.x + a.w / 2, a.y + a.h / 2, a.w - 8);
  }
}

function rounded(c: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, r: number, fill: string): void {
  c.fillStyle = fill;
  c.beginPath();
  c.roundRect(x, y, w, h, r);
  c.fill();
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
