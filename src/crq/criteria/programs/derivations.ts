import { readFile } from "node:fs/promises";
import { type DerivationFile, parseDerivationFile } from "../../../nix/derivation-file.ts";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";
import type { BuilderFact } from "../judge/builders/builder-facts.ts";
import { factOfDerivation } from "../judge/builders/derivation-fact.ts";

/** The derivations of the store, each read once. */
export class Derivations {
  readonly #environment: ExecutionEnvironment;
  readonly #files = new Map<string, Promise<DerivationFile | undefined>>();

  constructor(environment: ExecutionEnvironment) {
    this.#environment = environment;
  }

  /** undefined: there is no such derivation. */
  read(drv: string): Promise<DerivationFile | undefined> {
    const known = this.#files.get(drv) ?? this.#load(drv);
    this.#files.set(drv, known);
    return known;
  }

  async #load(drv: string): Promise<DerivationFile | undefined> {
    if (!/^\/nix\/store\/[^/]+\.drv$/.test(drv)) return undefined;
    const text = await readFile(this.#environment.hostPath(drv), "utf8").catch(() => undefined);
    return text === undefined ? undefined : parseDerivationFile(text);
  }

  /** Output paths of the derivations that this one names. */
  async builtFor(file: DerivationFile): Promise<readonly string[]> {
    const inputs = await Promise.all(file.inputDerivations.map((input) => this.read(input)));
    return inputs.flatMap((input) => [...(input?.outputs.values() ?? [])]).filter((path) => path !== "");
  }

  /** What its builder does, whatever the attributes say that an evaluation shows beside it; undefined: there is no such derivation. */
  async builderFact(name: string, drv: string): Promise<BuilderFact | undefined> {
    const file = await this.read(drv);
    return file && factOfDerivation(name, file, await this.builtFor(file));
  }

  /** Which of the `wanted` derivations this one uses itself: what only another of them uses is that one's. */
  async usedBy(drv: string, wanted: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const seen = new Set([drv]);
    for (const next of seen) {
      const file = await this.read(next);
      for (const input of file?.inputDerivations ?? []) (wanted.has(input) ? found : seen).add(input);
    }
    return found;
  }
}
