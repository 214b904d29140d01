/** Which variables a step's environment holds. Everything else of the person's environment stands in no record. */

const NAMES: ReadonlySet<string> = new Set([
  "CARGO_MANIFEST_DIR",
  "CARGO_MANIFEST_PATH",
  "CARGO_MANIFEST_LINKS",
  "CARGO_CRATE_NAME",
  "CARGO_BIN_NAME",
  "CARGO_PRIMARY_PACKAGE",
  "CARGO_ENCODED_RUSTFLAGS",
  "OUT_DIR",
  "RUSTFLAGS",
  "RUSTC",
  "RUSTC_LINKER",
  "RUSTC_BOOTSTRAP",
  "SOURCE_DATE_EPOCH",
  "ZERO_AR_DATE",
  "MACOSX_DEPLOYMENT_TARGET",
  "CPATH",
  "C_INCLUDE_PATH",
  "CPLUS_INCLUDE_PATH",
  "OBJC_INCLUDE_PATH",
  "LD",
  "LIBRARY_PATH",
  "GCC_EXEC_PREFIX",
]);

/** Families that cargo sets (the Cargo book, "Environment variables"). */
const PREFIXES = ["CARGO_PKG_", "CARGO_CFG_", "CARGO_FEATURE_", "CARGO_BIN_EXE_", "DEP_"] as const;

/** `CFLAGS` and what make and the crate cc make of it: `HOST_CFLAGS`, `CFLAGS_x86_64_unknown_linux_gnu`. */
const FLAGS = /^(?:HOST_|TARGET_)?(?:CC|CXX|AR|RANLIB|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|ARFLAGS|ASFLAGS)(?:_[A-Za-z0-9_-]+)?$/u;

/** Names that mean something only where cargo runs a build script. */
const OF_BUILD_SCRIPTS: ReadonlySet<string> = new Set(["TARGET", "HOST", "NUM_JOBS", "OPT_LEVEL", "PROFILE", "DEBUG"]);

/** Whether a variable belongs to a step, by its name alone. */
export const keepsVariable = (name: string): boolean =>
  NAMES.has(name) || OF_BUILD_SCRIPTS.has(name) || FLAGS.test(name) || PREFIXES.some((prefix) => name.startsWith(prefix));

const SECRET_NAME = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH(?!ORS?$)/u;

/**
 * The environment of a call: allow-listed variables, and those that its source reads with `env!` (`named`). One whose name is that of a secret is
 * held back, and told where the source reads it.
 */
export function stepEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  named: readonly string[],
): { readonly kept: Readonly<Record<string, string>>; readonly withheld: readonly string[] } {
  const byCargo = env.CARGO_MANIFEST_DIR !== undefined;
  const asked = new Set(named);
  const wanted = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    const kept = asked.has(name) || (keepsVariable(name) && (byCargo || !OF_BUILD_SCRIPTS.has(name)));
    return kept && value !== undefined ? [[name, value]] : [];
  });
  const secret = (name: string): boolean => SECRET_NAME.test(name.toUpperCase()) && !/^CARGO_(?:PKG|CFG|FEATURE)_/u.test(name);
  return {
    kept: Object.fromEntries(wanted.filter(([name]) => !secret(name)).sort(([a], [b]) => (a < b ? -1 : 1))),
    withheld: named.filter((name) => secret(name) && env[name] !== undefined),
  };
}
