/** Which attributes of nixpkgs put a program into a development shell. */

/** What everybody who works on a Rust project needs. */
export const RUST_TOOLS = ["cargo", "rustc", "clippy", "rustfmt"] as const;

/** Programs whose attribute has another name; what is missing here is taken to have the same. */
export const ATTRIBUTE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "cargo-clippy": "clippy",
    "clippy-driver": "clippy",
    "cargo-fmt": "rustfmt",
    cc: "gcc",
    gcc: "gcc",
    "g++": "gcc",
    make: "gnumake",
    nixfmt: "nixfmt",
    node: "nodejs",
    npm: "nodejs",
    protoc: "protobuf",
    psql: "postgresql",
    python: "python3",
    rg: "ripgrep",
    rustdoc: "rustc",
    sqlite3: "sqlite",
  }),
);

/** Programs that every shell of stdenv has. */
const IN_STDENV = new Set([
  "bash",
  "sh",
  "env",
  "printenv",
  "ls",
  "cat",
  "echo",
  "test",
  "true",
  "sed",
  "grep",
  "awk",
  "tar",
  "gzip",
  "find",
  "diff",
  "patch",
  "cc",
  "gcc",
  "g++",
  "make",
]);

/** Subcommands that cargo itself has; others are programs `cargo-NAME`. */
const CARGO_COMMANDS = new Set([
  "--version",
  "-V",
  "--help",
  "add",
  "bench",
  "build",
  "check",
  "clean",
  "doc",
  "fetch",
  "fmt",
  "clippy",
  "generate-lockfile",
  "init",
  "metadata",
  "new",
  "run",
  "test",
  "tree",
  "update",
  "vendor",
  "version",
]);

/** @param commands argument vectors that must run in the shell */
export function shellTools(commands: readonly (readonly string[])[]): readonly string[] {
  const programs = commands.flatMap(([program, subcommand]) => {
    if (program === undefined) return [];
    if (program === "cargo" && subcommand !== undefined && !CARGO_COMMANDS.has(subcommand)) return [`cargo-${subcommand}`];
    return [program];
  });
  const wanted = programs.filter((program) => !IN_STDENV.has(program)).map((program) => ATTRIBUTE_OF.get(program) ?? program);
  return [...new Set<string>([...RUST_TOOLS, ...wanted])];
}
