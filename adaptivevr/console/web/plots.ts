// The large plot: arousal with its interval above, intensity below, one axis of time.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colour, set } from './element';
import { type Row, segments, SPAN_S, type Story, Z90 } from './story';
import { arousalWords, intensityWords } from './words';
import type { Running } from './wire';

const PADDING: uPlot.Padding = [6, 10, 0, 0]; // the same for both, or their times do not line up
const AXIS_PX = 38;
const SAY_EVERY_MS = 1000;
const RIBBON_PX = 5;
const UNDER = -0.04; // a rating of 0 is a whole dot
const ROOM = -0.12; // below intensity 0, for the ribbon of modes

interface Inks {
  arousal: string;
  band: string;
  intensity: string;
  window: string;
  line: string;
  ceiling: string;
  rating: string;
  ink: string;
  soft: string;
  paper: string;
}

function inks(): Inks {
  return {
    arousal: colour('arousal'), band: colour('arousal-band'), intensity: colour('intensity'),
    window: colour('window'), line: colour('line'), ceiling: colour('ceiling'),
    rating: colour('rating'), ink: colour('ink'), soft: colour('soft'), paper: colour('card'),
  };
}

/** Both plots of the course. `draw` is cheap enough for a few pictures a second. */
export class CoursePlots {
  private upper: uPlot | null = null;
  private lower: uPlot | null = null;
  private limits: Record<string, number> = {};
  private now_s = 0;
  private said_ms = -Infinity;
  private ink = inks();

