import { plainText } from "../../agent/plain-text.ts";
import type { Vendored } from "../../jobs/vendor/place.ts";
import type { InputFinding } from "../../nix/policy/policy.ts";
import { offsetOf } from "../../nix/vendor/literal.ts";
import { table } from "../../ui/text.ts";

/** What vendoring found, for people and for programs. */

type Planned = Extract<Vendored, { kind: "planned" }>;

export function exitOf(vendored: Vendored): number {
  switch (vendored.kind) {
    case "planned":
      return vendored.skipped.some(({ offPolicy }) => offPolicy) || vendored.findings.some(isError) ? 1 : 0;
    case "without-nix":
      return 4;
    case "refused":
      return { failed: 1, timeout: 4, unavailable: 4, aborted: 130 }[vendored.why];
  }
}

const isError = ({ severity }: Pick<InputFinding, "severity">): boolean => severity === "error";

export function vendorText(vendored: Vendored): string {
  switch (vendored.kind) {
    case "planned":
      return plainText(planText(vendored));
    case "refused": {
      const { stage, message, next, diagnoses } = vendored;
      const place = diagnoses[0]?.position;
      const at = place ? `${place.file}:${place.line}:${place.column}: ` : "";
      return plainText(
        [
          ...listed(vendored),
          ...(stage === "lock" ? ["The lock could not be written, so nothing was:"] : []),
          `${at}${message}`,
          next,
        ].join("\n"),
      );
    }
    case "without-nix": {
      const { message, next, known } = vendored;
      const rows = known.map((each) =>
        each.kind === "rewrite" ? ["→", each.input, `${each.from} would become ${each.to}`] : ["·", each.input, each.message],
      );
      const heading = known.length > 0 ? ["By flake.lock, which may be older than flake.nix:", table(rows)] : [];
      return plainText([`Lock not updated, flake.nix not rewritten: ${message}`, next, ...heading].join("\n"));
    }
  }
}

function planText(planned: Planned): string {
  const pin = (url: string): string => url.replace(/[?&]narHash=[^&]*/u, "");
  const pins = planned.moved.map(({ input, from, to }) => [
    "lock",
    input,
    from === undefined ? `new: ${pin(to ?? "")}` : to === undefined ? `gone: ${pin(from)}` : `${pin(from)} → ${pin(to)}`,
  ]);
  const known = new Set(planned.skipped.filter(({ offPolicy }) => offPolicy).map(({ input }) => input));
  const rest = planned.findings.filter(({ input, severity }) => !(severity === "error" && known.has(input)));
  return [
    ...shownDiffs(planned),
    ...listed(planned),
    ...(pins.length > 0 ? [table(pins)] : []),
    ...rest.map(({ severity, message, next }) => `${severity}: ${message}. ${next}`),
  ].join("\n");
}

/** A lock that is new holds nothing that the list of pins does not say. */
function shownDiffs({ diff, changes }: Planned): readonly string[] {
  const lockIsNew = changes.some(({ path, before }) => path.endsWith("flake.lock") && before === undefined);
  const parts = diff.split(/^(?=diff --git )/mu).filter((part) => part !== "");
  const shown = parts.filter((part) => !(lockIsNew && /^diff --git \S+flake\.lock /u.test(part)));
  return shown.length === 0 ? [] : [shown.join("").trimEnd(), ""];
}

function listed({ rewritten, skipped }: Pick<Planned, "rewritten" | "skipped">): readonly string[] {
  const rows = [
    ...rewritten.map(({ input, from, to }) => ["→", input, `${from} → ${to}`]),
    ...skipped.map(({ input, offPolicy, reason, message }) => [offPolicy ? "✗" : "·", input, `${reason}: ${message}`]),
  ];
  return rows.length === 0 ? [] : [table(rows)];
}

/**
 * In the shape of every verb's diagnostics; columns in UTF-16 units.
 * @param source flake.nix as it was judged
 */
export function inputDiagnostics(vendored: Vendored, folder: string, source: string): readonly unknown[] {
  const file = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  switch (vendored.kind) {
    case "planned":
      return vendored.findings.map(({ severity, rule, message, next, position }) => ({
        severity,
        rule: `input-policy/${rule}`,
        message: `${message}. ${next}`,
        file: file(rule.startsWith("lock-") || rule === "transitive" ? "flake.lock" : "flake.nix"),
        line: position?.line ?? 1,
        column: position ? columnIn(source, position) : 1,
      }));
    case "refused": {
      const { stage, message, next, diagnoses } = vendored;
      const [first] = diagnoses;
      const name = file(first?.position?.file ?? (stage === "lock" ? "flake.lock" : "flake.nix"));
      return [
        {
          severity: "error",
          rule: `vendor/${stage}`,
          message: `${message}. ${next}`,
          file: name,
          line: first?.position?.line ?? 1,
          column: first?.position?.column ?? 1,
        },
      ];
    }
    case "without-nix":
      return [
        {
          severity: "warning",
          rule: "vendor/lock-not-updated",
          message: `${vendored.message}. ${vendored.next}`,
          file: file("flake.nix"),
          line: 1,
          column: 1,
        },
      ];
  }
}

/** Nix counts bytes. */
function columnIn(source: string, position: { readonly line: number; readonly column: number }): number {
  const offset = offsetOf(source, position);
  if (offset === undefined) return position.column;
  const start = Math.max(source.lastIndexOf("\n", offset - 1), source.lastIndexOf("\r", offset - 1)) + 1;
  return offset - start + 1;
}
