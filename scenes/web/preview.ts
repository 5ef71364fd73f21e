// Pictures of scenes without an engine: `adaptivevr scenes preview` opens this page in a browser of the
// machine, which draws what the job asks for and hands it back to the same program (scenes/preview.py).

import type { Session } from './session';

interface Shot {
  intensity: number;
  label: string;
  values: Record<string, number>;
}

interface Job {
  scenes: { name: string; title: string; asset: string; shots: Shot[]; sweep: Shot[]; still: Shot }[];
  width: number;
  height: number;
  format: 'png' | 'jpeg';
  at_s: number; // the moment of every picture, so that only intensity differs
  scrub: boolean; // pictures along the whole sweep too
}

const SMALL = [96, 60] as const; // pictures that are only measured
const RATE_HZ = 30; // of the moving pictures
const COUNT = 36;
const COLUMNS = 3;
const GAP = 14;
const CAPTION = 34;

/** Does the whole job, scene after scene; tells the program when it is done or what went wrong. */
export async function preview(session: Session, which: string): Promise<void> {
  try {
    const job = (await (await fetch(`/job?${which}`)).json()) as Job;
    for (const scene of job.scenes) await one(session, job, scene);
    await post('done', '', '');
  } catch (error) {
    await post('failed', '', String(error));
  }
}

async function one(session: Session, job: Job, scene: Job['scenes'][number]): Promise<void> {
  await session.show(scene.name, scene.asset);
  const camera = new Camera(session);
  const stills: [Shot, HTMLCanvasElement][] = [];
  for (const shot of scene.shots) {
    const picture = camera.take(shot, job.at_s, job.width, job.height);
    await post('grey', `${scene.name}/${shot.intensity}`, camera.grey());
    stills.push([shot, picture]);
  }
  await post('sheet', scene.name, await blob(sheet(stills), job.format));
  for (const shot of job.scrub ? scene.sweep : []) {
    const picture = camera.take(shot, job.at_s, job.width, job.height);
    await post('frame', `${scene.name}/${shot.intensity}`, await blob(picture, 'jpeg'));
  }
  for (const shot of scene.sweep) {
    camera.take(shot, job.at_s, ...SMALL);
    await post('sweep', `${scene.name}/${shot.intensity}`, camera.pixels());
  }
  for (let i = 0; i < COUNT; i++) {
    camera.take(scene.still, job.at_s + i / RATE_HZ, ...SMALL);
    await post('moving', `${scene.name}/${i}`, camera.pixels());
  }
}

class Camera {
  private size: readonly [number, number] = [0, 0];

  constructor(private readonly session: Session) {}

  take(shot: Shot, time_s: number, w: number, h: number): HTMLCanvasElement {
    const { drawing, stage } = this.session;
    const values = new Map(Object.entries(shot.values));
    const picture = { values, fade: 0, rest: false, why: '' as const };
    if (this.size[0] !== w || this.size[1] !== h) {
      this.size = [w, h];
      drawing.renderer.setPixelRatio(1);
      drawing.renderer.setSize(w, h, false);
      drawing.camera.aspect = w / h;
      drawing.camera.updateProjectionMatrix();
    }
    stage.choose(picture);
    stage.update(picture, time_s, false, 0);
    this.session.pose();
    drawing.renderer.render(stage.scene, drawing.camera);
    const copy = Object.assign(document.createElement('canvas'), { width: w, height: h });
    copy.getContext('2d')!.drawImage(drawing.renderer.domElement, 0, 0);
    return copy;
  }

  pixels(): Uint8Array {
    const [w, h] = this.size;
    const gl = this.session.drawing.renderer.getContext();
    const out = new Uint8Array(w * h * 4);
    gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, out);
    return out;
  }

  grey(): Uint8Array {
    const p = this.pixels();
    const out = new Uint8Array(p.length / 4);
    for (let i = 0; i < out.length; i++) out[i] = 0.2126 * p[4 * i]! + 0.7152 * p[4 * i + 1]! + 0.0722 * p[4 * i + 2]!;
    return out;
  }
}

function sheet(stills: [Shot, HTMLCanvasElement][]): HTMLCanvasElement {
  const [first] = stills[0]!.slice(1) as [HTMLCanvasElement];
  const w = Math.round(first.width * 0.55);
  const h = Math.round(first.height * 0.55);
  const rows = Math.ceil(stills.length / COLUMNS);
  const canvas = document.createElement('canvas');
  canvas.width = COLUMNS * w + (COLUMNS + 1) * GAP;
  canvas.height = rows * (h + CAPTION) + (rows + 1) * GAP;
  const c = canvas.getContext('2d')!;
  c.fillStyle = '#f4f1ec';
  c.fillRect(0, 0, canvas.width, canvas.height);
  c.fillStyle = '#2a2622';
  c.font = '17px system-ui, sans-serif';
  c.textBaseline = 'middle';
  c.imageSmoothingQuality = 'high';
  stills.forEach(([shot, picture], i) => {
    const x = GAP + (i % COLUMNS) * (w + GAP);
    const y = GAP + Math.floor(i / COLUMNS) * (h + CAPTION + GAP);
    c.drawImage(picture, x, y, w, h);
    c.fillText(`${shot.intensity.toFixed(2)}   ${shot.label}`, x + 2, y + h + CAPTION / 2, w - 4);
  });
  return canvas;
}

function blob(canvas: HTMLCanvasElement, format: 'png' | 'jpeg'): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('no picture could be made'))), `image/${format}`, 0.82),
  );
}

async function post(kind: string, name: string, body: Blob | Uint8Array | string): Promise<void> {
  const answer = await fetch(`/result/${kind}/${name}`, { method: 'POST', body: body as BodyInit });
  if (!answer.ok) throw new Error(`the program did not take ${kind} of ${name}`);
}
