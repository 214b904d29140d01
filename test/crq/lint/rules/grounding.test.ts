import { describe, expect, test } from "vitest";
import { EXAMPLE, exampleWith } from "../../fixtures/example.ts";
import { CONTEXT, catalogueOf, findings } from "../context.ts";

type Case = [what: string, source: string, expected: string[]];
const MOTIVATION = "Every machine should build the same program, and later Rust projects can copy this flake.";
const withText = (text: string) => exampleWith([MOTIVATION, text]);
const machine = (path: string) => `\`${path}\` is a path of one machine; write it relative to the repository, or as a URL`;

describe("grounding/machine-path", () => {
  test.each<Case>([
    [
      "home",
      withText("see ~/src/x, and `/home/ada/x`."),
      [`17:5 error ${machine("~/src/x")}`, `17:19 error ${machine("/home/ada/x")}`],
    ],
    [
      "in a fence and a link",
      withText("```sh\ncd /tmp/x\n```\n[y](/Users/ada/y)"),
      [`18:4 error ${machine("/tmp/x")}`, `20:5 error ${machine("/Users/ada/y")}`],
    ],
    ["a file URL", withText("`file:///srv/x`"), [`17:2 error ${machine("file:///srv/x")}`]],
    ["Windows", withText("C:\\Users\\ada"), [`17:1 error ${machine("C:\\Users\\ada")}`]],
    ["parts of a regex are no drives", withText("```toml\nregex = '^a\\n:\\.\\.$ k:\\d+ '\n```"), []],
    [
      "URLs, relative paths, routes and shebangs are none",
      withText("https://x.org/home/y ./usr/x a/tmp/b /api/v1 `#!/usr/bin/env`"),
      [],
    ],
    ["a pattern for any path of the store is none", withText("```toml\nregex = '^/nix/store/.+/bin/quay$'\n```"), []],
    [
      "one path of a store is one, and so is what else Nix keeps",
      withText("`/nix/store/00000000000000000000000000000000-quay/bin` `/nix/var/x`"),
      [`17:2 error ${machine("/nix/store/00000000000000000000000000000000-quay/bin")}`, `17:57 error ${machine("/nix/var/x")}`],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("grounding/machine-path", source)).toEqual(expected);
  });
});

describe("grounding/missing-path", () => {
  const missing = (path: string) =>
    `\`${path}\` is not in the target at base; correct it, or mark it \`(new)\` where it is introduced`;

  test.each<Case>([
    [
      "a path that is not there, once",
      withText("`docs/gone.md` and `docs/gone.md`, `docs/nix-rust.md`, `docs/`"),
      [`17:1 error ${missing("docs/gone.md")}`],
    ],
    ["marked new in its paragraph", withText("`nix/` and `ci.yml` (new).\n\n`nix/a.nix` and `ci.yml`"), []],
    ["from the folder of the target", withText("`README.md` and `nix-rust.md`").replace('repo = "."', 'repo = "docs"'), []],
    ["what the history says", `${withText("")}\n## 11. History\n\n-   2026-11-20: imported from \`old/gone.md\`.\n`, []],
    ["what is no path", withText("`greet` `a b.md` `packages.x` `*.nix` `x.y.z` `github:o/r`"), []],
  ])("%s", (_, source, expected) => {
    expect(findings("grounding/missing-path", source)).toEqual(expected);
  });

  test("silent where the target is not known", () => {
    const { exists: _, ...unknown } = CONTEXT;
    expect(findings("grounding/missing-path", withText("`docs/gone.md`"), "strict", unknown)).toEqual([]);
  });
});

describe("grounding/dead-reference", () => {
  test.each<Case>([
    [
      "doubtful",
      exampleWith(["`docs/nix-rust.md`, see F-1.", "`docs/nix-rust.md` (if found), see F-1."]),
      ['69:24 error "(if found)": find it, or leave the reference out'],
    ],
    [
      "a file of section 7 that is not there",
      exampleWith(["`docs/nix-rust.md`, see F-1.", "`docs/old.md`, see F-1."]),
      ["69:5 error `docs/old.md` is not in the target at base"],
    ],
    [
      "links are resolved from the document",
      withText("[a](../docs/nix-rust.md#x) [b](docs/nix-rust.md) [c](../../x.md) [d](https://x.org/y.md) [e](#f)"),
      [
        "17:32 error `crqs/docs/nix-rust.md` is not in the target at base",
        "17:54 error the link `../../x.md` leads out of the repository",
      ],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("grounding/dead-reference", source)).toEqual(expected);
  });
});

