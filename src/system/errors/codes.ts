/**
 * Every end that was foreseen, under a name that stays: printed with the message, in `--json`, and the anchor of docs/reference/errors.md,
 * which is made from this table. `exit` is that of docs/reference/exit-codes.md; where a failure has several, the one thrown says which.
 */
export interface ErrorEntry {
  readonly exit: number;
  /** What happened, without names: those stand in the message. */
  readonly what: string;
  /** The next move. */
  readonly move: string;
}

const entry = (exit: number, what: string, move: string): ErrorEntry => ({ exit, what, move });

/** How the program was called. */
const CALL = {
  usage: entry(
    2,
    "A verb, an option or an argument is not one of the program's.",
    "`crq-agent VERB --help` names them; the message names the nearest.",
  ),
  "missing-argument": entry(
    2,
    "The verb does not know what to work on.",
    "Give what the message asks for; it shows the whole command.",
  ),
  "option-conflict": entry(
    2,
    "Two options ask for opposite things, or one means nothing without another.",
    "Leave out the one that the message names.",
  ),
  "bad-value": entry(
    2,
    "The value of an option or argument has another form than it must have.",
    "Write it as the message says.",
  ),
  "ambiguous-name": entry(2, "A shortened name fits several things.", "Give one of those that the message lists."),
  "unknown-topic": entry(2, "There is no help under this name.", "`crq-agent help` lists verbs and topics."),
  "unknown-status": entry(
    2,
    "A CRQ cannot be moved to this status by hand.",
    "Use a status or the verb that the message names; see `crq-agent help lifecycle`.",
  ),
  "not-asked": entry(
    5,
    "A question must be answered, and nobody is there to ask.",
    "Run it on a terminal, or give the option that answers it (`--yes`, `--patch FILE`).",
  ),
} as const;

/** Documents, their numbers and their way. */
const DOCUMENTS = {
  "unknown-crq": entry(2, "No CRQ has this id, number or path.", "`crq-agent status` lists those there are."),
  "unknown-criterion": entry(2, "The CRQ has no such acceptance criterion.", "`crq-agent show CRQ` lists them."),
  "unknown-section": entry(2, "The CRQ has no such section.", "`crq-agent show CRQ` lists them."),
  "unknown-rule": entry(2, "The linter has no such rule.", "See docs/reference/lint-rules.md."),
  "bad-crq": entry(
    2,
    "A CRQ cannot be read as one: its metadata, its criteria or a check is wrong.",
    "`crq-agent lint FILE` names every problem with line and column.",
  ),
  "no-criteria": entry(
    2,
    "A CRQ has nothing that could be proven.",
    "Add a criterion with a check block to section 5; see docs/guides/criteria.md.",
  ),
  "not-ready": entry(
    5,
    "A CRQ may not be proposed or approved yet. The exit code is 1 for findings, 2 for a document that cannot be used, 5 for a question without an answer.",
    "Mend what the message names; `crq-agent lint FILE` shows all of it.",
  ),
  "not-approved": entry(
    5,
    "A CRQ has no approval, or its scope or criteria changed since.",
    "Read it, then `crq-agent approve CRQ`.",
  ),
  "open-question": entry(
    5,
    "The last run ended with a question that only a person can answer.",
    "`crq-agent sessions take` puts it into the document; answer it there and approve again.",
  ),
  "no-question": entry(2, "The session did not end with a question.", "`crq-agent sessions list` shows how each ended."),
  "move-refused": entry(
    2,
    "The state of a CRQ does not allow this step, or its text could not be edited.",
    "`crq-agent status CRQ` says where it stands; see docs/guides/lifecycle.md.",
  ),
  "bad-id": entry(2, "An id is `CRQ-` and three to seven digits.", "Write CRQ-001 or higher."),
  "number-taken": entry(
    2,
    "Another CRQ has this number, here or on another branch.",
    "Take the free one that the message names.",
  ),
  "no-number": entry(2, "No number can be given out.", "Give one with `--id`, or `--to` with `--renumber`."),
  "bad-list": entry(
    2,
    "A file that was given as the list of CRQs is none.",
    "Name the right file with `--list`, or leave it out.",
  ),
  "bad-index": entry(2, "The lists of the CRQ folder cannot be made.", "Mend what the message names, then `crq-agent index`."),
  "no-crq-folder": entry(2, "The repository has no CRQ folder.", "`crq-agent init` makes it."),
  "draft-ended": entry(
    1,
    "The model did not finish the draft. The exit code is that of its end.",
    "`crq-agent sessions show` tells what happened; try another model or more room under [limits].",
  ),
} as const;

