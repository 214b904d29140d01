/**
 * Packages whose install script fetches a program of their own, and the variable by which each leaves that out: a sandbox has no network, and
 * `npm ci` of nixpkgs runs install scripts. From the packages' own documentation.
 */
const SKIPS: Readonly<Record<string, readonly [string, string]>> = {
  puppeteer: ["PUPPETEER_SKIP_DOWNLOAD", "1"],
  playwright: ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"],
  "@playwright/test": ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"],
  cypress: ["CYPRESS_INSTALL_BINARY", "0"],
  electron: ["ELECTRON_SKIP_BINARY_DOWNLOAD", "1"],
  chromedriver: ["CHROMEDRIVER_SKIP_DOWNLOAD", "true"],
  geckodriver: ["GECKODRIVER_SKIP_DOWNLOAD", "1"],
  "@sentry/cli": ["SENTRYCLI_SKIP_DOWNLOAD", "1"],
};

export const skipsDownload = (name: string): readonly [string, string] | undefined =>
  Object.hasOwn(SKIPS, name) ? SKIPS[name] : undefined;
