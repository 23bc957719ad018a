// The comparison as an HTML page, with bar charts as inline SVG.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/compare/trial.h"

namespace repopipe {
// The five colours of the wall time can be distinguished by people with colour blindness (M. Okabe,
// K. Ito, "Color Universal Design").  Every value is also in the text.
constexpr std::string_view kHtmlStyle = R"css(
:root { --ink: #1c2128; --soft: #57606a; --paper: #ffffff; --track: #eaeef2; --line: #d0d7de;
  --good: #e6f4ea; --bad: #fdecea; --plain: #0072b2; --starting: #8c959f; --fetching: #0072b2;
  --processing: #e69f00; --waiting: #9ecae9; --finishing: #009e73; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9da7b1; --paper: #0f141a; --track: #21262d; --line: #343b44;
    --good: #12301f; --bad: #3d1a17; --plain: #4aa3df; --starting: #7d8590; --fetching: #4aa3df;
    --processing: #e69f00; --waiting: #2b5f86; --finishing: #2fbf93; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
.verdict { background: var(--good); border-radius: .5rem; padding: .8rem 1rem; font-weight: 600;
  overflow-wrap: anywhere; }
.verdict.bad { background: var(--bad); font-weight: 400; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
  gap: 2rem; margin: 2rem 0; }
.wide { grid-column: 1 / -1; min-width: 0; }
svg { display: block; }
svg text { fill: var(--ink); font-size: 14px; }
svg .value { text-anchor: end; font-variant-numeric: tabular-nums; }
.track { fill: var(--track); }
.plain { fill: var(--plain); }
.starting { fill: var(--starting); background: var(--starting); }
.fetching { fill: var(--fetching); background: var(--fetching); }
.processing { fill: var(--processing); background: var(--processing); }
.waiting { fill: var(--waiting); background: var(--waiting); }
.finishing { fill: var(--finishing); background: var(--finishing); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .6rem 0 0; padding: 0;
  list-style: none; font-size: .9rem; }
.legend span { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; }
th:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
thead th { color: var(--soft); font-weight: 600; white-space: normal; vertical-align: bottom; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; font-size: .9rem; }
dt { font-weight: 600; }
dd { margin: 0; color: var(--soft); }
footer { color: var(--soft); font-size: .85rem; }
)css";

// One file without network access and scripts, for light and dark mode and small screens.

std::string to_html(const Compared& compared);

}  // namespace repopipe