/** The repository and its files. */
const REPOSITORY = {
  "bad-config": entry(
    2,
    "crq-agent.toml cannot be read, is no TOML, or has an unknown key or a wrong value.",
    "Mend the line that the message names; `crq-agent help config` lists the keys.",
  ),
  "no-home": entry(2, "There is no absolute path for the program's own folders.", "Set HOME to your home folder."),
  "no-folder": entry(2, "The folder given with --repo is not there.", "Give the project's folder."),
  "no-git": entry(2, "The folder is no git repository, and this needs one.", "`git init && git add -A && git commit`."),
  "no-commit": entry(2, "The repository has no commit yet.", "`git add -A && git commit`, then run again."),
  "empty-folder": entry(2, "The folder holds no file.", "Give the folder of a project with --repo."),
  "no-identity": entry(2, "git does not know who you are.", '`git config --global user.name "Your Name"`, and `user.email`.'),
  "no-flake": entry(
    2,
    "There is no flake.nix here.",
    'Name its folder with --repo, or make one: `crq-agent draft "nixify this Rust project"`.',
  ),
  "flake-ignored": entry(2, "flake.nix is there, but an ignore rule keeps it out of git.", "Take the rule away, or pass --yes."),
  "unknown-attribute": entry(2, "The flake has no such attribute to build.", "`nix flake show` lists them."),
  "unknown-commit": entry(2, "A name is no commit of this repository.", "`git log --oneline` lists them; fetch what is missing."),
  "base-unreachable": entry(
    2,
    "The base of a CRQ is not here, or HEAD does not come from it.",
    "Fetch it, or set `target.base` to an ancestor of HEAD.",
  ),
  "no-policy": entry(2, "No [policy.inputs] is configured.", "Add it to crq-agent.toml; see docs/guides/inputs.md."),
  "policy-forbids": entry(2, "The input policy does not allow what this would write.", "See docs/guides/inputs.md."),
  "outside-repository": entry(2, "A path lies outside of the repository.", "Give one inside, or another --repo."),
  "unreadable-file": entry(2, "A file or folder that was named cannot be read.", "Check the path and its rights."),
  "too-large": entry(
    1,
    "A file, or a folder without git (exit code 2), is larger than what is read of one.",
    "Split it, or leave it out.",
  ),
  "not-text": entry(1, "A file is not UTF-8, so it is not edited.", "Save it as UTF-8."),
  "not-written": entry(
    2,
    "A file could not be written, or it changed while the program worked.",
    "Look at it, then run again; nothing of yours was written over.",
  ),
  "foreign-file": entry(
    2,
    "A file stands where one would be generated, and was not generated.",
    "Move it away or choose another name; it is left as it is.",
  ),
  "not-recorded": entry(2, "A build could not be recorded.", "The message says which command or tool is missing."),
} as const;

/** Flakes of many parts. */
const LATTICE = {
  "no-lattice": entry(2, "There is no lattice.toml.", "`crq-agent lattice init DIR`, or name its folder with --dir."),
  "bad-lattice": entry(2, "The plan of a lattice is wrong.", "Mend the lines that the message names."),
  "unknown-node": entry(2, "The lattice has no such node.", "`crq-agent lattice show` lists them."),
  "no-node": entry(1, "The lattice has no node yet.", "`crq-agent lattice add NAME`."),
  "lattice-stale": entry(1, "Files of the lattice differ from its plan.", "`crq-agent lattice check --fix`."),
  "lattice-failed": entry(
    1,
    "Nix refused a node. The exit code is 4 where Nix could not be asked.",
    "The message holds Nix's reason.",
  ),
  "not-split": entry(2, "The crate cannot be made into nodes.", "The message says what stands in the way."),
} as const;

