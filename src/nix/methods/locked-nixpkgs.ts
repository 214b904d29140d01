import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exactFragment, formatAttributePath, parseAttributePath } from "../attribute-path.ts";
import { GRACE, type NixAsker, TIMEOUT } from "../call/asker.ts";
import { failed } from "../call/failure.ts";
import { lockedNixpkgs, parseLock } from "../lock.ts";
import type { AttributeFacts, Built, NixFailure, NixResult, RunNixOptions } from "../nix.ts";
import { attributeExpression, readAttributeFacts } from "../questions/nixpkgs-attribute.ts";
import { readBuilt } from "./build-attributes.ts";

/** Questions to the nixpkgs that a flake has locked, whatever the flake itself evaluates to. */

type Located = { readonly ok: true; readonly reference: string; readonly path: readonly string[] } | NixFailure;

async function locate(flakeDirectory: string, attribute: string): Promise<Located> {
  const path = parseAttributePath(attribute);
  if (!path || path.length === 0) {
    return failed(
      "eval",
      `'${attribute}' is no attribute path`,
      "Write names separated by dots, for instance openssl or rustPlatform.bindgenHook.",
    );
  }
  const text = await readFile(join(flakeDirectory, "flake.lock"), "utf8").catch(() => ""); // no file: parseLock says so
  const lock = parseLock(text);
  const reference = lock.ok ? lockedNixpkgs(lock.lock) : undefined;
  if (reference !== undefined) return { ok: true, reference, path };
  return failed(
    "eval",
    "flake.lock holds no nixpkgs",
    "Declare inputs.nixpkgs in flake.nix and let the lock be written; then ask again.",
  );
}

export async function askAttribute(
  asker: NixAsker,
  system: string,
  flakeDirectory: string,
  attribute: string,
  options?: RunNixOptions,
): Promise<NixResult<AttributeFacts>> {
  const located = await locate(flakeDirectory, attribute);
  if (!located.ok) return located;
  const expression = attributeExpression(located.reference, system, located.path);
  const args = ["eval", "--json", "--option", "eval-cache", "false", "--expr", expression];
  const call = { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.evaluate, options } as const;
  return asker.ask(call, (called) => readAttributeFacts(attribute, JSON.parse(called.stdout)));
}

export async function buildAttribute(
  asker: NixAsker,
  system: string,
  flakeDirectory: string,
  attribute: string,
  options?: RunNixOptions,
): Promise<NixResult<Built>> {
  const located = await locate(flakeDirectory, attribute);
  if (!located.ok) return located;
  const installable = `${located.reference}${exactFragment(formatAttributePath(["legacyPackages", system, ...located.path]))}`;
  const args = ["build", "--no-link", "--json", installable];
  const call = { args, cwd: flakeDirectory, stage: "build", timeout: TIMEOUT.build, graceMs: GRACE.build, options } as const;
  return asker.ask(call, (called) => {
    const [built] = readBuilt(called);
    if (!built) throw new Error(`nix build ${installable} named no output`);
    return { installable: attribute, ...built };
  });
}
