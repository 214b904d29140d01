import type { CheckKind } from "../../src/crq/checks.ts";

/** What a pass means in one sentence, and a block as people write it; a test parses every one. */
export const CHECK_EXAMPLES: Readonly<Record<CheckKind, { readonly means: string; readonly block: string }>> = {
  "nix-parse": {
    means: "every tracked file that matches is Nix, and those named without a glob are there",
    block: 'kind = "nix-parse"\nfiles = ["**/*.nix"]',
  },
  "nix-eval": {
    means: "the attribute, or the function of the outputs, has the value that is asked for",
    block: 'kind = "nix-eval"\nattr = "packages.${system}.tally.version"\nregex = \'^\\d+\\.\\d+\\.\\d+$\'',
  },
  "flake-outputs": {
    means:
      "required attributes exist for every system of the target, forbidden ones do not; derivations for this machine have a .drv",
    block:
      'kind = "flake-outputs"\nrequire = ["packages.${system}.tally", "devShells.${system}.default"]\nforbid = ["packages.${system}.old"]',
  },
  "flake-inputs": {
    means: "every input obeys `[policy.inputs]`, in the flake and in the lock",
    block: 'kind = "flake-inputs"\nmin-inputs = 2',
  },
  lock: {
    means: "every declared input has a node with an equal `original` and a narHash, and Nix accepts the lock as it is",
    block: 'kind = "lock"\nrequire = ["nixpkgs", "naersk"]',
  },
  "flake-check": {
    means: "`nix flake check` succeeds, and the named checks exist and test something",
    block: 'kind = "flake-check"\nrequire = ["test"]',
  },
  "nix-build": {
    means: "the attribute builds, and the files are in its output and not empty, those in bin executable",
    block: 'kind = "nix-build"\nattr = "packages.${system}.tally"\nfiles = ["bin/tally"]',
  },
  "dev-shell": {
    means:
      "the program of the shell does what is asked for, without the caller's environment; what the shell's hook prints does not count",
    block: 'kind = "dev-shell"\nrun = { argv = ["cargo", "--version"], stdout = { contains = "cargo" } }',
  },
  run: {
    means: "the program, confined, does what is asked for",
    block: 'kind = "run"\nargv = ["${out:AC-1.0}/bin/tally"]\nstdin = "food 3\\nfood 4\\n"\nstdout = { regex = \'^food 7$\' }',
  },
  file: {
    means: "the file holds what is asked for, or is not there",
    block: 'kind = "file"\npath = "Cargo.toml"\npointer = "/package/edition"\nequals = "2024"',
  },
  doc: {
    means: "the documents changed since the base and show the headings and texts where a reader sees them",
    block: 'kind = "doc"\nfiles = ["README.md"]\nheadings = ["Nix"]\nmentions = ["nix build .#tally"]',
  },
  "git-scope": {
    means: "only allowed paths changed since the base; documents of the CRQs are left out",
    block: 'kind = "git-scope"\nallow = ["flake.*", "README.md"]\ndeny = ["src/**"]',
  },
  steps: {
    means:
      "records are valid, their graph has no cycle and each has a flake; nodes evaluate each by itself and take only lower ones",
    block: 'kind = "steps"\nmode = "lattice"\ndir = "nodes"\nmin = 3\nbuild = true',
  },
  command: {
    means: "the command does what is asked for, with the programs of the flake's default shell",
    block: 'kind = "command"\nscript = "tally --help | grep -q usage"\nwhy = "two programs and a pipe"',
  },
  manual: {
    means: "a person's answer is recorded for these files (`verify --answer`)",
    block: 'kind = "manual"\nask = "Does the introduction read well?"\nwho = "the author of the README"',
  },
};
