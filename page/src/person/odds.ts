// Chances from one in a hundred thousand to certain, on a scale of tenfold steps.
const LEAST = -5;

/** Where a chance lies on such a scale, from 0 to 1. */
export const onScale = (chance: number): number => (chance <= 0 ? 0 : Math.max(0, Math.min(1, 1 - Math.log10(chance) / LEAST)));

export const TICKS: readonly { chance: number; name: string }[] = [
  { chance: 1e-4, name: "1 in 10,000" },
  { chance: 1e-2, name: "1 in 100" },
  { chance: 1, name: "certain" },
];
