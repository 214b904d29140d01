import { RUN_TIME_LIBRARIES } from "../../../../repo/sources/library-names.ts";
import type { Diagnosis } from "../../../diagnosis.ts";
import { addBinding } from "../edit/arguments.ts";
import { argumentSets, buildFiles } from "../edit/builder-calls.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { isPackageFunction } from "../edit/formals.ts";
import { namingOf, withFormals } from "./native-inputs.ts";

/**
 * A library that a program opens by name when it runs: its folder into the library path of what is installed, after the fixup that takes out every
 * folder which no linked library needs. A mechanic's edit alone: where nixpkgs has no such package it is undone, and nothing else is tried.
 */
export function addRunTimeLibrary(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "runtime-library" || place.guess || failedInTests(diagnosis)) return undefined;
  const { library } = diagnosis;
  const attribute = packageOf(library);
  if (attribute === undefined) return undefined;
  return inOneFile(buildFiles(place.files), (file) => {
    const after = withLibrary(file, library, attribute, diagnosis, place.files);
    return after === undefined
      ? undefined
      : {
          name: "add-library-path",
          after,
          what: `the installed programs find ${library} of ${attribute} by their own library path`,
        };
  });
}

/** Tests run before anything is installed: what is done to the installed programs does not reach them. */
const failedInTests = ({ excerpt }: Diagnosis): boolean =>
  /^test .* FAILED$|^test result: FAILED|^error: test failed/mu.test(excerpt);

/** `libvulkan.so.1` → its package; undefined: no row knows it, or it is of another system. */
function packageOf(library: string): string | undefined {
  const name = /^lib([\w+-]+)\.so(?:\.\d+)*$/u.exec(library)?.[1];
  return name !== undefined && Object.hasOwn(RUN_TIME_LIBRARIES, name) ? RUN_TIME_LIBRARIES[name] : undefined;
}

function withLibrary(
  { text }: CodeFile,
  library: string,
  attribute: string,
  { derivation }: Diagnosis,
  files: readonly CodeFile[],
): string | undefined {
  const asArguments = isPackageFunction(text);
  const naming = namingOf(text, files, derivation);
  if (!naming) return undefined;
  const { prefix, severalPlatforms } = naming;
  const lines = [
    `# ${library} is opened by its name when the program runs: no linker knows of it.`,
    "for program in $out/bin/*; do",
    `  if [ -f "$program" ] && isELF "$program"; then`,
    `    patchelf --add-rpath \${${prefix}lib.makeLibraryPath [ ${prefix}${attribute} ]} "$program"`,
    "  fi",
    "done",
  ];
  const script = `''\n${lines.map((line) => `  ${line}`).join("\n")}\n''`;
  const value = severalPlatforms ? `${prefix}lib.optionalString ${prefix}stdenv.hostPlatform.isLinux ${script}` : script;
  const sets = argumentSets(text, derivation, "postFixup", "installed");
  const after = sets.reduce<string | undefined>(
    (source, open) => (source === undefined ? undefined : addBinding(source, open, "postFixup", value)),
    text,
  );
  if (after === undefined || after === text) return undefined;
  return asArguments ? withFormals(after, [attribute, "lib", ...(severalPlatforms ? ["stdenv"] : [])]) : after;
}
