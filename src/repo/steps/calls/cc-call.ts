import { posix } from "node:path";

/** What a command line of a C compiler, an assembler or a linker says of what it reads and writes. Pure; paths as they are given. */

export interface CcCall {
  /** It answers a question, or writes to standard output only. */
  readonly probe: boolean;
  readonly mode: "compile" | "assembly" | "preprocess" | "link";
  /** Sources, objects, archives: arguments that are no options. */
  readonly files: readonly string[];
  readonly output: string | undefined;
  /** Names the output may have, and those that come beside it. */
  readonly outputs: readonly string[];
  readonly searched: readonly string[];
  readonly libraries: readonly string[];
  /** Words of other options that may name a file: linker scripts, lists of symbols, specs. */
  readonly mentioned: readonly string[];
  readonly shared: boolean;
}

/** Options whose value is the next word. */
const VALUED: ReadonlySet<string> = new Set([
  ...["-o", "-I", "-L", "-l", "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-iprefix", "-isysroot"],
  ...["-MF", "-MT", "-MQ", "-x", "-T", "-Xlinker", "-Xassembler", "-Xpreprocessor", "-Xclang", "-arch", "-target", "--sysroot"],
  ...["-z", "-u", "-e", "-B", "-framework", "--param", "-G", "-soname", "-h", "-m", "-rpath", "-rpath-link", "-dynamic-linker"],
  ...["--version-script", "--dynamic-list", "-Map", "-install_name", "-current_version", "-compatibility_version", "-plugin"],
]);
/** In a compiler's own command line these carry their value, or have none. */
const LINKER_ONLY: ReadonlySet<string> = new Set(["-h", "-m", "-soname", "-G", "-rpath", "-rpath-link", "-plugin", "-Map"]);

const ASKS = /^(?:--version|--help|-dump\w+|-print-.*|--print-.*|-###|-V|-qversion|--verbose|-v)$/u;
const SOURCE = /\.(?:c|cc|cp|cpp|cxx|c\+\+|C|CC|m|mm|M|i|ii|S|s|sx|f|f90|F|F90)$/u;
/** Sources that the preprocessor reads. */
const PREPROCESSED = /\.(?:c|cc|cp|cpp|cxx|c\+\+|C|CC|m|mm|M|S|sx|F|F90)$/u;

export const isSource = (path: string): boolean => SOURCE.test(path);
export const isPreprocessed = (path: string): boolean => PREPROCESSED.test(path);

export function readCc(args: readonly string[], linker = false): CcCall {
  const files: string[] = [];
  const searched: string[] = [];
  const libraries: string[] = [];
  const mentioned: string[] = [];
  let mode: CcCall["mode"] = "link";
  let [asks, shared, depends, dependsOnly] = [args.length === 0, false, false, false];
  let [output, dependsTo]: [string | undefined, string | undefined] = [undefined, undefined];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (ASKS.test(arg)) asks = true;
    else if (arg === "-c") mode = "compile";
    else if (arg === "-S") mode = "assembly";
    else if (arg === "-E") mode = "preprocess";
    else if (arg === "-shared" || arg === "-dynamiclib" || arg === "-bundle" || arg === "-r") shared = true;
    else if (arg === "-MD" || arg === "-MMD") depends = true;
    else if (arg === "-M" || arg === "-MM") dependsOnly = true;
    else if (VALUED.has(arg) && (linker || !LINKER_ONLY.has(arg))) {
      const value = args[++at] ?? "";
      if (arg === "-o") output = value;
      else if (arg === "-MF") dependsTo = value;
      else if (arg === "-L") searched.push(value);
      else if (arg === "-l") libraries.push(value);
      else if (!["-D", "-U", "-MT", "-MQ", "-x", "-I", "-isystem", "-iquote", "-idirafter"].includes(arg)) mentioned.push(value);
    } else if (/^-L./u.test(arg)) searched.push(arg.slice(2));
    else if (/^-l./u.test(arg)) libraries.push(arg.slice(2));
    else if (/^-MF./u.test(arg)) dependsTo = arg.slice(3);
    else if (/^-o./u.test(arg) && !linker) output = arg.slice(2);
    else if (/^-T./u.test(arg)) mentioned.push(arg.slice(2));
    else if (arg.startsWith("-Wl,") || arg.startsWith("-Wa,")) mentioned.push(...arg.split(/[,=]/u).slice(1));
    else if (arg.startsWith("-") && arg !== "-") mentioned.push(...(/^-[^=DU]*=(.+)$/su.exec(arg)?.slice(1) ?? []));
    else files.push(arg);
  }
  const toStdout = output === "-" || (mode === "preprocess" && output === undefined);
  const probe =
    (asks && files.length === 0) || files.length === 0 || files.includes("-") || dependsOnly || output === "/dev/null";
  return {
    probe,
    mode,
    files,
    output,
    outputs: toStdout ? [] : outputsOf(mode, files, output, depends, dependsTo, args),
    searched,
    libraries,
    mentioned,
    shared,
  };
}

const stem = (path: string): string => path.replace(/\.[^./]*$/u, "");

function outputsOf(
  mode: CcCall["mode"],
  files: readonly string[],
  output: string | undefined,
  depends: boolean,
  dependsTo: string | undefined,
  args: readonly string[],
): readonly string[] {
  const ending = mode === "assembly" ? ".s" : ".o";
  const main =
    output === undefined
      ? mode === "link"
        ? ["a.out"]
        : files.filter(isSource).map((file) => `${posix.basename(stem(file))}${ending}`)
      : [output];
  const beside = main.map(stem);
  return [
    ...main,
    ...(dependsTo === undefined ? (depends ? beside.map((name) => `${name}.d`) : []) : [dependsTo]),
    ...(args.includes("-gsplit-dwarf") ? beside.map((name) => `${name}.dwo`) : []),
    ...(args.includes("--coverage") || args.includes("-ftest-coverage") ? beside.map((name) => `${name}.gcno`) : []),
  ];
}

/** The same call, asked for the files its sources include; undefined where no source is preprocessed. */
export function includeCall(args: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  let sources = 0;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (["-o", "-MF", "-MT", "-MQ", "-Xlinker", "-l", "-L", "-T"].includes(arg)) at++;
    else if (/^(?:-[cSE]|-M[DMPG]*|-MMD|-M[FTQ].+|-o.+|-[lLT].+|-Wl,.*|-shared|-static|-v|-pipe|-save-temps.*)$/su.test(arg))
      continue;
    else if (VALUED.has(arg) && !LINKER_ONLY.has(arg)) kept.push(arg, args[++at] ?? "");
    else if (arg.startsWith("-")) kept.push(arg);
    else if (isPreprocessed(arg)) {
      kept.push(arg);
      sources++;
    }
  }
  return sources === 0 ? undefined : ["-M", ...kept];
}
