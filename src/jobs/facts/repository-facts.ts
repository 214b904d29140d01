import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { parse } from "smol-toml";
import { keyPositions } from "../../crq/toml/keys.ts";
import { flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import type { CargoProject, DocumentFact, Survey } from "../../repo/facts.ts";
import { insideJail } from "../../repo/workspace/jail.ts";

/** Facts of the repository's own files, by the keys that documents use too, so that both can be compared and cited alike. */

type Unnumbered = Omit<DocumentFact, "id">;

interface SourceText {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/** Manifests that are read; a workspace with more members says the same things again. */
const MAX_MANIFESTS = 12;
const MAX_QUOTE = 200;

/** @param configFile of the project, relative; its `[policy.inputs]` is a fact where it is committed */
export async function repositoryFacts(
  directory: string,
  survey: Survey,
  configFile: string,
  first: number,
): Promise<readonly DocumentFact[]> {
  const known = new Set(survey.files);
  const read = async (path: string | undefined): Promise<SourceText | undefined> => {
    if (path === undefined || !known.has(path)) return undefined;
    const bytes = await readFile(await insideJail(directory, path));
    return { path, text: bytes.toString("utf8"), sha256: createHash("sha256").update(bytes).digest("hex") };
  };
  const facts: Unnumbered[] = [];
  for (const path of manifestsOf(survey.cargo)) facts.push(...manifestFacts(await read(path)));
  facts.push(...toolchainFacts(await read(survey.cargo?.toolchainFile?.path), survey.cargo?.toolchainFile?.channel));
  facts.push(...flakeFacts(await read(survey.flake?.path), survey));
  facts.push(...policyFacts(await read(configFile)));
  return agreeing(facts).map((fact, index) => ({ id: `F-${first + index}`, ...fact }));
}

const manifestsOf = (cargo: CargoProject | undefined): readonly string[] =>
  cargo === undefined
    ? []
    : [
        ...new Set(
          [cargo.root, ...cargo.packages.map(({ directory }) => directory)].map((folder) => posix.join(folder, "Cargo.toml")),
        ),
      ].slice(0, MAX_MANIFESTS);

/** Members of a workspace may well differ: what they do not share is no fact about the project. */
function agreeing(facts: readonly Unnumbered[]): readonly Unnumbered[] {
  return facts.filter((fact, index) => {
    if (!fact.key?.startsWith("rust.")) return true;
    const same = facts.filter((other) => other.key === fact.key);
    return same.every((other) => other.value === fact.value) && same[0] === facts[index];
  });
}

function manifestFacts(source: SourceText | undefined): readonly Unnumbered[] {
  if (!source) return [];
  return [
    ...tomlFact(source, ["package", "name"], undefined, (name) => `a package of the project is named ${name}`),
    ...["package", "workspace.package"].flatMap((table) => [
      ...tomlFact(
        source,
        [...table.split("."), "rust-version"],
        "rust.version",
        (value) => `the oldest supported Rust is ${value}`,
      ),
      ...tomlFact(source, [...table.split("."), "edition"], "rust.edition", (value) => `the project is written in Rust ${value}`),
    ]),
  ];
}

const RELEASE = /^\d+\.\d+(?:\.\d+)?$/;

function toolchainFacts(source: SourceText | undefined, channel: string | undefined): readonly Unnumbered[] {
  if (!source || channel === undefined || !RELEASE.test(channel)) return [];
  return lineFact(source, source.text.indexOf(channel), "rust.toolchain", channel, `the Rust toolchain is ${channel}`);
}

function flakeFacts(source: SourceText | undefined, { flake }: Survey): readonly Unnumbered[] {
  if (!source || !flake) return [];
  const inputs = [...flakeParts(source.text).inputs].flatMap(([name, { url, literal }]) =>
    lineFact(source, literal.start, `inputs.${name}.url`, url, `the flake input ${name} comes from ${url}`),
  );
  const { builder } = flake;
  const at = builder === undefined ? -1 : source.text.search(new RegExp(`\\b${builder}\\b`));
  return [
    ...inputs,
    ...(builder === undefined ? [] : lineFact(source, at, "builder", builder, `Rust crates are built with ${builder}`)),
  ];
}

export const POLICY_KEY = "policy.inputs.org";

const policyFacts = (source: SourceText | undefined): readonly Unnumbered[] =>
  source
    ? tomlFact(source, ["policy", "inputs", "org"], POLICY_KEY, (org) => `flake inputs come from repositories of ${org}`)
    : [];

/** The line that sets a key of a TOML file to a string. */
function tomlFact(
  source: SourceText,
  path: readonly string[],
  key: string | undefined,
  claim: (value: string) => string,
): readonly Unnumbered[] {
  const value = valueAt(source.text, path);
  const found = keyPositions(source.text).find(
    (position) => position.path.length === path.length && path.every((part, index) => position.path[index] === part),
  );
  if (typeof value !== "string" || !found) return [];
  const quote = (source.text.split(/\r?\n/)[found.line] ?? "").trim().slice(0, MAX_QUOTE);
  const { path: name, sha256 } = source;
  return quote.includes(value)
    ? [{ claim: claim(value), source: name, line: found.line + 1, sha256, quote, ...(key !== undefined && { key, value }) }]
    : [];
}

function valueAt(text: string, path: readonly string[]): unknown {
  try {
    // Tables of smol-toml have no prototype.
    return path.reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      parse(text),
    );
  } catch {
    // The survey has said that this file does not parse.
    return undefined;
  }
}

function lineFact(source: SourceText, at: number, key: string, value: string, claim: string): readonly Unnumbered[] {
  if (at < 0) return [];
  const line = source.text.slice(0, at).split("\n").length;
  const quote = (source.text.split(/\r?\n/)[line - 1] ?? "").trim().slice(0, MAX_QUOTE);
  return [{ claim, source: source.path, line, sha256: source.sha256, quote, key, value }];
}
