/** What a command line of ar, ranlib, strip or objcopy says of what it reads and writes. Pure; paths as they are given. */

export interface ChangeCall {
  /** It lists or prints. */
  readonly probe: boolean;
  readonly inputs: readonly string[];
  /** Also read where they were there before. */
  readonly outputs: readonly string[];
}

/** `ar [-]OPERATION[MODIFIERS] [POSITION] [COUNT] ARCHIVE [FILE…]`, with `--plugin X`, `--target X` and the like before or behind. */
export function readAr(args: readonly string[]): ChangeCall {
  const words = withoutValued(args, ["--plugin", "--target", "--output", "--record-libdeps"]);
  const [first = "", ...rest] = words.filter((word) => !word.startsWith("--"));
  const keys = first.replace(/^-/u, "");
  const operation = /[dmpqrtxs]/u.exec(keys.replaceAll(/[abiN]/gu, ""))?.[0];
  const skipped = /[abi]/u.test(keys) ? 1 : 0;
  const [archive, ...members] = rest.slice(skipped + (keys.includes("N") ? 1 : 0));
  if (archive === undefined || operation === undefined || "ptx".includes(operation))
    return { probe: true, inputs: [], outputs: [] };
  return { probe: false, inputs: operation === "d" || operation === "m" ? [] : members, outputs: [archive] };
}

export function readChanger(name: string, args: readonly string[]): ChangeCall {
  const at = args.findIndex((arg) => arg === "-o" || arg === "--output-file");
  const files = withoutValued(args, VALUED).filter((arg) => !arg.startsWith("-"));
  if (files.length === 0) return { probe: true, inputs: [], outputs: [] };
  const given = at === -1 ? undefined : args[at + 1];
  if (given !== undefined) return { probe: false, inputs: files, outputs: [given] };
  const [input = "", to] = files;
  return name.includes("objcopy") && to !== undefined
    ? { probe: false, inputs: [input], outputs: [to] }
    : { probe: false, inputs: [], outputs: files };
}

const VALUED = [
  ...[
    "-o",
    "--output-file",
    "-R",
    "--remove-section",
    "-K",
    "--keep-symbol",
    "-N",
    "--strip-symbol",
    "-F",
    "--target",
    "-O",
    "-I",
  ],
  ...[
    "-j",
    "--only-section",
    "-B",
    "--binary-architecture",
    "--add-section",
    "--redefine-sym",
    "--rename-section",
    "-W",
    "-G",
    "-L",
  ],
];

const withoutValued = (args: readonly string[], valued: readonly string[]): readonly string[] =>
  args.filter((arg, at) => !valued.includes(arg) && !valued.includes(args[at - 1] ?? ""));
