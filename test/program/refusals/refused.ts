import { expect } from "vitest";
import { isErrorCode } from "../../../src/system/errors/codes.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import type { Place } from "../place.ts";
import { crqText, NOTE_PROJECT } from "../samples.ts";

/** Input that cannot be used: what is wrong, where, and the next move, with the documented exit code, and nothing touched. */

export const CRQ = "crqs/CRQ-001-say-welcome.md";

/** The note with a CRQ of its own. */
export async function project(at: Place, crq: string | Uint8Array = crqText()): Promise<string> {
  return at.repository({ ...NOTE_PROJECT, [CRQ]: crq });
}

/** The verb refuses: exit code, message on stderr and in the document, no stack, no byte of the repository changed. */
export async function refused(
  at: Place,
  repo: string,
  args: readonly string[],
  exit: number,
  message: RegExp,
  env: Readonly<Record<string, string>> = {},
) {
  const before = await fingerprint(repo);
  const done = await at.json(args, { cwd: repo, env });
  const [, text, code = ""] = /^([\s\S]*)[ \n]\[([a-z-]+)\]\n$/u.exec(done.stderr) ?? [];
  expect({ exit: done.exit, stderr: `${text}\n` }).toEqual({ exit, stderr: expect.stringMatching(message) });
  expect(isErrorCode(code), done.stderr).toBe(true);
  expect(done.stderr).not.toMatch(/^ {4}at |internal error/mu);
  expect(done.document).toMatchObject({ ok: false, exit, data: null });
  expect(done.document.diagnostics.length).toBeGreaterThan(0);
  expect(difference(before, await fingerprint(repo))).toEqual(SAME);
}
