import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { lacking } from "../host-tools.ts";
import { type Files, place } from "../place.ts";
import { C_PROGRAM, RUST_PROGRAM, withCrates } from "./projects.ts";
import { nixPlace, onMachine, recordFlakes } from "./recorded-build.ts";

/** The project with its flakes tracked, and sources that no earlier run has put into the store. */
const fresh = (files: Files, comment: (text: string) => string, ...sources: readonly string[]): Files => ({
  ...files,
  ".gitignore": String(files[".gitignore"]).replace("/steps\n", ""),
  ...Object.fromEntries(sources.map((path) => [path, `${files[path]}${comment(randomUUID())}\n`])),
});

/** `step-0004-rustc-app` without its number, which is that of the order in which the calls of a parallel build began. */
const names = (built: readonly string[]): readonly string[] =>
  built
    .filter((name) => name !== "source")
    .map((name) => name.replace(/^step-\d+-/u, ""))
    .toSorted();

const append = async (path: string, text: string): Promise<void> => writeFile(path, `${await readFile(path, "utf8")}${text}`);

describe("a recorded build, built by Nix alone", { timeout: 300_000 }, () => {
  it.skipIf(lacking("cc", "cargo", "rustc") !== undefined)("of a Rust program with a crate and a build script", async () => {
    const at = await place();
    const nix = await nixPlace();
    onTestFinished(() => nix.close());
    const project = await at.repository(fresh(RUST_PROGRAM, (text) => `// ${text}`, "build.rs", "src/main.rs"));
    const env = await withCrates(at, "itoa-1.0.18");
    await recordFlakes(at, project, ["cargo", "build", "--offline"], { env });

    const { built, out } = await nix.build(project);
    expect(names(built)).toEqual(expect.arrayContaining(["build-script-app", "rustc-app", "rustc-build_script_build", "steps"]));
    const recorded = await onMachine(at, project, ["target/debug/app"]);
    expect(await nix.run([`${out}/bin/app`])).toMatchObject({ exit: 0, stdout: recorded.stdout });
    expect(recorded.stdout).toBe("hi hello there 3\n");

    await append(join(project, "src/main.rs"), "// changed\n");
    expect(names((await nix.build(project)).built)).toEqual(["rustc-app", "steps"]);
    await writeFile(join(project, "words.txt"), `${randomUUID()}\n`);
    expect(names((await nix.build(project)).built)).toEqual(["build-script-app", "rustc-app", "steps"]);
  });

  it.skipIf(lacking("cc", "ar", "make") !== undefined)("of a C program by make", async () => {
    const at = await place();
    const nix = await nixPlace();
    onTestFinished(() => nix.close());
    const sources = ["gen.c", "look.c", "twice.c", "main.c"];
    const project = await at.repository(fresh(C_PROGRAM, (text) => `// ${text}`, ...sources));
    await recordFlakes(at, project, ["make", "-j2"]);

    const { built, out } = await nix.build(project);
    const all = ["ar-libtable.a", "cc-app", "cc-gen", "cc-look.o", "cc-main.o", "cc-twice.o", "gen-table.h", "steps"];
    expect(names(built)).toEqual(all);
    const recorded = await onMachine(at, project, ["./app"]);
    expect(await nix.run([`${out}/bin/app`])).toMatchObject({ exit: 0, stdout: recorded.stdout });
    expect(recorded.stdout).toBe("18 1 2\n");

    await append(join(project, "twice.c"), "int more;\n");
    expect(names((await nix.build(project)).built)).toEqual(["ar-libtable.a", "cc-app", "cc-twice.o", "steps"]);
  });
});
