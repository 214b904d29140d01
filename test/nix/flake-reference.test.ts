import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type FlakeReference,
  formatFlakeReference,
  fromAttributes,
  type InputAttributes,
  isLocal,
  parseFlakeReference,
  sameReference,
} from "../../src/nix/flake-reference.ts";
import { NixPlace } from "./place.ts";

const REV = "0123456789abcdef0123456789abcdef01234567";

test.each<readonly [string, FlakeReference | undefined]>([
  ["github:NixOS/nixpkgs", { type: "github", owner: "NixOS", repo: "nixpkgs" }],
  ["github:NixOS/nixpkgs/nixos-26.05", { type: "github", owner: "NixOS", repo: "nixpkgs", ref: "nixos-26.05" }],
  ["github:o/r/feature/x", { type: "github", owner: "o", repo: "r", ref: "feature/x" }],
  [`github:o/r/${REV}`, { type: "github", owner: "o", repo: "r", rev: REV }],
  ["github:o/r?ref=feature%2Fx&dir=sub", { type: "github", owner: "o", repo: "r", ref: "feature/x", dir: "sub" }],
  ["github:o/r?dir=sub&ref=feature/x", { type: "github", owner: "o", repo: "r", ref: "feature/x", dir: "sub" }],
  ["github:o%2D1/r?host=git.example.org", { type: "github", owner: "o-1", repo: "r", host: "git.example.org" }],
  ["gitlab:group%2Fsub/r", { type: "gitlab", owner: "group/sub", repo: "r" }],
  ["git+https://example.org/r?ref=main&submodules=1", { type: "git", url: "https://example.org/r", ref: "main" }],
  ["git+ssh://git@example.org/r", { type: "git", url: "ssh://git@example.org/r" }],
  ["git+file:///home/x", { type: "git", url: "file:///home/x" }],
  ["path:./sub", { type: "path", path: "./sub" }],
  ["./sub", { type: "path", path: "./sub" }],
  ["../x", { type: "path", path: "../x" }],
  ["/abs", { type: "path", path: "/abs" }],
  ["~/x", { type: "path", path: "~/x" }],
  ["https://example.org/a.tar.gz", { type: "tarball", url: "https://example.org/a.tar.gz" }],
  ["https://example.org/a?x=1", { type: "tarball", url: "https://example.org/a?x=1" }],
  ["tarball+https://example.org/a", { type: "tarball", url: "https://example.org/a" }],
  ["file+https://example.org/a", { type: "file", url: "https://example.org/a" }],
  ["file:///a", { type: "file", url: "file:///a" }],
  ["nixpkgs", { type: "indirect", id: "nixpkgs" }],
  ["flake:nixpkgs/nixos-26.05", { type: "indirect", id: "nixpkgs", ref: "nixos-26.05" }],
  [`nixpkgs/nixos-26.05/${REV}`, { type: "indirect", id: "nixpkgs", ref: "nixos-26.05", rev: REV }],
  ["github:o", undefined],
  ["foo:bar", undefined],
  ["", undefined],
  ["a b", undefined],
])("%s", (text, expected) => {
  expect(parseFlakeReference(text)).toEqual(expected);
});

describe("equality", () => {
  const same = (a: string, b: string): boolean => {
    const [left, right] = [parseFlakeReference(a), parseFlakeReference(b)];
    return left !== undefined && right !== undefined && sameReference(left, right);
  };
  test("owner and repo without case, ref with it; parameters in any order", () => {
    expect([
      same("github:NixOS/nixpkgs/x", "github:nixos/NIXPKGS?ref=x"),
      same("github:o/r?dir=a&ref=b", "github:o/r?ref=b&dir=a"),
      same("github:o/r?host=github.com", "github:o/r"),
      same("github:o/r/X", "github:o/r/x"),
      same("github:o/flake-utils", "github:o/flake-utils-plus"),
      same("git+https://e.org/r", "git+https://e.org/r/"),
      same("github:o/r", "gitlab:o/r"),
    ]).toEqual([true, true, true, false, false, true, false]);
  });
  test("attribute sets, as in flake.nix and in a lock", () => {
    const url = parseFlakeReference("github:o/r?dir=d&ref=main");
    const set = fromAttributes({
      type: "github",
      owner: "o",
      repo: "r",
      ref: "main",
      dir: "d",
      lastModified: 1,
      narHash: "sha256-x",
    });
    expect(url && set && sameReference(url, set)).toBe(true);
    expect(fromAttributes({ url: "github:o/r" })).toEqual({ type: "github", owner: "o", repo: "r" });
    expect(fromAttributes({ flake: false })).toBeUndefined();
  });
});

