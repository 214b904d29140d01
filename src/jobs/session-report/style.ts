import { STYLE } from "../../ui/html/style.ts";

/** What a session's page has besides the common style. Shut cards are not laid out until they come into sight. */
export const SESSION_STYLE = `${STYLE}
:root { --plus: #e6f4ea; --minus: #fdeceb; } @media (prefers-color-scheme: dark) { :root { --plus: #10291a; --minus: #351a1b; } }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; } h4, h5, h6 { font-size: .95rem; margin: 1rem 0 .3rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--soft); } .verdict { white-space: nowrap; }
pre { background: var(--wash); padding: .5rem .7rem; border-radius: .3rem; font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
pre.command { display: inline-block; margin: .2rem 0; } pre.command::before { content: "$ "; color: var(--soft); }
.card, .group { border: 1px solid var(--line); border-radius: .4rem; padding: .1rem .8rem; margin: .5rem 0; } .group > .card { margin: .4rem 0; }
.card[open] { padding-bottom: .6rem; } .card > summary, .group > summary { padding: .4rem 0; }
.turn, .group { content-visibility: auto; contain-intrinsic-size: auto 3rem; }
.line { margin: .2rem 0; font-size: .9rem; }
.phase { font-weight: 600; color: var(--soft); border-top: 1px solid var(--line); padding-top: .5rem; }
.call, .diagnosis { border-left: 3px solid var(--line); padding-left: .8rem; margin: .6rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; } dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
figure { margin: .8rem 0; } figcaption { margin-bottom: .2rem; }
.diff { padding: .4rem 0; } .diff > * { display: block; padding: 0 .7rem; text-decoration: none; }
.diff ins { background: var(--plus); } .diff del { background: var(--minus); }
.document { border-left: 3px solid var(--line); padding-left: 1rem; } .document .lang { margin: .6rem 0 0; }
svg .curve { fill: none; stroke-width: 2.5; stroke: var(--mark); } svg .curve.even { stroke: var(--even); stroke-dasharray: 5 3; } svg .curve.good { stroke: var(--good); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } .call, .diagnosis, .document { padding-left: .6rem; } .card, .group { padding-inline: .5rem; } }
@media print { .turn, .group { content-visibility: visible; } pre, .card { break-inside: auto; } nav, .skip { display: none; } }
`;
