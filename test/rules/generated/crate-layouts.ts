import type { LockedPackage, RegistryCrate } from "./crates.ts";
import { drawProgram, mainFile, type Program, testModule } from "./programs.ts";
import type { Draw } from "./random.ts";

/** Names, manifests and source layouts of generated crates. */

const FIRST = [
  "amber",
  "brisk",
  "cedar",
  "dapper",
  "ember",
  "fable",
  "gentle",
  "hazel",
  "ivory",
  "juniper",
  "lunar",
  "maple",
] as const;
const SECOND = [
  "abacus",
  "beacon",
  "compass",
  "drift",
  "engine",
  "finch",
  "gauge",
  "harbor",
  "index",
  "kettle",
  "lantern",
  "meter",
] as const;

export interface Names {
  readonly crate: string;
  readonly version: string;
  readonly edition: "2021" | "2024";
}

export function drawNames(draw: Draw, taken: readonly string[] = []): Names {
  const crate = [draw.pick(FIRST), draw.pick(SECOND)].join(draw.pick(["-", "_", ""]));
  const version = `${draw.number(3)}.${draw.number(20)}.${draw.number(9)}`;
  return taken.includes(crate) ? drawNames(draw, taken) : { crate, version, edition: draw.pick(["2021", "2024"]) };
}

interface ManifestParts {
  readonly names: Names;
  readonly about?: string;
  readonly dependencies?: readonly RegistryCrate[];
  readonly extra?: string;
}

export function manifest({ names, about, dependencies = [], extra = "" }: ManifestParts): string {
  const listed = dependencies.map((crate) => `${crate.name} = "${crate.version}"\n`).join("");
  return `[package]
name = "${names.crate}"
version = "${names.version}"
edition = "${names.edition}"
${about === undefined ? "" : `description = "${about}"\n`}${extra}${listed === "" ? "" : `\n[dependencies]\n${listed}`}`;
}

export const own = (names: Names, dependencies: readonly string[] = []): LockedPackage => ({
  name: names.crate,
  version: names.version,
  dependencies,
});

export function drawReadme(draw: Draw, name: string, about: string): Readonly<Record<string, string>> {
  const text = `# ${name}\n\n${about}.\n\n## Building\n\n    cargo build --release\n`;
  const kind = draw.number(4);
  if (kind === 0) return {};
  if (kind === 1) return { "README.md": text.replaceAll("\n", "\r\n") };
  return { [draw.pick(["README.md", "README.md", "Readme.md"])]: text };
}

export interface Crate {
  readonly files: Readonly<Record<string, string>>;
  readonly program: string;
  readonly about: Program;
}

/** Sources and manifest of a binary crate in one of several layouts; `bring` may be used to change the main file. */
export function binaryCrate(
  draw: Draw,
  names: Names,
  options: {
    readonly before?: string;
    readonly dependencies?: readonly RegistryCrate[];
    readonly extra?: string;
    readonly code?: (code: string) => string;
  } = {},
): Crate {
  const program = drawProgram(draw);
  const version = draw.chance(50);
  const source = (options.code?.(program.code) ?? program.code) + testModule(program.tests);
  const layout = draw.number(4);
  const main = (bring: string): string =>
    mainFile({ bring, version, ...(options.before !== undefined && { before: options.before }) });
  const module = draw.pick(["work", "logic", "engine"]);
  const parts = { names, about: program.about, ...(options.dependencies && { dependencies: options.dependencies }) };
  const extra = options.extra ?? "";
  if (layout === 0) {
    const bare = main("").replace(/^\n/, "");
    return {
      program: names.crate,
      about: program,
      files: { "Cargo.toml": manifest({ ...parts, extra }), "src/main.rs": `${bare}\n${source}` },
    };
  }
  if (layout === 1)
    return {
      program: names.crate,
      about: program,
      files: {
        "Cargo.toml": manifest({ ...parts, extra }),
        "src/main.rs": main(`mod ${module};\n\nuse ${module}::run;`),
        [`src/${module}.rs`]: source,
      },
    };
  if (layout === 2) {
    const name = names.crate.replace(/^.*?([a-z]+)$/, "$1-cli");
    return {
      program: name,
      about: program,
      files: {
        "Cargo.toml": manifest({
          ...parts,
          extra: `${extra}\n[[bin]]\nname = "${name}"\npath = "app/start.rs"\n\n[lib]\npath = "src/lib.rs"\n`,
        }),
        "app/start.rs": main(`use ${names.crate.replaceAll("-", "_")}::run;`),
        "src/lib.rs": source,
      },
    };
  }
  return {
    program: names.crate,
    about: program,
    files: {
      "Cargo.toml": manifest({ ...parts, extra }),
      [`src/bin/${names.crate}.rs`]: main(`use ${names.crate.replaceAll("-", "_")}::run;`),
      "src/lib.rs": source,
    },
  };
}
