import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawFrom } from "../src/evals/draw.ts";
import { PLANTERS, plant } from "../src/evals/faults/all.ts";
import type { GoodRepository, Planter } from "../src/evals/faults/fault.ts";
import { type CorpusEntry, manifestSchema } from "../test/nix/diagnose/corpus/entries.ts";
import { STYLES, type Style } from "../test/rules/generated/good-flakes.ts";
import { GOOD_SHAPES, goodDraft } from "../test/rules/generated/good-repositories.ts";
import { FORMATS, type Format, isOld, runBuild } from "./corpus/run-nix.ts";
import { anonymous, shorten } from "./corpus/shorten.ts";
import { type FaultsPlace, openFaultsPlace } from "./faults/place.ts";
import { makeGood, writePlanted, writeRepository } from "./faults/repositories.ts";

/**
 * Records the corpus of labelled logs: `node scripts/corpus.ts --seed SEED [--nix FOLDER/bin] [--format F]… [--planter NAME]… [--good N]`.
 * Faults are planted into repositories that build, and really run. The hash of a file's name decides whether it goes to `open/` or to
 * `holdout/`; of the latter nothing is printed. Other versions of Nix come from scripts/corpus/nix-of-suite.sh.
 */

const CORPUS = join(import.meta.dirname, "../test/nix/diagnose/corpus");
const HOLDOUT_PERCENT = 30;

interface Options {
  readonly seed: string;
  readonly nix: string | undefined;
  readonly formats: readonly Format[];
  readonly planters: readonly string[];
  /** How many repositories the faults are spread over. */
  readonly good: number;
}

function readOptions(args: readonly string[]): Options {
  const values = (name: string): string[] => args.flatMap((arg, at) => (arg === name ? [args[at + 1] ?? ""] : []));
  const formats = values("--format").map((given) => {
    const known = FORMATS.find((one) => one === given);
    if (known === undefined) throw new Error(`--format ${given}: there are ${FORMATS.join(", ")}`);
    return known;
  });
  const [seed] = values("--seed");
  if (seed === undefined) throw new Error("--seed SEED is missing: the same seed records the same faults");
  return {
    seed,
    nix: values("--nix")[0],
    formats: formats.length > 0 ? formats : ["internal-json"],
    planters: values("--planter"),
    good: Number(values("--good")[0] ?? 5),
  };
}

const isHoldout = (name: string): boolean => createHash("sha256").update(name).digest().readUInt16BE(0) % 100 < HOLDOUT_PERCENT;

/** Made with the prefix's Nix, and built once more with the one that records. */
async function goodRepositories(
  place: FaultsPlace,
  { seed, good }: Options,
): Promise<readonly (GoodRepository & { style: Style })[]> {
  const draw = drawFrom(`${seed} repositories ${place.nixVersion}`);
  const maker = options.nix === undefined ? place : await openFaultsPlace();
  const styles = draw.some(STYLE_NAMES, STYLE_NAMES.length);
  const made: (GoodRepository & { style: Style })[] = [];
  for (let count = 0; count < good; count += 1) {
    const style = styles[count % styles.length];
    if (style === undefined) break;
    const shape = GOOD_SHAPES[(count + draw.number(2)) % GOOD_SHAPES.length] ?? "plain binary";
    const draft = goodDraft(shape, style, `${seed}-${count}`, place.supply.system);
    const repository = readable(await makeGood(maker.nix, draft, join(maker.base, `good-${count}`)), place.nixVersion);
    const directory = join(place.base, `good-${count}`);
    await writeRepository(directory, repository.files);
    const said = await runBuild(place, directory, repository.attribute, "plain");
    if (said.failed) throw new Error(`${draft.about} does not build with Nix ${place.nixVersion}: ${said.log.slice(-2000)}`);
    made.push({ ...repository, style });
  }
  if (maker !== place) await maker.close();
  return made;
}

