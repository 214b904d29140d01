import type { Recogniser } from "../finding.ts";
import * as attributes from "./attributes.ts";
import * as cargo from "./cargo.ts";
import * as evaluation from "./evaluation.ts";
import * as inputs from "./inputs.ts";
import * as go from "./languages/go.ts";
import * as npm from "./languages/npm.ts";
import * as python from "./languages/python.ts";
import * as machine from "./machine.ts";
import * as native from "./native.ts";
import * as program from "./program.ts";
import * as vendoring from "./vendoring.ts";

/** Of Nix's own messages; the first that knows the text wins, so the narrow ones stand before the wide ones. */
export const MESSAGE_RECOGNISERS: readonly Recogniser[] = [
  machine.noSandbox,
  machine.resources,
  inputs.narHashMismatch,
  inputs.downloadHashMismatch,
  vendoring.gitDependencyHash,
  vendoring.cargoLock,
  evaluation.importFromDerivation,
  evaluation.foreignSystem,
  evaluation.syntax,
  attributes.undefinedVariable,
  attributes.darwinSdk,
  attributes.forbiddenPackage,
  attributes.crateSource,
  attributes.renamedAttribute,
  inputs.lockOutdated,
  inputs.privateSource,
  inputs.inputNotFound,
  attributes.missingOutput,
  evaluation.outsidePath,
  cargo.pathOutsideSource,
  inputs.untrackedFile,
  evaluation.refusedSetting,
  attributes.wrongArgument,
  attributes.missingAttribute,
  evaluation.type,
];

/**
 * Of one builder's log. Causes stand before symptoms: a missing library also ends in "could not compile", a test without network also
 * prints "could not resolve host".
 */
export const LOG_RECOGNISERS: readonly Recogniser[] = [
  program.unformatted,
  machine.resources,
  vendoring.registryRefused,
  inputs.privateSource,
  inputs.downloadNotFound,
  evaluation.buildInputMissing,
  vendoring.staleHash,
  go.staleVendorHash,
  npm.staleNpmHash,
  npm.npmLock,
  npm.npmInstallScript,
  npm.npmScript,
  python.pythonBackend,
  python.pythonRequirements,
  python.pythonModule,
  python.pythonTests,
  vendoring.cargoLock,
  cargo.toolchain,
  go.goToolchain,
  go.goSum,
  cargo.mixedToolchains,
  native.unloadable,
  program.tests,
  go.goTests,
  native.libclang,
  native.generatorMissing,
  native.nativeLibrary,
  // A build script without git asks for metadata, not for a tool.
  cargo.gitMetadata,
  native.buildToolMissing,
  cargo.vendorWrite,
  cargo.vendoredGitFiles,
  program.sourceFilter,
  program.missingModule,
  cargo.workspace,
  cargo.pathOutsideSource,
  native.networkAtBuild,
  attributes.darwinSdk,
  native.runtimeLibrary,
  program.interactive,
  cargo.dummySource,
  cargo.buildScript,
  program.compileError,
  go.goCompileError,
];
