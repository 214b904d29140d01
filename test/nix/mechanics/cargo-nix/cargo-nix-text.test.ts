import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { staleCrates } from "../../../../src/nix/mechanics/cargo-nix/cargo-nix-text.ts";

interface Crate {
  readonly name: string;
  readonly version: string;
}

const cargoNix = (crates: readonly Crate[]): string =>
  `{ }: { internal.crates = {\n${crates
    .map(({ name, version }) => `"${name}" = rec {\n  crateName = "${name}";\n  version = "${version}";\n  edition = "2021";\n};`)
    .join("\n")}\n}; }`;

/** The project's crate `app` with these dependencies, all of them from a registry. */
const cargoLock = (crates: readonly Crate[], further: readonly Crate[] = []): string =>
  [
    "version = 4",
    `[[package]]\nname = "app"\nversion = "1.0.0"\ndependencies = [${crates.map(({ name }) => `\n "${name}",`).join("")}\n]`,
    ...[...crates, ...further].map(
      ({ name, version }) => `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "registry+r"`,
    ),
  ].join("\n\n");

const APP = { name: "app", version: "1.0.0" };
const LEFT = { name: "left", version: "1.0.0" };
const RIGHT = { name: "right", version: "2.0.0" };

describe("staleCrates", () => {
  it("finds a file that fits its lock fresh, though the lock holds a crate that no feature turns on", () => {
    expect(staleCrates(cargoNix([APP, LEFT]), cargoLock([LEFT], [RIGHT]))).toEqual([]);
  });

  it("names what the lock has moved on from, what the project gained, and the project's own new version", () => {
    expect({
      moved: staleCrates(cargoNix([APP, { ...LEFT, version: "0.9.0" }]), cargoLock([LEFT])),
      gained: staleCrates(cargoNix([APP, LEFT]), cargoLock([LEFT, RIGHT])),
      lost: staleCrates(cargoNix([APP, LEFT, RIGHT]), cargoLock([LEFT])),
      member: staleCrates(cargoNix([APP, LEFT]), `${cargoLock([LEFT])}\n\n[[package]]\nname = "tool"\nversion = "1.0.0"`),
      own: staleCrates(cargoNix([{ ...APP, version: "0.9.0" }, LEFT]), cargoLock([LEFT])),
    }).toEqual({ moved: ["left"], gained: ["right"], lost: ["right"], member: ["tool"], own: ["app"] });
  });

  it("concludes nothing from a lock that does not parse", () => {
    expect(staleCrates(cargoNix([APP]), "<<<<<<< HEAD\n")).toEqual([]);
  });

  const crate = fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/).filter((name) => name !== "app"),
    version: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)).map((parts) => parts.join(".")),
  });
  const crates = fc.uniqueArray(crate, { selector: ({ name }) => name, maxLength: 8 });

  it("is empty for the crates of the lock themselves, and never for one that another version took the place of", () => {
    fc.assert(
      fc.property(crates, fc.nat(), (all, at) => {
        expect(staleCrates(cargoNix([APP, ...all]), cargoLock(all))).toEqual([]);
        const old = all[at % Math.max(1, all.length)];
        if (old === undefined) return;
        const written = all.map((one) => (one === old ? { ...one, version: `1${one.version}` } : one));
        expect(staleCrates(cargoNix([APP, ...written]), cargoLock(all))).toEqual([old.name]);
      }),
    );
  });
});
