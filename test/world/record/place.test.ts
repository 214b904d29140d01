import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeOf } from "../../../src/world/record/place.ts";

const REVISION = "0123456789abcdef0123456789abcdef01234567";
const at = (url: string, method = "GET"): unknown => placeOf(method, new URL(url));

describe("placeOf", () => {
  test.each([
    ["https://api.github.com/repos/NixOS/nixpkgs/commits/HEAD", { kind: "commit", owner: "NixOS", name: "nixpkgs", ref: "HEAD" }],
    ["https://api.github.com/repos/a/b/commits/release%2F1.0", { kind: "commit", owner: "a", name: "b", ref: "release/1.0" }],
    [`https://github.com/a/b/archive/${REVISION}.tar.gz`, { kind: "archive", owner: "a", name: "b", revision: REVISION }],
    [`https://api.github.com/repos/a/b/tarball/${REVISION}`, { kind: "archive", owner: "a", name: "b", revision: REVISION }],
    [`https://codeload.github.com/a/b/tar.gz/${REVISION}`, { kind: "archive", owner: "a", name: "b", revision: REVISION }],
    ["https://registry.example/api/v1/crates/hex/0.4.3/download", { kind: "crate", name: "hex", version: "0.4.3" }],
    ["https://cdn.example/crates/hex/hex-0.4.3.crate", { kind: "crate", name: "hex", version: "0.4.3" }],
    ["https://data.example/a/b?x=1", { kind: "file", path: "data.example/a/b%3Fx%3D1" }],
    [
      "https://git.example/a/b.git/info/refs?service=git-upload-pack",
      { kind: "git", key: "git.example/a/b", url: "https://git.example/a/b.git" },
    ],
  ])("%s", (url, place) => {
    expect(at(url)).toEqual(place);
  });

  test("an archive by a ref is a file: its top folder is named after the ref", () => {
    expect(at("https://github.com/a/b/archive/refs/tags/v1.tar.gz")).toEqual({
      kind: "file",
      path: "github.com/a/b/archive/refs/tags/v1.tar.gz",
    });
  });

  test.each([
    ["https://me:key@data.example/x", "it names a user"],
    ["https://data.example/x?access_token=k", "`access_token` in its query looks like a credential"],
    ["https://data.example/x?X-Amz-Signature=k", "`X-Amz-Signature` in its query looks like a credential"],
    ["https://data.example/", "its path has an empty part, or one of dots, which no file can be named"],
    ["https://data.example/a//b", "its path has an empty part, or one of dots, which no file can be named"],
    ["https://data.example/a%2F..%2Fb", "a slash in its path is percent-encoded"],
    ["https://data.example/a%00b", "its path holds a control character or a backslash"],
    ["https://data.example/%ff", "its path cannot be decoded"],
    [`https://data.example/${"x".repeat(256)}`, "a part of its path is longer than 255 bytes"],
    ["ftp://data.example/x", "ftp:// is not the web's"],
  ])("%s is kept nowhere", (url, why) => {
    expect(at(url)).toEqual({ kind: "nowhere", why });
  });

  test("what was sent with a body has no place but at a Git host", () => {
    expect(at("https://data.example/x", "POST")).toEqual({ kind: "nowhere", why: "it was sent with POST" });
  });

  test("no URL has a place outside of its folder", () => {
    const part = fc.oneof(fc.constantFrom("..", ".", "%2e%2e", "%2F", "a", "crates", "archive", "%00", "\\"), fc.string());
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.constantFrom("github.com", "api.github.com", "x.example"),
        (parts, host) => {
          const text = `https://${host}/${parts.join("/")}`;
          fc.pre(URL.canParse(text));
          const place = placeOf("GET", new URL(text));
          const names = "path" in place ? place.path.split("/") : "name" in place ? [place.name] : [];
          for (const name of names) expect(["", ".", ".."]).not.toContain(name);
          expect(names.join("")).not.toMatch(/[\0\\]/);
        },
      ),
    );
  });
});
