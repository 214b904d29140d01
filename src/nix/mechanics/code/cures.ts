import type { Diagnosis, DiagnosisKind } from "../../diagnosis.ts";
import type { CodeEdit, CodePlace } from "./edit/code-edit.ts";
import { bindVariable } from "./expressions/bind-variable.ts";
import { importWithoutBuild } from "./expressions/build-free-import.ts";
import { renameAttribute } from "./expressions/rename-attribute.ts";
import { escapeShellExpansion } from "./expressions/shell-expansion.ts";
import { mendSyntax } from "./expressions/syntax.ts";
import { setGitMetadata, setNoTerminal, setTestHome } from "./inputs/build-variables.ts";
import { dropDarwinFrameworks } from "./inputs/darwin-frameworks.ts";
import { addNativeInputs } from "./inputs/native-inputs.ts";
import { oneToolchain } from "./inputs/one-toolchain.ts";
import { addRunTimeLibrary } from "./inputs/run-time-library.ts";
import { addTestProgram } from "./inputs/test-program.ts";
import { addOutput } from "./outputs/outputs.ts";
import { takeThisSystem } from "./outputs/this-system.ts";
import { dropDownloadAddress } from "./source/download-address.ts";
import { mendDummySource } from "./source/dummy-source.ts";
import { widenSource } from "./source/widen-source.ts";

type Cure = (diagnosis: Diagnosis, place: CodePlace) => CodeEdit | undefined;

/** Which edit of Nix code a class of failure calls for (decision 0018 says why these and no others). */
const CURES: { readonly [K in DiagnosisKind]?: Cure } = {
  attribute: (diagnosis, place) => bindVariable(diagnosis, place) ?? renameAttribute(diagnosis, place),
  "native-library": addNativeInputs,
  "generator-missing": addNativeInputs,
  "build-tool-missing": addNativeInputs,
  libclang: addNativeInputs,
  "missing-output": addOutput,
  "source-filter": widenSource,
  "path-outside-source": widenSource,
  workspace: widenSource,
  "git-metadata": setGitMetadata,
  "sandboxed-test": (diagnosis, place) => setTestHome(diagnosis, place) ?? addTestProgram(diagnosis, place),
  "runtime-library": addRunTimeLibrary,
  "dummy-source": mendDummySource,
  interactive: setNoTerminal,
  syntax: (diagnosis, place) => escapeShellExpansion(diagnosis, place) ?? mendSyntax(diagnosis, place),
  "import-from-derivation": importWithoutBuild,
  "foreign-system": takeThisSystem,
  "registry-refused": dropDownloadAddress,
  "mixed-toolchains": oneToolchain,
  "darwin-sdk": dropDarwinFrameworks,
};

/** The edit of one Nix file that cures a diagnosis; undefined: none is known, or it would have to guess. */
export const codeEdit: Cure = (diagnosis, place) => CURES[diagnosis.kind]?.(diagnosis, place);
