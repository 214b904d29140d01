import type { NativeNeed } from "../../repo/facts.ts";
import { BUILD_PROGRAMS, LINK_LIBRARIES, PKG_CONFIG_MODULES } from "../../repo/sources/library-names.ts";
import { NATIVE_LIBRARIES } from "../../repo/sources/native-libraries.ts";
import { libraryNeed } from "../../repo/sources/native-needs.ts";
import type { Diagnosis } from "../diagnosis.ts";

/** What a build asks for, by the tables: by crate, by the name that pkg-config or the linker looks for, by program. undefined: no row knows it. */
export function nativeNeed(diagnosis: Diagnosis): NativeNeed | undefined {
  switch (diagnosis.kind) {
    case "native-library":
      return (
        libraryOf(diagnosis.crate, diagnosis.library) ??
        (diagnosis.pkgConfigMissing && diagnosis.library === undefined
          ? tool("pkg-config", "a build script looks for pkg-config")
          : undefined)
      );
    case "generator-missing":
    case "build-tool-missing": {
      const attribute = Object.hasOwn(BUILD_PROGRAMS, diagnosis.program) ? BUILD_PROGRAMS[diagnosis.program] : undefined;
      return attribute === undefined ? undefined : tool(attribute, `the build runs ${diagnosis.program}`);
    }
    case "libclang":
      return tool("rustPlatform.bindgenHook", "bindgen needs libclang");
    default:
      return undefined;
  }
}

const tool = (attribute: string, reason: string): NativeNeed => ({
  reason,
  nativeBuildInputs: [attribute],
  buildInputs: [],
  environment: {},
});

function libraryOf(crate: string | undefined, library: string | undefined): NativeNeed | undefined {
  const row = NATIVE_LIBRARIES.find((candidate) => candidate.crate === crate);
  if (row)
    return {
      reason: `${row.crate} needs it`,
      nativeBuildInputs: row.nativeBuildInputs,
      buildInputs: row.buildInputs,
      environment: row.environment,
      ...(row.when && { platform: row.when }),
    };
  if (library === undefined) return undefined;
  const name = library.replace(/\.pc$/u, "");
  const module = Object.hasOwn(PKG_CONFIG_MODULES, name) ? PKG_CONFIG_MODULES[name] : undefined;
  if (module !== undefined) return libraryNeed(`the build looks for ${name}`, module, true);
  const linked = Object.hasOwn(LINK_LIBRARIES, name) ? LINK_LIBRARIES[name] : undefined;
  return linked === undefined ? undefined : libraryNeed(`the linker looks for ${name}`, linked, true);
}
