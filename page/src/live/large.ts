// What a browser takes on.

/**
 * People times days up to which a browser simulates. The largest that was tried has 15.5 thousand million
 * (sierra-leone-1991-2002: 3.9 million people on 3,955 days): 21 s in Chromium, with days streaming in on two cores, and 391 MB of
 * the module. The country with most places (7.7 thousand million) takes longest: 81 s, and 832 MB. Days stream in and can be stopped, so time
 * isn't what refuses a world; but a WebAssembly module can have 4,096 MB at most, and what is much larger than anything
 * that was tried could end there, after minutes.
 */
export const MOST_PERSON_DAYS = 20e9;

/** Why a world is too large to be simulated in a browser, or null. */
export function tooLarge(name: string, nInhabitants: number, nDays: number): string | null {
  if (nInhabitants * nDays <= MOST_PERSON_DAYS) return null;
  const millions = (n: number): string => (n / 1e6).toLocaleString("en-GB", { maximumFractionDigits: 1 });
  return `${name} is too large to be simulated in a browser: ${millions(nInhabitants)} million people on ${nDays.toLocaleString("en-GB")} days, and no more than ${millions(MOST_PERSON_DAYS)} million days of people were tried. A terminal can, with all of them or with one in ten (--scale 10).`;
}
