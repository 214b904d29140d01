import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../../src/repo/cargo/manifest.ts";
import { stepBetween } from "../../../../src/repo/cargo/reach/edges.ts";
import { packageFeatures } from "../../../../src/repo/cargo/reach/features.ts";

function steps(toml: string) {
  const result = parseManifest(`[package]\nname = "app"\nversion = "1.0.0"\n${toml}`);
  if (!result.ok) throw new Error(result.problem);
  const root = { directory: ".", manifest: result.manifest };
  return stepBetween(packageFeatures([root], root));
}

const ALWAYS = { taken: "always" };

describe("stepBetween", () => {
  it("ties a step to an own feature that is off and passes on something of a like name", () => {
    const step = steps('[dependencies]\ngrep = "1"\n[features]\npcre2 = ["grep/pcre2"]\n');
    expect(step("grep", "grep-pcre2")).toEqual({ taken: "with", feature: "pcre2" });
    expect(step("grep", "grep-regex")).toEqual(ALWAYS);
    expect(step("other", "grep-pcre2")).toEqual(ALWAYS);
  });

  it.each([
    ["pulseaudio-backend", "libpulse-binding"],
    ["sdl-backend", "sdl2"],
    ["jackaudio-backend", "jack"],
  ])("sees that %s means %s", (feature, crate) => {
    const step = steps(`[dependencies]\nplayback = "1"\n[features]\nx = ["playback/${feature}"]\n`);
    expect(step("playback", crate)).toEqual({ taken: "with", feature: "x" });
  });

  it("takes a step whose feature is on, by default or asked for beside it", () => {
    const on = 'default = ["tls"]\ntls = ["net/openssl"]\n';
    expect(steps(`[dependencies]\nnet = "1"\n[features]\n${on}`)("net", "openssl")).toEqual(ALWAYS);
    const asked = '[dependencies]\nnet = { version = "1", features = ["openssl"] }\n[features]\nmore = ["net/openssl-probe"]\n';
    expect(steps(asked)("net", "openssl")).toEqual(ALWAYS);
  });

  it("reads nothing of who depends on whom into the manner in which a library is taken", () => {
    const step = steps('[dependencies]\ngit2 = "1"\n[features]\nx = ["git2/vendored-openssl"]\n');
    expect(step("git2", "openssl-sys")).toEqual(ALWAYS);
  });

  it("knows a few crates by their manifests, unless a feature of that kind is asked for", () => {
    expect(steps("")("libsqlite3-sys", "bindgen")).toEqual({ taken: "with", feature: "one of libsqlite3-sys's" });
    expect(steps("")("native-tls", "openssl-sys")).toEqual({ taken: "on", platform: "linux" });
    const asked = '[dependencies]\nrusqlite = { version = "1", features = ["buildtime_bindgen"] }\n';
    expect(steps(asked)("libsqlite3-sys", "bindgen")).toEqual(ALWAYS);
  });
});
