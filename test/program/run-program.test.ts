import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { place } from "./place.ts";
import { crqText, NOTE_PROJECT, noNix, noteFlake, propose, SYSTEM, script } from "./samples.ts";

/** What a model sees of a program that it built, by real Nix and real confinement. */

const flake = noteFlake("welcome")
  .replace("{ self }:", "{ self, nixpkgs }:")
  .replace("{\n", '{\n  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";\n')
  .replace(
    "      greeting",
    `      packages.${SYSTEM}.speak = nixpkgs.legacyPackages.${SYSTEM}.writeShellScriptBin "speak" ''
        echo "$# words, first $1"
        read -r line && echo "heard $line"
        while read -r line; do echo "read $line"; done < in/list.txt
        for file in *; do echo "here: $file"; done
        [ -e "${import.meta.dirname}" ] && echo "sees this machine"
        echo "and a warning" >&2
        exit 3
      '';
      greeting`,
  );

const run = (given: Readonly<Record<string, unknown>>) => ({
  call: [{ tool: "run_program", arguments: { attribute: `packages.${SYSTEM}.speak`, ...given } }],
});

it.skipIf(noNix !== undefined)("runs a built program confined, with what it is given, and tells what it did", async () => {
  const at = await place();
  const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": crqText() });
  const model = join(at.folder, "model.json");
  await writeFile(
    model,
    script(
      { call: [propose({ path: "flake.nix", create: flake })] },
      run({ args: ["one", "two words"], stdin: "a voice\n", files: { "in/list.txt": "first\nsecond\n" } }),
      run({ program: "bin/shout" }),
      run({ files: { "../outside": "x" } }),
      run({ files: { "a/b": "x", a: "y" } }),
      run({ args: ["\0"] }),
      run({ attribute: `packages.${SYSTEM}.note` }),
      run({ attribute: `packages.${SYSTEM}.nothing` }),
      { text: "The greeting is welcome." },
    ),
  );
  const done = await at.json(["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", `scripted:${model}`]);
  expect(done.document, done.about).toMatchObject({ exit: 0 });

  const results = (await at.journal()).flatMap((event) =>
    event.type === "result" && event.tool === "run_program" ? [event] : [],
  );
  expect(results.map(({ isError }) => isError)).toEqual([false, true, true, true, true, true, true]);
  const [ran, shout, outside, folder, nul, note, nothing] = results.map(({ text }) => text);
  expect(ran).toBe(`bin/speak ended with exit code 3.
\`\`\`text from its stdout
2 words, first one
heard a voice
read first
read second
here: in
\`\`\`
\`\`\`text from its stderr
and a warning
\`\`\``);
  expect(shout).toMatch(/shout .*not to be had|could not be started/u);
  expect(outside).toBe('"../outside" leads out of its folder.');
  expect(folder).toBe('"a" is a folder; name files alone.');
  expect(nul).toContain("no word of a program holds a NUL byte");
  expect(note).toBe(`packages.${SYSTEM}.note has no program in bin.`);
  expect(nothing).toMatch(/^Building packages\.\S+\.nothing failed\.\nDiagnosis: /u);
});
