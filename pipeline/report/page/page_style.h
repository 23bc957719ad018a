// The style of the report page: light and dark, 360 to 1280 pixels, print.
#pragma once

#include <string_view>

namespace repopipe {

// The colours of series can be distinguished by people with colour blindness (M. Okabe, K. Ito,
// "Color Universal Design").  Every value is also in the text.
constexpr std::string_view kPageStyle = R"css(
:root { --ink: #1a1f26; --soft: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d8dee4;
  --track: #e4e8ec; --good: #e6f4ea; --good-edge: #1a7f37; --look: #fff4d6; --look-edge: #9a6700;
  --bad: #ffe9e7; --bad-edge: #cf222e; --blue: #0072b2; --sky: #8cc5e8; --green: #009e73;
  --orange: #e69f00; --red: #d1372c; --purple: #b8679c; --grey: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --paper: #0f141a;
  --card: #171d25; --line: #2d343d; --track: #2a313a; --good: #10291b; --good-edge: #3fb950;
  --look: #2e2409; --look-edge: #d29922; --bad: #38171a; --bad-edge: #f85149; --blue: #3b9ade;
  --sky: #2c5f88; --green: #2fbf93; --orange: #e3a62b; --red: #f0655b; --purple: #d08fbb;
  --grey: #7d8590; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 70rem; margin: 0 auto; padding: 1.75rem 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between;
  gap: .4rem 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.2rem; margin: 0 0 .7rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .4rem 0; }
small { font-size: .86rem; font-weight: 400; color: var(--soft); }
code { font: .86em ui-monospace, "DejaVu Sans Mono", monospace; }
.job, .soft, .more, footer { color: var(--soft); }
.job, .more, footer { font-size: .88rem; }
.status { border: 1px solid var(--line); border-radius: 1rem; padding: .15rem .8rem; font-weight: 600; }
.dot, .legend span { display: inline-block; width: .7em; height: .7em; border-radius: 2px;
  margin-right: .4em; }
.dot { border-radius: 50%; }
.verdict { border-left: 5px solid; border-radius: .4rem; padding: .8rem 1rem; margin: 1rem 0;
  font-size: 1.08rem; }
.verdict.good { background: var(--good); border-color: var(--good-edge); }
.verdict.look { background: var(--look); border-color: var(--look-edge); }
.verdict.bad { background: var(--bad); border-color: var(--bad-edge); }
.dot.good { background: var(--good-edge); } .dot.look { background: var(--look-edge); }
.dot.bad { background: var(--bad-edge); }
.tiles { display: grid; grid-template-columns: 1.7fr 1fr 1fr 1fr; gap: .8rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .7rem .9rem; font-size: .9rem; color: var(--soft); min-width: 0; }
.tile b { display: block; color: var(--ink); font-size: 1.6rem; line-height: 1.25; }
.tile b small { font-size: .95rem; }
.tile p { margin: .1rem 0 0; }
.part { border-top: 1px solid var(--line); margin-top: 1.7rem; padding-top: 1.1rem; }
.bar { display: flex; height: 8px; background: var(--track); border-radius: 2px; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--blue); }
.tile .bar { height: 9px; margin: .5rem 0; }
.todo { margin: 0; padding-left: 1.4rem; } .todo li { margin: .35rem 0; }
.lists { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1.6rem; }
.repos { list-style: none; margin: 0; padding: 0; font-size: .92rem; }
.repos li { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: .6rem;
  padding: .3rem 0; border-bottom: 1px solid var(--line); }
