import { describe, expect, test } from "vitest";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("native libraries and tools of the shipped package set", () => {
  const { project, built, failure, confined } = shipped();

  test("libpq and protoc are found by the crates that want them, and only by those that are given them", async () => {
    const crate = (build: string, main: string): Tree => ({
      "Cargo.toml": '[package]\nname = "uses"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\npq-sys = "*"\n',
      "Cargo.lock": lockFile([{ name: "uses", version: "0.1.0", dependencies: ["pq-sys"] }], closure(["pq-sys"]), 4),
      "build.rs": build,
      "src/main.rs": main,
      "word.proto":
        'syntax = "proto3";\nimport "google/protobuf/timestamp.proto";\nmessage Word { google.protobuf.Timestamp at = 1; }\n',
      "flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
        outputs = { self, nixpkgs }: let
          system = "${host.system}";
          pkgs = nixpkgs.legacyPackages.\${system};
          package = more: pkgs.rustPlatform.buildRustPackage ({ pname = "uses"; version = "0.1.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; buildType = "debug"; doCheck = false; } // more);
        in {
          packages.\${system} = {
            default = package { nativeBuildInputs = [ pkgs.pkg-config pkgs.protobuf ]; buildInputs = [ pkgs.libpq ]; };
            noLibrary = package { nativeBuildInputs = [ pkgs.pkg-config pkgs.protobuf ]; };
            noTool = package { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.libpq ]; };
          };
          checks.\${system}.loader = pkgs.runCommand "loader" { } "test -x \${pkgs.stdenv.cc.bintools.dynamicLinker} && test \\"$(cat \${pkgs.stdenv.cc}/nix-support/dynamic-linker)\\" = \${pkgs.stdenv.cc.bintools.dynamicLinker} && touch $out";
        };
      }`,
    });
    const cwd = await project(
      crate(
        'fn main() {\n    let out = std::env::var("OUT_DIR").unwrap();\n    let done = std::process::Command::new("protoc").arg("--descriptor_set_out").arg(format!("{out}/word")).arg("word.proto").status().expect("failed to spawn protoc");\n    assert!(done.success());\n}\n',
        'static WORD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/word"));\nfn main() { println!("{} {}", unsafe { pq_sys::PQlibVersion() } / 10000, WORD.len() > 20); }\n',
      ),
    );
    expect(await confined(`${await built(cwd, "default")}/bin/uses`)).toMatchObject({ exit: 0, stdout: "17 true\n" });
    expect(await failure(cwd, "noLibrary")).toContain("libpq");
    expect(await failure(cwd, "noTool")).toContain("failed to spawn protoc");
    await built(cwd, `checks.${host.system}.loader`);
  });

  test("libclang is found through bindgenHook and reads the headers that the inputs bring; nasm assembles", async () => {
    const cwd = await project({
      "Cargo.toml": '[package]\nname = "binds"\nversion = "0.1.0"\nedition = "2021"\n',
      "Cargo.lock": 'version = 4\n\n[[package]]\nname = "binds"\nversion = "0.1.0"\n',
      // What bindgen does, without bindgen: loads libclang from the folder of the variable and has it read a header with the variable's flags.
      "build.rs": `use std::ffi::{c_char, c_int, c_uint, c_void, CString};
extern "C" {
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}
fn main() {
    let folder = std::env::var("LIBCLANG_PATH").expect("Unable to find libclang");
    let text = |s: &str| CString::new(s).unwrap();
    let arguments: Vec<CString> = std::env::var("BINDGEN_EXTRA_CLANG_ARGS").unwrap().split_whitespace().map(text).collect();
    let pointers: Vec<*const c_char> = arguments.iter().map(|a| a.as_ptr()).collect();
    unsafe {
        let library = dlopen(text(&format!("{folder}/libclang.so")).as_ptr(), 2);
        assert!(!library.is_null(), "libclang does not load");
        let symbol = |name: &str| dlsym(library, text(name).as_ptr());
        let index: extern "C" fn(c_int, c_int) -> *mut c_void = std::mem::transmute(symbol("clang_createIndex"));
        let parse: extern "C" fn(*mut c_void, *const c_char, *const *const c_char, c_int, *const c_void, c_uint, c_uint) -> *mut c_void =
            std::mem::transmute(symbol("clang_parseTranslationUnit"));
        let count: extern "C" fn(*mut c_void) -> c_uint = std::mem::transmute(symbol("clang_getNumDiagnostics"));
        let unit = parse(index(0, 1), text("wrapper.h").as_ptr(), pointers.as_ptr(), pointers.len() as c_int, std::ptr::null(), 0, 0);
        assert!(!unit.is_null(), "wrapper.h cannot be read");
        assert_eq!(count(unit), 0, "wrapper.h has errors");
    }
}
`,
      "wrapper.h": "#include <stddef.h>\n#include <sys/types.h>\n#include <zlib.h>\nsize_t length(z_stream *stream);\n",
      "src/main.rs": 'fn main() { println!("bound"); }\n',
      "flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
        outputs = { self, nixpkgs }: let
          system = "${host.system}";
          pkgs = nixpkgs.legacyPackages.\${system};
          package = more: pkgs.rustPlatform.buildRustPackage ({ pname = "binds"; version = "0.1.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; buildType = "debug"; doCheck = false; } // more);
        in {
          packages.\${system} = {
            default = package { nativeBuildInputs = [ pkgs.rustPlatform.bindgenHook ]; buildInputs = [ pkgs.zlib ]; };
            noHook = package { buildInputs = [ pkgs.zlib ]; };
            noHeader = package { nativeBuildInputs = [ pkgs.rustPlatform.bindgenHook ]; };
            bare = package { buildInputs = [ pkgs.zlib ]; LIBCLANG_PATH = "\${pkgs.libclang.lib}/lib"; BINDGEN_EXTRA_CLANG_ARGS = ""; };
            assembled = pkgs.runCommandCC "assembled" { nativeBuildInputs = [ pkgs.nasm ]; } ''
              printf 'global answer\\nsection .text\\nanswer:\\n mov eax, 42\\n ret\\nsection .note.GNU-stack noalloc noexec nowrite progbits\\n' >answer.asm
              printf 'int answer(void); int main(void) { return answer(); }\\n' >main.c
              nasm -f elf64 answer.asm && $CC main.c answer.o -o $out
            '';
          };
        };
      }`,
    });
    expect(await confined(`${await built(cwd, "default")}/bin/binds`)).toMatchObject({ exit: 0, stdout: "bound\n" });
    expect(await failure(cwd, "noHook")).toContain("Unable to find libclang");
    expect(await failure(cwd, "noHeader")).toContain("wrapper.h has errors");
    expect(await failure(cwd, "bare")).toContain("wrapper.h has errors");
    if (host.system === "x86_64-linux") expect(await confined(await built(cwd, "assembled"))).toMatchObject({ exit: 42 });
  });
});
