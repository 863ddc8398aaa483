// What a browser takes on.

/**
 * People times days up to which a browser simulates. The largest that was tried has 15.5 thousand million
 * (sierra-leone-1991-2002: 3.9 million people, 3,955 days; 43 s and 391 MB); syria with 7.7 thousand million takes
 * 124 s and 830 MB, all measured in Node.js on two busy cores. A WebAssembly module can have 4,096 MB at most, and what
 * is much larger than anything that was tried could end there, after minutes.
 */
export const MOST_PERSON_DAYS = 20e9;

/** Why a world is too large to be simulated in a browser, or null. */
export function tooLarge(name: string, nInhabitants: number, nDays: number): string | null {
  if (nInhabitants * nDays <= MOST_PERSON_DAYS) return null;
  const millions = (n: number): string => (n / 1e6).toLocaleString("en-GB", { maximumFractionDigits: 1 });
  return `${name} is too large to be simulated in a browser: ${millions(nInhabitants)} million people on ${nDays.toLocaleString("en-GB")} days, and no more than ${millions(MOST_PERSON_DAYS)} million days of people were tried. A terminal can, with all of them or with one in ten (--scale 10).`;
}
