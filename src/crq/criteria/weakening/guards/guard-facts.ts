import { z } from "zod";
import { nixString } from "../../../../nix/attribute-path.ts";
import { nixValue } from "../../judge/builders/builder-facts.ts";

/** What a person wrote into a derivation besides its builder: scripts, flags, inputs, patches. As the evaluator shows it; nothing is built. */

const words = z.array(z.string());

export const guardFact = z.object({
  name: z.string(),
  derivation: z.boolean(),
  /** Attributes that only one maker of derivations sets: `cargoDeps` for buildRustPackage. */
  maker: words,
  /** Phases, hooks and commands that are written out, by name. */
  scripts: z.record(z.string(), z.string()),
  /** Phases that are not run. */
  off: words,
  /** Names, without versions, of all that the builder is given. */
  inputs: words,
  /** Of those the ones that are there for the tests alone. */
  checkInputs: words,
  /** File names. */
  patches: words,
  /** Settings that are on. */
  settings: words,
  /** `cargoTestFlags: --workspace` */
  testWords: words,
  /** The same of what is built. */
  buildWords: words,
  /** Variables that put a program between cargo and the tests. */
  runners: words,
  /** Files of tests in its source, relative to it; null: it has no source that can be listed. */
  testFiles: words.nullable(),
});
export type GuardFact = z.infer<typeof guardFact>;

const SCRIPT = "(pre|post)[A-Z][A-Za-z]*|[a-z][A-Za-z]*Phase|buildCommand|shellHook";

/** Attributes by which one builder is told from another. */
const MAKERS = [
  "cargoDeps",
  "cargoVendorDir",
  "cargoArtifacts",
  "cargo_build_options",
  "crateName",
  "buildCommand",
  "vendorHash",
  "npmDeps",
  "cmakeFlags",
];

/** Each changes what comes out where it is no longer on. */
const SETTINGS = [
  "dontStrip",
  "dontPatchELF",
  "dontPatchShebangs",
  "dontFixup",
  "separateDebugInfo",
  "strictDeps",
  "doInstallCheck",
];

const TEST_WORDS = [
  "checkFlags",
  "checkFlagsArray",
  "cargoCheckFlags",
  "cargoTestFlags",
  "cargoTestOptions",
  "cargoTestExtraArgs",
  "cargoNextestExtraArgs",
  "cargoClippyExtraArgs",
  "cargo_test_options",
  "installCheckFlags",
  "pytestFlags",
  "pytestFlagsArray",
];

const BUILD_WORDS = [
  "cargoBuildFeatures",
  "cargoCheckFeatures",
  "cargoBuildNoDefaultFeatures",
  "cargoCheckNoDefaultFeatures",
  "cargoBuildFlags",
  "cargoExtraArgs",
  "cargo_build_options",
];

const INPUTS = ["nativeBuildInputs", "buildInputs", "propagatedBuildInputs", "propagatedNativeBuildInputs", "packages"];
const CHECK_INPUTS = ["nativeCheckInputs", "checkInputs", "nativeInstallCheckInputs", "installCheckInputs"];

/** A file of tests by its place or name, as Rust and its neighbours have them. */
const TEST_FILE = ".*\\.(rs|py|js|ts|go|sh|bats)";

/**
 * Nix bindings: `guardOf NAME VALUE`, whose value is a GuardFact. To be put behind BUILDER_BINDINGS, which it uses. What throws counts as not set.
 */
