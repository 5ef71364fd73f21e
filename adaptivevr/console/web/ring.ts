// The last seconds of one stream, and how they are thinned to what a screen can show.

/**
 * Samples with their times, oldest dropped first. Everything is written twice, half a buffer
 * apart, so that the newest stretch is always one contiguous view without a copy.
 */
export class Ring {
  private readonly times: Float64Array;
  private readonly values: Float32Array[];
  private at = 0;
  private filled = 0;
  private next_s = -Infinity;
  newest_s = -Infinity;

  constructor(
    readonly capacity: number,
    readonly channels: number,
  ) {
    this.times = new Float64Array(2 * capacity);
    this.values = Array.from({ length: channels }, () => new Float32Array(2 * capacity));
  }

  get length(): number {
    return this.filled;
  }

  /** Appends one frame; a hole in time becomes a NaN, so that no line is drawn across it. */
  push(t0_s: number, rate_hz: number, channels: Float32Array[]): void {
    const count = channels[0]?.length ?? 0;
    if (!count || channels.length !== this.channels || !Number.isFinite(t0_s)) return;
    const step_s = rate_hz > 0 ? 1 / rate_hz : 0;
    // Stamps wander by some milliseconds: small differences continue the grid, large ones are holes.
    const away_s = t0_s - this.next_s;
    const hole_s = Math.max(0.2, 3 * step_s);
    let start_s = t0_s;
    if (step_s && Math.abs(away_s) <= hole_s) start_s = this.next_s + 0.05 * away_s;
    else if (step_s && this.filled) this.write(Math.max(this.newest_s, t0_s - step_s), null, 0);
    for (let i = 0; i < count; i++) this.write(start_s + i * step_s, channels, i);
    this.newest_s = start_s + (count - 1) * step_s;
    this.next_s = this.newest_s + step_s;
  }

  private write(time_s: number, channels: Float32Array[] | null, i: number): void {
    this.times[this.at] = this.times[this.at + this.capacity] = time_s;
    for (let c = 0; c < this.channels; c++) {
      const value = channels?.[c]?.[i] ?? NaN;
      const to = this.values[c]!;
      to[this.at] = to[this.at + this.capacity] = value;
    }
    this.at = (this.at + 1) % this.capacity;
    this.filled = Math.min(this.capacity, this.filled + 1);
  }

  time(): Float64Array {
    return this.view(this.times) as Float64Array;
  }

  channel(c: number): Float32Array {
    return this.view(this.values[c]!) as Float32Array;
  }

  private view(all: Float64Array | Float32Array): Float64Array | Float32Array {
    const from = this.filled < this.capacity ? 0 : this.at;
    return all.subarray(from, from + this.filled);
  }
}

/** Lines that share one x: two places a column, undefined where nothing is, null where a hole is. */
export interface Lines {
  x: number[];
  y: (number | null | undefined)[][];
  low: number[];
  high: number[];
}

/**
 * The lowest and highest sample of each pixel column in the `span_s` before `to_s`, in the order
 * in which they came; x counts from `to_s` (negative seconds). Columns sit on a fixed grid of time,
 * so that a picture that scrolls does not shimmer. A NaN breaks the line.
 */
export function minmax(
  times: Float64Array,
  channels: readonly Float32Array[],
  to_s: number,
  span_s: number,
  columns: number,
): Lines {
  const width_s = span_s / Math.max(1, columns); // the same in every picture, to the last bit
  const from_s = to_s - span_s;
  const first = Math.floor(from_s / width_s);
  const count = Math.floor(to_s / width_s) - first + 1;
  const x = Array.from({ length: 2 * count }, (_, i) => (first + i / 2 + 0.25) * width_s - to_s);
  const lines: Lines = { x, y: [], low: [], high: [] };
  for (const values of channels) {
    const y = new Array<number | null | undefined>(2 * count).fill(undefined);
    const [low, high] = thin(times, values, y, (time_s) =>
      time_s < from_s || time_s > to_s ? -1 : Math.floor(time_s / width_s) - first,
    );
    lines.y.push(y);
    lines.low.push(low);
    lines.high.push(high);
  }
  return lines;
}

function thin(
  times: Float64Array,
  values: Float32Array,
  y: (number | null | undefined)[],
  columnOf: (time_s: number) => number,
): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  let here = -1;
  let [lowest, highest] = [-1, -1];
  const flush = (): void => {
    if (lowest < 0) return;
    y[2 * here] = values[Math.min(lowest, highest)]!;
    if (lowest !== highest) y[2 * here + 1] = values[Math.max(lowest, highest)]!;
    low = Math.min(low, values[lowest]!);
    high = Math.max(high, values[highest]!);
    lowest = highest = -1;
  };
  for (let i = 0; i < values.length; i++) {
    const column = columnOf(times[i]!);
    if (column < 0) continue;
    if (column !== here) {
      flush();
      here = column;
    }
    const value = values[i]!;
    if (Number.isNaN(value)) {
      flush();
      y[2 * column + 1] = null;
      continue;
    }
    if (lowest < 0 || value < values[lowest]!) lowest = i;
    if (highest < 0 || value > values[highest]!) highest = i;
  }
  flush();
  return [low, high];
}

/** A vertical range that widens at once and narrows slowly, so that a trace does not jump. */
export class Range {
  low = NaN;
  high = NaN;

  update(low: number, high: number, least = 0): [number, number] {
    if (!(high >= low)) return [this.low, this.high];
    const middle = (low + high) / 2;
    const half = Math.max((high - low) / 2, least / 2, 1e-9) * 1.08;
    const [l, h] = [middle - half, middle + half];
    const ease = 0.03;
    this.low = Number.isNaN(this.low) || l < this.low ? l : this.low + ease * (l - this.low);
    this.high = Number.isNaN(this.high) || h > this.high ? h : this.high + ease * (h - this.high);
    return [this.low, this.high];
  }
}
