import { access, constants, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { gitSetting } from "../../../repo/workspace/hand-over.ts";
import { type Host, missingNix } from "../../../system/environment/host.ts";
import { tryGit } from "../../../system/git.ts";
import { execute } from "../../../system/process.ts";
import { namespaceProblem } from "../../../system/store/private-store.ts";
import { type Distribution, installNix } from "./distribution.ts";
import { type Finding, fine, missing, warning } from "./finding.ts";

const present = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export async function nixFindings(host: Host, home: string, distribution: Distribution): Promise<readonly Finding[]> {
  const problem = missingNix(host);
  if (host.nix === undefined) return [missing("Nix", withoutMove(problem ?? "Nix is missing"), installNix(distribution))];
  if (problem !== undefined) return [missing("Nix", withoutMove(problem), "nix upgrade-nix")];
  const { version, bin } = host.nix;
  const daemon = await present("/nix/var/nix/daemon-socket/socket");
  const how = host.nix.private ? "private prefix" : daemon ? "daemon" : "single-user";
  return [
    fine("Nix", `${version} in ${bin} (${how})`),
    ...(await settingFindings(join(bin, "nix"), home)),
    ...(host.nix.private ? [] : [await storeFinding(daemon)]),
  ];
}

const settingsSchema = z.looseObject({
  "experimental-features": z.looseObject({ value: z.array(z.string()) }).optional(),
  sandbox: z.looseObject({ value: z.union([z.number(), z.boolean(), z.string()]) }).optional(),
  substituters: z.looseObject({ value: z.array(z.string()) }).optional(),
});

/** As Nix itself would take them here; read, and nothing of them is changed. */
async function settingFindings(nix: string, home: string): Promise<readonly Finding[]> {
  const asked = await execute({
    argv: [nix, "--extra-experimental-features", "nix-command", "config", "show", "--json"],
    cwd: "/",
    env: { HOME: home },
    timeoutMs: 20_000,
  });
  if (asked.exit !== 0) return [warning("Nix settings", "could not be read", "nix config show")];
  const settings = settingsSchema.safeParse(readJson(asked.stdout)).data ?? {};
  const features = settings["experimental-features"]?.value ?? [];
  // What crq-agent starts switches flakes on itself; a person's own `nix build` needs the setting.
  const flakes =
    features.includes("flakes") || features.includes("fetch-tree")
      ? fine("Nix flakes", "on")
      : warning(
          "Nix flakes",
          "off for your own nix commands (crq-agent switches them on for its own)",
          "mkdir -p ~/.config/nix && echo 'experimental-features = nix-command flakes' >> ~/.config/nix/nix.conf",
        );
  const sandbox = settings.sandbox?.value;
  const on = sandbox === true || sandbox === 1 || sandbox === "true";
  return [
    flakes,
    on
      ? fine("Nix sandbox", "on by Nix's settings")
      : warning(
          "Nix sandbox",
          `${String(sandbox ?? "unknown")} by Nix's settings: builds may see this machine`,
          "set `sandbox = true` in /etc/nix/nix.conf and restart the daemon",
        ),
    fine("substituters", settings.substituters?.value.join(" ") || "none: everything is built here"),
  ];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function storeFinding(daemon: boolean): Promise<Finding> {
  if (daemon) return fine("Nix store", "/nix/store, written by the daemon");
  const writable = await access("/nix/store", constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable
    ? fine("Nix store", "/nix/store, writable")
    : missing("Nix store", "/nix/store is not writable and there is no daemon", "sudo systemctl start nix-daemon");
}

export async function gitFindings(
  host: Host,
  at: { readonly folder: string; readonly home: string },
  distribution: Distribution,
): Promise<readonly Finding[]> {
  if (host.git === undefined)
    return [missing("git", "missing", distribution.install("git") ?? "install git with your system's package manager")];
  const [version, name, email] = await Promise.all([
    tryGit(["--version"], { cwd: at.folder }).then(({ stdout }) => stdout.trim()),
    gitSetting(at.folder, at.home, "user.name"),
    gitSetting(at.folder, at.home, "user.email"),
  ]);
  return [
    fine("git", `${version.replace("git version ", "")} in ${host.git}`),
    name && email
      ? fine("git identity", "name and address are set")
      : warning(
          "git identity",
          "git does not know who you are, so approvals have no name",
          'git config --global user.name "Your Name" && git config --global user.email you@example.org',
        ),
  ];
}

/** Really tried. */
export async function confinementFinding(host: Host, distribution: Distribution): Promise<Finding> {
  const problem = await namespaceProblem(host);
  if (problem === undefined) return fine("confinement", `bubblewrap ${host.bwrap ?? ""}: a namespace was made`);
  const [, next] = /; next: ([\s\S]*)$/u.exec(problem) ?? [];
  const install = host.bwrap === undefined && process.platform === "linux" ? distribution.install("bubblewrap") : undefined;
  return missing("confinement", withoutMove(problem), install ?? next ?? null);
}

/** A message that says its next move, where that stands below it as what mends it. */
const withoutMove = (problem: string): string => problem.replace(/; next: [\s\S]*$/u, "");
