import { readFile } from "node:fs/promises";

/** How this machine installs a package, where its distribution is known. */
export interface Distribution {
  readonly id: string;
  readonly version: number;
  /** `sudo apt install NAME` */
  install(name: string): string | undefined;
}

const INSTALLERS: readonly (readonly [ids: readonly string[], command: string])[] = [
  [["debian", "ubuntu"], "sudo apt install"],
  [["fedora", "rhel", "centos"], "sudo dnf install"],
  [["arch"], "sudo pacman -S"],
  [["opensuse", "suse"], "sudo zypper install"],
  [["alpine"], "sudo apk add"],
];

/** os-release(5): `ID`, `ID_LIKE`, `VERSION_ID`. Pure. */
export function distributionOf(osRelease: string): Distribution {
  const fields = new Map(
    [...osRelease.matchAll(/^([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|(\S*))$/gmu)].map((match) => [
      match[1] ?? "",
      match[2] ?? match[3] ?? match[4] ?? "",
    ]),
  );
  const ids = [fields.get("ID") ?? "", ...(fields.get("ID_LIKE") ?? "").split(/\s+/u)];
  const command = INSTALLERS.find(([known]) => known.some((id) => ids.includes(id)))?.[1];
  return {
    id: fields.get("ID") ?? "",
    version: Number.parseFloat(fields.get("VERSION_ID") ?? "") || 0,
    install: (name) => (ids.includes("nixos") ? `nix-shell -p ${name}` : command && `${command} ${name}`),
  };
}

export const readDistribution = async (): Promise<Distribution> =>
  distributionOf(await readFile("/etc/os-release", "utf8").catch(() => ""));

/**
 * The command that brings a Nix that is new enough. Debian has one since 13, Arch always; elsewhere the installer of nixos.org, which is read
 * before it is run.
 */
export function installNix({ id, version }: Distribution): string {
  if (id === "debian" && version >= 13) return "sudo apt install nix-setup-systemd";
  if (id === "arch") return "sudo pacman -S nix && sudo systemctl enable --now nix-daemon";
  return "curl -Lo install-nix https://nixos.org/nix/install && less install-nix && sh install-nix --daemon";
}
