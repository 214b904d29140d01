import { TEST_PROGRAMS } from "../../../../repo/sources/library-names.ts";
import type { Diagnosis } from "../../../diagnosis.ts";
import { buildFiles } from "../edit/builder-calls.ts";
import { type CodeEdit, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { withAdditions } from "./native-inputs.ts";

/**
 * A program that a test starts and the sandbox has not: among the inputs of the checks, which the program itself never sees. A mechanic's edit
 * alone: where nixpkgs has no such package it is undone, and nothing else is tried.
 */
export function addTestProgram(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  const found = place.guess ? undefined : missingTestProgram(diagnosis);
  if (!found) return undefined;
  const { program, attribute } = found;
  const added = { nativeCheckInputs: [{ attribute }], environment: {} };
  return inOneFile(buildFiles(place.files), (file) => {
    const after = withAdditions(file, added, diagnosis, place.files);
    return after === undefined
      ? undefined
      : { name: "add-test-program", after, what: `${attribute} among the inputs of the checks (a test runs ${program})` };
  });
}

/** How a test says that a program could not be started; what stands before it is the test's own text. */
const NOT_STARTED = /(?:kind: NotFound|\bos error 2\b|command not found|: not found$)/u;

/** The one program of the table that the line names by which the failure was told; several could each be what it misses. */
export function missingTestProgram(diagnosis: Diagnosis): { readonly program: string; readonly attribute: string } | undefined {
  if (diagnosis.kind !== "sandboxed-test") return undefined;
  // The names of the tests come first, and are no programs.
  const line = diagnosis.message.replace(/^.*? failed because of the sandbox: /u, "");
  const end = line.search(NOT_STARTED);
  if (end === -1) return undefined;
  const words = line.slice(0, end).match(/[\w./+-]+/gu) ?? [];
  const named = [...new Set(words)].filter((word) => Object.hasOwn(TEST_PROGRAMS, word));
  const [program] = named;
  const attribute = program === undefined ? undefined : TEST_PROGRAMS[program];
  return program === undefined || attribute === undefined || named.length > 1 ? undefined : { program, attribute };
}
