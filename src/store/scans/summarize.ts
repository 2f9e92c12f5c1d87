import { type RawBuilder, sql } from 'kysely'
import {
  type CoverageSummary,
  type FactorCount,
  MAX_SUMMARY_DEPARTMENTS,
} from '../../coverage/coverage-summary.ts'
import type { MfaPosture } from '../../mfa/bindings.ts'
import type { MfaFactorType } from '../../mfa/factor.ts'
import type { StoreTables } from '../tables.ts'
import { FACTOR_BITS, POSTURE_CODES } from './row-codes.ts'

const WITHOUT = sql`bindings = 0`

/** What rows alone say. */
export type RowCounts = Omit<CoverageSummary, 'poolFactors'>

/** Counts the rows of a scan, once over all of them and once by department. */
export async function summarize(db: StoreTables, scanNo: number): Promise<RowCounts> {
  const counted = await db
    .selectFrom('mfa_scan_rows')
    .select([
      countIf(sql`1 = 1`).as('users'),
      countIf(WITHOUT).as('without'),
      countIf(sql`last_mfa_at is null`).as('never'),
      ifPosture('PROTECTED').as('protected'),
      ifPosture('PENDING').as('pending'),
      ifPosture('UNPROTECTED').as('unprotected'),
      ifPosture('UNKNOWN').as('unknown'),
      ifBound('SMS').as('sms'),
      ifBound('EMAIL').as('email'),
      ifBound('OTP').as('otp'),
      ifBound('FACE').as('face'),
      ifEnabled('SMS').as('smsOn'),
      ifEnabled('EMAIL').as('emailOn'),
      ifEnabled('OTP').as('otpOn'),
      ifEnabled('FACE').as('faceOn'),
    ])
    .where('scan_no', '=', scanNo)
    .executeTakeFirstOrThrow()
  const toFactor = (bound: number, enabled: number): FactorCount => ({ bound, enabled })
  return {
    users: counted.users,
    withoutBoundFactor: counted.without,
    neverVerified: counted.never,
    byPosture: {
      PROTECTED: counted.protected,
      PENDING: counted.pending,
      UNPROTECTED: counted.unprotected,
      UNKNOWN: counted.unknown,
    },
    byFactor: {
      SMS: toFactor(counted.sms, counted.smsOn),
      EMAIL: toFactor(counted.email, counted.emailOn),
      OTP: toFactor(counted.otp, counted.otpOn),
      FACE: toFactor(counted.face, counted.faceOn),
    },
    byDepartment: await countDepartments(db, scanNo),
  }
}

async function countDepartments(db: StoreTables, scanNo: number): Promise<CoverageSummary['byDepartment']> {
  const counted = await db
    .selectFrom('mfa_scan_members as member')
    .innerJoin('mfa_scan_rows as row', join =>
      join.onRef('row.scan_no', '=', 'member.scan_no').onRef('row.place', '=', 'member.place'),
    )
    .innerJoin('mfa_scan_departments as department', join =>
      join
        .onRef('department.scan_no', '=', 'member.scan_no')
        .onRef('department.no', '=', 'member.department_no'),
    )
    .select(['department.department_id', countIf(sql`1 = 1`).as('users'), countIf(WITHOUT).as('without')])
    .where('member.scan_no', '=', scanNo)
    .groupBy('department.department_id')
    .orderBy('users', 'desc')
    .orderBy('department.department_id')
    .limit(MAX_SUMMARY_DEPARTMENTS)
    .execute()
  return counted.map(({ department_id, users, without }) => ({
    departmentId: department_id,
    users,
    withoutBoundFactor: without,
  }))
}

/** `count` leaves out `null`, and so whatever does not hold a column that the condition asks about. */
function countIf(condition: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`count(case when ${condition} then 1 end)`
}

function ifPosture(posture: MfaPosture): RawBuilder<number> {
  return countIf(sql`posture = ${sql.lit(POSTURE_CODES[posture])}`)
}

function ifBound(type: MfaFactorType): RawBuilder<number> {
  return countIf(sql`bindings & ${sql.lit(FACTOR_BITS[type].bound)} <> 0`)
}

/** The column is a JSON list of codes, in which quotes within a code are escaped. */
function ifEnabled(type: MfaFactorType): RawBuilder<number> {
  return countIf(sql`enabled_factors like ${sql.lit(`%"${type}"%`)}`)
}