describe("grounding/broken-relation", () => {
  const linked = (keys: string, id = "CRQ-001") =>
    EXAMPLE.replaceAll("CRQ-001", id)
      .replace('base = "5f0c1d7e"', 'base = "5f0c1d7e"')
      .replace('authors = ["', `${keys}\nauthors = ["`);

  test("missing ids, itself, cycles, one-sided supersedes with a fix in the other document", () => {
    const source = linked('depends-on = ["CRQ-002"]\nrelated = ["CRQ-009", "CRQ-0001"]\nsupersedes = ["CRQ-003"]');
    const catalogue = catalogueOf({
      "CRQ-001-nixify-greet.md": source,
      "CRQ-002-b.md": linked('depends-on = ["CRQ-004"]', "CRQ-002"),
      "CRQ-003-c.md": linked("related = []", "CRQ-003"),
      "CRQ-004-d.md": linked('depends-on = ["CRQ-001"]', "CRQ-004"),
    });
    expect(findings("grounding/broken-relation", source, "strict", { ...CONTEXT, catalogue })).toEqual([
      "10:1 error the dependencies form a cycle: CRQ-001 → CRQ-002 → CRQ-004 → CRQ-001",
      "11:1 error `related` names CRQ-009, which is not in this folder",
      "11:1 error `related` names the document itself",
      "12:1 error CRQ-003 does not name CRQ-001 in `superseded-by` *",
    ]);
  });

  test("a link with both sides is fine", () => {
    const source = linked('supersedes = ["CRQ-003"]');
    const catalogue = catalogueOf({
      "CRQ-001-nixify-greet.md": source,
      "CRQ-003-c.md": linked('superseded-by = ["CRQ-001"]', "CRQ-003"),
    });
    expect(findings("grounding/broken-relation", source, "strict", { ...CONTEXT, catalogue })).toEqual([]);
  });
});

describe("facts", () => {
  test("a quote that is not in its source", () => {
    const source = exampleWith(['are built with naersk."', 'are built with crane."']);
    expect(findings("grounding/fact-not-in-source", source)).toEqual([
      "76:5 error F-1: the quote does not occur in `docs/nix-rust.md`, and 4.1, AC-1 rest on it; quote what stands there now, or drop the claim",
    ]);
    expect(
      findings("grounding/fact-not-in-source", exampleWith(['source = "docs/nix-rust.md"', 'source = "docs/x.md"'])),
    ).toEqual(["74:5 error F-1: `docs/x.md` does not exist"]);
  });

  test("a quote may run over a line end", () => {
    const readSource = () => ({ text: "Rust crates are\n  built with naersk.", sha256: "0" });
    expect(findings("grounding/fact-not-in-source", EXAMPLE, "strict", { ...CONTEXT, readSource })).toEqual([]);
    expect(findings("grounding/stale-source", EXAMPLE, "strict", { ...CONTEXT, readSource })).toEqual([
      '75:5 warning F-1 (used in 4.1, AC-1): `docs/nix-rust.md` changed since it was quoted. The quote is still there; if it means the same, write sha256 = "0"',
    ]);
  });

  const fact = (id: string, value: string) =>
    `    [[fact]]\n    id = "${id}"\n    claim = "c"\n    source = "docs/nix-rust.md"\n    sha256 = "eca0d3c3c6762260ed2f9bd36d1ff2de1fa07760c41557f2d88f27a92a5f41c9"\n    quote = "naersk"\n    key = "inputs.nixpkgs.url"\n    value = "${value}"\n    used-in = []\n`;
  const contradiction = exampleWith([
    "    ```toml facts\n",
    `    \`\`\`toml facts\n${fact("F-2", "github:greeters/nixpkgs")}${fact("F-3", "path:./nixpkgs")}`,
  ]);

  test("a contradiction needs a question that names both sides", () => {
    expect(findings("grounding/silent-contradiction", contradiction)).toEqual([
      '87:5 error F-2 and F-3 say different things about `inputs.nixpkgs.url` ("github:greeters/nixpkgs", "path:./nixpkgs") and no question asks which holds',
      "87:5 error F-3 is against the input policy (its owner is not greeters) and no question asks what holds",
    ]);
    const asked = `${contradiction}## 9. Open Questions\n-   **Q-1**: F-2 and F-3 disagree on nixpkgs; which holds?\n`;
    expect(findings("grounding/silent-contradiction", asked)).toEqual([]);
    expect(
      findings("grounding/silent-contradiction", `${contradiction}## 9. Open Questions\n-   **Q-1**: What of F-2 and F-30?\n`),
    ).toHaveLength(2);
  });

  test("claims without a fact, only in drafted documents and only where the target is known", () => {
    const source = withText("Version 1.2.3 of <https://example.org/x> and `github:o/r`, at 10.0.0.1.");
    expect(findings("grounding/unsupported-claim", source)).toEqual([
      "17:9 warning `1.2.3` is in no fact and not in the target",
      "17:19 warning `https://example.org/x` is in no fact and not in the target",
      "17:47 warning `github:o/r` is in no fact and not in the target",
    ]);
    const inTarget = (text: string) => text === "1.2.3" || text === "greet";
    expect(findings("grounding/unsupported-claim", source, "strict", { ...CONTEXT, inTarget })).toHaveLength(2);
    expect(findings("grounding/unsupported-claim", source, "strict", { ...CONTEXT, inTarget: () => undefined })).toEqual([]);
    const names = withText(
      "`nix build .#hello`, `nix build .#greet`, `nix run .#default`, `cargo run --bin other -- --bin x`.\n\n`.#static` (new).",
    );
    expect(findings("grounding/unsupported-claim", names)).toEqual([
      "17:14 warning `hello` is in no fact and not in the target",
      "17:81 warning `other` is in no fact and not in the target",
    ]);
    const byHand = source.replace("agent:crq-agent@0.1.0/rules", "human:Ada").replace("```toml facts", "```toml");
    expect(findings("grounding/unsupported-claim", byHand)).toEqual([]);
  });
});
