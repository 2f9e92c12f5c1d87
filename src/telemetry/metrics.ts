import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const PREFIX = 'genauth_graphql_'

/** Makes metrics of one registry. Every label has a closed set of values. */
export class Metrics {
  readonly registry = new Registry()
  readonly #registers = [this.registry]

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry })
    this.gaugeOf('build_info', 'Always 1; the version is a label.', 'version', { [version]: () => 1 })
  }

  counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name: `${PREFIX}${name}`, help, labelNames, registers: this.#registers })
  }

  /**
   * Makes a counter with one series for each value. Each series is there from the start, so that its first increase
   * shows.
   */
  counterOf<L extends string>(name: string, help: string, label: L, values: readonly string[]): Counter<L> {
    const counter = this.counter(name, help, label)
    for (const value of values) counter.labels(value).inc(0)
    return counter
  }

  histogram<L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) {
    return new Histogram({ name: `${PREFIX}${name}`, help, labelNames, buckets, registers: this.#registers })
  }

  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: this.#registers,
      collect() {
        this.set(read())
      },
    })
  }

  /**
   * Makes a gauge whose values have to be looked up, with one series for each.
   *
   * @param label the name of the label, or `null` if there is one series without a label
   * @param read returns `null` if there are no values now. Then there are no series
   */
  gaugeOfLook(
    name: string,
    help: string,
    label: string | null,
    read: () => Promise<Readonly<Record<string, number>> | null>,
  ): void {
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      labelNames: label === null ? [] : [label],
      registers: this.#registers,
      async collect() {
        const found = Object.entries((await read()) ?? {})
        if (label === null) this.remove()
        else this.reset()
        for (const [value, number] of found) this.set(label === null ? {} : { [label]: value }, number)
      },
    })
  }

  /** Makes a gauge with one series for each value. */
  gaugeOf(name: string, help: string, label: string, read: Readonly<Record<string, () => number>>): void {
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      labelNames: [label],
      registers: this.#registers,
      collect() {
        for (const [value, readOne] of Object.entries(read)) this.labels(value).set(readOne())
      },
    })
  }
}
