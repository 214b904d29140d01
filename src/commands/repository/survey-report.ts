import { plainText } from "../../agent/plain-text.ts";
import type { SurveyData } from "../../jobs/survey/schema.ts";
import { table } from "../../ui/text.ts";

/** A survey for people: one block a subject, each fact with the line it stands on. */
export function surveyReport(data: SurveyData): string {
  const blocks = [
    [`Commit ${data.commit.slice(0, 12)}`],
    languageBlock(data) ?? projectBlock(data),
    toolchainBlock(data),
    lockBlock(data),
    nativeBlock(data),
    filesBlock(data),
    runsBlock(data),
    ciBlock(data),
    outsideBlock(data),
    flakeBlock(data),
    recommendationBlock(data),
    data.warnings.length > 0 ? ["Warnings", ...data.warnings.map((text) => `  ${text}`)] : [],
  ];
  return plainText(
    blocks
      .filter((block) => block.length > 0)
      .map((block) => block.join("\n"))
      .join("\n\n"),
  );
}

type Block = readonly string[];

const indented = (rows: readonly (readonly string[])[]): Block =>
  rows.length === 0
    ? []
    : table(rows.map((row) => ["  ", ...row]))
        .split("\n")
        .map((line) => line.replace(/^ {4}/, "  "));
const at = (source: string | null): string => (source === null ? "" : `(${source})`);
const listed = (names: readonly string[], most = 12): string =>
  names.slice(0, most).join(" ") + (names.length > most ? ` and ${names.length - most} more` : "");

function languageBlock({ language }: SurveyData): Block | undefined {
  if (!language) return undefined;
  const { name, file, problem, facts } = language;
  return [
    `${name} project${file === null ? "" : ` (${file})`}`,
    ...(problem === null ? [] : [`  not understood: ${problem}`]),
    ...indented(facts.map(({ fact, source }) => [fact, at(source)])),
  ];
}

function projectBlock({ project, otherLanguages }: SurveyData): Block {
  if (!project) return [`No Cargo project${otherLanguages.length > 0 ? `; seen: ${otherLanguages.join(", ")}` : ""}`];
  const rows = project.packages.map((pkg) => {
    const programs = pkg.programs.map(
      ({ name, requiredFeatures }) =>
        `${name}${pkg.defaultRun === name ? " (default)" : ""}${requiredFeatures.length > 0 ? ` (only with ${requiredFeatures.join(", ")})` : ""}`,
    );
    const parts = [
      ...(programs.length > 0 ? [`programs ${programs.join(", ")}`] : []),
      ...(pkg.library ? ["library"] : []),
      ...(pkg.buildScript === null ? [] : [`build script ${pkg.buildScript}`]),
      ...(pkg.examples.length > 0 ? [`examples ${listed(pkg.examples, 4)}`] : []),
      ...(pkg.tests ? ["tests"] : []),
    ];
    return [`${pkg.name} ${pkg.version}`, parts.join("; ") || "nothing to build", at(pkg.source)];
  });
  const where = project.root === "." ? "" : ` in ${project.root}`;
  return [`Cargo ${project.workspace ? "workspace" : "package"}${where}`, ...indented(rows)];
}

function toolchainBlock({ toolchain, project }: SurveyData): Block {
  if (!project) return [];
  const { file, minimumRust, requirements } = toolchain;
  const rows = [
    ...(file
      ? [
          [
            "pinned",
            [
              file.channel,
              ...(file.profile === null ? [] : [`profile ${file.profile}`]),
              ...file.components,
              ...file.targets,
            ].join(" "),
            at(file.path),
          ],
        ]
      : []),
    ...(minimumRust
      ? [["promised", `Rust ${minimumRust.version} by ${listed(minimumRust.packages, 4)}`, at(minimumRust.source)]]
      : []),
    ...requirements
      .filter(({ why }) => !why.startsWith("rust-version"))
      .map(({ version, why, source }) => ["at least", `${version}: ${why}`, at(source)]),
  ];
  return rows.length === 0 ? ["Toolchain: nothing names one"] : ["Toolchain", ...indented(rows)];
}

function lockBlock({ lock }: SurveyData): Block {
  if (!lock) return [];
  const rows = [
    ...lock.git.map(({ name, version, url }) => ["git", `${name} ${version}`, url]),
    ...(lock.vendored
      ? [
          [
            "vendored",
            lock.vendored.directory,
            `${at(lock.vendored.source)}${lock.vendored.tracked ? "" : " which git does not track"}`,
          ],
        ]
      : []),
  ];
  const state =
    lock.state === "present"
      ? `Cargo.lock, format ${lock.version}, ${lock.crates} crates from outside`
      : `Cargo.lock is ${lock.state}${lock.problem === null ? "" : `: ${lock.problem}`}`;
  return [state, ...indented(rows)];
}

