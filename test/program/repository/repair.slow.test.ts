import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place, show } from "../place.ts";
import { giveUp, noNix, propose, SYSTEM, script } from "../samples.ts";
import { BY_LOCK, flakeOf, greeter, MAIN, manifestOf, NAME } from "./greeters.ts";

/** Faults of a Rust project's flake, planted into a good one. */

const ATTRIBUTE = `packages.${SYSTEM}.default`;
const USES_OPENSSL = MAIN.replace("fn main() {", "fn main() {\n    assert!(unsafe { openssl_sys::OpenSSL_version_num() } > 0);");

describe.skipIf(noNix !== undefined)("repair of a Rust project", { timeout: 900_000 }, () => {
  it("adds the native library that a crate asks for; with --crq a document says so, lints, and is proven after the merge", async () => {
    const at = await place();
    const repo = await at.repository(greeter({ dependencies: ["openssl-sys"], main: USES_OPENSSL }), NAME);
    const before = await fingerprint(repo);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world, "--crq"]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        outcome: { kind: "done" },
        attributes: [ATTRIBUTE, `checks.${SYSTEM}.parses`],
        broken: [ATTRIBUTE, `checks.${SYSTEM}.parses`],
        diagnosis: { kind: "lock-outdated" },
        repairs: [
          { by: "mechanic", name: "write-lock" },
          { by: "mechanic", name: "add-native-inputs", paths: ["flake.nix"] },
        ],
        proof: { ok: true, report: { gate: { ok: true } } },
        crq: "crqs/CRQ-001-repair-build-of-flake.md",
        turns: 0,
      },
    });
    expect(difference(before, await fingerprint(repo), false).changed).toEqual([]);
    await git(["merge", "--quiet", "feature/CRQ-001-fix-build-of-flake"], { cwd: repo });
    expect(await at.run(["lint", "--profile", "strict"], { cwd: repo })).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("no findings"),
    });
    const verified = await at.json(["verify", "CRQ-001", "--repo", repo, "--world", at.world]);
    expect(verified.document, verified.about).toMatchObject({ ok: true, exit: 0 });
    // A person has not approved it, and it does not say that one did.
    expect(await show(repo, "HEAD:crqs/CRQ-001-repair-build-of-flake.md")).toMatch(/^status = "proposed"$/mu);
  });

  it("writes the new name of an attribute, brings back a Cargo.lock that is ignored, and names what only a person can mend", async () => {
    const at = await place();
    const repo = await at.repository(greeter({ inputs: "nativeBuildInputs = [ pkgs.pkgconfig ];" }), NAME);
    await at.run(["refresh", "--repo", repo, "--world", at.world, "--yes"]);
    const renamed = await at.json(["repair", "--repo", repo, "--world", at.world, "--branch", "renamed"]);
    expect(renamed.document, renamed.about).toMatchObject({
      exit: 0,
      data: { repairs: expect.arrayContaining([expect.objectContaining({ name: "rename-attribute" })]) },
    });
    await git(["merge", "--quiet", "renamed"], { cwd: repo }).catch(async () => {
      await rm(join(repo, "flake.lock"));
      await git(["merge", "--quiet", "renamed"], { cwd: repo });
    });

    await writeFile(join(repo, ".gitignore"), "/target\nCargo.lock\n");
    await git(["rm", "--cached", "--quiet", "Cargo.lock"], { cwd: repo });
    await commitAll(repo, "no lock");
    const asks = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(asks.document, asks.about).toMatchObject({
      exit: 5,
      data: { outcome: { kind: "question", detail: expect.stringContaining(".gitignore:2: Cargo.lock") } },
    });
    const tracked = await at.json(["repair", "--repo", repo, "--world", at.world, "--yes", "--branch", "tracked"]);
    expect(tracked.document, tracked.about).toMatchObject({
      exit: 0,
      data: { repairs: [{ name: "track-files", paths: ["Cargo.lock"] }], handOver: { branch: "tracked" } },
    });

    await git(["reset", "--quiet", "--hard", "tracked"], { cwd: repo });
    await writeFile(join(repo, "src/main.rs"), "fn main() { this is wrong }\n");
    await commitAll(repo, "wrong");
    const before = await fingerprint(repo);
    const wrong = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(wrong.document, wrong.about).toMatchObject({
      ok: false,
      exit: 20,
      data: {
        outcome: { kind: "gave-up", reason: "source-needs-patch" },
        diagnosis: { kind: "compile-error", position: { file: "src/main.rs", line: 1 } },
        remaining: { kind: "compile-error" },
        repairs: [],
        handOver: { form: "nothing" },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("asks a model only after the rules, and hands over nothing that builds because it checks less", async () => {
    const at = await place();
    const failing = MAIN.replace("1 + 1, 2", "1 + 1, 3");
    const repo = await at.repository(greeter({ main: failing }), NAME);
    const model = join(at.folder, "model.json");
    const unchecked = flakeOf(`${BY_LOCK}\n        doCheck = false;`);
    await writeFile(
      model,
      script(
        { call: [propose({ path: "flake.nix", create: unchecked })] },
        { text: "It builds." },
        { call: [giveUp("source-needs-patch", "The test is wrong.")], expect: { contains: ["weakening"] } },
      ),
    );
    const before = await fingerprint(repo);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`]);
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 20,
      data: {
        outcome: { kind: "gave-up", reason: "source-needs-patch", detail: "The test is wrong." },
        handOver: { form: "nothing" },
        proof: { ok: false },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    const names = (await at.journal()).flatMap((event) =>
      event.type === "phase" && event.phase === "loop" ? [event.detail] : [],
    );
    expect(names).toEqual(["apply", "apply-otherwise"]);
  });

  it("is not done where a model switches the tests off in Cargo.toml", async () => {
    const at = await place();
    const repo = await at.repository(greeter({ main: MAIN.replace("1 + 1, 2", "1 + 1, 3") }), NAME);
    const model = join(at.folder, "model.json");
    const untested = manifestOf([], "1.0.0", `[[bin]]\nname = "${NAME}"\npath = "src/main.rs"\ntest = false\n`);
    await writeFile(
      model,
      script(
        { call: [propose({ path: "Cargo.toml", create: untested })] },
        { text: "It builds." },
        { call: [giveUp("source-needs-patch", "The test is wrong.")], expect: { contains: ["weakening", "at Cargo.toml:"] } },
      ),
    );
    const before = await fingerprint(repo);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`]);
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 20,
      data: {
        outcome: { kind: "gave-up", detail: "The test is wrong." },
        handOver: { form: "nothing" },
        proof: { ok: false },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("is not done where a model takes a phase away, and is where it mends that phase", async () => {
    const at = await place();
    const smoke = (version: string): string => `${BY_LOCK}
        doInstallCheck = true;
        installCheckPhase = "$out/bin/${NAME} --version | grep -qx '${NAME} ${version}'";
        postInstall = "install -Dm644 README.md $out/share/doc/README.md";`;
    const repo = await at.repository({ ...greeter({ flake: flakeOf(smoke("9.0.0")) }), "README.md": "# hallo\n" }, NAME);
    const scripted = async (name: string, text: string): Promise<string> => {
      const file = join(at.folder, `${name}.json`);
      await writeFile(file, text);
      return `scripted:${file}`;
    };
    const repaired = (model: string) =>
      at.json(["repair", "--repo", repo, "--world", at.world, "--model", model, "--branch", "mended"]);
    const drops = await repaired(
      await scripted(
        "drops",
        script(
          { call: [propose({ path: "flake.nix", create: flakeOf(BY_LOCK) })] },
          { text: "It builds." },
          {
            call: [giveUp("source-needs-patch", "The version is wrong.")],
            expect: { contains: ["phase removed (packages.", "installCheckPhase", "postInstall"] },
          },
        ),
      ),
    );
    expect(drops.document, drops.about).toMatchObject({
      ok: false,
      exit: 20,
      data: {
        outcome: { kind: "gave-up", detail: "The version is wrong." },
        handOver: { form: "nothing" },
        proof: { ok: false },
      },
    });
    const mends = await repaired(
      await scripted(
        "mends",
        script({ call: [propose({ path: "flake.nix", create: flakeOf(smoke("1.0.0")) })] }, { text: "It builds." }),
      ),
    );
    expect(mends.document, mends.about).toMatchObject({
      exit: 0,
      data: { outcome: { kind: "done" }, handOver: { branch: "mended" } },
    });
  });
});
