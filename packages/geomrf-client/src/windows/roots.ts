/** Seconds: a tenth of what is printed. */
const TOLERANCE_S = 1e-4;

/** Where a function that is not negative at `inside` and negative at `outside` crosses zero, on the side that is not negative. */
export function crossing(f: (t: number) => number, inside: number, outside: number): number {
  let [good, bad] = [inside, outside];
  while (Math.abs(bad - good) > TOLERANCE_S) {
    const middle = (good + bad) / 2;
    if (f(middle) >= 0) good = middle;
    else bad = middle;
  }
  return good;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Where a function with one maximum at most between `from` and `to` is highest: golden-section search. */
export function highest(f: (t: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > TOLERANCE_S) {
    if (fc >= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - GOLDEN * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + GOLDEN * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}
