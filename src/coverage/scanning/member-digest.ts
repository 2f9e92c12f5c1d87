import { createHash } from 'node:crypto'

const MODULUS = 2n ** 128n

/**
 * A number for a list of users that does not depend on their order: the sum of a hash of each. Two lists with the same
 * number hold the same users, each as often.
 */
export class MemberDigest {
  #sum: bigint

  /** @param text what `toString` returned earlier */
  constructor(text = '0') {
    this.#sum = BigInt(`0x${text}`)
  }

  /** @param fits whether the user belongs to the population */
  add(userId: string, fits: boolean): void {
    const hash = createHash('sha256')
      .update(`${fits ? '+' : '-'}${userId}`)
      .digest('hex')
    this.#sum = (this.#sum + BigInt(`0x${hash.slice(0, 32)}`)) % MODULUS
  }

  toString(): string {
    return this.#sum.toString(16)
  }
}
