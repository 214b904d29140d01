import type { Diagnosis, DiagnosisKind } from "../../diagnosis.ts";
import { bindVariable } from "./bind-variable.ts";
import { importWithoutBuild } from "./build-free-import.ts";
import { setGitMetadata, setNoTerminal, setTestHome } from "./build-variables.ts";
import type { CodeEdit, CodePlace } from "./code-edit.ts";
import { dropDarwinFrameworks } from "./darwin-frameworks.ts";
import { dropDownloadAddress } from "./download-address.ts";
import { addNativeInputs } from "./native-inputs.ts";
import { oneToolchain } from "./one-toolchain.ts";
import { addOutput } from "./outputs.ts";
import { renameAttribute } from "./rename-attribute.ts";
import { mendSyntax } from "./syntax.ts";
import { takeThisSystem } from "./this-system.ts";
import { widenSource } from "./widen-source.ts";

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
  "sandboxed-test": setTestHome,
  interactive: setNoTerminal,
  syntax: mendSyntax,
  "import-from-derivation": importWithoutBuild,
  "foreign-system": takeThisSystem,
  "registry-refused": dropDownloadAddress,
  "mixed-toolchains": oneToolchain,
  "darwin-sdk": dropDarwinFrameworks,
};

/** The edit of one Nix file that cures a diagnosis; undefined: none is known, or it would have to guess. */
export const codeEdit: Cure = (diagnosis, place) => CURES[diagnosis.kind]?.(diagnosis, place);
