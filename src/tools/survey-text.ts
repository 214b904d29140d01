import { fence } from "../agent/prompt.ts";
import { reasonOf } from "../crq/facts/contradictions.ts";
import type { CargoProject, DocumentFact, ExistingFlake, Survey } from "../repo/facts.ts";
import type { FlakeGraphs, SurveyDetails } from "./contract.ts";

/** The survey as a model reads it: short, in the order in which a planner needs it. */
export function describeSurvey(details: SurveyDetails): string {
  const { survey, leftOut, draft, policy } = details;
  const parts = [
    `Commit ${survey.head}. System ${details.system}. Default nixpkgs: ${details.nixpkgs}.`,
    describeFiles(survey),
    ...(survey.uncommitted.length > 0 ? [`Not committed, so not part of this copy: ${list(survey.uncommitted, 20)}.`] : []),
    ...(survey.cargo
      ? [describeCargo(survey.cargo, details), ...describeDependencies(survey.cargo)]
      : [
          ...(survey.language ? [describeLanguage(survey.language)] : []),
          `No Cargo project. Other languages seen: ${list(survey.otherLanguages, 10) || "none"}.`,
        ]),
    ...describeNeeds(survey),
    ...describeShownRuns(survey),
    ...(survey.flake
      ? [
          `A flake exists (${survey.flake.path}${describeBuilder(survey.flake)}, ${survey.flake.locked ? "locked" : "not locked"}).\n${fence(survey.flake.path, survey.flake.text)}`,
        ]
      : ["There is no flake yet."]),
    ...(policy
      ? [
          `Input policy: github:${policy.org}/REPO?ref=… with ref matching ${policy.ref}. Forks known: ${
            Object.entries(policy.forks)
              .map(([from, to]) => `${from} → ${to}`)
              .join(", ") || "none"
          }. Exceptions: ${list(policy.exceptions, 10) || "none"}.`,
        ]
      : []),
    ...describeGraphs(details.flakeGraphs),
    ...survey.warnings.map((warning) => `Note: ${warning}`),
    ...describeFacts(details),
    ...(draft && details.clarifications.length > 0
      ? [
          `The person was asked and has answered: ${details.clarifications.map(({ question, answer }) => `${question} ${answer}`).join("; ")}.`,
        ]
      : []),
    ...(draft && Object.keys(details.hashes).length > 0
      ? [
          `sha256 of files that facts may quote: ${Object.entries(details.hashes)
            .map(([path, hash]) => `${path} ${hash}`)
            .join(", ")}.`,
        ]
      : []),
    ...(leftOut.length > 0 ? [`Left out for length: ${list(leftOut, 20)}.`] : []),
    ...(draft
      ? [
          `Frame of the document: id ${draft.id}, branch "feature/${draft.id}-" and a short slug, created ${draft.created}, author "${draft.author}", base "${draft.base}", systems ${JSON.stringify(draft.systems)} (the target's: they are judged, whatever systems a fact lists; what the flake shall offer on others is a criterion)${draft.kind ? `, kind "${draft.kind}"` : ""}. CRQs that exist: ${
            draft.existing.length === 0
              ? "none"
              : `\n${fence(
                  "crqs",
                  draft.existing
                    .slice(-MAX_CRQS)
                    .map(({ id, title, status }) => `${id} ${title} (${status ?? "no status"})`)
                    .join("\n"),
                )}`
          }`,
        ]
      : []),
  ];
  return parts.join("\n\n");
}

/** Where the generator puts what it makes: a draft whose criteria look elsewhere could not be met by it. */
const LATTICE_FORM =
  "The generator writes all of it below the lattice's own folder FOLDER, none at the repository's root: FOLDER/lattice.toml, FOLDER/generated/NAME for each node, and FOLDER/flake.nix, the root that joins them: packages.SYSTEM.NAME is a node, default a folder with a link NAME to each node's output. A flake.nix elsewhere may take them as path:./FOLDER.";

function describeGraphs(graphs: FlakeGraphs | undefined): string[] {
  if (!graphs) return [];
  const { recordings, lattices, crate } = graphs;
  return [
    ...recordings.map(({ folder, steps, programs, problems }) =>
      problems.length > 0
        ? `Step records in ${folder} cannot be built again: ${list(problems, 5)}.`
        : `Step records in ${folder}: ${steps} steps; the last ones make ${list(programs, 8) || "no program"}. Their flakes are ${folder}/stepNNN and ${folder}/flake.nix, whose default package has those programs in bin/.`,
    ),
    ...lattices.map(({ folder, nodes, problems }) =>
      problems.length > 0
        ? `${folder}/lattice.toml cannot be read: ${list(problems, 5)}.`
        : `${folder}/lattice.toml plans ${nodes} nodes.`,
    ),
    ...(crate === undefined
      ? []
      : crate.problem !== undefined
        ? [`The crate in ${crate.folder} cannot be split into nodes: ${crate.problem}`]
        : [
            `The crate in ${crate.folder} splits into ${crate.nodes} nodes${crate.join ? `, the last of which, ${crate.join.name}, joins the others: ${crate.join.program ? "the program" : "the library; programs of the same package get no node"}` : ""}. Left out of nodes: ${list(crate.leftOut, 8) || "nothing else"}. ${LATTICE_FORM}`,
          ]),
  ];
}

