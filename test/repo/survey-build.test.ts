import { describe, expect, it } from "vitest";
import { survey } from "../../src/repo/survey.ts";
import { repositoryWith } from "./tree-on-disk.ts";

const look = async (files: Readonly<Record<string, string>>) => survey(await repositoryWith(files), { ref: "HEAD" });

const MANIFEST = '[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n';
const MAIN = { "src/main.rs": "fn main() {}\n" };
const SOURCE = 'source = "registry+https://example.org/index"\n';

describe("survey of Cargo's configuration", () => {
  it("finds replaced sources, and the linker that the build must find", async () => {
    const found = await look({
      "Cargo.toml": MANIFEST,
      ...MAIN,
      ".cargo/config.toml":
        '# cargo vendor\n[source.crates-io]\nreplace-with = "vendored-sources"\n[source.vendored-sources]\ndirectory = "vendor"\n[target.x86_64-unknown-linux-gnu]\nlinker = "clang"\nrustflags = ["-C", "link-arg=-fuse-ld=mold"]\n',
      "vendor/memchr/Cargo.toml": '[package]\nname = "memchr"\nversion = "2.0.0"\n',
    });
    expect(found.cargo?.vendored).toEqual({ source: ".cargo/config.toml:3", directory: "vendor", tracked: true });
    expect(found.nativeNeeds.map(({ reason, nativeBuildInputs }) => [reason, nativeBuildInputs])).toEqual([
      [".cargo/config.toml:8 links with mold", ["mold"]],
      [".cargo/config.toml:7 links with clang", ["clang"]],
    ]);
  });
});

describe("survey of CI", () => {
  it("names the lines that run nextest, deny warnings and check the format, and no comment", async () => {
    const found = await look({
      "Cargo.toml": MANIFEST,
      ...MAIN,
      ".github/workflows/ci.yml":
        "jobs:\n  test:\n    steps:\n      # - run: cargo fmt --check\n      - run: cargo +stable nextest run\n      - run: cargo clippy --all -- -D warnings\n      - run: cargo fmt --all -- --check\n",
    });
    expect(found.ci).toEqual({
      nextest: ".github/workflows/ci.yml:5",
      clippyDenied: ".github/workflows/ci.yml:6",
      formatting: ".github/workflows/ci.yml:7",
      files: [".github/workflows/ci.yml"],
    });
  });

  it("takes what contributors are told to run where CI says nothing, but not the nextest that they may choose", async () => {
    const found = await look({
      "Cargo.toml": MANIFEST,
      ...MAIN,
      "README.md": "# app\n\nUse `cargo nextest run` if you like. Run `cargo clippy --all-targets -- -D warnings` first.\n",
      "docs/CONTRIBUTING.md": "`cargo fmt --check` must pass.\n",
      "notes.md": "`cargo fmt --check`\n",
    });
    expect(found.ci).toEqual({ clippyDenied: "README.md:3", formatting: "docs/CONTRIBUTING.md:1", files: [] });
  });

  it("says nothing where there is no CI, and knows nextest by its configuration", async () => {
    expect((await look({ "Cargo.toml": MANIFEST, ...MAIN })).ci).toBeUndefined();
    const found = await look({ "Cargo.toml": MANIFEST, ...MAIN, ".config/nextest.toml": "[profile.ci]\nretries = 1\n" });
    expect(found.ci).toEqual({ nextest: ".config/nextest.toml:1", files: [".config/nextest.toml"] });
  });
});