/** Old versions take an input's time from the unpacked archive, new ones from its commit: a lock that does not name it suits both. */
function readable(repository: GoodRepository, nixVersion: string): GoodRepository {
  const lock = repository.files["flake.lock"];
  if (lock === undefined || !isOld(nixVersion)) return repository;
  return { ...repository, files: { ...repository.files, "flake.lock": lock.replace(/ *"lastModified": \d+,\n/gu, "") } };
}

/** Planters whose edits Nix of before 2.10 refuses for another reason: the world's `lib.fileset` reads the store, which pure evaluation forbade then. */
const NOT_FOR_OLD = new Set(["filtered-text", "filtered-queries", "member-left-out"]);

const WORLD = join(import.meta.dirname, "../evals/world");
const STYLE_NAMES = (Object.keys(STYLES) as Style[]).filter(
  (style) => STYLES[style].builder !== "crane" || existsSync(join(WORLD, "github/ipetkov/crane")),
);

async function record(
  place: FaultsPlace,
  planter: Planter,
  repositories: readonly GoodRepository[],
  format: Format,
  seed: string,
): Promise<"open" | "holdout" | string> {
  const draw = drawFrom(`${seed} ${planter.name} ${format} ${place.nixVersion}`);
  for (const good of draw.some(repositories, repositories.length)) {
    const planted = plant(planter, good, draw, place.supply);
    if (!planted) continue;
    const flake = join(place.base, "planted");
    await rm(flake, { recursive: true, force: true });
    await writePlanted(flake, good, planted);
    const said = await runBuild(place, flake, planted.fails ?? good.attribute, format, planted.options);
    if (!said.failed) return `builds although planted (${good.builder}): ${planted.what}`;
    const name = `${planter.name}.${place.nixVersion}.${format}.${seed}.log`;
    const folder = isHoldout(name) ? "holdout" : "open";
    const entry: CorpusEntry = {
      file: name,
      label: planter.label,
      row: planter.row,
      planter: planter.name,
      nix: place.nixVersion,
      format,
      builder: good.builder,
      seed,
      ownNames: good.programs.map(({ crate }) => crate),
    };
    await keep(folder, entry, anonymous(shorten(said.log, format), { flake, base: place.base }));
    return folder;
  }
  return "no repository takes it";
}

async function keep(folder: "open" | "holdout", entry: CorpusEntry, log: string): Promise<void> {
  // A recording has its own list, so that two may run at a time.
  const file = join(CORPUS, folder, `${entry.seed}.json`);
  await mkdir(join(CORPUS, folder), { recursive: true });
  const known = existsSync(file) ? manifestSchema.parse(JSON.parse(await readFile(file, "utf8"))) : [];
  const entries = [...known.filter((one) => one.file !== entry.file), entry].sort((a, b) => (a.file < b.file ? -1 : 1));
  await writeFile(join(CORPUS, folder, entry.file), log);
  await writeFile(file, `${JSON.stringify(entries, undefined, 1)}\n`);
}

const options = readOptions(process.argv.slice(2));
const place = await openFaultsPlace(options.nix);
const counts = { open: 0, holdout: 0 };
try {
  console.log(`Nix ${place.nixVersion}, seed ${options.seed}, ${options.formats.join(", ")}`);
  const repositories = await goodRepositories(place, options);
  console.log(repositories.map(({ style, programs }) => `  good: ${style}, ${programs[0]?.crate}`).join("\n"));
  const wanted = PLANTERS.filter(
    ({ name }) =>
      (options.planters.length === 0 || options.planters.includes(name)) && !(isOld(place.nixVersion) && NOT_FOR_OLD.has(name)),
  );
  for (const [index, planter] of wanted.entries()) {
    // One format each, in turn: many faults in all formats together, not all faults in each.
    const format = options.formats[index % options.formats.length] ?? "internal-json";
    const went = await record(place, planter, repositories, format, options.seed);
    if (went === "open" || went === "holdout") counts[went] += 1;
    else console.log(`  ${planter.name}: ${went}`);
  }
} finally {
  await place.close();
}
console.log(`recorded: ${counts.open} open, ${counts.holdout} holdout`);
