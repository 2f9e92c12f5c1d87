import type { Sweep } from '../parts/sweeps.ts'

const COLUMNS = 2
const PANEL = { width: 420, height: 260 }
const MARGIN = { left: 64, right: 20, top: 36, bottom: 44 }
const PLOT = {
  width: PANEL.width - MARGIN.left - MARGIN.right,
  height: PANEL.height - MARGIN.top - MARGIN.bottom,
}

/** Draws the sweeps as one SVG: a panel each, both axes linear from 0, the median with its spread. */
export function toChart(sweeps: readonly Sweep[]): string {
  const rows = Math.ceil(sweeps.length / COLUMNS)
  const panels = sweeps.map((sweep, index) => {
    const x = (index % COLUMNS) * PANEL.width
    const y = Math.floor(index / COLUMNS) * PANEL.height
    return `<g transform="translate(${x} ${y})">${toPanel(sweep)}</g>`
  })
  const size = `width="${COLUMNS * PANEL.width}" height="${rows * PANEL.height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">
<title>How the cost of an operation grows</title>
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
</svg>
`
}

function toPanel({ title, x, y, points }: Sweep): string {
  const maxX = Math.max(1, ...points.map(point => point.x))
  const maxY = Math.max(1, ...points.map(point => point.y.max)) * 1.05
  const toX = (value: number) => round(MARGIN.left + (value / maxX) * PLOT.width)
  const toY = (value: number) => round(MARGIN.top + PLOT.height - (value / maxY) * PLOT.height)
  const bottom = MARGIN.top + PLOT.height

  const line = points.map(point => `${toX(point.x)},${toY(point.y.median)}`).join(' ')
  const marks = points.map(
    point =>
      `<line x1="${toX(point.x)}" x2="${toX(point.x)}" y1="${toY(point.y.min)}" y2="${toY(point.y.max)}" stroke="#9bb8d9" stroke-width="3"/>` +
      `<circle cx="${toX(point.x)}" cy="${toY(point.y.median)}" r="3" fill="#1f5fa8"/>`,
  )
  const ticks = [0, 0.5, 1].flatMap(part => [
    text(MARGIN.left + part * PLOT.width, bottom + 16, 'middle', toLabel(part * maxX)),
    text(MARGIN.left - 8, bottom - part * PLOT.height + 4, 'end', toLabel(part * maxY)),
  ])
  return [
    text(MARGIN.left, 20, 'start', title, 'font-weight="bold" font-size="13"'),
    `<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${MARGIN.left + PLOT.width}" fill="none" stroke="#444"/>`,
    ...ticks,
    text(MARGIN.left + PLOT.width / 2, bottom + 34, 'middle', x),
    `<g transform="rotate(-90)">${text(-(MARGIN.top + PLOT.height / 2), 12, 'middle', y)}</g>`,
    `<polyline points="${line}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>`,
    ...marks,
  ].join('\n')
}

function text(x: number, y: number, anchor: string, content: string, more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${more}>${content}</text>`
}

function toLabel(value: number): string {
  return value >= 1_000 ? `${round(value / 1_000)}k` : `${round(value)}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