export const GUARD_BINDINGS = `  has = pattern: name: builtins.match pattern name != null;
  isOn = value: let t = orElse "" (plain value); in t != "" && t != "0";
  inputName = value:
    let given = if builtins.isAttrs value then value.pname or (builtins.parseDrvName (value.name or "")).name else
          (let base = baseNameOf (plain value); matched = builtins.match "[0-9a-z]{32}-(.*)" base;
          in (builtins.parseDrvName (if matched == null then base else builtins.head matched)).name);
    in plain given;
  flat = value: if builtins.isList value then builtins.concatMap flat value else if value == null then [ ] else [ value ];
  namesOf = value: builtins.concatMap (one: let n = orElse "" (inputName one); in if n == "" then [ ] else [ n ]) (orElse [ ] (let all = flat value; in builtins.seq (builtins.length all) all));
  wordsOf = attrs: keys: builtins.concatMap (key: map (word: "\${key}: \${word}") (texts attrs.\${key})) (builtins.filter (key: attrs ? \${key}) keys);
  ownInputs = value:
    if !(value ? overrideAttrs) then [ ] else orElse [ ] (let
      seen = (value.overrideAttrs (old: {
        passthru = { crqCheckInputs = builtins.concatMap (key: namesOf (old.\${key} or [ ])) ${nixValue(CHECK_INPUTS)}; };
      })).crqCheckInputs or [ ];
    in builtins.deepSeq seen seen);
  filesIn = root: under: depth:
    let
      here = builtins.readDir (root + "/\${under}");
      of = name:
        let path = if under == "" then name else "\${under}/\${name}"; in
        if here.\${name} == "directory" then (if depth > 0 && name != "target" then filesIn root path (depth - 1) else [ ])
        else if has ${nixString(TEST_FILE)} name && (has "(.*/)?(tests?|spec|__tests__)/.*" path || has ".*(_test|\\\\.test|\\\\.spec)\\\\.[a-z]+|(.*/)?test_.*" path) then [ path ] else [ ];
    in builtins.concatMap of (builtins.attrNames here);
  sourceOf = attrs: let s = attrs.src or null; in
    if builtins.isPath s then s
    else if builtins.isString s && builtins.all (one: one ? path) (builtins.attrValues (builtins.getContext s)) && builtins.getContext s != { } then s
    else if builtins.isAttrs s && !(s ? drvPath) && s ? outPath then s.outPath else null;
  testFilesOf = attrs: orElse null (let s = sourceOf attrs; in if s == null then null else let all = filesIn s "" 8; in builtins.deepSeq all all);
  guardOf = name: value:
    let
      derivation = orElse "error" (typeOf value) == "derivation";
      attrs = if derivation then orElse { } (value.drvAttrs or { }) else { };
      names = builtins.attrNames attrs;
      scripts = builtins.filter (key: has ${nixString(SCRIPT)} key && builtins.isString (orElse null attrs.\${key})) names;
      listed = if builtins.isString (orElse null (attrs.phases or null)) || builtins.isList (orElse null (attrs.phases or null)) then texts attrs.phases else null;
      inList = phase: listed == null || builtins.any (has ".*\${phase}.*") listed;
      phasesOf = [ "unpackPhase" "patchPhase" "configurePhase" "buildPhase" "checkPhase" "installPhase" "fixupPhase" "installCheckPhase" ];
      isNotRun = phase: !inList phase || (builtins.elem phase phaseNames && orElse false (isOff attrs phase));
      # The script of a bare shell.
      argv = texts (attrs.args or [ ]);
      command = if builtins.any (has "-[a-z]*c") argv then { builder = builtins.concatStringsSep "\n" (builtins.filter (one: !(has "-[a-z]+" one)) argv); } else { };
      written = builtins.listToAttrs (map (key: { name = key; value = orElse "" (plain attrs.\${key}); }) scripts);
    in {
      inherit name derivation;
      scripts = written // command;
      maker = builtins.filter (key: attrs ? \${key}) ${nixValue(MAKERS)};
      off = builtins.filter isNotRun (if attrs ? buildCommand then [ ] else phasesOf);
      inputs = builtins.concatMap (key: namesOf (attrs.\${key} or [ ])) ${nixValue(INPUTS)};
      checkInputs = if derivation then ownInputs value else [ ];
      patches = namesOf (attrs.patches or [ ]);
      settings = builtins.filter (key: attrs ? \${key} && isOn attrs.\${key}) ${nixValue(SETTINGS)};
      testWords = wordsOf attrs ${nixValue(TEST_WORDS)};
      buildWords = wordsOf attrs ${nixValue(BUILD_WORDS)};
      runners = builtins.filter (key: has "CARGO_TARGET_.*_RUNNER|CARGO|RUSTC|RUSTDOC" key) names;
      testFiles = testFilesOf attrs;
    };`;
