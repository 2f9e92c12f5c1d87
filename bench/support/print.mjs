/** Prints a report as lines of `name: value`. */
export function print(report) {
  for (const [name, value] of Object.entries(report)) {
    process.stdout.write(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}\n`)
  }
}

export function toPercent(share) {
  return `${(share * 100).toFixed(2)} %`
}
