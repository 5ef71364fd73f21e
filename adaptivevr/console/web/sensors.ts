// One row for each sensor: how it is, in colour, word and sentence, and what it sends.

import uPlot from 'uplot';
import { colour, element, say, set, show } from './element';
import { minmax, Range, Ring } from './ring';
import type { Sensor, Signals, Trace } from './wire';
import { measured, SENSOR_STATES } from './words';

const SPAN_S = 10;
const SPEAK_MS = 1000;
const SLOW = new Set(['eda']); // their newest value says something by itself
const TALL = 3; // channels; more of them are stacked on a taller trace
export const ORDER = ['ecg', 'ppg', 'rr', 'eda', 'eeg', 'breath', 'motion'];
/** Less than this is no signal but its last digit; a flat line shall look flat. */
const LEAST: Record<string, number> = { uV: 20, uS: 0.05, g: 0.05 };

class SensorRow {
  readonly item: HTMLLIElement;
  ring: Ring | null = null;
  private readonly name = element('h3');
  private readonly state = element('p', { class: 'state' });
  private readonly meter = element('meter', { min: '0', max: '1', low: '0.3', high: '0.6', optimum: '1' });
  private readonly sentence = element('p', { class: 'sentence' });
  private readonly figure = element('p', { class: 'figure' });
  private readonly host = element('div', { class: 'trace', role: 'img', 'aria-label': 'Trace' });
  private plot: uPlot | null = null;
  private ranges: Range[] = [];
  private trace: Trace | null = null;

  constructor(readonly place: number) {
    const facts = element('div', { class: 'facts-of' }, this.name, this.state, this.meter);
    this.item = element('li', { class: 'sensor' }, facts, this.host, this.figure, this.sentence);
    new ResizeObserver(() => this.resize()).observe(this.host);
  }

  update(sensor: Sensor, trace: Trace | undefined): void {
    say(this.name, sensor.label);
    this.name.title = [sensor.name, sensor.note].filter(Boolean).join(', ');
    set(this.item, 'data-state', sensor.state);
    say(this.state, SENSOR_STATES[sensor.state]);
    const quality = sensor.state === 'good' || sensor.state === 'poor' ? sensor.quality : 0;
    this.meter.value = quality;
    set(this.meter, 'aria-label', `${sensor.label}: signal quality ${Math.round(100 * quality)} %`);
    // A good sensor has said so in one word; the sentence is for what needs a hand.
    const plain = sensor.sentence.replace(`${sensor.label}: `, '');
    say(this.sentence, plain.charAt(0).toUpperCase() + plain.slice(1));
    show(this.sentence, plain !== 'good.' && plain !== 'settling in.');
    if (trace && trace !== this.trace) this.carry(trace);
  }

  private carry(trace: Trace): void {
    const same = this.trace && this.trace.rate_hz === trace.rate_hz && this.trace.channels.length === trace.channels.length;
    this.trace = trace;
    if (same && this.plot) return;
    const capacity = trace.rate_hz > 0 ? Math.ceil(trace.rate_hz * (SPAN_S + 2)) : 512;
    this.ring = new Ring(capacity, trace.channels.length);
    this.ranges = trace.channels.map(() => new Range());
    this.host.classList.toggle('tall', trace.channels.length > TALL);
    this.make();
  }

