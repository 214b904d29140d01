import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Admission, admissionSchema } from "./admission.ts";

/** What an admission is true of: with any part changed the task has to be looked at again. */
export interface AdmissionKey {
  readonly taskHash: string;
  /** Of the world's folder. */
  readonly worldHash: string;
  readonly toolchain: string;
  readonly gateVersion: number;
  /** Version of Nix. */
  readonly nix: string;
}

const fileOf = (folder: string, { taskHash, worldHash, toolchain, gateVersion, nix }: AdmissionKey): string =>
  join(
    folder,
    `${createHash("sha256")
      .update([taskHash, worldHash, toolchain, String(gateVersion), nix].join("\n"))
      .digest("hex")
      .slice(0, 32)}.json`,
  );

/** undefined: never looked at in this form, or the file is damaged, which is the same. */
export async function readAdmission(folder: string, key: AdmissionKey): Promise<Admission | undefined> {
  const text = await readFile(fileOf(folder, key), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return admissionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What a closer look has found stands, unless a quicker one finds something against the task: it sees less, so it takes no refusal back. */
export async function writeAdmission(folder: string, key: AdmissionKey, admission: Admission): Promise<void> {
  const known = await readAdmission(folder, key);
  if (known && known.rounds > admission.rounds && (admission.admitted || !known.admitted)) return;
  await mkdir(folder, { recursive: true });
  const file = fileOf(folder, key);
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, `${JSON.stringify(admission, undefined, 1)}\n`);
  await rename(part, file);
}