/** This machine, models, worlds and sessions. */
const MACHINE = {
  "no-nix": entry(4, "There is no Nix that can be used (exit 2 for a run of evals).", "`crq-agent doctor` says how to get it."),
  "old-node": entry(4, "Node is older than what the program is written for.", "Install the version that the message names."),
  "old-nix": entry(4, "Nix is too old for this.", "Upgrade it to the version that the message names."),
  "no-isolation": entry(
    2,
    "Trials cannot be isolated on this machine.",
    "`crq-agent evals doctor` says what is missing; --unsafe-local goes without.",
  ),
  "model-unusable": entry(
    2,
    "The model cannot be used: an unknown name or provider, no key, a package or file that is missing, or a damaged cassette.",
    "See `crq-agent help models`; `crq-agent doctor` says which keys are set.",
  ),
  "price-unknown": entry(
    2,
    "A cap in dollars cannot be kept, because the model's price is unknown.",
    "Set it under [prices], or leave the cap out.",
  ),
  "bad-world": entry(
    2,
    "A folder is no world that can be served (exit 3 where its store could not be opened for want of room).",
    "`crq-agent world check DIR` names every problem; `--world shipped` is the one that comes along.",
  ),
  "address-refused": entry(2, "An address names a user; what needs a password is never recorded.", "Give a public address."),
  "unknown-session": entry(2, "No session of this repository has this id.", "`crq-agent sessions list` lists them."),
  "session-running": entry(2, "Another process works on this session.", "Wait for it, or end it."),
  "session-over": entry(2, "The session has nothing to go on with, or another version wrote it.", "Run the verb again."),
  "copy-damaged": entry(2, "The private copy of a session is damaged.", "Run apply again; the checkout is as it was."),
  "disk-full": entry(3, "There is no room left on the disk.", "Free some and run again; nothing was handed over."),
  "output-lost": entry(
    3,
    "The result could not be written to standard output; the work itself was done.",
    "Free some room, or print somewhere else; `crq-agent sessions list` has what a run did.",
  ),
  internal: entry(3, "A failure that was not foreseen: a bug of crq-agent.", "Report it with the output of CRQ_AGENT_DEBUG=1."),
} as const;

/** Comparing models. */
const EVALS = {
  "unknown-run": entry(2, "There is no such run.", "`crq-agent evals list --runs` names those there are."),
  "unknown-task": entry(2, "There is no such task, or none is left.", "`crq-agent evals list` names those there are."),
  "bad-suite": entry(2, "A task of the suite cannot be used.", "Mend what the message names; `crq-agent evals validate`."),
  "not-admitted": entry(2, "Tasks were not admitted in this world.", "`crq-agent evals validate`, or --allow-unadmitted."),
  "no-model": entry(2, "No model is left to run.", "Name one with --models."),
  "runs-differ": entry(
    2,
    "Two runs, or a run and what is here now, differ in more than they may.",
    "The message lists the differences.",
  ),
  "run-unfinished": entry(
    2,
    "The run is unfinished or too small for this question. Its exit code says which.",
    "Finish it with `evals run --id`.",
  ),
  "run-busy": entry(2, "Another process works on the run.", "Wait for it."),
  "no-baseline": entry(
    2,
    "There is no baseline that could be compared with.",
    "`crq-agent evals gate RUN --write-baseline FILE`.",
  ),
  "shards-missing": entry(3, "Parts of a run are missing.", "Run the shards that the message names, then merge again."),
  "queue-failed": entry(
    3,
    "The queue of trials cannot be used. The exit code is 2 where it was named wrongly.",
    "Check --queue and the server.",
  ),
  altered: entry(6, "Stored results were changed or are damaged.", "What they say proves nothing; start a new run."),
} as const;

export const ERRORS = { ...CALL, ...DOCUMENTS, ...REPOSITORY, ...LATTICE, ...MACHINE, ...EVALS } as const;

export type ErrorCode = keyof typeof ERRORS;

/** The tables under their headings, as the reference shows them. */
export const ERROR_AREAS: readonly (readonly [title: string, entries: Readonly<Record<string, ErrorEntry>>])[] = [
  ["How it was called", CALL],
  ["Documents", DOCUMENTS],
  ["The repository", REPOSITORY],
  ["Lattices", LATTICE],
  ["Machine, models, sessions", MACHINE],
  ["Evals", EVALS],
];

export const isErrorCode = (name: string): name is ErrorCode => Object.hasOwn(ERRORS, name);