  make(): void {
    if (!this.trace) return;
    this.plot?.destroy();
    const strokes = [colour('trace'), colour('trace-2'), colour('trace-3')];
    const lines = this.trace.channels.length;
    this.plot = new uPlot(
      {
        width: Math.max(40, this.host.clientWidth),
        height: Math.max(20, this.host.clientHeight),
        padding: [3, 0, 3, 0],
        pxAlign: 0,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, range: [-SPAN_S, 0] }, y: { range: [0, 1] } },
        axes: [{ show: false }, { show: false }],
        series: [
          {},
          ...Array.from({ length: lines }, (_, i) => ({
            stroke: strokes[lines > TALL ? i % 2 : i % 3]!,
            width: lines > TALL ? 0.9 : 1.25,
            points: { show: false },
            spanGaps: false,
          })),
        ],
      },
      Array.from({ length: lines + 1 }, () => []) as unknown as uPlot.AlignedData,
      this.host,
    );
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (this.plot && width > 40) this.plot.setSize({ width, height });
  }

  /** Draws what came in the last seconds up to `now_s`. */
  draw(now_s: number): void {
    const { ring, plot, trace } = this;
    if (!ring || !plot || !trace) return;
    const columns = Math.max(20, plot.bbox.width / devicePixelRatio);
    const lines = minmax(
      ring.time(), trace.channels.map((_, c) => ring.channel(c)), now_s, SPAN_S, columns,
    );
    const least = LEAST[trace.unit] ?? 0;
    const bounds = this.ranges.map((r, i) => r.update(lines.low[i]!, lines.high[i]!, least));
    let low = Math.min(...bounds.map((b) => b[0]));
    let high = Math.max(...bounds.map((b) => b[1]));
    if (bounds.length > 1) {
      // One scale for all channels, each in a lane of its own around its middle.
      const widths = bounds.map((b) => b[1] - b[0]).sort((a, b) => a - b);
      const lane = Math.max(widths[Math.floor(widths.length / 2)] ?? 1, 1e-6);
      lines.y = lines.y.map((y, i) => {
        const up = (bounds.length - 1 - i) * lane - (bounds[i]![0] + bounds[i]![1]) / 2;
        return y.map((v) => (typeof v === 'number' ? v + up : v));
      });
      low = -0.75 * lane;
      high = (bounds.length - 0.25) * lane;
    }
    plot.setData([lines.x, ...lines.y] as uPlot.AlignedData, false);
    if (high > low) plot.setScale('y', { min: low, max: high });
    plot.setScale('x', { min: -SPAN_S, max: 0 });
  }

  /** The trace in words and its newest number, at most once a second. */
  speak(): void {
    const { ring, trace } = this;
    if (!ring || !trace) return;
    if (this.item.dataset['state'] === 'late') {
      // A lost signal is never its last number.
      say(this.figure, '');
      set(this.host, 'aria-label', `${trace.label}: no data`);
      return;
    }
    const values = ring.channel(0);
    const newest = values[values.length - 1] ?? NaN;
    const channels = trace.channels.length;
    const slow = SLOW.has(trace.id) || trace.unit === 'uS';
    const span = this.ranges[0]!.high - this.ranges[0]!.low;
    const figure = slow ? measured(newest, trace.unit) : trace.unit ? measured(span, trace.unit) : '';
    say(this.figure, figure && !slow ? `↕ ${figure}` : figure);
    const what = channels > 1 ? `${channels} channels` : 'one channel';
    const size = figure ? `, ${slow ? 'now' : 'spanning'} ${figure}` : '';
    set(this.host, 'aria-label', `${trace.label}, ${what}, last 10 seconds${size}`);
  }
}

/** All rows, and which trace number belongs to which. */
export class Sensors {
  private readonly rows = new Map<string, SensorRow>();
  private readonly numbers = new Map<number, string>();
  private said_ms = -Infinity;
  drawn = 0;

  constructor(
    private readonly list: HTMLElement,
    private readonly none: HTMLElement,
  ) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      for (const row of this.rows.values()) row.make();
    });
  }

  update(sensors: readonly Sensor[], traces: readonly Trace[]): void {
    for (const trace of traces) this.numbers.set(trace.number, trace.id);
    for (const sensor of sensors) {
      if (sensor.kind === 'markers') continue;
      let row = this.rows.get(sensor.id);
      if (!row) {
        this.rows.set(sensor.id, (row = new SensorRow(ORDER.indexOf(sensor.kind))));
        const next = [...this.rows.values()].filter((other) => other.place > row!.place);
        next.sort((a, b) => a.place - b.place);
        this.list.insertBefore(row.item, next[0]?.item ?? null);
      }
      row.update(sensor, traces.find((trace) => trace.id === sensor.id));
    }
    show(this.none, this.rows.size === 0);
  }

  take(signals: Signals): void {
    const row = this.rows.get(this.numbers.get(signals.trace) ?? '');
    row?.ring?.push(signals.t0_s, signals.rate_hz, signals.channels);
  }

  draw(now_s: number, now_ms: number): void {
    for (const row of this.rows.values()) row.draw(now_s);
    this.drawn++;
    if (now_ms - this.said_ms < SPEAK_MS) return;
    this.said_ms = now_ms;
    for (const row of this.rows.values()) row.speak();
  }
}