describe("survey of what a build wants from outside", () => {
  it("finds who asks for the commit and who downloads, with the way around it", async () => {
    const locked = ["vergen", "utoipa-swagger-ui", "ort-sys"];
    const found = await look({
      "Cargo.toml": `${MANIFEST}[dependencies]\nutoipa-swagger-ui = "1"\n[build-dependencies]\nvergen = "1"\n[target.'cfg(windows)'.dependencies]\nort-sys = "1"\n`,
      "Cargo.lock": `version = 3\n[[package]]\nname = "app"\nversion = "1.0.0"\ndependencies = ${JSON.stringify(locked)}\n${locked.map((name) => `[[package]]\nname = "${name}"\nversion = "1.0.0"\n${SOURCE}`).join("")}`,
      "build.rs":
        'fn main() {\n    std::process::Command::new("git").arg("describe").output().unwrap();\n    std::process::Command::new("curl").status().unwrap();\n}\n',
      ...MAIN,
    });
    expect(found.gitMetadata).toEqual([
      { by: "vergen", source: "Cargo.lock:7", variables: ["VERGEN_IDEMPOTENT", "VERGEN_GIT_SHA", "VERGEN_GIT_DESCRIBE"] },
      { by: "git", source: "build.rs:2", variables: [] },
    ]);
    expect(found.buildDownloads?.map(({ by, source }) => [by, source])).toEqual([
      ["utoipa-swagger-ui", "Cargo.lock:11"],
      ["curl", "build.rs:3"],
    ]);
    expect(found.warnings[0]).toContain("utoipa-swagger-ui (Cargo.lock:11) downloads while it builds, which the sandbox forbids");
  });
});

describe("survey of files that macros and tests read", () => {
  it("finds embedded folders, migrations, templates, definitions and fixtures, each with its reader", async () => {
    const found = await look({
      "Cargo.toml": `${MANIFEST}[dependencies]\naskama = "0.14"\n`,
      "build.rs": 'fn main() { tonic_build::configure().compile_protos(&["api/v1/a.proto"], &["api"]).unwrap(); }\n',
      "src/main.rs":
        '#[derive(RustEmbed)]\n#[folder = "web/dist"]\nstruct Assets;\nstatic D: Dir = include_dir!("$CARGO_MANIFEST_DIR/data");\nfn main() { sqlx::migrate!("./db"); }\n',
      "tests/cli.rs":
        'fn f() { std::fs::read("samples/a.json"); std::fs::read("samples/none.json"); let lib = "src/main.rs"; }\n',
      "tests/fixtures/deep/x.txt": "",
      "tests/plain.txt": "",
      "src/snapshots/app__a.snap": "",
      "api/v1/a.proto": "",
      "web/dist/index.html": "",
      "data/x.bin": "",
      "db/1.sql": "",
      "samples/a.json": "",
      "templates/base.html": "",
    });
    expect(found.neededFiles).toEqual([
      { path: "web/dist", neededBy: "src/main.rs:2", exists: true },
      { path: "data", neededBy: "src/main.rs:4", exists: true },
      { path: "db", neededBy: "src/main.rs:5", exists: true },
      { path: "api/v1/a.proto", neededBy: "build.rs:1 names it", exists: true },
      { path: "templates", neededBy: "by askama", exists: true },
      { path: "samples/a.json", neededBy: "tests/cli.rs:1", exists: true, for: "tests" },
      { path: "src/snapshots", neededBy: "tests, by convention", exists: true, for: "tests" },
      { path: "tests/fixtures", neededBy: "tests, by convention", exists: true, for: "tests" },
      { path: "tests/plain.txt", neededBy: "tests, by convention", exists: true, for: "tests" },
    ]);
  });
});

describe("survey of a package's other facts", () => {
  it("keeps addresses and examples", async () => {
    const found = await look({
      "Cargo.toml": `${MANIFEST}homepage = "https://example.org"\nrepository = "https://example.org/app"\n[[example]]\nname = "tour"\npath = "demo/tour.rs"\n`,
      ...MAIN,
      "examples/hello.rs": "fn main() {}\n",
      "examples/big/main.rs": "fn main() {}\n",
    });
    expect(found.cargo?.packages[0]).toMatchObject({
      homepage: "https://example.org",
      repository: "https://example.org/app",
      examples: ["big", "hello", "tour"],
    });
  });
});
