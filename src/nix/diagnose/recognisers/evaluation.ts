import { firstMatch, type Recogniser } from "../finding.ts";

/** What the evaluator says of expressions. Texts seen with Nix 2.26 and 2.34 unless a line says otherwise. */

export const syntax: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /^(?:error: )?(syntax error, unexpected .*)$/u) ??
    firstMatch(
      evidence,
      /^(?:error: )?((?:dynamic|inherited) attributes? (?:not allowed|.*not allowed).*|attribute '[^']*' already defined at .*|duplicate formal function argument .*|path has a trailing slash.*|invalid (?:integer|float|URI).*|unterminated .*)$/u,
    );
  if (!found) return undefined;
  const message = found.match[1] ?? found.line;
  const expected = message.match(/expecting (.*)$/u)?.[1];
  const openString = /end of file/u.test(message) && /indented string|IND_STR/u.test(message);
  return {
    facts: { kind: "syntax", ...(expected !== undefined && { expected }) },
    message,
    next: openString
      ? "An indented string never closes: ''' is the escape for '' inside one. Open it with exactly two single quotes; inside, write ''${ for a literal ${ and ''' for a literal ''."
      : "Correct the file at the position given (often a missing ';' one line above it, an unbalanced bracket, or ${ in an indented string that should be ''${).",
    at: found.at,
    stage: "parse",
  };
};

const TYPE_TEXTS: readonly [RegExp, string][] = [
  [
    /infinite recursion encountered/u,
    "A value needs itself: break the cycle (often a rec set, an overlay that uses final where it needs prev, or an argument that shadows itself).",
  ],
  [/stack overflow; max-call-depth exceeded/u, "A function calls itself without end: give it a case that stops."],
  [
    /cannot coerce .* to a string/u,
    'A string is wanted here: choose an attribute of the value, or use toString or builtins.toJSON; lists are joined with ++, not put into "${…}".',
  ],
  [
    /attempt to call something which is not a function/u,
    "A list element or argument that is itself a call needs parentheses; a file that holds no function must not be called.",
  ],
  [/has 0 entries in its context/u, "A string stands where a derivation is wanted: wrap it, for instance in pkgs.writeText."],
  [
    /must be an attribute set|expected a set but got a thunk/u,
    "flake.nix itself and its inputs must be written as literal sets: no let, no function, no computed inputs.",
  ],
  [
    /has an unsupported attribute '([^']+)'/u,
    "A flake knows description, inputs, outputs and nothing else here: move it into outputs.",
  ],
  [
    /(?:expected|value is) an? .* (?:but found|while)|but found an? |is not equal to|assertion '.*' failed|assertion .*failed|is not (?:an? )?(?:attribute set|list|string|function|path)|cannot (?:convert|compare|add|decode|concatenate)|list index \d+ is out of bounds|is not a derivation|is not a valid/u,
    "The value has another type than this place wants: see the position and the frames in the excerpt.",
  ],
];

export const type: Recogniser = (evidence) => {
  for (const [pattern, next] of TYPE_TEXTS) {
    const found = firstMatch(evidence, pattern);
    if (found)
      return {
        facts: { kind: "type", detail: found.line.replace(/^error: /u, "").slice(0, 200) },
        message: found.line.replace(/^error: /u, ""),
        next,
        at: found.at,
      };
  }
  return undefined;
};

export const importFromDerivation: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /cannot build '(\/nix\/store\/[^'^!]+)[^']*' during evaluation because the option 'allow-import-from-derivation' is disabled/u,
  );
  const foreign = found ? undefined : evidence.stage === "eval" ? foreignSystem(evidence) : undefined;
  if (!found && !foreign) return undefined;
  const drv = found?.match[1] ?? foreign?.derivationPath;
  return {
    facts: { kind: "import-from-derivation" },
    message: found
      ? "a build during evaluation (import from derivation) is not allowed here"
      : "evaluating this builds a derivation of another system",
    next: "Give pname and version as text, read local files instead of built ones, and use a generator's checked-in output; evaluation must not need a build.",
    at: found?.at ?? foreign?.at ?? 0,
    ...(drv !== undefined && { derivationPath: drv }),
  };
};

