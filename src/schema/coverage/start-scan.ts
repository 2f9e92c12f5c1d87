import { type MfaFailure, under } from '../../mfa/failure.ts'
import { builder } from '../builder.ts'
import { countRefusedInput } from '../count-refused-input.ts'
import { errorTypesOf, toErrorType } from '../errors.ts'
import { onRecord } from '../set-refusals.ts'
import { FEATURE_OFF } from './feature-off.ts'
import { fromStore } from './from-store.ts'
import { MfaPopulationInput, toWantedPopulation } from './population-input.ts'
import { MfaCoverageScanType, type ScanSource } from './scan.ts'
import { MfaScanDepthEnum } from './scan-enums.ts'

interface StartScanSuccess {
  readonly scan: ScanSource
  readonly isNew: boolean
}

const StartMfaCoverageScanInput = builder.inputType('StartMfaCoverageScanInput', {
  description: 'The users to read, and how.',
  fields: t => ({
    population: t.field({
      type: MfaPopulationInput,
      description: 'The users to read. If left out, all whose accounts are activated.',
    }),
    depth: t.field({
      type: MfaScanDepthEnum,
      required: true,
      defaultValue: 'BINDINGS',
      description: 'How much to ask GenAuth about each user.',
    }),
    budgetShare: t.float({
      required: true,
      defaultValue: 0.5,
      description:
        "The part of GenAuth's rate that the scan uses at most, from 0.01 to 1. Work for callers goes first in any case.",
    }),
  }),
})

const StartMfaCoverageScanSuccessType = builder
  .objectRef<StartScanSuccess>('StartMfaCoverageScanSuccess')
  .implement({
    extensions: { needs: 'REPORT' },
    description: 'The scan runs, or waits for the one before it.',
    fields: t => ({
      scan: t.field({
        type: MfaCoverageScanType,
        description: 'The scan. Ask `mfaCoverage` with its `id` how it goes.',
        resolve: ({ scan }) => scan,
      }),
      started: t.boolean({
        description:
          '`true` if this request started the scan. `false` if a scan of the same population and depth was there already.',
        resolve: ({ isNew }) => isNew,
      }),
    }),
  })

const StartMfaCoverageScanPayload = builder.unionType('StartMfaCoverageScanPayload', {
  description:
    'The scan, or the failure that explains why there is none. Also select `... on MfaError { code message }`.',
  types: [
    StartMfaCoverageScanSuccessType,
    ...errorTypesOf([
      'INVALID_INPUT',
      'FEATURE_OFF',
      'RATE_LIMITED',
      'PLAN_REQUIRED',
      'UPSTREAM_FORBIDDEN',
      'OPERATION_REFUSED',
      'UPSTREAM_UNAVAILABLE',
    ]),
  ],
  resolveType: value => toErrorType(value) ?? StartMfaCoverageScanSuccessType,
})

builder.mutationField('startMfaCoverageScan', t =>
  t.field({
    type: StartMfaCoverageScanPayload,
    extensions: { needs: 'REPORT' },
    // Ten calls for excepted users at best, and one for each of 50 departments, 20 applications and 20 groups.
    directives: { tag: { name: 'admin' }, cost: { weight: 1_000 } },
    description:
      'Starts a scan that reads many users in the background, and puts it on record. It changes nothing in GenAuth. Each department, group, application and user that the population names is looked up first, which costs a call and a read. One scan runs at a time, and five may wait. Safe to repeat.',
    args: {
      input: t.arg({
        type: StartMfaCoverageScanInput,
        required: true,
        description: 'The users to read, and how. `{}` for all activated users.',
      }),
    },
    resolve: async (_root, { input }, context): Promise<StartScanSuccess | MfaFailure> => {
      const { coverage } = context
      if (coverage === null) return FEATURE_OFF
      const { depth, budgetShare } = input
      const wanted = { depth, budgetShare, population: toWantedPopulation(input.population) }
      const started = await fromStore(() => onRecord(() => coverage.start(wanted)))
      if (!started.ok) {
        countRefusedInput(started.failure, context)
        return under(['input'], started.failure)
      }
      const { scan, isNew } = started.value
      return { scan: { scan, coverage }, isNew }
    },
  }),
)
