// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { describe, expect, test } from "vitest";
import { exampleWith } from "../../fixtures/example.ts";
import { CONTEXT, catalogueOf, findings } from "../context.ts";

type Case = [what: string, source: string, expected: string[]];
const MOTIVATION = "Every machine should build the same program, and later Rust projects can copy this flake.";
const withText = (text: string) => exampleWith([MOTIVATION, text]);

describe("nix/local-input", () => {
  test.each<Case>([
    [
      "in a nix fence",
      withText(
        '```nix\n{\n  inputs.a.url = "path:./a";\n  inputs.b.url = "../b";\n  inputs.c.url = ./c;\n  src = ./.;\n  inputs.d.url = "github:o/r";\n}\n```',
      ),
      [
        "19:12 error `path:./a` is a local path; inputs need a URL",
        "20:12 error `../b` is a local path; inputs need a URL",
        "21:12 error `./c` is a local path; inputs need a URL",
      ],
    ],
    [
      "in a code span",
      withText('`configFlake.url = "./target/x"` or `path:./y`'),
      [
        "17:14 error `./target/x` is a local path; inputs need a URL",
        "17:37 error `path:./y` is a local path; inputs need a URL",
      ],
    ],
    ["not in another language", withText('```toml\nurl = "./x"\n```'), []],
    ["an import of a file is no input", withText("`src = ./.` and `import ./x.nix`"), []],
  ])("%s", (_, source, expected) => {
    expect(findings("nix/local-input", source)).toEqual(expected);
  });
});

describe("nix/malformed-command", () => {
  test.each<Case>([
    [
      "flake check with an attribute",
      withText("`nix flake check .#workspace`"),
      [
        "17:2 error `nix flake check .#workspace`: `nix flake check` takes a flake, no attribute; one check is `nix build .#checks.SYSTEM.workspace` *",
      ],
    ],
    [
      "checks without a system",
      withText("```sh\nnix build .#checks.workspace\n```"),
      ["18:1 error `nix build .#checks.workspace` lacks the system: `.#checks.SYSTEM.workspace` *"],
    ],
    [
      "the old update flag",
      withText("`nix flake lock --update-input x`"),
      ["17:17 info `--update-input` is the old form; write `nix flake update NAME`"],
    ],
    [
      "right ones",
      withText(
        "`nix flake check` `nix flake check .` `nix build .#checks.x86_64-linux.workspace` `nix build .#checks.x86_64-linux`",
      ),
      [],
    ],
    ["a file in another language", withText("```rust\n// nix flake check .#x\n```"), []],
  ])("%s", (_, source, expected) => {
    expect(findings("nix/malformed-command", source)).toEqual(expected);
  });
});

test("nix/snippet-does-not-parse says what the parser said", () => {
  const source = withText("```nix\n{ a = '''x'''; }\n```\n\n```nix\n{ }\n```");
  const nixProblems = new Map([
    ["{ a = '''x'''; }", "syntax error, unexpected end of file\n at …"],
    ["{ }", undefined],
  ]);
  expect(findings("nix/snippet-does-not-parse", source, "strict", { ...CONTEXT, nixProblems })).toEqual([
    "17:1 error this snippet does not parse: syntax error, unexpected end of file",
  ]);
});

test("nix/off-policy-input is judged by the policy that is handed in", () => {
  const source = withText("`github:other/x?ref=y` and `github:greeters/x`");
  expect(findings("nix/off-policy-input", source)).toEqual(["17:2 warning `github:other/x?ref=y`: its owner is not greeters"]);
});

test("nix/unknown-crq-ref: neither in the index nor in forks", () => {
  const catalogue = catalogueOf({ "CRQ-007-x.md": "# CRQ-007: Seven\n" });
  const source = withText("`?ref=feature/CRQ-007-x`, `?ref=feature/CRQ-0016-nixify`, `?ref=feature/CRQ-008-y`");
  expect(findings("nix/unknown-crq-ref", source, "strict", { ...CONTEXT, catalogue })).toEqual([
    "17:61 warning `ref=feature/CRQ-008-y` names CRQ-008, which is neither in the index nor in `forks`",
  ]);
});

describe("nix/system-missing", () => {
  test.each<Case>([
    [
      "no system",
      exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.greet"']),
      ["35:5 warning `packages.greet` lacks the system; write `packages.${system}.greet`"],
    ],
    ["a system of the target", exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.aarch64-linux.greet"']), []],
    [
      "another system",
      exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.x86_64-darwin.greet"']),
      ["35:5 warning `packages.x86_64-darwin.greet` is for x86_64-darwin, the target's systems are x86_64-linux, aarch64-linux"],
    ],
    ["an output without systems", exampleWith(['attr = "packages.${system}.greet"', 'attr = "nixosConfigurations.greet"']), []],
  ])("%s", (_, source, expected) => {
    expect(findings("nix/system-missing", source)).toEqual(expected);
  });
});
