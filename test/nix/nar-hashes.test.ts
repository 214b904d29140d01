import { expect, test } from "vitest";
import { readNarHashes } from "../../src/nix/questions/nar-hashes.ts";

const PATH = `/nix/store/${"0".repeat(32)}-greet`;
const HASH = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
const HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

test.each([
  ["a list, as Nix did up to 2.18", [{ path: PATH, narHash: HASH, narSize: 1 }]],
  ["an object by path", { [PATH]: { narHash: HASH, narSize: 1 } }],
  ["an object with a version", { version: 2, info: { [PATH.slice("/nix/store/".length)]: { narHash: HASH } } }],
])("reads %s", (_, answer) => {
  expect(readNarHashes(answer)).toEqual({ [PATH]: HEX });
});

test("leaves out what is not told", () => {
  expect(readNarHashes({ [PATH]: null, "/nix/store/b": {}, "/nix/store/c": { narHash: "sha512-nonsense" } })).toEqual({});
  expect(() => readNarHashes("no")).toThrow();
});
