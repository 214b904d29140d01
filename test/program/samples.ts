import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { findHost } from "../../src/system/environment/host.ts";
import { namespaceProblem } from "../../src/system/store/private-store.ts";
import { commitAll, type Files, type Place } from "./place.ts";
import { PACKAGE_ROOT } from "./world.ts";

/** Repositories, CRQs and scripts that the tests of the program share. */

const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });

export const SYSTEM = host.system;

/** Why no Nix can run in a namespace here, as offline worlds need it; the set-up before the tests sees to it on Debian. */
export const noNix: string | undefined = host.nix ? await namespaceProblem(host) : "no Nix";

/** The Rust project of `npm run demo` as a repository of one commit. */
export async function demoProject(at: Place, name = "tally"): Promise<string> {
  const directory = await at.repository({}, name);
  await cp(join(PACKAGE_ROOT, "docs", "demo", "repo"), directory, { recursive: true });
  await commitAll(directory, "tally 0.3.1");
  return directory;
}

export const WISH = "nixify this Rust project using naersk, as our docs say";

/** The one CRQ file of a repository. */
export async function crqFile(repo: string): Promise<string> {
  const found = (await readdir(join(repo, "crqs"))).filter((name) => /^CRQ-.*\.md$/u.test(name));
  if (found.length !== 1) throw new Error(`${repo} holds ${found.length} CRQs`);
  return join("crqs", found[0] ?? "");
}

/**
 * A flake without inputs whose one package needs nothing but the shell of Nix's sandbox: builds in a tenth of a second. A builder ends in a
 * builtin: Nix kills one whose last command is a coreutils program that closes its output before it exits.
 * @param builder lines of the builder's script
 */
export const noteFlake = (greeting: string, builder: readonly string[] = COPIES_NOTE): string => `{
  outputs =
    { self }:
    {
      greeting = ${JSON.stringify(greeting)};
      packages.${SYSTEM}.note = derivation {
        name = "note";
        system = "${SYSTEM}";
        builder = "/bin/sh";
        args = [
          "-c"
          ${JSON.stringify(builder.join("\n"))}
        ];
      };
    };
}
`;

// The dollar sign and the brace stand apart for the linter only: this is Nix.
export const COPIES_NOTE: readonly string[] = [`while read -r line; do printf "%s\\n" "$line"; done < ${"$"}{./note.txt} > $out`];

/** A project whose flake says "hello" where its CRQ wants "welcome". */
export const NOTE_PROJECT: Files = {
  "README.md": "# note\n\nSays hello.\n",
  "note.txt": "Take the umbrella.\n",
  "flake.nix": noteFlake("hello"),
};

export const NOTE_CRITERIA = `-   **AC-1**: The greeting is "welcome".
    \`\`\`toml check AC-1
    kind = "nix-eval"
    attr = "greeting"
    equals = "welcome"
    \`\`\`
-   **AC-2**: The package builds.
    \`\`\`toml check AC-2
    kind = "nix-build"
    attr = "packages.\${system}.note"
    regression = true
    \`\`\`
`;

export interface CrqParts {
  readonly id?: string;
  readonly title?: string;
  readonly metadata?: string;
  readonly criteria?: string;
  readonly questions?: string;
}

/** A whole CRQ document about the note. */
export function crqText({
  id = "CRQ-001",
  title = "Say welcome",
  metadata = "",
  criteria = NOTE_CRITERIA,
  questions = "",
}: CrqParts = {}): string {
  return `# ${id}: ${title}

\`\`\`toml crq
schema = "crq/1"
id = "${id}"
title = "${title}"
status = "proposed"
kind = "refactor"
created = 2026-11-20
authors = ["human:Pat Person"]
branch = "feature/${id}-say-welcome"
${metadata}\`\`\`

## 1. Overview

The flake greets.

## 2. Motivation

"hello" is too short.

## 3. Scope

### 3.1. In Scope

-   \`flake.nix\`

### 3.2. Out of Scope

-   Everything else.

## 4. Technical Details

### 4.1. The Greeting

It is an attribute of the flake.

## 5. Acceptance Criteria

${criteria}
## 6. Implementation Plan

1.  **Change the greeting** (AC-1, AC-2).

## 7. References

-   \`README.md\`
${questions}`;
}

export interface ScriptedCall {
  readonly tool: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly raw?: string;
}
export interface ScriptedStep {
  readonly text?: string;
  readonly call?: readonly ScriptedCall[];
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly usage?: Readonly<Record<string, number>>;
}

/** A `crq-script/1` file. */
export const script = (...reply: readonly ScriptedStep[]): string =>
  JSON.stringify({ schema: "crq-script/1", reply }, undefined, 1);

export const propose = (...edits: readonly Readonly<Record<string, unknown>>[]): ScriptedCall => ({
  tool: "propose_edit",
  arguments: { edits },
});
export const build = (attribute = `packages.${SYSTEM}.note`): ScriptedCall => ({ tool: "nix_build", arguments: { attribute } });
export const giveUp = (reason: string, detail: string): ScriptedCall => ({ tool: "give_up", arguments: { reason, detail } });

/** The change that the note's CRQ asks for, built and claimed. */
export const SAY_WELCOME: readonly ScriptedStep[] = [
  { call: [propose({ path: "flake.nix", create: noteFlake("welcome") })] },
  { call: [build()] },
  { text: "The greeting is welcome." },
];
