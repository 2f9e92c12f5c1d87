import { createHash } from 'node:crypto'

/**
 * Tells whether texts are all different, in eight bytes for each. Of 100,000 different ones, two are taken for equal
 * once in billions of times.
 */
export class DistinctTexts {
  #hashes = new BigUint64Array(1_024)
  #length = 0

  add(text: string): void {
    if (this.#length === this.#hashes.length) {
      const longer = new BigUint64Array(2 * this.#length)
      longer.set(this.#hashes)
      this.#hashes = longer
    }
    this.#hashes[this.#length++] = createHash('sha256').update(text).digest().readBigUInt64BE()
  }

  areAll(): boolean {
    const sorted = this.#hashes.subarray(0, this.#length).toSorted()
    return sorted.every((hash, index) => index === 0 || hash !== sorted[index - 1])
  }
}
