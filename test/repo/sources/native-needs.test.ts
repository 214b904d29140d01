import { describe, expect, it } from "vitest";
import { distinctNeeds, needsOfBuildScript } from "../../../src/repo/sources/native-needs.ts";
import { rustTokens } from "../../../src/repo/sources/rust-tokens.ts";

const script = (source: string) => needsOfBuildScript({ path: "build.rs", tokens: rustTokens(source) });

describe("needsOfBuildScript", () => {
  it.each([
    ['pkg_config::probe_library("zlib").unwrap();', "zlib"],
    ['pkg_config::Config::new().atleast_version("3").probe("sqlite3").unwrap();', "sqlite"],
    ['use pkg_config::Config; Config::new().cargo_metadata(false).probe("libcurl");', "curl"],
    ['let names = ["libzstd"]; for n in names { pkg_config::probe_library(n).unwrap(); }', "zstd"],
    ['Command::new(std::env::var("PKG_CONFIG").unwrap()).arg("openssl")', "openssl"],
  ])("%s", (source, attribute) => {
    expect(script(source)).toEqual([expect.objectContaining({ nativeBuildInputs: ["pkg-config"], buildInputs: [attribute] })]);
  });

  it("reads link lines and programs", () => {
    expect(script('println!("cargo:rustc-link-lib=dylib=z"); std::process::Command::new("protoc").status();')).toEqual([
      { reason: "build.rs:1 links z", nativeBuildInputs: [], buildInputs: ["zlib"], environment: {} },
      { reason: "build.rs:1 runs protoc", nativeBuildInputs: ["protobuf"], buildInputs: [], environment: {} },
    ]);
  });

  it("keeps a library that only Linux has to Linux", () => {
    expect(script('pkg_config::probe_library("alsa").unwrap();')[0]).toMatchObject({ platform: "linux" });
  });

  it("asks for pkg-config alone where the module's name is computed", () => {
    expect(script("pkg_config::probe_library(&name).unwrap();")).toEqual([
      { reason: "build.rs runs pkg-config", nativeBuildInputs: ["pkg-config"], buildInputs: [], environment: {} },
    ]);
  });

  it("needs nothing for names in comments, or for a script that asks nobody", () => {
    expect(script('// pkg_config::probe_library("zlib")\nfn main() { println!("zlib"); }')).toEqual([]);
  });
});

describe("distinctNeeds", () => {
  it("drops a need that adds nothing", () => {
    const need = { reason: "a", nativeBuildInputs: ["pkg-config"], buildInputs: ["zlib"], environment: {} };
    const more = { ...need, reason: "c", environment: { X: "1" } };
    expect(distinctNeeds([need, { ...need, reason: "b" }, more])).toEqual([need, more]);
  });
});
