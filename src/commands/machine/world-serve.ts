import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { quoted } from "../../ui/shell-word.ts";
import { mirrorVariables } from "../../world/mirror-variables.ts";
import { serveWorld } from "../../world/serve.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { asCommandError } from "../wiring/open-recording.ts";

/** `crq-agent world serve DIR`: a mirror for a person's own shell, until Ctrl-C. */
export const serve: Verb<[string, OutputOptions]> = async (context, ui, directory) => {
  const folder = await mkdtemp(join(tmpdir(), "crq-world-"));
  try {
    const served = await asCommandError(() => serveWorld(resolve(context.cwd, directory), folder));
    try {
      const variables = mirrorVariables(served.proxy, served.authorityFile);
      const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
      ui.result({
        text: [...exports, `unset ${UNSET.join(" ")}`, "# serving; Ctrl-C ends it"].join("\n"),
        json: {
          schema: "crq-agent/world-serve/1",
          ok: true,
          exit: 0,
          data: { proxy: served.proxy, authority: served.authorityFile, variables, unset: UNSET },
          diagnostics: [],
        },
      });
      if (!context.signal.aborted) await once(context.signal, "abort");
      for (const { method, url, status } of served.misses()) ui.say(`not in this world: ${method} ${url} (${status})`);
      return 0;
    } finally {
      await served.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Each would lead around the mirror. */
const UNSET = ["no_proxy", "NO_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
