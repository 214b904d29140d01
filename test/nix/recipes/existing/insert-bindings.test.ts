import { describe, expect, it } from "vitest";
import { addToBuilders, addVariableToBuilders } from "../../../../src/nix/recipes/existing/insert-bindings.ts";
import { parseNix } from "../nix-command.ts";

const call = (inner: string): string =>
  `{ pkgs }:\n{\n  tool = pkgs.rustPlatform.buildRustPackage {\n    pname = "tool";\n${inner}  };\n}\n`;

describe("addToBuilders", () => {
  it("adds the argument where there is none", async () => {
    const text = addToBuilders(call(""), "buildInputs", ["pkgs.openssl", "pkgs.zlib"]) ?? "";
    expect(text).toBe(call("    buildInputs = [ pkgs.openssl pkgs.zlib ];\n"));
    await parseNix(text);
  });

  it("adds to a list that is there, without repeating", () => {
    expect(addToBuilders(call("    buildInputs = [ pkgs.zlib ];\n"), "buildInputs", ["pkgs.openssl", "pkgs.zlib"])).toBe(
      call("    buildInputs = [ pkgs.zlib pkgs.openssl ];\n"),
    );
  });

  it("serves every call of the file and knows when there is none", () => {
    const two = `[ (pkgs.rustPlatform.buildRustPackage { a = 1; }) (naersk.buildPackage { b = 2; }) ]`;
    expect(addToBuilders(two, "buildInputs", ["pkgs.zlib"])?.match(/buildInputs = \[ pkgs\.zlib \];/g)).toHaveLength(2);
    expect(addToBuilders("{ a = 1; }", "buildInputs", ["pkgs.zlib"])).toBeUndefined();
  });
});

describe("addVariableToBuilders", () => {
  it("adds a variable once", () => {
    const once = addVariableToBuilders(call(""), "OPENSSL_NO_VENDOR", '"1"') ?? "";
    expect(once).toBe(call('    OPENSSL_NO_VENDOR = "1";\n'));
    expect(addVariableToBuilders(once, "OPENSSL_NO_VENDOR", '"1"')).toBe(once);
  });
});
