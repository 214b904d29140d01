import { test } from "vitest";
import type { DiagnosisFacts } from "../../../../src/nix/diagnosis.ts";
import { check, withArguments } from "./code-cases.ts";

const missing = (library: string): DiagnosisFacts => ({ kind: "runtime-library", library });
const before = '        version = "1.0.0";';

test("the installed programs find a library that they open by its name", () =>
  check(
    [
      {
        about: "after the fixup, which would take the folder out again",
        facts: missing("libsqlite3.so.0"),
        before,
        after: `${before}
        postFixup = ''
          # libsqlite3.so.0 is opened by its name when the program runs: no linker knows of it.
          for program in $out/bin/*; do
            if [ -f "$program" ] && isELF "$program"; then
              patchelf --add-rpath \${pkgs.lib.makeLibraryPath [ pkgs.sqlite ]} "$program"
            fi
          done
        '';`,
      },
      {
        about: "on Linux alone, where the flake is for others too",
        facts: missing("libvulkan.so.1"),
        before: '        meta.platforms = [ "aarch64-darwin" ];',
        after: `        meta.platforms = [ "aarch64-darwin" ];
        postFixup = pkgs.lib.optionalString pkgs.stdenv.hostPlatform.isLinux ''
          # libvulkan.so.1 is opened by its name when the program runs: no linker knows of it.
          for program in $out/bin/*; do
            if [ -f "$program" ] && isELF "$program"; then
              patchelf --add-rpath \${pkgs.lib.makeLibraryPath [ pkgs.vulkan-loader ]} "$program"
            fi
          done
        '';`,
      },
      { about: "a library of no row", facts: missing("libours.so.3"), before, after: undefined },
      { about: "a library of macOS", facts: missing("libvulkan.dylib"), before, after: undefined },
      {
        about: "a step after the fixup that a person wrote",
        facts: missing("libvulkan.so.1"),
        before: '        postFixup = "true";',
        after: undefined,
      },
      {
        about: "the tests want it, before anything is installed",
        facts: missing("libvulkan.so.1"),
        more: { excerpt: "test draws ... FAILED\ncannot open shared object file" },
        before,
        after: undefined,
      },
    ],
    withArguments,
  ));
