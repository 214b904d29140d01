import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { tryGit } from "../../system/git.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { FlakeInputs, NixResult } from "../nix.ts";
import { judgeInputs } from "../policy/judge-inputs.ts";
import type { ChangedText } from "../weakening/patterns.ts";
import { textSince, weakeningsOfChange } from "../weakening.ts";
import { fileProblems } from "./file-rules.ts";
import { hashProblems } from "./hash-rules.ts";
import { inputProblems, type NestedInputs, nestedInputs, nestedProblems } from "./input-rules.ts";
import { nixProblems, scriptProblems } from "./nix-rules.ts";
import type { GatePass, GateProblem, GateQuestion, GateRefusal, ProposedChange } from "./proposal.ts";

/**
 * The first half of the gate: what can be judged before a byte is written. Syntax, policy, hashes and the inputs that flake.nix declares,
 * on copies of the changed files in a folder of their own.
 */
export async function judgeTexts(question: GateQuestion): Promise<GatePass | GateRefusal> {
  const { changes, worktree, knownHashes, base = "HEAD" } = question;
  const [scratch, hashes] = await Promise.all([
    mkdtemp(join(tmpdir(), "crq-gate-")),
    hashProblems({ worktree, changes, knownHashes, base }),
  ]);
  try {
    const { parsed, inputs, nested } = await evaluateCopies(question, scratch);
    if (parsed && !parsed.ok)
      return refusal(
        "parse",
        [],
        parsed.diagnoses.map((diagnosis) => inRepository(diagnosis, scratch)),
        parsed.why,
      );
    const texts = changes.flatMap((change) => [
      ...fileProblems(change),
      ...(change.path.endsWith(".nix") ? nixProblems(change) : scriptProblems(change)),
    ]);
    const declared = [
      ...(inputs?.ok ? await inputProblems(question, { path: "flake.nix", inputs: inputs.value }, question.lattice) : []),
      ...(nested?.ok ? await nestedProblems(question, nested.value) : []),
    ];
    const seen = new Set(texts.map(({ rule, file }) => `${rule} ${file}`));
    const problems = [
      ...texts,
      ...hashes,
      ...declared.filter(({ rule, file }) => rule !== "nix-config" || !seen.has(`${rule} ${file}`)),
    ];
    if (problems.length > 0) return refusal("policy", problems, [], "failed");
    for (const asked of [inputs, nested])
      if (asked && !asked.ok)
        return refusal(
          "eval",
          [],
          asked.diagnoses.map((diagnosis) => inRepository(diagnosis, scratch)),
          asked.why,
        );
    return {
      ok: true,
      weakenings: weakeningsOfChange(await sinceBase(changes, worktree, base)),
      notes: notes(question, inputs?.ok ? inputs.value : undefined),
      mechanics: [],
      answered: [],
      moved: [],
      ...(inputs?.ok && { inputs: inputs.value }),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The changes as they stand against the base: what an earlier proposal brought and this one takes back weakens nothing. */
async function sinceBase(changes: readonly ProposedChange[], worktree: string, base: string): Promise<readonly ChangedText[]> {
  return Promise.all(
    changes.map(async ({ path, after }) => {
      const shown = await tryGit(["show", `${base}:${path}`], { cwd: worktree });
      return textSince({ path, before: shown.exit === 0 ? shown.stdout : undefined, after }, worktree, base);
    }),
  );
}

export function refusal(
  stage: GateRefusal["stage"],
  problems: readonly GateProblem[],
  diagnoses: readonly Diagnosis[],
  why: GateRefusal["why"],
): GateRefusal {
  // What breaks policy or syntax is not kept; what does not evaluate waits to be amended.
  return { ok: false, stage, problems, diagnoses, pending: stage === "lock" || stage === "eval", why, mechanics: [] };
}

interface Evaluated {
  readonly parsed: NixResult<null> | undefined;
  readonly inputs: NixResult<FlakeInputs> | undefined;
  /** Of changed flakes below the root. */
  readonly nested: NixResult<readonly NestedInputs[]> | undefined;
}

/** Parses every changed Nix file, and asks a changed flake.nix for its inputs beside it, those below the root together: three processes at once. */
async function evaluateCopies({ nix, changes, run }: GateQuestion, scratch: string): Promise<Evaluated> {
  const files = changes.filter(({ path, after }) => path.endsWith(".nix") && after !== undefined);
  await Promise.all(
    files.map(async ({ path, after = "" }) => {
      const copy = join(scratch, path);
      await mkdir(dirname(copy), { recursive: true });
      await writeFile(copy, after);
    }),
  );
  const [parsed, inputs, nested] = await Promise.all([
    files.length === 0
      ? undefined
      : nix.parse(
          files.map(({ path }) => join(scratch, path)),
          run,
        ),
    files.some(({ path }) => path === "flake.nix") ? nix.inputs(scratch, run) : undefined,
    nestedInputs(
      nix,
      scratch,
      files.flatMap(({ path }) => (path.endsWith("/flake.nix") ? [path] : [])),
      run,
    ),
  ]);
  return { parsed, inputs, nested };
}

/** A diagnosis of a copy, with the path that the file has in the repository. */
function inRepository(diagnosis: Diagnosis, scratch: string): Diagnosis {
  const shorten = (text: string): string => text.replaceAll(`${scratch}/`, "");
  const { position } = diagnosis;
  return {
    ...diagnosis,
    message: shorten(diagnosis.message),
    excerpt: shorten(diagnosis.excerpt),
    ...(position && { position: { ...position, file: shorten(position.file) } }),
    fingerprint: shorten(diagnosis.fingerprint),
  };
}

/** What a reviewer should look at and no rule refuses. */
function notes(
  { changes, policy, lattice, today = new Date().toISOString().slice(0, 10) }: GateQuestion,
  inputs: FlakeInputs | undefined,
): readonly string[] {
  const old =
    inputs && policy ? judgeInputs({ policy, inputs, today, ...(lattice && { lattice }) }).map(({ message }) => message) : [];
  return [...downloadNotes(changes), ...old];
}

const DOWNLOAD = /\b(?:fetchurl|fetchzip|fetchgit|fetchFromGit[A-Za-z]+|fetchCrate|fetchTarball|outputHash)\b/gu;

/** Downloads that a change brings. A file that crate2nix writes lists what Cargo.lock pins: that is no download of its own. */
export const downloadNotes = (changes: GateQuestion["changes"]): readonly string[] =>
  changes.flatMap(({ path, before = "", after = "" }) => {
    if (!path.endsWith(".nix") || basename(path) === "Cargo.nix") return [];
    const count = (text: string): number => text.match(DOWNLOAD)?.length ?? 0;
    return count(after) > count(before) ? [`${path}: a new download with a fixed hash; it has network while it is fetched`] : [];
  });
