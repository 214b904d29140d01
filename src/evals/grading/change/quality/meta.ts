import { z } from "zod";
import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { onThisSystem, TIMEOUT } from "../subject.ts";
import { type QualityMeasure, seen } from "./measure.ts";

const META = `package: let meta = package.meta or { }; has = name: builtins.hasAttr name meta && meta.\${name} != "" && meta.\${name} != [ ]; in
  builtins.filter (name: !(has name)) [ "description" "license" "mainProgram" ]`;

/** Packages say what they are, under which licence, and which program is theirs. */
export const meta: QualityMeasure = {
  name: "meta",
  async look(subject) {
    const { attrs } = subject.place.task.checks.build;
    const packages = attrs.filter((attribute) => attribute.startsWith("packages.")).map((one) => onThisSystem(subject, one));
    if (packages.length === 0) return undefined;
    const lacking: string[] = [];
    for (const attribute of packages) {
      const answer = await evaluator(subject.context).evaluate(attribute, META, TIMEOUT.eval * 1000);
      const names = answer.ok ? z.array(z.string()).parse(answer.value) : ["meta that evaluates"];
      if (names.length > 0) lacking.push(`${attribute} has no ${names.join(", ")}`);
    }
    return seen(lacking.length === 0, lacking.length === 0 ? "complete" : lacking.join("; "));
  },
};
