import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { SelectField } from '../../parts/field.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Scan, Summary } from './coverage-types.ts'
import { FACTORS, type Filters, isDay, isFiltered, NO_FILTERS, oneOf, POSTURES, STATUSES } from './filters.ts'
import { useAddress } from './use-address.ts'
import { useNumbers } from './use-numbers.ts'

export interface FilterFormProps {
  /** It is `null` if the depth is not known. Then every filter is offered. */
  readonly depth: Scan['depth'] | null
  readonly departments: Summary['byDepartment']
}

/** The filters. A filter that the depth of the scan cannot tell is not offered. Each choice is an address of its own. */
export function FilterForm({ depth, departments }: FilterFormProps) {
  const { common, coverage } = useScreenTexts()
  const { toNumber } = useNumbers()
  const { filters, hrefOf, go } = useAddress()
  const { filterNames: names } = coverage
  const set = (change: Partial<Filters>) => go(hrefOf({ ...filters, ...change }))
  const any = { value: '', label: coverage.any }
  const hasBindings = depth !== 'ACTIVITY'
  const factors = [any, ...FACTORS.map(value => ({ value, label: common.factors[value] }))]
  const { department } = filters
  const isListed = department === null || departments.some(({ departmentId }) => departmentId === department)
  return (
    <form class="filters" aria-label={coverage.filters} onSubmit={event => event.preventDefault()}>
      {(depth === null || depth === 'FULL' || filters.posture !== null) && (
        <SelectField
          label={names.posture}
          value={filters.posture ?? ''}
          options={[any, ...POSTURES.map(value => ({ value, label: common.postures[value] }))]}
          onChange={value => set({ posture: oneOf(POSTURES, value) })}
        />
      )}
      {(hasBindings || filters.factor !== null) && (
        <SelectField
          label={names.factor}
          value={filters.factor ?? ''}
          options={[
            any,
            { value: 'none', label: coverage.factorNone },
            { value: 'some', label: coverage.factorSome },
          ]}
          onChange={value => set({ factor: oneOf(['none', 'some'], value) })}
        />
      )}
      {(hasBindings || filters.bound !== null) && (
        <SelectField
          label={names.bound}
          value={filters.bound ?? ''}
          options={factors}
          onChange={value => set({ bound: oneOf(FACTORS, value) })}
        />
      )}
      {(hasBindings || filters.not !== null) && (
        <SelectField
          label={names.not}
          value={filters.not ?? ''}
          options={factors}
          onChange={value => set({ not: oneOf(FACTORS, value) })}
        />
      )}
      <SelectField
        label={names.department}
        value={department ?? ''}
        options={[
          any,
          ...(isListed ? [] : [{ value: department, label: department }]),
          ...departments.map(({ departmentId, users }) => ({
            value: departmentId,
            label: departmentId + common.inBrackets(toNumber(users)),
          })),
        ]}
        onChange={value => set({ department: value === '' ? null : value })}
      />
      <SelectField
        label={names.status}
        value={filters.status ?? ''}
        options={[any, ...STATUSES.map(value => ({ value, label: common.userStatuses[value] }))]}
        onChange={value => set({ status: oneOf(STATUSES, value) })}
      />
      <SelectField
        label={names.verified}
        value={filters.verified ?? ''}
        options={[
          any,
          { value: 'never', label: coverage.verifiedNever },
          { value: 'once', label: coverage.verifiedOnce },
        ]}
        onChange={value => set({ verified: oneOf(['never', 'once'], value) })}
      />
      <DayField day={filters.before} onChange={before => set({ before })} />
      {isFiltered(filters) && (
        <p>
          <a href={hrefOf(NO_FILTERS)}>{coverage.clear}</a>
        </p>
      )}
    </form>
  )
}

/** A day. It counts when the person leaves the field or presses Enter, because a half-typed year is a day, too. */
function DayField({ day, onChange }: { day: string | null; onChange: (day: string | null) => void }) {
  const { coverage } = useScreenTexts()
  const id = useId()
  const [typed, setTyped] = useState(day ?? '')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => setTyped(day ?? ''), [day])
  const take = () => {
    const next = isDay(typed) ? typed : null
    if (next === null && input.current?.validity.badInput) return
    if (next !== day) onChange(next)
  }
  return (
    <div class="field">
      <label for={id}>{coverage.filterNames.before}</label>
      <input
        ref={input}
        id={id}
        type="date"
        min="1900-01-01"
        max="2999-12-31"
        value={typed}
        aria-describedby={`${id}-help`}
        onInput={event => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={event => event.key === 'Enter' && take()}
      />
      <p id={`${id}-help`} class="help">
        {coverage.beforeHelp}
      </p>
    </div>
  )
}
