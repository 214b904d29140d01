import type { CargoPackage, Quotation } from "../facts.ts";
import { type ProgramSource, programAnswers } from "../sources/program-answers.ts";
import type { RustToken } from "../sources/rust-tokens.ts";
import type { TrackedTree } from "../tracked-tree.ts";
import { inherited } from "./manifest.ts";
import { binaryTargets, buildScript, exampleNames, hasLibrary, inPackage } from "./targets.ts";
import { type LocalPackage, pathDependencies } from "./workspace.ts";

/** What one package of the project is: its programs, its library, what its manifest says of it. */

export function packageFacts(
  member: LocalPackage,
  root: LocalPackage,
  tree: TrackedTree,
  tokensOf: (path: string) => readonly RustToken[],
  named: Quotation | undefined,
): readonly CargoPackage[] {
  const { directory, manifest } = member;
  const facts = manifest.package;
  if (!facts) return [];
  const shared = (value: typeof facts.version | undefined, key: string): string | undefined =>
    inherited(value, key, root.manifest.workspace);
  const version = shared(facts.version, "version") ?? "0.0.0";
  const context = {
    packageName: facts.name,
    version,
    manifest: inPackage(directory, "Cargo.toml"),
    dependencies: new Set(Object.keys(manifest.dependencies)),
  };
  const source = (path: string): ProgramSource => ({ path, tokens: tokensOf(path) });
  const others = tree.entries
    .filter(({ path }) => path.startsWith(`${inPackage(directory, "src")}/`) && path.endsWith(".rs"))
    .map(({ path }) => path);
  const targets = binaryTargets(tree, directory, manifest);
  const binaries = targets.map(({ name, path, requiredFeatures }) => {
    // With one binary every file of the crate is its own; with several only its main file surely is.
    const files = targets.length === 1 ? [path, ...others.filter((other) => other !== path)] : [path];
    return { name, path, requiredFeatures, answers: programAnswers(files.map(source), { ...context, binary: name }) };
  });
  const script = buildScript(tree, directory, manifest);
  const rustVersion = shared(facts["rust-version"], "rust-version");
  const edition = shared(facts.edition, "edition");
  const description = shared(facts.description, "description");
  const license = shared(facts.license, "license");
  const homepage = shared(facts.homepage, "homepage");
  const repository = shared(facts.repository, "repository");
  const examples = exampleNames(tree, directory, manifest);
  return [
    {
      name: facts.name,
      ...(named && { named }),
      version,
      versionFrom: typeof facts.version === "object" ? "workspace" : "package",
      directory,
      binaries,
      library: hasLibrary(tree, directory, manifest),
      ...(facts["default-run"] !== undefined && { defaultRun: facts["default-run"] }),
      ...(rustVersion !== undefined && { rustVersion }),
      ...(edition !== undefined && { edition }),
      ...(script !== undefined && { buildScript: script }),
      ...(description !== undefined && { description: description.trim() }),
      ...(license !== undefined && { license }),
      ...(homepage !== undefined && { homepage }),
      ...(repository !== undefined && { repository }),
      ...(examples.length > 0 && { examples }),
      hasTests: hasTests(tree, directory, tokensOf),
      pathDependencies: pathDependencies(member, root),
    },
  ];
}

/** `name = "…"` below `[package]`, as it stands in the manifest. */
export async function namingLine(tree: TrackedTree, member: LocalPackage): Promise<Quotation | undefined> {
  const source = inPackage(member.directory, "Cargo.toml");
  const read = await tree.text(source);
  if (!read) return undefined;
  const lines = read.text.split(/\r?\n/);
  const table = lines.findIndex((line) => /^\s*\[\s*package\s*\]/.test(line));
  const line = lines.findIndex((text, index) => index > table && /^\s*name\s*=/.test(text));
  const quote = lines[line]?.trim();
  return table < 0 || quote === undefined ? undefined : { source, line: line + 1, sha256: read.sha256, quote };
}

function hasTests(tree: TrackedTree, directory: string, tokensOf: (path: string) => readonly RustToken[]): boolean {
  const tests = `${inPackage(directory, "tests")}/`;
  const src = `${inPackage(directory, "src")}/`;
  return tree.entries.some(({ path }) => {
    if (!path.endsWith(".rs") || !(path.startsWith(tests) || path.startsWith(src))) return false;
    const tokens = tokensOf(path);
    return tokens.some(
      (token, index) => token.text === "#" && tokens[index + 1]?.text === "[" && isTestAttribute(tokens, index + 2),
    );
  });
}

/** `test`, or a path or macro that ends in it: `tokio::test`, `rstest`, `test_case`. */
function isTestAttribute(tokens: readonly RustToken[], start: number): boolean {
  for (let at = start; at < tokens.length && !["]", "("].includes(tokens[at]?.text ?? ""); at += 1)
    if (["test", "rstest", "test_case", "proptest"].includes(tokens[at]?.text ?? "")) return true;
  return false;
}
