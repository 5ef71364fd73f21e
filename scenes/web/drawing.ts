// The one place that draws: how sharp, how often, and the curtain before the picture.
//
// On a flat screen a fade is a curtain of the page itself, before the canvas. It falls in the very
// moment of a stop, and no picture of the scene is begun any more: nothing waits for a heavy one.

import * as THREE from 'three';
import { drawnInSoftware, Sharpness } from './sharpness';

const KEPT = 120;
const GIVES_WAY = 4; // turns: a message on its way through the browser needs more than one

export class Drawing {
  readonly renderer: THREE.WebGLRenderer;
  readonly camera = new THREE.PerspectiveCamera(70, 1, 0.05, 6000);
  readonly sharpness: Sharpness;
  readonly software = drawnInSoftware();
  drawn = 0;
  between_ms: number[] = []; // from picture to picture
  draw_ms: number[] = []; // JavaScript of each
  private drawn_s = NaN;
  private making: WebGLSync | null = null;

  constructor(private readonly canvas: HTMLCanvasElement, private readonly curtain: HTMLElement) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: !this.software || location.search.includes('preview') });
    // Our shaders write display values themselves.
    this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
    this.renderer.toneMapping = THREE.NoToneMapping;
    this.renderer.info.autoReset = false;
    this.sharpness = new Sharpness(Math.min(2, devicePixelRatio), this.software);
  }

  /** Has every picture made by `make`, as often as the screen or the headset asks for one; at once when hurried. */
  begin(make: (frame: XRFrame | undefined) => void, hurried: () => boolean): void {
    const { port1, port2 } = new MessageChannel();
    let turns = 0; // that the next picture still gives way to what has come
    port1.onmessage = () => {
      turns -= 1;
      if (turns > 0) port2.postMessage(null);
      else if (!this.renderer.xr.isPresenting) make(undefined);
    };
    this.renderer.setAnimationLoop((_, frame) => {
      // Where the processor draws, the page waits for it at the end of every picture, and the screen asks
      // for the next one before what came meanwhile is heard: the picture steps behind that, then.
      if (!this.software || this.renderer.xr.isPresenting || hurried()) make(frame as XRFrame | undefined);
      else if (turns === 0) {
        turns = GIVES_WAY;
        port2.postMessage(null);
      }
    });
  }

  /** How far the curtain covers the picture, 0 to 1; takes effect without a picture. */
  cover(amount: number): void {
    const told = amount.toFixed(3);
    if (this.curtain.style.opacity !== told) this.curtain.style.opacity = told;
  }

  /** Whether the picture before is done: another one behind it would only delay what comes after. */
  get free(): boolean {
    if (!this.making) return true;
    const gl = this.renderer.getContext() as WebGL2RenderingContext;
    const state = gl.clientWaitSync(this.making, 0, 0);
    if (state === gl.TIMEOUT_EXPIRED) return false;
    gl.deleteSync(this.making);
    this.making = null;
    return true;
  }

  /** Draws one picture whose work began at `t` on the page's clock. */
  draw(scene: THREE.Scene, t: number): void {
    this.renderer.info.reset();
    this.renderer.render(scene, this.camera);
    if (this.software && !this.renderer.xr.isPresenting) { // a headset sets the pace by itself
      const gl = this.renderer.getContext() as WebGL2RenderingContext;
      this.making = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl.flush();
    }
    this.drawn += 1;
    if (this.drawn_s >= 0) keep(this.between_ms, (t - this.drawn_s) * 1000);
    this.drawn_s = t;
    keep(this.draw_ms, performance.now() - t * 1000);
  }

  /** Nothing was drawn on purpose: the gap is no slow picture. */
  rest(): void {
    this.drawn_s = NaN;
    this.sharpness.pause();
  }

  /** As sharp as there is time for; hurried: the way to rest comes before sharpness. */
  fit(t: number, hurried: boolean, worn: boolean): void {
    if (worn) return;
    this.sharpness.hurried = hurried;
    this.sharpness.update(t);
    if (this.renderer.getPixelRatio() !== this.sharpness.ratio) this.resize();
  }

  resize(): void {
    if (this.renderer.xr.isPresenting) return;
    const { clientWidth: w, clientHeight: h } = this.canvas;
    this.renderer.setPixelRatio(this.sharpness.ratio);
    this.renderer.setSize(w, h, false);
    this.camera.aspect = w / h;
    this.camera.updateProjectionMatrix();
  }
}

function keep(rows: number[], value: number): void {
  rows.push(value);
  if (rows.length > KEPT) rows.shift();
}
