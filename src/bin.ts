#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Node's compile cache halves the start of a command; everything else is loaded after it is on.
enableCompileCache();
const { main } = await import("./cli.ts");
await main();