test("local places", () => {
  const local = ["./x", "../x", "/x", "~/x", "path:/x", "file:///x", "git+file:///x", "tarball+file:///x.tar.gz"];
  const remote = ["github:o/r", "https://example.org/x.tar.gz", "git+ssh://e.org/x", "nixpkgs"];
  const judge = (text: string): boolean => {
    const reference = parseFlakeReference(text);
    return reference !== undefined && isLocal(reference);
  };
  expect([local.map(judge), remote.map(judge)]).toEqual([local.map(() => true), remote.map(() => false)]);
});

test("a locked reference keeps its narHash", () => {
  expect(formatFlakeReference({ type: "github", owner: "o", repo: "r", rev: REV, narHash: "sha256-a/b+c=" })).toBe(
    `github:o/r?rev=${REV}&narHash=sha256-a%2Fb%2Bc%3D`,
  );
});

const word = fc
  .string({ unit: fc.constantFrom(..."abzAZ09-_.é %"), minLength: 1, maxLength: 8 })
  .filter((text) => text.trim() === text && !/^\.+$/u.test(text));
const attributes: fc.Arbitrary<InputAttributes> = fc
  .record(
    { type: fc.constantFrom("github", "gitlab"), owner: word, repo: word, ref: word, dir: word },
    { requiredKeys: ["type", "owner", "repo"] },
  )
  .map((value) => ({ ...value }));

test("what is written is read again", () => {
  fc.assert(
    fc.property(attributes, (value) => {
      expect(parseFlakeReference(formatFlakeReference(value))).toEqual(fromAttributes(value));
    }),
  );
});

test.each([
  "github:o/r?ref=a&ref=b",
  "github:o/r?dir=a&dir=b",
  "github:o/r?re%66=a&ref=b",
  "github:o/r/a?ref=b",
  "github:o/r?ref=b&rev=0123456789abcdef0123456789abcdef01234567",
])("%s is not read in one of two ways", (text) => {
  expect(parseFlakeReference(text)).toBeUndefined();
});

describe("Nix itself", () => {
  let place: NixPlace;
  beforeAll(() => {
    place = new NixPlace();
  });
  afterAll(() => place.close());

  const name = fc
    .string({ unit: fc.constantFrom(..."abzAZ09-_."), minLength: 1, maxLength: 8 })
    .filter((text) => /^[A-Za-z]/u.test(text) && !text.endsWith("."));
  const ref = fc
    .array(fc.string({ unit: fc.constantFrom(..."abzAZ09-_"), minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join("/"))
    .filter((text) => /^[A-Za-z]/u.test(text));
  /** As a person may write it: some letters as they are, some percent-encoded. */
  const written = (text: string, every: number): string =>
    [...text].map((letter, i) => (i % every === 1 ? `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}` : letter)).join("");
  const github = fc
    .record({ owner: name, repo: name, ref: fc.option(ref), dir: fc.option(ref), host: fc.option(fc.constant("github.com")) })
    .chain(({ owner, repo, ref: named, dir, host }) =>
      fc
        .record({ inPath: fc.boolean(), every: fc.integer({ min: 2, max: 9 }), turned: fc.boolean() })
        .map(({ inPath, every, turned }) => {
          const pairs = [
            ...(named !== null && !inPath ? [`ref=${written(named, every)}`] : []),
            ...(dir === null ? [] : [`dir=${written(dir, every)}`]),
            ...(host === null ? [] : [`host=${host}`]),
          ];
          const query = (turned ? pairs.reverse() : pairs).join("&");
          const path = named !== null && inPath ? `/${written(named, every)}` : "";
          return `github:${written(owner, every)}/${written(repo, every)}${path}${query === "" ? "" : `?${query}`}`;
        }),
    );

  test("reads a github reference as it is read here, whatever its order, encoding and form", async () => {
    const texts = fc.sample(github, { numRuns: 300, seed: 9 });
    const flake = await place.flake("references", {
      "flake.nix": `{ outputs = _: { read = map builtins.parseFlakeRef [ ${texts.map((text) => JSON.stringify(text)).join(" ")} ]; }; }\n`,
      "flake.lock": '{"nodes":{"root":{}},"root":"root","version":7}\n',
    });
    const result = await place.nix.evaluate(flake, "read");
    if (!result.ok) throw new Error(result.log);
    const read = result.value as readonly InputAttributes[];
    expect(texts.map((text) => [text, parseFlakeReference(text)])).toEqual(
      read.map((attributes, i) => [texts[i], fromAttributes(attributes)]),
    );
  });
});
