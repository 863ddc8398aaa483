import type { GroupEntry, GroupLook as Look } from "../contract";

/** How a group looks everywhere; the engine's views say it, so that page and report agree. */
export interface GroupLook extends Look {
  id: string;
  name: string;
}

/** Looks of the groups of one or two runs, which have the same groups. */
export function groupLooks(runs: readonly (readonly GroupEntry[])[]): Map<string, GroupLook> {
  const looks = new Map<string, GroupLook>();
  for (const { id, name, look } of runs.flat()) if (!looks.has(id)) looks.set(id, { id, name, ...look });
  return looks;
}
