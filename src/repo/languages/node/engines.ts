/**
 * Which Node.js a range of `engines.node` allows. Only whole major versions are asked about, the newest release of each, since that is what a
 * package set offers; prereleases never count.
 */

/** Far above any release within a major version. */
const NEWEST = 999;

type Version = readonly [number, number, number];

/** `engines` as the documentation of package.json has it: alternatives by `||`, each of comparators that all hold. */
export function allowsMajor(range: string, major: number): boolean | undefined {
  const alternatives = range.split("||").map((part) => allHold(part.trim(), [major, NEWEST, NEWEST]));
  if (alternatives.some((holds) => holds === true)) return true;
  return alternatives.includes(undefined) ? undefined : false;
}

function allHold(comparators: string, version: Version): boolean | undefined {
  const between = /^(?<low>\S+)\s+-\s+(?<high>\S+)$/.exec(comparators)?.groups;
  const words = between ? [`>=${between.low}`, `<=${between.high}`] : comparators.replace(/([<>=~^]+)\s+/g, "$1").split(/\s+/);
  const held = words.map((word) => holds(word, version));
  return held.includes(undefined) ? undefined : held.every((one) => one === true);
}

/** undefined: not understood. */
function holds(word: string, version: Version): boolean | undefined {
  if (word === "" || /^[*xX]$/.test(word) || word === "latest") return true;
  const groups =
    /^(?<operator>[<>]=?|=|\^|~>?|)v?(?<major>\d+)(?:\.(?<minor>\d+|[xX*]))?(?:\.(?<patch>\d+|[xX*]))?(?:[-+][\w.+-]*)?$/.exec(
      word,
    )?.groups;
  if (!groups) return undefined;
  const [major, minor, patch] = [groups.major, groups.minor, groups.patch].map((part) =>
    part === undefined || /[xX*]/.test(part) ? undefined : Number(part),
  );
  if (major === undefined) return undefined;
  const low: Version = [major, minor ?? 0, patch ?? 0];
  // The end of what a partial version stands for: `20` is all of 20, `20.1` all of 20.1.
  const high: Version = [major, minor ?? NEWEST, patch ?? NEWEST];
  switch (groups.operator) {
    case ">":
      return compare(version, high) > 0;
    case ">=":
      return compare(version, low) >= 0;
    case "<":
      return compare(version, low) < 0;
    case "<=":
      return compare(version, high) <= 0;
    case "^":
      return compare(version, low) >= 0 && version[0] === major;
    case "~":
    case "~>":
      return compare(version, low) >= 0 && compare(version, [major, minor ?? NEWEST, NEWEST]) <= 0;
    default:
      return compare(version, low) >= 0 && compare(version, high) <= 0;
  }
}

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