  constructor(
    private readonly arousal: HTMLElement,
    private readonly intensity: HTMLElement,
    private readonly story: Story,
  ) {
    const again = (): void => {
      this.ink = inks();
      this.upper?.destroy();
      this.lower?.destroy();
      this.upper = this.lower = null;
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    new ResizeObserver(() => this.resize()).observe(arousal);
    new ResizeObserver(() => this.resize()).observe(intensity);
  }

  draw(state: Running, now_s: number): void {
    this.limits = state.limits;
    this.now_s = now_s;
    if (!this.upper || !this.lower) this.make();
    const rows = this.story.rows;
    const x = rows.map((row) => row.time_s - now_s);
    const level = rows.map((row) => row.level);
    const intensity = rows.map((row) => row.intensity);
    this.upper!.setData([x, level], false);
    this.lower!.setData([x, intensity], false);
    const top = Math.max(1, ...rows.map((row) => (row.level === null ? 0 : row.level + 0.1)));
    this.upper!.setScale('y', { min: UNDER, max: top > 1 ? Math.min(2, top) : 1 });
    this.upper!.setScale('x', { min: -SPAN_S, max: 0 });
    this.lower!.setScale('x', { min: -SPAN_S, max: 0 });
  }

  /** The pictures in words, at most once a second. */
  speak(state: Running, now_ms: number): void {
    if (now_ms - this.said_ms < SAY_EVERY_MS) return;
    this.said_ms = now_ms;
    set(this.arousal, 'aria-label', arousalWords(state));
    set(this.intensity, 'aria-label', intensityWords(state));
  }

  private resize(): void {
    const { upper, lower, arousal, intensity } = this;
    upper?.setSize({ width: arousal.clientWidth, height: arousal.clientHeight });
    lower?.setSize({ width: intensity.clientWidth, height: intensity.clientHeight });
  }

  private make(): void {
    const under = (plot: uPlot): void => this.underArousal(plot);
    const dots = (plot: uPlot): void => this.ratings(plot);
    this.upper = this.plot(this.arousal, false, this.ink.arousal, under, dots);
    this.lower = this.plot(
      this.intensity, true, this.ink.intensity,
      (plot) => this.level(plot, this.limits['ceiling']!, this.ink.ceiling),
      (plot) => this.ribbon(plot),
    );
  }

  private plot(
    host: HTMLElement,
    times: boolean,
    stroke: string,
    before: (plot: uPlot) => void,
    after: (plot: uPlot) => void,
  ): uPlot {
    host.replaceChildren();
    const font = '11px "Segoe UI", Roboto, "DejaVu Sans Condensed", sans-serif';
    const axis = { stroke: this.ink.soft, font, ticks: { show: false } };
    const grid = { stroke: this.ink.line, width: 1 };
    return new uPlot(
      {
        width: host.clientWidth,
        height: host.clientHeight,
        padding: PADDING,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, range: [-SPAN_S, 0] }, y: { range: [times ? ROOM : 0, 1] } },
        axes: [
          {
            ...axis, grid, size: times ? 22 : 4, gap: 4,
            splits: () => [-300, -240, -180, -120, -60, 0],
            values: (_, at) => at.map((s) => (!times ? '' : s ? `${s / 60} min` : 'now')),
          },
          {
            ...axis, grid, size: AXIS_PX, gap: 6,
            splits: times ? () => [0, 0.5, 1] : (_, __, ___, max) => [0, 0.25, 0.5, 0.75, 1].filter((v) => v <= max),
            values: (_, at) => at.map((v) => v.toFixed(times ? 1 : 2)),
          },
        ],
        series: [
          {},
          times
            ? { stroke, width: 2, fill: `${stroke}22`, fillTo: 0, points: { show: false }, spanGaps: false }
            : { stroke, width: 2.25, points: { show: false }, spanGaps: false },
        ],
        hooks: { drawClear: [before], draw: [after] },
      },
      [[], []],
      host,
    );
  }

  private inside(plot: uPlot, paint: (context: CanvasRenderingContext2D) => void): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    paint(ctx);
    ctx.restore();
  }

  private underArousal(plot: uPlot): void {
    const { window_low, window_high, arousal_max } = this.limits;
    this.inside(plot, (ctx) => {
      const top = plot.valToPos(window_high!, 'y', true);
      const bottom = plot.valToPos(window_low!, 'y', true);
      ctx.fillStyle = this.ink.window;
      ctx.fillRect(plot.bbox.left, top, plot.bbox.width, bottom - top);
      ctx.fillStyle = this.ink.band;
      for (const piece of segments(this.story.rows)) this.band(plot, ctx, piece);
    });
    this.level(plot, arousal_max!, this.ink.ceiling);
  }

  private band(plot: uPlot, ctx: CanvasRenderingContext2D, piece: Row[]): void {
    const at = (row: Row, way: number): [number, number] => [
      plot.valToPos(row.time_s - this.now_s, 'x', true),
      plot.valToPos(Math.max(0, row.level! + way * Z90 * row.sd), 'y', true),
    ];
    ctx.beginPath();
    for (const row of piece) ctx.lineTo(...at(row, 1));
    for (const row of [...piece].reverse()) ctx.lineTo(...at(row, -1));
    ctx.closePath();
    ctx.fill();
  }

  private level(plot: uPlot, value: number, stroke: string): void {
    this.inside(plot, (ctx) => {
      // Just inside the frame, so that a ceiling of 1 can be seen too.
      const y = Math.max(plot.valToPos(value, 'y', true), plot.bbox.top + devicePixelRatio);
      ctx.strokeStyle = stroke;
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(plot.bbox.left, y);
      ctx.lineTo(plot.bbox.left + plot.bbox.width, y);
      ctx.stroke();
    });
  }

  private ratings(plot: uPlot): void {
    this.inside(plot, (ctx) => {
      for (const { time_s, value } of this.story.ratings) {
        const x = plot.valToPos(time_s - this.now_s, 'x', true);
        const y = plot.valToPos(value, 'y', true);
        ctx.beginPath();
        ctx.arc(x, y, 4.5 * devicePixelRatio, 0, 2 * Math.PI);
        ctx.fillStyle = this.ink.rating;
        ctx.strokeStyle = this.ink.paper;
        ctx.lineWidth = 1.5 * devicePixelRatio;
        ctx.fill();
        ctx.stroke();
      }
    });
  }

  /** Who was in charge, as a coloured edge under the intensity. */
  private ribbon(plot: uPlot): void {
    this.inside(plot, (ctx) => {
      const height = RIBBON_PX * devicePixelRatio;
      const y = plot.bbox.top + plot.bbox.height - height;
      const rows = this.story.rows;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        if (!row.mode) continue;
        const next_s = rows[i + 1]?.time_s ?? this.now_s;
        const from = plot.valToPos(row.time_s - this.now_s, 'x', true);
        const to = plot.valToPos(next_s - this.now_s, 'x', true);
        ctx.fillStyle = modeInk(row.mode);
        ctx.fillRect(from, y, to - from + 0.5, height);
      }
    });
  }
}

const modeInks = new Map<string, string>();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => modeInks.clear());

function modeInk(mode: string): string {
  let found = modeInks.get(mode);
  if (!found) modeInks.set(mode, (found = colour(`mode-${mode}`)));
  return found;
}
