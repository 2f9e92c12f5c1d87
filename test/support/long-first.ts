import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A file of tests with the tag `long`, or with more random cases in the full tier. */
const IS_LONG = /'long'|support\/tier\.ts/

/**
 * Starts the files with long tests first, so that no worker is alone with one at the end. Vitest itself does so by the
 * times of the last run, which a fresh clone lacks.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const long = new Set(sorted.filter(({ moduleId }) => IS_LONG.test(readFileSync(moduleId, 'utf8'))))
    const isolated = sorted.filter(({ project }) => project.config.isolate)
    const others = sorted.filter(({ project }) => !project.config.isolate)
    return [isolated, others].flatMap(part => [
      ...part.filter(file => long.has(file)),
      ...part.filter(file => !long.has(file)),
    ])
  }
}
