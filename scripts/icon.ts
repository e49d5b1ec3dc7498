// Draws media/icon.png: points on log-log axes, the law through them, and the lens that looks at where it bends.
// `npm run icon` after a change; the PNG is committed, since an extension's icon may not be an SVG.
import { launchChromium } from './host/chromium.ts';

const SIZE = 256;
const points = [
  [44, 196],
  [70, 192],
  [96, 184],
  [122, 168],
  [147, 139],
  [170, 104],
  [196, 78],
];

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="${SIZE}" height="${SIZE}">
  <defs>
    <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#1b2a44"/><stop offset="1" stop-color="#0d1524"/>
    </linearGradient>
    <linearGradient id="law" x1="0" y1="1" x2="1" y2="0">
      <stop offset="0" stop-color="#4aa3ff"/><stop offset="1" stop-color="#6be8c4"/>
    </linearGradient>
    <clipPath id="glass"><circle cx="147" cy="134" r="50"/></clipPath>
  </defs>
  <rect width="256" height="256" rx="52" fill="url(#ground)"/>
  <g stroke="#ffffff" stroke-opacity="0.09" stroke-width="2">
    ${[70, 104, 128, 146, 162, 196].map((x) => `<path d="M${x + 8} 40V216"/>`).join('')}
    ${[64, 104, 140, 170, 196].map((y) => `<path d="M36 ${y}H220"/>`).join('')}
  </g>
  <path d="M32 40V220H224" fill="none" stroke="#9fb3d1" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/>
  <circle cx="147" cy="134" r="50" fill="#ffffff" fill-opacity="0.08"/>
  <path d="M40 197C92 193 118 180 143 144S186 80 220 66" fill="none" stroke="url(#law)" stroke-width="9" stroke-linecap="round"/>
  ${points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="8" fill="#ffd166" stroke="#0d1524" stroke-width="3"/>`).join('\n  ')}
  <circle cx="147" cy="134" r="50" fill="none" stroke="#f4f7fc" stroke-width="9"/>
  <path d="M184 171L216 203" stroke="#f4f7fc" stroke-width="17" stroke-linecap="round"/>
</svg>`;

const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
  await page.screenshot({ path: 'media/icon.png', omitBackground: true });
} finally {
  await browser.close();
}
