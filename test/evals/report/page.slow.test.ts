import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageOf } from "../../../src/evals/report/html/page.ts";
import { summarize } from "../../../src/evals/results/summarize.ts";
import { chromium } from "../../ui/html/browser.ts";
import { madeRun } from "../results/sample-run.ts";

/** What only a browser can tell of report.html: opened from a disk, as a person gets it. */
describe.skipIf(chromium === undefined)("report.html in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "crq report ü "));
    const { facts, rows } = madeRun(
      [
        { alias: "a-model-with-a-rather-long-name-of-its-own-2026-11-20", chance: () => 0.9, usd: 0.5 },
        { alias: "<b>small</b>", chance: () => 0.4, usd: 0.1, boasts: true },
        { alias: "rules", role: "reference", chance: () => 0.5 },
        { alias: "nop", role: "reference", chance: () => 0 },
      ],
      12,
      3,
      3,
    );
    const file = join(folder, "report.html");
    await writeFile(file, pageOf(summarize(facts, rows), rows));
    address = pathToFileURL(file).href;
    // A test's Chromium reads one file of our own; its sandbox needs rights that a container does not give.
    browser = await driver.launch({ executablePath: chromium ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function opened(options: { width?: number; scheme?: "light" | "dark" } = {}): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 800 },
      colorScheme: options.scheme ?? "light",
    });
    await page.goto(address);
    return page;
  }

  /** In the page; a text, for the types of a page's own globals are none of this project's. */
  const ask = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(expression);
  const openAll = (page: Page): Promise<unknown> =>
    ask(page, "document.querySelectorAll('details').forEach((part) => { part.open = true; })");

  it("asks for nothing but itself and has nothing to complain of", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(address, { waitUntil: "networkidle" });
    await openAll(page);
    expect({ asked, said }).toEqual({ asked: [address], said: [] });
  });

  it.each(["light", "dark"] as const)("has nothing that axe-core finds, in the %s scheme", async (scheme) => {
    const page = await opened({ scheme });
    await openAll(page);
    await page.evaluate(axe.source);
    const { violations, passes } = await ask<AxeResults>(page, "axe.run()");
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))).toEqual([]);
    expect(passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["color-contrast", "document-title", "svg-img-alt", "region"]),
    );
  });

  it.each([360, 768])("is no wider than a screen of %d pixels", async (width) => {
    const page = await opened({ width });
    await openAll(page);
    const found = await ask(
      page,
      `({
        scroll: document.documentElement.scrollWidth,
        beyond: [...document.querySelectorAll("body *")]
          .filter((part) => part.closest(".scroll > *") === null && part.getBoundingClientRect().right > innerWidth + 0.5)
          .map((part) => part.outerHTML.slice(0, 80)),
      })`,
    );
    expect(found).toEqual({ scroll: width, beyond: [] });
  });

  it("is reached by keyboard as a whole: links, plots, and the tables behind them", async () => {
    const page = await opened();
    const names: string[] = [];
    for (let focused = await tab(page); focused !== null && names.length < MOST_STOPS; focused = await tab(page)) {
      expect(focused, focused.name).toMatchObject({ outlined: true });
      names.push(focused.name);
      if (focused.tag === "summary") await page.keyboard.press("Enter");
    }
    expect(names[0]).toBe("To the results");
    const wanted = await ask<string[]>(
      page,
      "[...document.querySelectorAll('[role=region], nav a')].map((part) => part.ariaLabel ?? part.textContent)",
    );
    expect(wanted.length).toBeGreaterThan(18);
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
    expect(await ask(page, "document.querySelectorAll('details:not([open])').length")).toBe(0);
  });

  const MOST_STOPS = 200;

  interface Focused {
    readonly tag: string;
    readonly name: string;
    readonly outlined: boolean;
  }

  /** What has the focus after one press of Tab; null once it has left the page. */
  async function tab(page: Page): Promise<Focused | null> {
    await page.keyboard.press("Tab");
    return ask(
      page,
      `document.activeElement === document.body ? null : {
        tag: document.activeElement.localName,
        name: document.activeElement.ariaLabel ?? document.activeElement.textContent,
        outlined: getComputedStyle(document.activeElement).outlineStyle !== "none",
      }`,
    );
  }

  it("has a table with numbers behind each plot", async () => {
    const page = await opened();
    const plots = await ask(
      page,
      `[...document.querySelectorAll("svg")].map((svg) => ({
        label: svg.ariaLabel !== "",
        rows: svg.closest("section").querySelectorAll("details table tbody tr").length > 0,
      }))`,
    );
    expect(plots).toEqual(new Array(6).fill({ label: true, rows: true }));
  });
});
