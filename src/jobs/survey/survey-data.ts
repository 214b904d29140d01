import type { BuilderChoice, CargoPackage, DocumentFact, NativeNeed, Survey } from "../../repo/facts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import type { SurveyData } from "./schema.ts";

/** From the facts of a survey to the document that `crq-agent survey --json` prints. Pure. */

export interface Recommended {
  readonly choice: BuilderChoice;
  /** What the plan settles for, and why. */
  readonly remarks: readonly string[];
  /** Why the rules alone could not write the flake. */
  readonly obstacle?: string;
}

/** @param recommended what the plan would take; absent without a Cargo project */
export function surveyData(details: SurveyDetails, recommended: Recommended | undefined): SurveyData {
  const { survey } = details;
  const { cargo, flake, ci } = survey;
  const external = (cargo?.lock.crates ?? []).filter((crate) => crate.source !== undefined);
  return {
    commit: survey.head,
    system: details.system,
    project: cargo
      ? {
          root: cargo.root,
          workspace: cargo.workspace,
          packages: cargo.packages.map(crateData),
          defaultMembers: [...cargo.defaultMembers],
        }
      : null,
    ...(survey.language && { language: languageData(survey.language) }),
    toolchain: toolchainData(survey),
    lock: cargo
      ? {
          state: cargo.lock.state,
          version: cargo.lock.version ?? null,
          problem: cargo.lock.problem ?? null,
          crates: external.length,
          git: external.flatMap(({ name, version, source }) =>
            source?.kind === "git" ? [{ name, version, url: source.url }] : [],
          ),
          vendored: cargo.vendored ? { ...cargo.vendored } : null,
        }
      : null,
    native: {
      needs: survey.nativeNeeds.map(needData),
      setAside: (survey.setAsideNeeds ?? []).map(({ need, why }) => ({ need: needData(need), why })),
    },
    neededFiles: survey.neededFiles.map(({ path, neededBy, exists, for: reader }) => ({
      path,
      neededBy,
      exists,
      for: reader ?? "build",
    })),
    shownRuns: (survey.shownRuns ?? []).map(({ program, arguments: words, stdin, stdout, source, line }) => ({
      program,
      arguments: [...words],
      stdin: stdin ?? null,
      stdout,
      source: `${source}:${line}`,
    })),
    ci: ci
      ? {
          nextest: ci.nextest ?? null,
          clippyDenied: ci.clippyDenied ?? null,
          formatting: ci.formatting ?? null,
          files: [...ci.files],
        }
      : null,
    gitMetadata: (survey.gitMetadata ?? []).map((each) => ({ ...each, variables: [...each.variables] })),
    downloads: (survey.buildDownloads ?? []).map((each) => ({ ...each })),
    flake: flake
      ? {
          path: flake.path,
          builder: flake.builder ?? flake.otherBuilder ?? null,
          source: flake.builderSource ?? null,
          locked: flake.locked,
        }
      : null,
    otherLanguages: [...survey.otherLanguages],
    recommendation: recommended
      ? {
          builder: recommended.choice.builder,
          reasons: [...recommended.choice.reasons],
          evidence: [...evidence(details, recommended.choice)],
          remarks: [...recommended.remarks],
          obstacle: recommended.obstacle ?? null,
        }
      : null,
    warnings: [...survey.warnings],
  };
}

function crateData(pkg: CargoPackage): NonNullable<SurveyData["project"]>["packages"][number] {
  const { named } = pkg;
  return {
    name: pkg.name,
    version: pkg.version,
    directory: pkg.directory,
    source: named ? `${named.source}:${named.line}` : null,
    programs: pkg.binaries.map(({ name, path, requiredFeatures }) => ({ name, path, requiredFeatures: [...requiredFeatures] })),
    defaultRun: pkg.defaultRun ?? null,
    library: pkg.library,
    buildScript: pkg.buildScript ?? null,
    examples: [...(pkg.examples ?? [])],
    tests: pkg.hasTests,
    edition: pkg.edition ?? null,
    license: pkg.license ?? null,
    pathDependencies: [...pkg.pathDependencies],
  };
}

function toolchainData({ cargo }: Survey): SurveyData["toolchain"] {
  const file = cargo?.toolchainFile;
  const minimum = cargo?.minimumRust;
  return {
    file: file
      ? {
          path: file.path,
          channel: file.channel,
          date: file.date ?? null,
          profile: file.profile ?? null,
          components: [...file.components],
          targets: [...file.targets],
        }
      : null,
    minimumRust: minimum ? { ...minimum, packages: [...minimum.packages] } : null,
    requirements: (cargo?.rustRequirements ?? []).map((each) => ({ ...each })),
  };
}

function needData(need: NativeNeed): SurveyData["native"]["needs"][number] {
  return {
    reason: need.reason,
    source: need.source ?? null,
    chain: [...(need.chain ?? [])],
    nativeBuildInputs: [...need.nativeBuildInputs],
    buildInputs: [...need.buildInputs],
    environment: { ...need.environment },
    runtimeLibraries: [...(need.runtimeLibraries ?? [])],
    platform: need.platform ?? null,
    notes: [...(need.notes ?? [])],
  };
}

/** Lines of documents and of the flake that name the chosen builder. */
function evidence(
  { facts, survey }: SurveyDetails,
  { builder }: BuilderChoice,
): readonly { readonly source: string; readonly quote: string }[] {
  const named = (fact: DocumentFact): boolean => fact.key === "builder" && fact.value?.toLowerCase() === builder.toLowerCase();
  const { flake } = survey;
  return [
    ...facts.filter(named).map(({ source, line, quote }) => ({ source: `${source}:${line}`, quote })),
    ...(flake?.builder === builder && flake.builderSource !== undefined
      ? [{ source: flake.builderSource, quote: lineAt(flake.text, flake.builderSource) }]
      : []),
  ];
}

function lineAt(text: string, source: string): string {
  const line = Number(/:(?<line>\d+)$/.exec(source)?.groups?.line);
  return (text.split(/\r?\n/)[line - 1] ?? "").trim().slice(0, 200);
}

function languageData({ name, file, reading, facts }: NonNullable<Survey["language"]>): NonNullable<SurveyData["language"]> {
  return {
    name,
    file: file ?? null,
    problem: reading.kind === "unclear" ? reading.problem : null,
    facts: facts.map(({ fact, source }) => ({ fact, source: source ?? null })),
  };
}