/**
 * A drafter needs the repository's own facts too, to quote them, under the ids that they keep in the document. Whoever applies a CRQ has the
 * files before them, and its facts are named there: a second F-1 would be another one.
 */
function describeFacts({ facts, repositoryFacts, contradictions, draft }: SurveyDetails): string[] {
  const quotable = draft ? [...facts, ...repositoryFacts] : facts;
  const lines = quotable.map(
    (fact) =>
      `${draft ? `${fact.id} ` : ""}${fact.source}:${fact.line} sha256=${fact.sha256}${fact.key ? ` [${fact.key} = ${fact.value ?? ""}]` : ""}\n   claim: ${fact.claim}\n   quote: ${fact.quote}`,
  );
  const against = contradictions.map(({ key, sides, about }) => {
    const said = sides.map((side) => `${side.id} (${side.source}:${side.line}) says ${saying(side)}`).join("; ");
    const why = reasonOf(about);
    return `${key}: ${said}${why === undefined ? "" : `; ${why}`}`;
  });
  return [
    ...(lines.length > 0 ? [`Facts from the documents and files:\n${fence("documents", lines.join("\n"))}`] : []),
    ...(draft && against.length > 0
      ? [
          `These facts contradict each other. Each becomes a question in section 9 that names its key and the files of both sides; one that this change does not touch, or that the wish itself decides, is set aside in section 10 by its key:\n${fence("contradictions", against.join("\n"))}`,
        ]
      : []),
  ];
}

/** The value where it speaks for itself, else the claim. */
const saying = ({ key, value, claim }: DocumentFact): string =>
  value !== undefined && /^(?:inputs|rust|builder|command)\b/.test(key ?? "") ? value : claim;

/** Paths at a glance; a large repository is listed by its folders. */
function describeFiles(survey: Survey): string {
  if (survey.filesTotal <= MAX_PATHS) return `Files: ${survey.files.join(", ")}.`;
  const folders = new Map<string, number>();
  for (const path of survey.files) {
    const slash = path.indexOf("/");
    const key = slash < 0 ? path : `${path.slice(0, slash)}/`;
    folders.set(key, (folders.get(key) ?? 0) + 1);
  }
  const shown = [...folders].map(([key, count]) => (key.endsWith("/") ? `${key} (${count})` : key));
  return `${survey.filesTotal} files: ${list(shown, MAX_PATHS)}. list_files shows more.`;
}

const MAX_PATHS = 60;
/** The newest are the likeliest to matter. */
const MAX_CRQS = 40;

