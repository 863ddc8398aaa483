// Lines of a map as whole numbers (LEB128): see the layouts in outlines.mjs and base.mjs.

/** Bytes that numbers and lines are added to. */
export class Packing {
  bytes = [];

  whole(value) {
    while (value >= 128) {
      this.bytes.push((value % 128) + 128);
      value = Math.floor(value / 128);
    }
    this.bytes.push(value);
  }

  /** The number of points, and each as the difference from the one before, zigzag. */
  line(points) {
    this.whole(points.length);
    let before = [0, 0];
    for (const point of points) {
      for (const at of [0, 1]) {
        const step = point[at] - before[at];
        this.whole(step < 0 ? -2 * step - 1 : 2 * step);
      }
      before = point;
    }
  }
}
