import { posix } from "node:path";

/** What a command line of rustc says of what it reads and writes (the rustc book, "Command-line Arguments"). Pure; paths as they are given. */

export interface RustcCall {
  /** It asks and compiles nothing, or reads its source from standard input as probes do. */
  readonly probe: boolean;
  readonly crate: string;
  readonly source: string | undefined;
  readonly types: readonly string[];
  readonly test: boolean;
  /** Kind of output to the file it was given, or undefined where rustc chooses the name. */
  readonly emits: ReadonlyMap<string, string | undefined>;
  readonly outDir: string | undefined;
  readonly output: string | undefined;
  readonly suffix: string;
  readonly externs: readonly string[];
  readonly searched: readonly { readonly kind: string; readonly folder: string }[];
  readonly libraries: readonly string[];
}

const VALUED: ReadonlySet<string> = new Set([
  ...[
    "--crate-name",
    "--crate-type",
    "--edition",
    "--emit",
    "--print",
    "--out-dir",
    "--extern",
    "--cfg",
    "--check-cfg",
    "--target",
  ],
  ...[
    "--sysroot",
    "--error-format",
    "--json",
    "--color",
    "--cap-lints",
    "--remap-path-prefix",
    "--diagnostic-width",
    "--codegen",
  ],
  ...["--warn", "--allow", "--deny", "--forbid", "--explain"],
  ...["-L", "-l", "-o", "-C", "-Z", "-A", "-W", "-D", "-F"],
]);

export function readRustc(args: readonly string[]): RustcCall {
  const types: string[] = [];
  const externs: string[] = [];
  const searched: { kind: string; folder: string }[] = [];
  const libraries: string[] = [];
  const emits = new Map<string, string | undefined>();
  const free: string[] = [];
  let [probe, test] = [args.length === 0, false];
  let [crate, outDir, output, suffix]: [string | undefined, string | undefined, string | undefined, string] = [
    undefined,
    undefined,
    undefined,
    "",
  ];
  for (const [flag, value] of options(args)) {
    switch (flag) {
      case "":
        free.push(value);
        break;
      case "--crate-name":
        crate = value;
        break;
      case "--crate-type":
        types.push(...value.split(","));
        break;
      case "--emit":
        for (const kind of value.split(",")) {
          const [name = "", path] = kind.split(/=(.*)/su);
          emits.set(name, path);
        }
        break;
      case "--out-dir":
        outDir = value;
        break;
      case "-o":
        output = value;
        break;
      case "--extern": {
        const path = value.split(/=(.*)/su)[1];
        if (path) externs.push(path);
        break;
      }
      case "-L": {
        const [, kind = "all", folder = value] = /^(dependency|crate|native|framework|all)=(.*)$/su.exec(value) ?? [];
        searched.push({ kind, folder });
        break;
      }
      case "-l":
        libraries.push(value.replace(/^[^=]*=/u, "").replace(/:.*$/u, ""));
        break;
      case "-C":
        if (value.startsWith("extra-filename=")) suffix = value.slice("extra-filename=".length);
        break;
      case "--test":
        test = true;
        break;
      case "--print":
      case "--explain":
      case "--version":
      case "--help":
      case "-V":
      case "-h":
      case "-vV":
      case "-Vv":
        probe = true;
        break;
    }
  }
  const [source] = free;
  if (source === undefined || source === "-") probe = true;
  const named =
    crate ??
    posix
      .basename(source ?? "")
      .replace(/\.rs$/u, "")
      .replaceAll("-", "_");
  if (emits.size === 0) emits.set("link", undefined);
  return {
    probe,
    crate: named,
    source,
    types: types.length > 0 ? types : ["bin"],
    test,
    emits,
    outDir,
    output,
    suffix,
    externs,
    searched,
    libraries,
  };
}

function* options(args: readonly string[]): Generator<readonly [flag: string, value: string]> {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const long = /^(--[\w-]+)=(.*)$/su.exec(arg);
    if (long?.[1] !== undefined && VALUED.has(long[1])) yield [long[1] === "--codegen" ? "-C" : long[1], long[2] ?? ""];
    else if (VALUED.has(arg)) yield [arg === "--codegen" ? "-C" : arg, args[++at] ?? ""];
    else if (/^-[LlCZAWDFo]./su.test(arg)) yield [arg.slice(0, 2), arg.slice(2)];
    else if (arg.startsWith("-") && arg !== "-") yield [arg, ""];
    else yield ["", arg];
  }
}

/** Whether libraries are linked in, so that metadata alone would not do. */
export const links = (call: RustcCall): boolean =>
  call.emits.has("link") && (call.test || call.types.some((type) => !["lib", "rlib"].includes(type)));

/** File names that each kind of output may have, relative to the working folder. */
export function rustcOutputs(call: RustcCall): readonly string[] {
  const folder = call.outDir ?? (call.output === undefined ? "" : posix.dirname(call.output));
  const stem = `${call.crate}${call.suffix}`;
  const place = (name: string): string => (folder === "" ? name : posix.join(folder, name));
  const names = [...call.emits].flatMap(([kind, given]): readonly string[] => {
    if (given !== undefined) return given === "-" ? [] : [given];
    if (call.output !== undefined && call.emits.size === 1) return [call.output];
    switch (kind) {
      case "link":
        return [
          ...(call.output === undefined ? [] : [call.output]),
          ...(call.test ? [place(stem)] : call.types.flatMap((type) => linked(type, stem).map(place))),
        ];
      case "metadata":
        return [place(`lib${stem}.rmeta`)];
      case "dep-info":
        return [place(`${stem}.d`), ...(call.output === undefined ? [] : [`${call.output.replace(/\.[^./]*$/u, "")}.d`])];
      default:
        return [place(`${stem}.${EXTENSIONS.get(kind) ?? kind}`)];
    }
  });
  return [...new Set(names)];
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ["asm", "s"],
  ["llvm-bc", "bc"],
  ["llvm-ir", "ll"],
  ["obj", "o"],
]);

function linked(type: string, stem: string): readonly string[] {
  switch (type) {
    case "bin":
      return [stem, `${stem}.exe`, `${stem}.wasm`];
    case "lib":
    case "rlib":
      return [`lib${stem}.rlib`];
    case "staticlib":
      return [`lib${stem}.a`];
    default:
      return [`lib${stem}.so`, `lib${stem}.dylib`, `${stem}.wasm`];
  }
}

/** The same call, asked for its dependencies alone. */
export function dependencyCall(args: readonly string[], to: string): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (["--emit", "-o", "--out-dir"].includes(arg)) at++;
    else if (/^(?:--emit=|--out-dir=|-o.)/su.test(arg)) continue;
    else kept.push(arg);
  }
  return [...kept, `--emit=dep-info=${to}`];
}