function describeCargo(cargo: CargoProject, details: SurveyDetails): string {
  const packages = cargo.packages.map((pkg) => {
    const does = [
      ...pkg.binaries.map(
        (binary) =>
          `binary ${binary.name} (${binary.path})${binary.answers.map((a) => `; \`${[binary.name, ...a.arguments].join(" ")}\` prints /${a.stdout}/ (${a.source})`).join("")}`,
      ),
      ...(pkg.library ? ["library"] : []),
      ...(pkg.buildScript ? [`build script ${pkg.buildScript}`] : []),
      pkg.hasTests ? "has tests" : "has no tests",
      ...(pkg.rustVersion ? [`needs Rust ${pkg.rustVersion}`] : []),
    ];
    return `- ${pkg.name} ${pkg.version} in ${pkg.directory}: ${does.join("; ") || "nothing to build"}`;
  });
  const { lock } = cargo;
  const external = lock.crates.filter((crate) => crate.source !== undefined);
  const git = external.filter((crate) => crate.source?.kind === "git");
  const lockText =
    lock.state === "present"
      ? `Cargo.lock (version ${lock.version ?? "?"}): ${external.length} external crates${
          git.length > 0
            ? `, ${git.length} from git (${list(
                git.map((crate) => crate.name),
                8,
              )})`
            : ""
        }`
      : `Cargo.lock is ${lock.state}${lock.problem ? ` (${lock.problem})` : ""}${withoutLock(lock.state, details)}`;
  const toolchain = cargo.toolchainFile
    ? `\nToolchain file ${cargo.toolchainFile.path}: channel ${cargo.toolchainFile.channel}`
    : "";
  return `Cargo ${cargo.workspace ? "workspace" : "package"} in ${cargo.root === "." ? "the repository root" : cargo.root}. ${lockText}.${toolchain}\n${packages.join("\n")}`;
}

/** What a lock that git does not have means for a build, and what can be done about it. */
function withoutLock(state: "missing" | "ignored" | "invalid", { survey, yes, draft }: SurveyDetails): string {
  if (state === "invalid") return "";
  const by = survey.ignored.find(({ path }) => path === "Cargo.lock" || path.endsWith("/Cargo.lock"))?.by;
  const line =
    state === "ignored" ? `. Git does not see it before ${by ? `${by.file}:${by.line}` : "the line"} that hides it is gone` : "";
  const next = yes
    ? "cargo makes one as soon as a build asks for it"
    : draft
      ? "the change has to add one, which a person lets cargo make (`--yes`)"
      : "a person has to commit one or allow that cargo makes it (`--yes`)";
  const barred = draft ? "" : ". Where the request lets no change add it, call give_up with reason lock-file-missing";
  return `: the versions and checksums of the crates stand nowhere, and no build by Nix goes without them; ${next}${line}${barred}`;
}

/** What the manifests name, with the line that does; crates of the workspace itself are listed as packages. */
function describeDependencies({ dependencies = [], packages, lock }: CargoProject): string[] {
  const own = new Set(packages.map(({ directory }) => directory));
  const outside = dependencies.filter(({ path }) => path !== undefined && !own.has(path));
  const external = dependencies.filter(({ path }) => path === undefined);
  const versions = Map.groupBy(lock.crates, ({ name }) => name);
  const shown = external.map(({ name, source }) => {
    const [only, ...others] = versions.get(name) ?? [];
    return `${name}${only && others.length === 0 ? ` ${only.version}` : ""} (${source})`;
  });
  return [
    ...(outside.length > 0
      ? [
          `Path dependencies outside the workspace: ${list(
            outside.map((each) => `${each.name} in ${each.path} (${each.source})`),
            20,
          )}.`,
        ]
      : []),
    ...(shown.length > 0 ? [`Crates that the manifests name: ${list(shown, MAX_CRATES)}.`] : []),
  ];
}

/** Direct ones; those below them stand in Cargo.lock. */
const MAX_CRATES = 40;

function describeNeeds(survey: Survey): string[] {
  const native = survey.nativeNeeds.map(
    (need) =>
      `- ${need.reason}: nativeBuildInputs ${JSON.stringify(need.nativeBuildInputs)}, buildInputs ${JSON.stringify(need.buildInputs)}${Object.keys(need.environment).length > 0 ? `, environment ${JSON.stringify(need.environment)}` : ""}${need.runtimeLibraries ? `, opened at run time (rpath or wrapper) ${JSON.stringify(need.runtimeLibraries)}` : ""}`,
  );
  const files = survey.neededFiles.map((file) => `- ${file.path} (by ${file.neededBy}${file.exists ? "" : "; does not exist"})`);
  return [
    ...(native.length > 0 ? [`Native needs:\n${native.join("\n")}`] : []),
    ...(files.length > 0 ? [`Files read at compile time:\n${files.slice(0, 40).join("\n")}`] : []),
  ];
}

const MAX_SHOWN_RUNS = 8;

function describeShownRuns({ shownRuns = [] }: Survey): string[] {
  const runs = shownRuns
    .slice(0, MAX_SHOWN_RUNS)
    .map(
      ({ source, line, program, arguments: words, stdin, stdout }) =>
        `${source}:${line} ${JSON.stringify([program, ...words])}${stdin === undefined ? "" : ` with stdin ${JSON.stringify(stdin)}`} prints ${JSON.stringify(stdout)}`,
    );
  return runs.length === 0
    ? []
    : [`Runs that documents show; a criterion of kind run can hold the program to them:\n${fence("documents", runs.join("\n"))}`];
}

const list = (items: readonly string[], most: number): string =>
  items.slice(0, most).join(", ") + (items.length > most ? ` and ${items.length - most} more` : "");

/** What the build's description of a project in another language says. */
function describeLanguage({ name, file, reading, facts }: NonNullable<Survey["language"]>): string {
  const known = list(
    facts.map(({ fact, source }) => (source === undefined ? fact : `${fact} (${source})`)),
    MAX_LANGUAGE_FACTS,
  );
  const problem = reading.kind === "unclear" ? ` The build is not understood: ${reading.problem}.` : "";
  return `${name} project${file === undefined ? "" : ` (${file})`}.${known === "" ? "" : ` Known: ${known}.`}${problem}`;
}

const MAX_LANGUAGE_FACTS = 40;

const describeBuilder = ({ builder, otherBuilder }: ExistingFlake): string => {
  const name = builder ?? otherBuilder;
  return name === undefined ? "" : `, builder ${name}`;
};
