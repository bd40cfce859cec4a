#include "html/page_style.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f9; --text: #1b1f24; --muted: #57606a; --line: #d8dee4;
  --link: #0757b8; --pass: #1a6e34; --fail: #b3211b; --warn: #85570a;
  --curve: #0757b8; --second: #a5500c; --mark: #fff1c2;
  --user: #9cc3f0; --library: #d9dee4; --more: #f2a08f; --less: #9cc3f0; --same: #d9dee4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1318; --raised: #181d24; --text: #dde3ea; --muted: #98a3af; --line: #2d343d;
    --link: #78b3f7; --pass: #5cc47e; --fail: #ff8a80; --warn: #e0b050;
    --curve: #78b3f7; --second: #eba15c; --mark: #4a3d10;
    --user: #24518a; --library: #333b45; --more: #8c3226; --less: #24518a; --same: #333b45;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem 1.25rem 3rem; max-width: 76rem;
  background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
}
h1 { font-size: 1.5rem; line-height: 1.3; margin: .25rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre, .stack, td.name { font: 13px/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; }
.muted { color: var(--muted); }
.verdict { margin-right: .35rem; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .warn { color: var(--warn); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 1rem; }
nav.trail { margin: 0 0 .25rem; font-size: 13px; gap: .25rem .75rem; }
nav.trail a + a::before { content: "\203A"; color: var(--muted); margin-right: .75rem; display: inline-block; }
.news { background: var(--mark); padding: .25rem .75rem; border-radius: 4px; }
ol.reasons { margin: .5rem 0; padding-left: 1.5rem; }
ol.reasons > li { margin: .4rem 0; overflow-wrap: anywhere; }
pre {
  margin: .5rem 0; padding: .5rem .75rem; overflow-x: auto; background: var(--raised);
  border: 1px solid var(--line); border-radius: 4px;
}
pre.source { padding-left: .25rem; }
mark { background: var(--mark); color: inherit; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem 1.5rem; }
.charts > *, .growth > * { min-width: 0; }
.growth { display: grid; grid-template-columns: minmax(16rem, 24rem) 1fr; gap: .5rem 2rem; margin: .5rem 0; }
figure { margin: 0; }
figure.chart { max-width: 30rem; }
figcaption { font-size: 13px; color: var(--muted); }
figcaption strong { color: var(--text); }
svg { display: block; }
.curve { color: var(--curve); } .curve.second { color: var(--second); }
.change { color: var(--second); } .limit { color: var(--muted); }
svg .axis { fill: var(--muted); font-family: inherit; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding-bottom: .25rem; }
th { text-align: left; font-weight: 600; color: var(--muted); }
th, td { padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; white-space: nowrap; }
td.name { overflow-wrap: anywhere; min-width: 11rem; }
ol.stack { list-style: none; margin: .5rem 0; padding: 0; overflow-wrap: anywhere; }
ol.stack ol { list-style: none; padding-left: 1rem; }
.stack li { padding: .1rem 0; color: var(--muted); }
.stack .user code { color: var(--text); }
.stack .blamed { border-left: 3px solid var(--fail); padding-left: .5rem; }
.stack .blamed code, .stack .blamed strong { font-weight: 600; color: var(--text); }
summary { cursor: pointer; }
details > summary { color: var(--link); width: fit-content; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .5rem 0; font-size: 14px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.flame rect { stroke: var(--ground); stroke-width: 1; fill: var(--library); fill-opacity: 1; }
.flame .user rect { fill: var(--user); }
.flame .more rect { fill: var(--more); } .flame .less rect { fill: var(--less); } .flame .same rect { fill: var(--same); }
.flame .gone rect { stroke-dasharray: 3 2; stroke: var(--text); }
.flame text { fill: var(--text); }
.stats { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0 0; }
.stats div { min-width: 8rem; }
.stats dt { font-size: 13px; } .stats dd { font-size: 1.1rem; font-variant-numeric: tabular-nums; }
dl.stats { display: flex; }
button, input {
  font: inherit; font-size: 13px; color: inherit; background: var(--raised);
  border: 1px solid var(--line); border-radius: 4px; padding: .15rem .5rem; margin: .25rem .5rem .25rem 0;
}
input[type=search] { width: min(20rem, 100%); }
th button { font-weight: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer; text-align: inherit; }
th[aria-sort=descending] button::after { content: " \2193"; }
th[aria-sort=ascending] button::after { content: " \2191"; }
.flame [role=button] { cursor: pointer; outline-offset: -2px; }
.flame .match rect { fill: var(--mark); stroke: var(--text); }
@media (max-width: 40rem) {
  body { padding: .75rem .75rem 2rem; font-size: 14px; }
  h1 { font-size: 1.25rem; }
  dl:not(.stats) { grid-template-columns: 1fr; gap: 0; }
  dl:not(.stats) dd { margin-bottom: .4rem; }
  .stats div { min-width: 6.5rem; }
  .growth { grid-template-columns: minmax(0, 1fr); }
}
@media print { nav { display: none; } body { max-width: none; } }
)css";

}  // namespace

std::string_view pageStyle() { return kStyle; }

}  // namespace leakgate
