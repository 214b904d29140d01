import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionPage } from "../../../src/jobs/session-report/page.ts";
import { chromium } from "../../ui/html/browser.ts";
import { longSession } from "./long-session.ts";
import { made, recorded } from "./recorded.ts";

/** What only a browser can tell of a session's page: opened from a disk, as a person gets it. */
describe.skipIf(chromium === undefined)("the page of a session in Chromium", () => {
  let browser: Browser;
  let folder: string;
  const pages = {
    done: () => recorded("done"),
    failed: () => recorded("failed"),
    // With curves, groups of turns and an unknown price.
    long: () => made(longSession(300)),
  } as const;
  type Name = keyof typeof pages;
  const NAMES: readonly Name[] = ["done", "failed", "long"];
  const address = (name: Name): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "crq session ü "));
    for (const name of NAMES) await writeFile(join(folder, `${name}.html`), sessionPage(pages[name]()));
    // A test's Chromium reads files of our own; its sandbox needs rights that a container does not give.
    browser = await driver.launch({ executablePath: chromium ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function opened(name: Name, options: { width?: number; scheme?: "light" | "dark" } = {}): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 800 },
      colorScheme: options.scheme ?? "light",
    });
    await page.goto(address(name));
    return page;
  }

  /** In the page; a text, for the types of a page's own globals are none of this project's. */
  const ask = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(expression);
  const openAll = (page: Page): Promise<unknown> =>
    ask(page, "document.querySelectorAll('details').forEach((part) => { part.open = true; })");

  it.each(NAMES)("%s asks for nothing but itself and has nothing to complain of, scripts switched off or not", async (name) => {
    for (const javaScriptEnabled of [true, false]) {
      const page = await browser.newPage({ javaScriptEnabled });
      const asked: string[] = [];
      const said: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(error.message));
      await page.goto(address(name), { waitUntil: "networkidle" });
      const summary = page.locator("summary").first();
      await summary.click();
      expect({ asked, said }).toEqual({ asked: [address(name)], said: [] });
      expect(await page.locator("details[open]").count()).toBe(1);
      // The style sheet was let in by its hash.
      expect(await page.locator("body").evaluate((body) => body.ownerDocument.styleSheets.length)).toBe(1);
      await page.close();
    }
  });

  it.each(NAMES.flatMap((name) => [[name, "light"] as const, [name, "dark"] as const]))(
    "%s has nothing that axe-core finds, in the %s scheme",
    { timeout: 120_000 },
    async (name, scheme) => {
      const page = await opened(name, { scheme });
      // Of a long session axe-core would measure every line for minutes: what is shut stays shut.
      if (name !== "long") await openAll(page);
      await page.evaluate(axe.source);
      const { violations, passes } = await ask<AxeResults>(page, "axe.run()");
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))).toEqual([]);
      expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(["color-contrast", "document-title", "region"]));
      await page.close();
    },
  );

  it.each(NAMES)("%s is no wider than a phone", async (name) => {
    const page = await opened(name, { width: 360 });
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
    expect(found).toEqual({ scroll: 360, beyond: [] });
    await page.close();
  });

  it("is reached by keyboard as a whole: sections, cards, tables, and what lies in them", { timeout: 60_000 }, async () => {
    const page = await opened("failed");
    const names: string[] = [];
    for (let focused = await tab(page); focused !== null && names.length < 200; focused = await tab(page)) {
      expect(focused, focused.name).toMatchObject({ outlined: true });
      names.push(focused.name);
      if (focused.tag === "summary") await page.keyboard.press("Enter");
    }
    expect(names[0]).toBe("To the first section");
    expect(await ask(page, "document.querySelectorAll('details:not([open])').length")).toBe(0);
    const wanted = await ask<string[]>(
      page,
      "[...document.querySelectorAll('[role=region], a, summary')].map((part) => part.ariaLabel ?? part.textContent)",
    );
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
    await page.close();
  });

  /** What has the focus after one press of Tab; null once it has left the page. */
  async function tab(page: Page): Promise<{ tag: string; name: string; outlined: boolean } | null> {
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

  it("is whole on paper, although nothing can be opened there", async () => {
    const page = await opened("failed");
    const shown = (): Promise<readonly boolean[]> =>
      ask(page, "[...document.querySelectorAll('details pre')].map((part) => part.checkVisibility())");
    expect(new Set(await shown())).toEqual(new Set([false]));
    await page.emulateMedia({ media: "print" });
    expect(new Set(await shown())).toEqual(new Set([true]));
    await page.close();
  });
});
