/**
 * The look of the HTML report: a style sheet that follows the reader's light or dark preference, prints in ink, and needs
 * nothing but the page. Charts are drawn in these variables too (`PAGE_PALETTE`), so one picture fits every theme.
 */
import { OKABE_ITO, type Palette, paletteFor } from './palette.ts';

/** Chart colours as CSS variables of the page. */
export const PAGE_PALETTE: Palette = {
  kind: 'light',
  background: 'var(--card)',
  foreground: 'var(--ink)',
  muted: 'var(--soft)',
  grid: 'var(--grid)',
  axis: 'var(--axis)',
  series: OKABE_ITO.map((_, i) => `var(--s${i})`),
  threshold: 'var(--threshold)',
  chance: 'var(--axis)',
};

function variables(kind: 'light' | 'dark'): string {
  const page =
    kind === 'light'
      ? { page: '#f6f7f9', card: '#ffffff', ink: '#1b1f24', soft: '#57606a', line: '#d8dee4', accent: '#0a5c9e' }
      : { page: '#0f1318', card: '#171c22', ink: '#e6edf3', soft: '#9aa7b4', line: '#2d353e', accent: '#6cb6ff' };
  const colors = paletteFor(kind, { background: page.card, foreground: page.ink });
  const states =
    kind === 'light'
      ? { good: '#1a7f37', warn: '#9a5b00', bad: '#b42318', info: '#0a5c9e' }
      : { good: '#56c271', warn: '#e3a94a', bad: '#ff8a7d', info: '#6cb6ff' };
  const all = {
    ...page,
    ...states,
    grid: colors.grid,
    axis: colors.axis,
    threshold: colors.threshold,
    ...Object.fromEntries(colors.series.map((color, i) => [`s${i}`, color])),
  };
  return Object.entries(all)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

export const PAGE_STYLE = `
:root{color-scheme:light dark;${variables('light')}}
@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:16px}
body{margin:0;font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;color:var(--ink);background:var(--page);overflow-wrap:anywhere}
.page{max-width:1360px;margin:0 auto;padding:36px 28px 80px;display:grid;grid-template-columns:230px minmax(0,1fr);gap:24px 40px;grid-template-rows:auto 1fr}
header,main{min-width:0;grid-column:2}
nav{grid-column:1;grid-row:1/span 2;font-size:13.5px;position:sticky;top:20px;align-self:start;max-height:calc(100vh - 40px);overflow-y:auto}
nav ol{list-style:none;margin:0 0 14px;padding:0}
nav a{display:block;padding:3px 8px;border-radius:5px;color:var(--ink);text-decoration:none}
nav a:hover{background:var(--card);color:var(--accent)}
nav summary,nav h2{font:600 12px/1.6 inherit;font-size:12px;color:var(--soft);margin:0 0 2px;padding:0 8px;letter-spacing:.02em}
a{color:var(--accent)}
h1{font-size:27px;line-height:1.25;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:19px;line-height:1.3;margin:44px 0 12px}
main>h2:first-child{margin-top:12px}
h3{font-size:14px;margin:24px 0 8px;color:var(--soft);font-weight:600}
p{margin:8px 0}
sup{line-height:0;font-size:.76em}
.soft{color:var(--soft)}
.lead{max-width:74ch}
code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{background:color-mix(in srgb,var(--ink) 7%,transparent);padding:1px 5px;border-radius:4px}
pre{margin:10px 0 0;padding:10px 14px;background:var(--card);border:1px solid var(--line);border-radius:7px;white-space:pre-wrap}
pre code{background:none;padding:0}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin:18px 0 0;padding:0;list-style:none}
.chips li{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 14px;min-width:92px}
.chips b{display:block;font-size:20px;line-height:1.25;font-variant-numeric:tabular-nums}
.chips span{font-size:12.5px;color:var(--soft)}
.card,details.series{background:var(--card);border:1px solid var(--line);border-radius:10px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;padding:6px 12px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
thead th{font-weight:600;color:var(--soft);font-size:12.5px;white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
.overview table{table-layout:fixed;min-width:640px}
.overview th:nth-child(1){width:22%}.overview th:nth-child(2){width:17%}.overview th:nth-child(4){width:18%}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.chosen td{background:color-mix(in srgb,var(--accent) 8%,transparent)}
.nowrap{white-space:nowrap}
.badge{display:inline-block;border:1px solid currentColor;border-radius:999px;padding:0 9px;font-size:12px;line-height:1.7;font-weight:500;white-space:nowrap;color:var(--soft)}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.info{color:var(--info)}
details.series{margin:14px 0}
details.series>summary{cursor:pointer;padding:13px 20px;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;list-style-position:inside}
details.series>summary::-webkit-details-marker{display:none}
details.series>summary::before{content:"";flex:none;width:7px;height:7px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg);align-self:center;margin-right:2px}
details.series[open]>summary::before{transform:rotate(45deg)}
summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
details.series h2{display:inline;margin:0;font-size:17px}
details.series>summary .soft{font-size:13px;margin-left:auto}
.inside{padding:0 20px 20px}
.pair{display:grid;grid-template-columns:minmax(0,1fr) 270px;gap:28px;align-items:start}
figure{margin:4px 0 0}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:13px;margin-top:6px;max-width:80ch}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px 28px;margin-top:22px}
.pictures figure{max-width:600px}
dl{margin:4px 0 0;font-size:13.5px}
dt{color:var(--soft);font-size:12.5px;margin-top:10px}
dd{margin:0}
ul.findings{list-style:none;margin:0;padding:0}
ul.findings li{padding:9px 14px;border-bottom:1px solid var(--line);display:grid;grid-template-columns:94px minmax(0,1fr);gap:4px 14px}
ul.findings li:last-child{border-bottom:0}
ul.findings .what{font-size:13.5px}
.check{display:grid;grid-template-columns:96px 56px minmax(0,1fr);gap:5px 12px;font-size:13.5px;margin:0}
.check dt{margin:0;font-size:13.5px;color:var(--ink);font-weight:600}
.check dd{margin:0}
.more>summary{cursor:pointer;color:var(--soft);font-size:13.5px;margin-top:18px}
footer{grid-column:2;color:var(--soft);font-size:13px}
@media (max-width:1060px){.page{grid-template-columns:minmax(0,1fr);padding:24px 18px 60px}nav{position:static;grid-column:1;grid-row:auto;max-height:none}header,main,footer{grid-column:1}nav ol{columns:2}}
@media (max-width:820px){.pair{grid-template-columns:minmax(0,1fr)}nav ol{columns:1}ul.findings li{grid-template-columns:minmax(0,1fr)}.check{grid-template-columns:84px minmax(0,1fr)}.check dd:last-of-type,.check .text{grid-column:1/-1;margin-bottom:8px}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@page{margin:16mm 14mm}
@media print{:root{--page:#fff;color-scheme:light}body{font-size:11.5px;print-color-adjust:exact;-webkit-print-color-adjust:exact}.card{border:0}.pair,.pictures{grid-template-columns:minmax(0,1fr);gap:14px}.pair dl{columns:2;column-gap:28px}.pair dl dt:first-child{margin-top:0}dt{break-after:avoid}figure svg{max-height:105mm}table,dl,.check,ul.findings .what{font-size:10.5px}th,td{padding:3px 7px}thead th,dt,.badge,figcaption{font-size:10px}h1{font-size:21px}h2{font-size:15px;margin-top:22px}.n{white-space:normal}.nowrap,.badge,thead th{white-space:normal}.wide{overflow:visible}thead{display:table-header-group}.page{display:block;max-width:none;padding:0}nav{display:none}a{color:inherit;text-decoration:none}details.series{border:0;border-top:1px solid var(--line);border-radius:0}details::details-content{content-visibility:visible;block-size:auto}details>summary::before{display:none}figure,tr,.chips,.check{break-inside:avoid}h2,h3,summary{break-after:avoid}.inside{padding:0}details.series>summary{padding:10px 0}}
`;
