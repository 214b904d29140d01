/** What every page looks like. Colours of both schemes have at least 4.5:1 for text and 3:1 for marks against their ground (WCAG 2.2, 1.4.3 and 1.4.11). */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --mark: #0a5cc2; --good: #1a7f37; --bad: #b3261e; --even: #6e7781; --wash: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --soft: #9da7b1; --line: #30363d; --mark: #6cb0ff; --good: #4cc46a; --bad: #ff8a80; --even: #9da7b1; --wash: #161b22; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
a { color: var(--mark); } code { font-family: ui-monospace, monospace; font-size: .9em; }
.result { font-size: 1.25rem; font-weight: 600; } .soft, caption { color: var(--soft); }
.watermark { border-left: .3rem solid var(--bad); padding: .3rem .8rem; background: var(--wash); }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1rem; list-style: none; padding: 0; }
.scroll { overflow-x: auto; } .scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; margin: .5rem 0; } caption { text-align: left; padding: .3rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: normal; }
tbody th { font-weight: 500; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
summary { cursor: pointer; padding: .3rem 0; }
svg { display: block; max-width: none; } svg text { fill: var(--text); font: 13px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
svg .axis { stroke: var(--line); stroke-width: 1; } svg .bar { stroke: var(--mark); stroke-width: 3; } svg .dot { fill: var(--mark); }
svg .good { fill: var(--good); } svg .bad { fill: var(--bad); } svg .even { fill: var(--even); } svg .mark { fill: var(--mark); }
svg .on { fill: var(--ground); font-weight: 600; } svg .cell { stroke: var(--ground); stroke-width: 2; } svg .empty { fill: var(--wash); }
/* Paper cannot be opened. */
@media print { details::details-content { content-visibility: visible; block-size: auto; } summary { list-style: none; } }
`;
