import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The one that `sh scripts/setup.sh --slow-test` unpacks, else the machine's own; undefined where there is none. */
export const chromium: string | undefined = [
  join(import.meta.dirname, "..", "..", "..", ".prefix", "chromium", "chromium"),
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name))),
].find((file) => existsSync(file));

if (chromium === undefined) {
  console.warn(
    "The tests of HTML pages in a browser are left out: there is no Chromium. `sh scripts/setup.sh --slow-test` unpacks one on Debian.",
  );
}
