import { expect, test } from "vitest";
import { codeEdit } from "../../../../src/nix/mechanics/code/cures.ts";
import { parseNix } from "../../recipes/nix-command.ts";
import { diagnosis, withArguments } from "./code-cases.ts";

/** The line of a phase as the cure leaves it, where Nix itself says what is wrong with it and where; undefined: it is left alone. */
async function cured(line: string, shape: (line: string) => string = phase): Promise<string | undefined> {
  const text = withArguments(shape(line));
  const said = await parseNix(text).then(
    () => "it parses",
    (problem: Error) => problem.message,
  );
  const [, message, row, column] = /(syntax error[^\n]*)\n\s*at [^\n]*?:(\d+):(\d+)/u.exec(said) ?? [];
  if (message === undefined) throw new Error(`Nix has nothing against the syntax of ${line}: ${said}`);
  const position = { file: "flake.nix", line: Number(row), column: Number(column) };
  const facts = diagnosis({
    about: line,
    facts: { kind: "syntax" },
    before: line,
    after: undefined,
    more: { message, position },
  });
  const edit = codeEdit(facts, { files: [{ path: "flake.nix", text }], tracked: [], guess: false });
  if (!edit) return undefined;
  await parseNix(edit.after);
  const [head = "", tail = ""] = withArguments(shape("\0")).split("\0");
  return edit.after.slice(head.length, edit.after.length - tail.length);
}

const phase = (line: string): string => `        postInstall = ''\n          ${line}\n        '';`;

test("what only the shell can read is escaped where Nix stops in it", async () => {
  const lines = {
    part: 'echo "${KELP_DIAL:0:8}"',
    "end cut off": "cp a ${OUT_FILE%.txt}.html",
    "lower case": "echo ${OUR_NAME,,}",
    array: 'run "${FLAGS_[@]}"',
    "two of a line, beside Nix's own": "cp ${pkgs.hello}/x ${A_B:0:2}/${C_D:3}",
  };
  const after: Record<string, string | undefined> = {};
  for (const [about, line] of Object.entries(lines)) after[about] = await cured(line);
  expect(after).toEqual({
    part: `echo "''\${KELP_DIAL:0:8}"`,
    "end cut off": "cp a ''${OUT_FILE%.txt}.html",
    "lower case": "echo ''${OUR_NAME,,}",
    array: `run "''\${FLAGS_[@]}"`,
    "two of a line, beside Nix's own": "cp ${pkgs.hello}/x ''${A_B:0:2}/''${C_D:3}",
  });
  expect(await cured("echo ${KELP_DIAL:0:8}", (line) => `        postInstall = "${line}";`)).toBe("echo \\${KELP_DIAL:0:8}");
});

test("what Nix may have been meant to read is left alone", async () => {
  const lines = {
    "a name that the file binds": "echo ${pname,,}",
    "no expansion of any shell": "echo ${pkgs.hello hello;}",
    "a slip further on": "echo ''${A_B:0:8} ${pkgs.}",
    "a slip before it": "echo ${pkgs.} ${A_B:0:8}",
  };
  const after: Record<string, string | undefined> = {};
  for (const [about, line] of Object.entries(lines)) after[about] = await cured(line);
  expect(after).toEqual(Object.fromEntries(Object.keys(lines).map((about) => [about, undefined])));
  // An attribute's computed name is no text.
  expect(await cured("A_B:0:8", (name) => `        passthru.\${${name}} = 1;`)).toBeUndefined();
});
