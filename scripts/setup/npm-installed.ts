// Does node_modules hold what package-lock.json says? npm notes what it installed in node_modules/.package-lock.json, so that a folder made by
// `npm install` need not be deleted and made again. Exit 0: yes. Runs before anything is known to be installed, so it uses Node alone.
import { readFileSync } from "node:fs";

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
}

function entriesOf(file: string | undefined): Map<string, Entry> {
  const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(file ?? "", "utf8"));
  return new Map(Object.entries(lock.packages).filter(([place]) => place !== ""));
}

const same = (a: Entry | undefined, b: Entry) => a?.version === b.version && a?.integrity === b.integrity;
// Packages for other systems stand in the lock and are never installed.
const mayBeAbsent = (entry: Entry) => entry.optional === true || entry.devOptional === true || entry.peer === true;

const [, , lockFile, installedFile] = process.argv;
const wanted = entriesOf(lockFile);
const installed = entriesOf(installedFile);
const lacking = [...wanted].some(([place, entry]) => !(installed.has(place) || mayBeAbsent(entry)));
const foreign = [...installed].some(([place, entry]) => !same(wanted.get(place), entry));
process.exit(lacking || foreign ? 1 : 0);
