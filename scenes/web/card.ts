// The picture of a hand for left-or-right judgement, drawn: name `hand left palm 90` (side, seen from palm
// or back, degrees turned clockwise). The same outline serves both sides: a left back is a right palm.

export interface Card {
  left: boolean;
  palm: boolean;
  turn_deg: number;
}

/** The card of that name; null if it names none. */
export function card(name: string): Card | null {
  const found = /^hand (left|right) (palm|back) (-?\d+(?:\.\d+)?)$/.exec(name);
  return found ? { left: found[1] === 'left', palm: found[2] === 'palm', turn_deg: Number(found[3]) } : null;
}

// Fingers of a right hand seen from the back, pointing up: root x and y, lean in degrees, length, half width.
const FINGERS: [number, number, number, number, number][] = [
  [-0.20, -0.10, -2, 0.33, 0.052], [-0.075, -0.14, 0, 0.385, 0.055], [0.055, -0.12, 3, 0.355, 0.053], [0.17, -0.06, 9, 0.27, 0.045],
];

/** Draws the hand about the middle of a square of `size` pixels whose corner is at x, y. */
export function drawCard(c: CanvasRenderingContext2D, hand: Card, x: number, y: number, size: number): void {
  c.save();
  c.translate(x + size / 2, y + size / 2);
  c.rotate((hand.turn_deg * Math.PI) / 180);
  c.scale(size * (hand.left === hand.palm ? 1 : -1), size);
  c.lineJoin = c.lineCap = 'round';
  c.fillStyle = '#d9a582';
  c.strokeStyle = '#6d432c';
  c.lineWidth = 0.014;
  limb(c, -0.02, 0.46, 0, 0.2, 0.115); // forearm
  thumb(c);
  for (const f of FINGERS) limb(c, ...f);
  palm(c);
  if (hand.palm) lines(c);
  else nails(c);
  c.restore();
}

function limb(c: CanvasRenderingContext2D, x: number, y: number, lean_deg: number, length: number, half: number): void {
  c.save();
  c.translate(x, y);
  c.rotate((lean_deg * Math.PI) / 180);
  c.beginPath();
  c.roundRect(-half, -length, 2 * half, length + half, half);
  c.fill();
  c.stroke();
  c.restore();
}

function thumb(c: CanvasRenderingContext2D): void {
  c.save();
  c.translate(-0.2, 0.16);
  c.rotate(-0.72);
  c.beginPath();
  c.roundRect(-0.058, -0.3, 0.116, 0.36, 0.058);
  c.fill();
  c.stroke();
  c.restore();
}

function palm(c: CanvasRenderingContext2D): void {
  c.beginPath();
  c.roundRect(-0.255, -0.13, 0.475, 0.46, [0.1, 0.09, 0.17, 0.15]);
  c.fill();
  c.stroke();
  c.fillRect(-0.235, -0.165, 0.43, 0.1); // fingers grow out of it
}

function lines(c: CanvasRenderingContext2D): void {
  c.globalAlpha = 0.55;
  for (const [x0, y0, x1, y1, x2, y2] of [[-0.23, 0.0, -0.05, 0.06, -0.06, 0.28], [-0.2, -0.03, 0, 0.09, 0.17, 0.07], [0.19, -0.01, 0.02, 0.02, -0.09, -0.08]]) {
    c.beginPath();
    c.moveTo(x0!, y0!);
    c.quadraticCurveTo(x1!, y1!, x2!, y2!);
    c.stroke();
  }
  c.globalAlpha = 1;
}

function nails(c: CanvasRenderingContext2D): void {
  c.fillStyle = '#f0d3bd';
  const nail = (x: number, y: number, turn: number, length: number, half: number) => {
    c.save();
    c.translate(x, y);
    c.rotate(turn);
    c.beginPath();
    c.roundRect(-half * 0.62, -length + 0.012, half * 1.24, half * 1.3, half * 0.5);
    c.fill();
    c.restore();
  };
  for (const [x, y, lean, length, half] of FINGERS) nail(x, y, (lean * Math.PI) / 180, length, half);
  nail(-0.2, 0.16, -0.72, 0.3, 0.055);
}