function nativeBlock({ native, project }: SurveyData): Block {
  if (!project) return [];
  const { needs, setAside } = native;
  const lines = needs.flatMap((need) => {
    const gets = [
      ...(need.nativeBuildInputs.length > 0 ? [`nativeBuildInputs ${need.nativeBuildInputs.join(" ")}`] : []),
      ...(need.buildInputs.length > 0 ? [`buildInputs ${need.buildInputs.join(" ")}`] : []),
      ...Object.entries(need.environment).map(([name, value]) => `${name}=${value}`),
      ...(need.runtimeLibraries.length > 0 ? [`at run time ${need.runtimeLibraries.join(" ")}`] : []),
    ];
    const only = need.platform === null ? "" : need.platform === "linux" ? ", on Linux" : ", on macOS";
    return [
      `  ${need.reason}${only} ${at(need.source)}`.trimEnd(),
      `    ${gets.join("; ")}`,
      ...(need.chain.length > 2 ? [`    through ${need.chain.join(" → ")}`] : []),
      ...need.notes.map((note) => `    ${note}`),
    ];
  });
  return [
    needs.length === 0
      ? "Native libraries and programs: none needed, as far as the table knows"
      : "Native libraries and programs",
    ...lines,
    ...(setAside.length > 0 ? ["  Not needed by a plain build:"] : []),
    ...setAside.map(({ need, why }) => `    ${need.reason}: ${why}`),
  ];
}

function filesBlock({ neededFiles }: SurveyData): Block {
  if (neededFiles.length === 0) return [];
  const rows = neededFiles.map(({ path, neededBy, exists, for: reader }) => [
    path,
    `${reader === "tests" ? "tests only, " : ""}${neededBy}${exists ? "" : "; does not exist"}`,
  ]);
  const shown = rows.slice(0, MAX_FILES);
  return [
    "Files besides Rust that a source filter must keep",
    ...indented(shown),
    ...(rows.length > shown.length ? [`  and ${rows.length - shown.length} more; --json has them all`] : []),
  ];
}
const MAX_FILES = 30;
const MAX_QUOTES = 5;

/** Runs that are listed; --json has all. */
const MAX_RUNS = 6;

function runsBlock({ shownRuns }: SurveyData): Block {
  if (shownRuns.length === 0) return [];
  const rows = shownRuns
    .slice(0, MAX_RUNS)
    .map(({ program, arguments: words, source }) => [[program, ...words].join(" "), at(source)]);
  return ["Runs that documents show with their output", ...indented(rows)];
}

function ciBlock({ ci }: SurveyData): Block {
  if (!ci) return [];
  const rows = [
    ...(ci.nextest === null ? [] : [["tests by cargo-nextest", at(ci.nextest)]]),
    ...(ci.clippyDenied === null ? [] : [["clippy's warnings are errors", at(ci.clippyDenied)]]),
    ...(ci.formatting === null ? [] : [["formatting is checked", at(ci.formatting)]]),
  ];
  return rows.length === 0 ? [] : ["Run on changes", ...indented(rows)];
}

function outsideBlock({ gitMetadata, downloads }: SurveyData): Block {
  const rows = [
    ...gitMetadata.map(({ by, source, variables }) => [
      "commit",
      `${by} asks for it${variables.length > 0 ? `; set ${variables.join(", ")}` : ""}`,
      at(source),
    ]),
    ...downloads.map(({ by, source }) => ["network", `${by} downloads while it builds`, at(source)]),
  ];
  return rows.length === 0 ? [] : ["Not to be had in a sandbox", ...indented(rows)];
}

function flakeBlock({ flake }: SurveyData): Block {
  if (!flake) return ["No flake yet"];
  const how = flake.builder === null ? "builder not recognised" : `builder ${flake.builder} ${at(flake.source)}`;
  return [`${flake.path}: ${how}, ${flake.locked ? "locked" : "not locked"}`];
}

function recommendationBlock({ recommendation }: SurveyData): Block {
  if (!recommendation) return [];
  const { builder, reasons, evidence, remarks, obstacle } = recommendation;
  const quoted = evidence.map(({ source, quote }) => ({ line: `${source}: ${quote}`, path: source.replace(/:\d+$/, "") }));
  const unquoted = reasons.filter((reason) => !quoted.some(({ path }) => reason.startsWith(`${path} `)));
  return [
    `Builder: ${builder}`,
    ...unquoted.map((reason) => `  ${reason}`),
    ...quoted.slice(0, MAX_QUOTES).map(({ line }) => `  ${line}`),
    ...(quoted.length > MAX_QUOTES ? [`  and ${quoted.length - MAX_QUOTES} lines more`] : []),
    ...remarks.map((remark) => `  ${remark}`),
    ...(obstacle === null ? [] : [`  The rules alone could not write this flake: ${obstacle}`]),
  ];
}
