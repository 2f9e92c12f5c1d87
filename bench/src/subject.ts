import type { Dialect } from './dialects/dialect.ts'
import type { SubjectNode } from './harness/find-node.ts'
import type { Issuer } from './harness/issuer.ts'
import type { RunningSubject } from './harness/running-subject.ts'
import type { ProcessOptions } from './harness/start-process.ts'
import type { Upstream } from './harness/start-upstream.ts'

/** The services and folders beside which every subject is started. */
export interface Surroundings {
  readonly node: SubjectNode
  readonly upstream: Upstream
  readonly issuer: Issuer
  /** A folder on a memory file system, for logs and for a journal that must cost no disk. */
  readonly memoryFolder: string
  /** A folder on a disk. */
  readonly diskFolder: string
  readonly other: OtherBuild
}

/** Another build of this server, or the same with other variables. */
export interface OtherBuild {
  /** Its `main.js`. `null` for the build of this folder. */
  readonly script: string | null
  readonly env: Readonly<Record<string, string>>
}

/** Additions to a start. Limits reach only subjects with duties. */
export interface StartExtras {
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
  /** For this server alone. */
  readonly memoryLimit?: ProcessOptions['memoryLimit']
}

export interface Subject {
  readonly title: string
  readonly dialect: Dialect
  /** `true` if it demands tokens, counts limits, and keeps a journal. */
  readonly hasDuties: boolean
  readonly start: (surroundings: Surroundings, extras?: StartExtras) => Promise<RunningSubject>
}
