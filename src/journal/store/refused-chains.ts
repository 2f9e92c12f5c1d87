import type { Logger } from 'pino'
import type { SealedFaults } from '../verify/sealed-faults.ts'
import type { ClaimedChain } from './chain-store.ts'
import type { ContinuedChain } from './open-chain.ts'

/** The chains that this process does not take over, because it cannot verify them. */
export class RefusedChains {
  /** The number of chains of each kind. A chain that is not in order stops all writes. */
  readonly faults: { -readonly [K in keyof SealedFaults]: SealedFaults[K] } = { broken: 0, unverified: 0 }
  readonly #broken = new Set<string>()
  /** Chains under a key that is not given. */
  readonly #unverified = new Set<string>()
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  chainIds(): string[] {
    return [...this.#broken, ...this.#unverified]
  }

  /** Notes why a chain is refused, and logs it. */
  add({ claim, segment }: ClaimedChain, { what, line }: Extract<ContinuedChain, { kind: 'BROKEN' }>): void {
    const facts = { chain: claim.chainId, segment, line, what }
    if (what === 'UNKNOWN_KEY' || what === 'ALTERED_OR_OTHER_KEY') {
      this.#unverified.add(claim.chainId)
      this.faults.unverified++
      this.#log.warn(facts, 'a chain of the audit journal is under a key that is not given')
    } else {
      this.#broken.add(claim.chainId)
      this.faults.broken++
      this.#log.error(facts, 'a chain of the audit journal is not in order: no more writes until a restart')
    }
  }

  /** Forgets the chains whose key may be given now. */
  tryOtherKeys(): void {
    this.#unverified.clear()
    this.faults.unverified = 0
  }
}
