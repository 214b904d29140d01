import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What stands at one path: a text, a program, or a link to somewhere. */
export type Entry = string | Uint8Array | { readonly program: string } | { readonly link: string };

export async function writeTree(directory: string, entries: Readonly<Record<string, Entry>>): Promise<void> {
  for (const [path, entry] of Object.entries(entries)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof entry === "string" || entry instanceof Uint8Array) await writeFile(file, entry);
    else if ("link" in entry) await symlink(entry.link, file);
    else {
      await writeFile(file, entry.program);
      await chmod(file, 0o755);
    }
  }
}

/** A folder that is gone after the test. */
export async function temporaryFolder(name = "crq-test-"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function temporaryTree(entries: Readonly<Record<string, Entry>>): Promise<string> {
  const folder = await temporaryFolder();
  await writeTree(folder, entries);
  return folder;
}
