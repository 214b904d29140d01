import { z } from "zod";
import { OTHER_BUILDERS } from "../../repo/facts.ts";

/** `data` of `crq-agent survey --json`. Published as docs/reference/crq-survey-1.schema.json. */

export const SURVEY_SCHEMA = "crq-survey/1";

const names = z.array(z.string());
const place = z.string().describe("`path:line` relative to the repository, or `path` where it is no one line.");
const platform = z.enum(["linux", "darwin"]);
const builder = z.enum(["naersk", "crane", "buildRustPackage", "crate2nix"]);

const requirement = z.strictObject({ version: z.string(), why: z.string(), source: place });

const need = z
  .strictObject({
    reason: z.string(),
    source: place.nullable(),
    chain: names.describe(
      "Crates from a package of the project to the one that needs it; empty where it is the project's own need.",
    ),
    nativeBuildInputs: names,
    buildInputs: names,
    environment: z.record(z.string(), z.string()),
    runtimeLibraries: names.describe("Libraries that the program opens by name while it runs: rpath or wrapper, on Linux."),
    platform: platform.nullable().describe("The need exists on this platform only."),
    notes: names,
  })
  .describe("Attribute names are of nixpkgs.");

const program = z.strictObject({
  name: z.string(),
  path: z.string(),
  requiredFeatures: names.describe("Cargo leaves it out unless these features are on."),
});

const crate = z.strictObject({
  name: z.string(),
  version: z.string(),
  directory: z.string(),
  source: place.nullable().describe("The line of its manifest that names it."),
  programs: z.array(program),
  defaultRun: z.string().nullable(),
  library: z.boolean(),
  buildScript: z.string().nullable(),
  examples: names,
  tests: z.boolean(),
  edition: z.string().nullable(),
  license: z.string().nullable(),
  pathDependencies: names.describe("Relative to the repository; one that leaves it starts with `../`."),
});

export const surveySchema = z
  .strictObject({
    commit: z.string().describe("What was looked at."),
    system: z.string().describe("Of this machine, as Nix says it."),
    project: z
      .strictObject({
        root: z.string(),
        workspace: z.boolean(),
        packages: z.array(crate),
        defaultMembers: names,
      })
      .nullable()
      .describe("null: no Cargo project was found."),
    toolchain: z.strictObject({
      file: z
        .strictObject({
          path: z.string(),
          channel: z.string(),
          date: z.string().nullable(),
          profile: z.string().nullable(),
          components: names,
          targets: names,
        })
        .nullable(),
      minimumRust: z
        .strictObject({ version: z.string(), packages: names, source: place })
        .nullable()
        .describe("The highest rust-version of the project's own packages."),
      requirements: z.array(requirement).describe("What bears which Rust at least, the strictest first."),
    }),
    lock: z
      .strictObject({
        state: z.enum(["present", "missing", "ignored", "invalid"]),
        version: z.number().int().nullable(),
        problem: z.string().nullable(),
        crates: z.number().int().nonnegative().describe("From outside of the project."),
        git: z.array(z.strictObject({ name: z.string(), version: z.string(), url: z.string() })),
        vendored: z.strictObject({ source: place, directory: z.string(), tracked: z.boolean() }).nullable(),
      })
      .nullable(),
    native: z.strictObject({
      needs: z.array(need),
      setAside: z
        .array(z.strictObject({ need, why: z.string() }))
        .describe("Of crates that Cargo.lock holds and a plain build does not compile."),
    }),
    neededFiles: z.array(
      z.strictObject({ path: z.string(), neededBy: z.string(), exists: z.boolean(), for: z.enum(["build", "tests"]) }),
    ),
    shownRuns: z
      .array(
        z.strictObject({
          program: z.string(),
          arguments: names,
          stdin: z.string().nullable(),
          stdout: z.string().describe("As the document shows it, without blank lines at its end."),
          source: z.string().describe("`README.md:12`"),
        }),
      )
      .describe("Runs of the project's programs that a document shows together with what they print."),
    ci: z
      .strictObject({
        nextest: place.nullable(),
        clippyDenied: place.nullable(),
        formatting: place.nullable(),
        files: names,
      })
      .nullable(),
    gitMetadata: z.array(
      z.strictObject({ by: z.string(), source: place, variables: names.describe("Can be set in place of the commit.") }),
    ),
    downloads: z.array(z.strictObject({ by: z.string(), source: place, remedy: z.string() })),
    flake: z
      .strictObject({
        path: z.string(),
        builder: z.union([builder, z.enum(OTHER_BUILDERS)]).nullable(),
        source: place.nullable(),
        locked: z.boolean(),
      })
      .nullable(),
    language: z
      .strictObject({
        name: z.string().describe("`C`"),
        file: z.string().nullable().describe("What describes the build."),
        problem: z.string().nullable().describe("Why the build is not understood."),
        facts: z.array(z.strictObject({ fact: z.string(), source: place.nullable() })),
      })
      .optional()
      .describe("A project in another language; absent: a Cargo project was found, or none in a language that is read."),
    otherLanguages: names,
    recommendation: z
      .strictObject({
        builder,
        reasons: names,
        evidence: z
          .array(z.strictObject({ source: place, quote: z.string() }))
          .describe("The lines behind the reasons, where there are any."),
        remarks: names.describe("What such a plan would settle for, and why."),
        obstacle: z.string().nullable().describe("Why the rules alone could not write the flake; null: they could."),
      })
      .nullable(),
    warnings: names,
  })
  .describe("What a repository holds, found without running any of its code, and the builder that would be taken.");

export type SurveyData = z.infer<typeof surveySchema>;

export function surveyJsonSchema(): Record<string, unknown> {
  return { $id: "crq-survey-1.schema.json", title: SURVEY_SCHEMA, ...z.toJSONSchema(surveySchema) };
}
