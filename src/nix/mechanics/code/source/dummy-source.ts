import { posix } from "node:path";
import type { Diagnosis } from "../../../diagnosis.ts";
import { bindingsBetween } from "../../../recipes/existing/bindings.ts";
import { nixTokens } from "../../../recipes/existing/nix-tokens.ts";
import { file as fileCode } from "../../../recipes/nix-syntax.ts";
import { addBinding } from "../edit/arguments.ts";
import { binds, buildFiles, setsOf } from "../edit/builder-calls.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";

/**
 * The step that compiles the dependencies alone fails on its stand-in source. Under crane a tracked file that it was seen to miss is put there;
 * else, as a likely cure, the build is made one step: it costs each later build the dependencies, so it is for a proposal to say.
 */
export function mendDummySource(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "dummy-source") return undefined;
  const builder = stepBuilder(place.files);
  if (builder === undefined) return undefined;
  const files = buildFiles(place.files);
  const path = missingFile(diagnosis, place.tracked);
  const filled = builder === "crane" && path !== undefined ? inOneFile(files, (file) => withFile(file, path)) : undefined;
  if (filled || !place.guess) return filled;
  return inOneFile(files, ({ text }) => {
    const after = builder === "crane" ? withoutArtifacts(text) : withSingleStep(text);
    return after === undefined
      ? undefined
      : {
          name: "build-in-one-step",
          after,
          what: "dependencies and program are built in one step, since the stand-in source fails",
        };
  });
}

/** The one builder of two steps that the flake speaks of. */
function stepBuilder(files: readonly CodeFile[]): "crane" | "naersk" | undefined {
  const speaks = (of: RegExp): boolean => files.some(({ text }) => of.test(text));
  const [crane, naersk] = [speaks(/\bcrane(?:Lib)?\b/u), speaks(/\bnaersk\b/u)];
  return crane === naersk ? undefined : crane ? "crane" : "naersk";
}

/** The one tracked file that the log says could not be opened. */
function missingFile({ message, excerpt }: Diagnosis, tracked: readonly string[]): string | undefined {
  const said = `${message}\n${excerpt}`.matchAll(
    /(?:cannot|could not|couldn't|can't|failed to|unable to) (?:open|find|read|load)\b[^\n]*?([\w.][\w./+-]*)['"`]?: No such file/gu,
  );
  const named = [...new Set([...said].map(([, path]) => path))].filter(
    (path) => path !== undefined && tracked.includes(path) && !path.split("/").includes(".."),
  );
  return named.length === 1 ? named[0] : undefined;
}

/** crane's `extraDummyScript`, for the step of the dependencies. */
function withFile({ path: nixFile, text }: CodeFile, path: string): Omit<CodeEdit, "path"> | undefined {
  const own = setsOf(text, /^buildDepsOnly$/u);
  const sets = own.length > 0 ? own : setsOf(text, /^buildPackage$/u);
  if (sets.length === 0 || sets.some((open) => binds(text, open, "extraDummyScript") || binds(text, open, "dummySrc")))
    return undefined;
  const relative = posix.relative(posix.dirname(nixFile), path);
  const literal = relative.startsWith("../") && /^[\w./+-]+$/u.test(relative) ? relative : fileCode(relative);
  // A path with other letters would have to be quoted twice: for Nix and for the shell.
  if (!/^[\w./+-]+$/u.test(path) || literal.startsWith("(")) return undefined;
  const folder = posix.dirname(path);
  const lines = [
    ...(folder === "." ? [] : [`mkdir -p $out/${folder}`]),
    `cp --no-preserve=mode,ownership \${${literal}} $out/${path}`,
  ];
  const script = `''\n${lines.map((line) => `  ${line}`).join("\n")}\n''`;
  const comment = [`The dependencies are compiled on a stand-in source, and ${path} is wanted there too.`];
  const after = sets.reduce<string | undefined>(
    (source, open) => (source === undefined ? undefined : addBinding(source, open, "extraDummyScript", script, comment)),
    text,
  );
  return after === undefined
    ? undefined
    : { name: "fill-dummy-source", after, what: `the stand-in source of the dependencies' step has ${path}` };
}

const WHY = [
  "Dependencies and program in one step: the stand-in source, on which the",
  "dependencies would be compiled alone, does not build.",
];

function withSingleStep(text: string): string | undefined {
  const sets = setsOf(text, /^buildPackage$/u);
  if (sets.length === 0) return undefined;
  return sets.reduce<string | undefined>(
    (source, open) => (source === undefined ? undefined : addBinding(source, open, "singleStep", "true", WHY)),
    text,
  );
}

/** `cargoArtifacts = craneLib.buildDepsOnly …;` → null; where nothing binds it, the package's arguments do. */
function withoutArtifacts(text: string): string | undefined {
  const tokens = nixTokens(text);
  const bound = tokens.flatMap((token, index) => {
    const before = tokens[index - 1]?.text;
    const [binding] =
      token.text === "cargoArtifacts" && tokens[index + 1]?.text === "=" && (before === ";" || before === "{" || before === "let")
        ? bindingsBetween(tokens, index, tokens.length)
        : [];
    const [first, last] = [tokens[binding?.from ?? -1], tokens[(binding?.to ?? 0) - 1]];
    return binding && first && last
      ? [{ name: token, start: first.start, end: last.end, value: tokens.slice(binding.from, binding.to) }]
      : [];
  });
  const [only] = bound;
  if (bound.length > 1) return undefined;
  if (!only) {
    const sets = setsOf(text, /^buildPackage$/u);
    return sets.length === 1 && sets[0] !== undefined ? addBinding(text, sets[0], "cargoArtifacts", "null", WHY) : undefined;
  }
  if (!only.value.some(({ text: word }) => word === "buildDepsOnly")) return undefined;
  const line = text.lastIndexOf("\n", only.name.start - 1) + 1;
  const indent = text.slice(line, only.name.start);
  if (indent.trim() !== "") return undefined;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const comment = WHY.map((each) => `${indent}# ${each}${newline}`).join("");
  return `${text.slice(0, line)}${comment}${text.slice(line, only.start)}null${text.slice(only.end)}`;
}
