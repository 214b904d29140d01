import { describe, expect, it } from "vitest";
import { distributionOf, installNix } from "../../../../src/commands/machine/doctor/distribution.ts";

describe("how a machine installs what is missing", () => {
  it.each([
    ['ID=debian\nVERSION_ID="13"\n', "sudo apt install bubblewrap", "sudo apt install nix-setup-systemd"],
    ['ID=debian\nVERSION_ID="12"\n', "sudo apt install bubblewrap", expect.stringMatching(/^curl -Lo .* && less .* && sh /u)],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', "sudo apt install bubblewrap", expect.not.stringContaining("| sh")],
    ["ID=fedora\nVERSION_ID=43\n", "sudo dnf install bubblewrap", expect.not.stringContaining("| sh")],
    ["ID=arch\n", "sudo pacman -S bubblewrap", expect.stringContaining("pacman -S nix")],
    ["ID=nixos\n", "nix-shell -p bubblewrap", expect.any(String)],
    ["", undefined, expect.not.stringContaining("| sh")],
  ])("%j", (osRelease, install, nix) => {
    const distribution = distributionOf(osRelease);
    expect([distribution.install("bubblewrap"), installNix(distribution)]).toEqual([install, nix]);
  });
});
