import type { StepType } from "../records.ts";

/** Which programs of PATH are compilers and their kin, by name. */

const C_COMPILER = /^(?:[\w.]+-)*(?:cc|c\+\+|gcc|g\+\+|clang|clang\+\+|c89|c99|gfortran|as)(?:-\d+(?:\.\d+)*)?$/u;
const ARCHIVER = /^(?:[\w.]+-)*(?:ar|ranlib)(?:-\d+(?:\.\d+)*)?$/u;
const LINKER = /^(?:[\w.]+-)*(?:ld|ld\.bfd|ld\.gold|ld\.lld|mold|lld)(?:-\d+(?:\.\d+)*)?$/u;
/** They change a program in place, so what they do belongs to the steps. */
const CHANGERS = /^(?:[\w.]+-)*(?:strip|objcopy)(?:-\d+(?:\.\d+)*)?$/u;

/** What a call of this tool is; undefined: no tool that is recorded unasked. */
export function toolType(name: string): StepType | undefined {
  if (name === "rustc") return "rust_compiler_invocation";
  if (C_COMPILER.test(name)) return "c_compiler_invocation";
  if (ARCHIVER.test(name)) return "archiver_invocation";
  if (LINKER.test(name)) return "linker_invocation";
  return CHANGERS.test(name) ? "program_run" : undefined;
}

/** They read programs as files, so that they must see the real one where a recorded run has put a stand-in. */
export const READERS_OF_PROGRAMS = [
  ...["cp", "mv", "ln", "install", "tar", "cmp", "file", "ldd", "nm", "objdump", "patchelf", "readelf", "rsync"],
  ...["sha1sum", "sha256sum", "size", "zip"],
] as const;

/** Variables by which builds are told which tool to take. */
export const TOOL_VARIABLES = [
  "RUSTC",
  "CC",
  "CXX",
  "AR",
  "AS",
  "LD",
  "RANLIB",
  "STRIP",
  "OBJCOPY",
  "HOSTCC",
  "HOSTCXX",
] as const;