.repos li > span:first-child { flex: 1 1 55%; min-width: 0; }
.repos .bar { flex: 1 0 100%; height: 3px; margin-top: .25rem; }
.new-name { flex: 1 0 100%; color: var(--soft); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.repos .number { color: var(--soft); }
.next { margin-top: 1.2rem; }
.two { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 1.2rem 2.2rem;
  margin-top: 1.2rem; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.4rem 2.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  font-weight: 400; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.plain tbody th { white-space: nowrap; } .failures th { width: 1%; } .slow tbody th { white-space: normal; }
thead th { color: var(--soft); font-size: .86rem; }
th.number { text-align: right; }
.wide-bar { width: 34%; } td.wide-bar { vertical-align: middle; }
.scroll { overflow-x: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1rem; margin: .4rem 0 0; padding: 0;
  list-style: none; font-size: .86rem; color: var(--soft); }
svg { display: block; }
svg.nights { padding-left: 58px; overflow: visible; }
svg.nights[aria-labelledby^="latency"] { padding-left: 0; }
svg text { fill: var(--ink); font-size: 14px; }
svg .axis, svg .share, svg .cut-label { fill: var(--soft); font-size: 11.5px; }
svg .share, svg .cut-label { fill: var(--ink); }
svg .value { text-anchor: end; font-variant-numeric: tabular-nums; }
svg text.cross, b.cross { fill: var(--red); color: var(--red); font-weight: 700; margin-right: .4em; }
.grid { stroke: var(--line); stroke-dasharray: 2 3; } .zero { stroke: var(--grey); }
.track, .tonight { fill: var(--track); } .tonight { opacity: .55; } .cut { fill: var(--paper); }
.starting, .queued { fill: var(--grey); background: var(--grey); }
.fetching, i.fetching, .ok { fill: var(--blue); background: var(--blue); }
.processing, i.parsing, .parsing, .not_found, .lost { fill: var(--orange); background: var(--orange); }
.waiting, .blocked { fill: var(--purple); background: var(--purple); }
.finishing, i.storing, .storing, .renamed, .added { fill: var(--green); background: var(--green); }
.free, .unchanged { fill: var(--sky); background: var(--sky); }
.failed { fill: var(--red); background: var(--red); }
.usual { fill: var(--ink); background: var(--ink); }
.legend .usual { height: 3px; vertical-align: middle; }
.bar i.queued { background: var(--grey); } .bar i.ok { background: var(--blue); }
.bar i.unchanged { background: var(--sky); } .bar i.renamed { background: var(--green); }
.bar i.not_found { background: var(--orange); } .bar i.blocked { background: var(--purple); }
.bar i.failed { background: var(--red); } .bar i.parsing { background: var(--orange); }
.bar i.storing { background: var(--green); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details { margin-top: 1rem; } summary { cursor: pointer; color: var(--soft); font-size: .9rem; }
footer { border-top: 1px solid var(--line); margin-top: 1.7rem; padding-top: .8rem; }
@media (max-width: 60rem) { .tiles, .lists { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 44rem) {
  main { padding: 1.1rem .9rem; } h1 { font-size: 1.4rem; }
  .two, .charts, .lists { grid-template-columns: minmax(0, 1fr); }
  .tile:first-child, .tile:last-child { grid-column: 1 / -1; } .tile b { font-size: 1.35rem; }
  .wide-bar { display: none; }
  .who thead { display: none; }
  .who tr { display: grid; grid-template-columns: 1fr auto; border-bottom: 1px solid var(--line);
    padding: .4rem 0; }
  .who th, .who td { border: 0; padding: 0; }
  .who td:nth-child(2), .who td:nth-child(4) { grid-column: 1 / -1; order: 1; }
  .who td:nth-child(3)::before { content: "users: "; }
  .who td:nth-child(5) { order: 2; color: var(--soft); grid-column: 1 / -1; text-align: left; }
  .who td:nth-child(5)::before { content: "since "; } }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --card: #fff; --line: #ccc; --track: #e4e8ec;
    --good: #fff; --look: #fff; --bad: #fff; --blue: #0072b2; --sky: #8cc5e8; --green: #009e73;
    --orange: #e69f00; --red: #d1372c; --purple: #b8679c; --grey: #8c959f; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  @page { margin: 11mm; }
  body { font-size: 9.5px; line-height: 1.35; } h1 { font-size: 16px; } h2 { font-size: 12px; }
  h3, .verdict { font-size: 10.5px; } .tile b { font-size: 15px; }
  svg text { font-size: 10px; } svg .axis, svg .share, svg .cut-label { font-size: 8.5px; }
  thead th { font-size: 8.5px; } .tile b small { font-size: 10px; }
  .tile, table, .repos, .legend, small, .more, footer, .job { font-size: 9px; }
  th, td, .repos li { padding-top: .15rem; padding-bottom: .15rem; }
  .two { gap: .6rem 1.6rem; margin-top: .7rem; } main { max-width: none; padding: 0; } details { display: none; }
  .tiles { grid-template-columns: 1.7fr 1fr 1fr 1fr; }
  .lists { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1rem; }
  .two { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .part { margin-top: 1rem; padding-top: .7rem; }
  .tile, .charts > section, .lists > section, tr, li, svg { break-inside: avoid; }
  h2, h3 { break-after: avoid; } }
)css";

}  // namespace repopipe
