import type { Draw } from "../../../draw.ts";
import { addToList, type BuilderCall, builderCall, inScope, setArgument, withArgument } from "../../edit/flake-text.ts";
import { drawName, drawWord } from "../../edit/words.ts";
import type { Files, GoodRepository, Planted, Planter } from "../../fault.ts";

/** Rows 16, 17 and 23: names, syntax and types of Nix expressions. */

type Slip = (text: string, at: number, draw: Draw) => { readonly text: string; readonly what: string } | undefined;

/** A planter that changes the text of the file with the builder's call, behind the call. */
function slip(repository: GoodRepository, draw: Draw, change: Slip): Planted | undefined {
  const call = builderCall(repository.files);
  const text = call && repository.files[call.file];
  if (!call || text === undefined) return undefined;
  const changed = change(text, call.at, draw);
  if (!changed || changed.text === text) return undefined;
  return { edits: { [call.file]: changed.text }, checkout: {}, what: `${call.file}: ${changed.what}` };
}

function withCall(
  { files }: GoodRepository,
  change: (call: BuilderCall) => Files | undefined,
  what: string,
): Planted | undefined {
  const call = builderCall(files);
  const edits = call && change(call);
  return edits && { edits, checkout: {}, what };
}

/** Two neighbouring letters in the middle change places. */
function misspelt(word: string, draw: Draw): string {
  const at = 1 + draw.number(Math.max(1, word.length - 3));
  const swapped = `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  return swapped === word ? `${word.slice(0, -2)}${word.slice(-1)}` : swapped;
}

/** Replaces one occurrence behind `from`. */
const once = (text: string, from: number, pattern: RegExp, by: (match: RegExpExecArray) => string): string => {
  const match = pattern.exec(text.slice(from));
  if (!match) return text;
  const start = from + match.index;
  return `${text.slice(0, start)}${by(match)}${text.slice(start + match[0].length)}`;
};

export const expressions: readonly Planter[] = [
  {
    name: "misspelt-attribute",
    row: 16,
    label: "attribute",
    mechanical: true,
    plant: (repository, draw) =>
      slip(repository, draw, (text) => {
        const name = ["rustPlatform", "buildRustPackage", "buildPackage", "mkLib"].filter((one) =>
          new RegExp(`\\.${one}\\b`, "u").test(text),
        );
        const [first, ...rest] = name;
        if (first === undefined) return undefined;
        const chosen = draw.pick([first, ...rest]);
        const wrong = misspelt(chosen, draw);
        return {
          text: once(text, 0, new RegExp(`\\.${chosen}\\b`, "u"), () => `.${wrong}`),
          what: `${chosen} is spelt ${wrong}`,
        };
      }),
  },
  {
    name: "undefined-variable",
    row: 16,
    label: "attribute",
    mechanical: true,
    plant: (repository, draw) =>
      slip(repository, draw, (text) => {
        const names = ["pkgs", "naersk-lib", "craneLib", "naersk'", "builder", "rustPlatform"].filter((one) =>
          new RegExp(`(?<![\\w.'-])${one}\\.\\w`, "u").test(text),
        );
        const [first, ...rest] = names;
        if (first === undefined) return undefined;
        const chosen = draw.pick([first, ...rest]);
        const wrong = misspelt(chosen, draw);
        return {
          text: once(text, 0, new RegExp(`(?<![\\w.'-])${chosen}\\.(?=\\w)`, "u"), () => `${wrong}.`),
          what: `the variable ${chosen} is spelt ${wrong}`,
        };
      }),
  },
  {
    name: "renamed-attribute",
    row: 16,
    label: "attribute",
    mechanical: true,
    plant: (repository) =>
      withCall(
        repository,
        (call) => addToList(repository.files, call, "nativeBuildInputs", "pkgconfig"),
        "nativeBuildInputs has pkgconfig, which nixpkgs has renamed",
      ),
  },
  {
    name: "removed-attribute",
    row: 16,
    label: "attribute",
    mechanical: false,
    why: "nixpkgs names no successor",
    plant: (repository) =>
      withCall(
        repository,
        (call) => addToList(repository.files, call, "buildInputs", "openssl_1_1"),
        "buildInputs has openssl_1_1, which nixpkgs has removed",
      ),
  },
  {
    name: "attribute-near-miss",
    row: 16,
    label: "attribute",
    mechanical: true,
    plant(repository, draw) {
      const wrong = draw.pick(["openssll", "zlibb", "sqlitee", "pkg-confg", "cmakee", "protobuff"]);
      const list = /pkg|cmake|protobuf/u.test(wrong) ? "nativeBuildInputs" : "buildInputs";
      return withCall(repository, (call) => addToList(repository.files, call, list, wrong), `${list} has ${wrong}`);
    },
  },
  {
    name: "missing-argument",
    row: 16,
    label: "attribute",
    mechanical: true,
    plant(repository, draw) {
      const call = builderCall(repository.files);
      if (call?.file !== "flake.nix") return undefined;
      const scoped = inScope(repository.files, call, "callPackage");
      const name = draw.pick(["zlibb", "opensll", "sqlitte", "curll"]);
      const path = `nix/${drawName(draw)}.nix`;
      return {
        edits: {
          ...withArgument(repository.files, call, [`passthru = ${scoped.name} ./${path} { };`]),
          [path]: `{ lib, ${name} }:\n{\n  linked = lib.getName ${name};\n}\n`,
        },
        checkout: {},
        what: `${path} asks callPackage for ${name}`,
      };
    },
  },
  {
    name: "missing-semicolon",
    row: 17,
    label: "syntax",
    mechanical: true,
    plant: (repository, draw) =>
      slip(repository, draw, (text, at) => {
        const ends = [...text.slice(at).matchAll(/;\n(?= *[\w.]+ = )/gu)].map(({ index }) => at + index);
        const [first, ...rest] = ends;
        if (first === undefined) return undefined;
        const chosen = draw.pick([first, ...rest]);
        return { text: `${text.slice(0, chosen)}${text.slice(chosen + 1)}`, what: "a semicolon is missing" };
      }),
  },
  {
    name: "unclosed-string",
    row: 17,
    label: "syntax",
    mechanical: true,
    plant(repository, draw) {
      const phase = draw.pick(["postInstall", "preBuild", "postUnpack"]);
      return withCall(
        repository,
        (call) => withArgument(repository.files, call, [`${phase} = '''`, `  echo "${drawWord(draw)}"`, "''';"]),
        `${phase} begins with ''' and never ends`,
      );
    },
  },
  {
    name: "missing-brace",
    row: 17,
    label: "syntax",
    mechanical: true,
    plant: (repository, draw) =>
      slip(repository, draw, (text) => {
        const at = text.trimEnd().lastIndexOf("}");
        return { text: `${text.slice(0, at)}${text.slice(at + 1)}`, what: "its last brace is missing" };
      }),
  },
  {
    name: "colon-for-equals",
    row: 17,
    label: "syntax",
    mechanical: true,
    plant: (repository, draw) =>
      slip(repository, draw, (text, at) => {
        const changed = once(text, at, /^( *)(version|name|pname|src) = /mu, ([, indent, name]) => `${indent}${name}: `);
        return { text: changed, what: "an attribute is bound with a colon" };
      }),
  },
  {
    name: "shell-expansion",
    row: 17,
    label: "syntax",
    mechanical: true,
    plant(repository, draw) {
      const word = drawWord(draw).toUpperCase();
      return withCall(
        repository,
        (call) => withArgument(repository.files, call, ["postInstall = ''", `  echo "\${${word}:0:8}"`, "'';"]),
        `a phase uses the shell's \${${word}:0:8} without the escape`,
      );
    },
  },
  {
    name: "set-as-string",
    row: 17,
    label: "type",
    mechanical: false,
    why: "what the text was meant to hold is for a person to say",
    plant: (repository) =>
      withCall(
        repository,
        (call) => withArgument(repository.files, call, ['CONTACT = "${{ name = "team"; mail = "team@example.org"; }}";']),
        "a set stands in a string",
      ),
  },
  {
    name: "list-plus-set",
    row: 17,
    label: "type",
    mechanical: false,
    why: "what was to be joined is for a person to say",
    plant(repository, draw) {
      const list = draw.pick(["buildInputs", "nativeBuildInputs"]);
      const value = draw.pick(["[ ] ++ { }", "[ ] // { }", '"none" ++ [ ]', "[ ] + [ ]"]);
      return withCall(repository, (call) => setArgument(repository.files, call, list, value), `${list} = ${value}`);
    },
  },
  {
    name: "infinite-recursion",
    row: 17,
    label: "type",
    mechanical: false,
    why: "which value was meant is for a person to say",
    plant(repository, draw) {
      const [one, other] = [drawWord(draw), `${drawWord(draw)}_too`];
      return withCall(
        repository,
        (call) => withArgument(repository.files, call, [`passthru = (rec { ${one} = ${other}; ${other} = ${one}; }).${one};`]),
        `${one} and ${other} are each other`,
      );
    },
  },
  {
    name: "call-of-a-set",
    row: 17,
    label: "type",
    mechanical: false,
    why: "what was to be called is for a person to say",
    plant: (repository, draw) =>
      withCall(
        repository,
        (call) => withArgument(repository.files, call, [`passthru = { team = "${drawName(draw)}"; } { };`]),
        "a set is called like a function",
      ),
  },
  {
    name: "darwin-frameworks",
    row: 23,
    label: "darwin-sdk",
    mechanical: true,
    plant(repository, draw) {
      const framework = draw.pick(["Security", "SystemConfiguration", "CoreFoundation"]);
      const set = draw.pick(["darwin.apple_sdk_11_0.frameworks", "darwin.apple_sdk.frameworks"]);
      return withCall(
        repository,
        (call) => addToList(repository.files, call, "buildInputs", `${set}.${framework}`),
        `buildInputs has ${set}.${framework}`,
      );
    },
  },
];
