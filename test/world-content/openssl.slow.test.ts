import { describe, expect, test } from "vitest";
import { crate } from "./rust-crate.ts";
import { cannotRun, shipped } from "./shipped.ts";

/** Four builds of a crate with a C library and the crates below it: a minute and a half on two cores. */
describe.skipIf(cannotRun !== undefined)("Rust with OpenSSL in the shipped world", () => {
  const { project, built, failure, run, confined } = shipped();

  test("a crate with OpenSSL needs pkg-config and openssl, says so in its own words, and finds the library at run time", async () => {
    const cwd = await project(
      crate(
        "sealed",
        ["openssl-sys"],
        `packages.\${system} = let quick = more: package ({ buildType = "debug"; doCheck = false; } // more); in {
          default = quick { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.openssl ]; };
          naersk = builder.buildPackage { src = ./.; release = false; };
          neither = quick { };
          bare = builder.buildPackage { src = ./.; release = false; autoCrateSpecificOverrides = false; };
        };`,
        {
          "src/main.rs":
            'fn main() { let s = unsafe { std::ffi::CStr::from_ptr(openssl_sys::OpenSSL_version(0)) }; println!("{}", &s.to_str().unwrap()[..9]); }\n',
        },
      ),
    );
    for (const attribute of ["default", "naersk"]) {
      const out = await built(cwd, attribute);
      expect(await confined(`${out}/bin/sealed`)).toMatchObject({ exit: 0, stdout: "OpenSSL 3\n" });
      const path = await run(cwd, "/host/root/usr/bin/patchelf", "--print-rpath", `${out}/bin/sealed`);
      expect(path.stdout).toMatch(/^\/nix\/store\/[a-z0-9]{32}-openssl-3\.5\/lib:/);
    }
    const neither = await failure(cwd, "neither");
    expect(neither).toContain("Could not find directory of OpenSSL installation");
    expect(neither).toContain("The pkg-config command could not be found.");
    expect(neither).toContain("-sealed-0.3.0.drv' failed with exit code 101");
    expect(await failure(cwd, "bare")).toContain("-sealed-deps-0.3.0.drv' failed with exit code 101");
  });
});