/** 2.26: `a 'S' with features {} is required to build …, but I am a 'T'`; 2.34: `Reason: platform mismatch`. */
export const foreignSystem: Recogniser = (evidence) => {
  const old = firstMatch(evidence, /a '([^']+)' with features \{[^}]*\} is required to build '([^']+)'/u);
  const recent = old ? undefined : firstMatch(evidence, /Reason: platform mismatch/u);
  const hit = old ?? recent;
  if (!hit) return undefined;
  const system = old?.match[1] ?? evidence.text.match(/Required system: '([^']+)'/u)?.[1];
  const drv = old?.match[2] ?? evidence.text.match(/Cannot build '([^']+)'/u)?.[1];
  return {
    facts: { kind: "foreign-system", ...(system !== undefined && { system }) },
    message: `this machine cannot build for ${system ?? "another system"}`,
    next: "Build the attribute of this machine's own system, or configure a remote builder; nothing was judged.",
    at: hit.at,
    unavailable: true,
    ...(drv !== undefined && { derivationPath: drv }),
  };
};

/** Settings and builtins that a judged flake must not use. */
export const refusedSetting: Recogniser = (evidence) => {
  const chroot = firstMatch(evidence, /has '(__noChroot)' set, but that's not allowed/u);
  const feature = chroot ? undefined : firstMatch(evidence, /experimental Nix feature '([^']+)' is disabled/u);
  const restricted =
    chroot ??
    feature ??
    firstMatch(evidence, /access to (?:URI|absolute path|canonical path|path) '([^']+)' is forbidden in restricted mode/u);
  const pure = restricted
    ? undefined
    : (firstMatch(evidence, /in pure evaluation mode, '([^']+)' (?:requires|will not)/u) ??
      firstMatch(evidence, /cannot call '([^']+)' (?:on unlocked|in pure)/u) ??
      // `<nixpkgs>` is looked up in NIX_PATH, which a flake has not.
      firstMatch(evidence, /cannot look up '(<[^'>]+>)' in pure evaluation mode/u) ??
      firstMatch(evidence, /the '([^']+)' builtin is not allowed/u));
  const hit = restricted ?? pure;
  const setting = hit?.match[1];
  if (!hit || setting === undefined) return undefined;
  return {
    facts: { kind: "refused-setting", setting },
    message: hit.line.replace(/^error: /u, ""),
    next: pure
      ? `Pin what '${setting}' ${setting.startsWith("<") ? "means" : "fetches"} by a flake input (its hash goes into flake.lock by itself); evaluation stays pure.`
      : `Do without '${setting}': the sandbox and the restricted evaluation stay on, and nothing may switch them off.`,
    at: hit.at,
  };
};

/** A path that is not in the flake's tree at all. */
export const outsidePath: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /access to (?:absolute )?path '([^']+)' is forbidden in pure evaluation mode/u) ??
    firstMatch(evidence, /path '([^']*\.\.\/[^']*)' (?:is outside|does not exist|leaves)/u);
  const path = found?.match[1];
  if (!found || path === undefined) return undefined;
  return {
    facts: { kind: "path-outside-source", path: path.replace(/^\/nix\/store\//u, "../") },
    message: found.line.replace(/^error: /u, ""),
    next: "A flake reads files of its own tree only: copy the file into the repository, or make its origin an input; never --impure.",
    at: found.at,
  };
};

/** nixpkgs' stdenv checks its inputs when the build starts. */
export const buildInputMissing: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /build input (\S+) does not exist/u);
  const input = found?.match[1];
  if (!found || input === undefined) return undefined;
  return {
    facts: { kind: "type", detail: `build input ${input} does not exist` },
    message: `'${input}' among the build inputs is no package`,
    next: `Write the package itself (pkgs.${/^[A-Za-z_][\w-]*$/u.test(input) ? input : "NAME"}), not its name as a string.`,
    at: found.at,
  };
};
