import { useMutation } from '@apollo/client/react'
import { type FormEvent, useRef, useState } from 'react'
import {
  type MfaFactorType,
  PreviewChangeDocument,
  type PreviewChangeMutationVariables,
  SwitchFactorsDocument,
} from '../generated/graphql.ts'
import { type Answer, Outcome } from './outcome.tsx'
import { TextField } from './text-field.tsx'
import { useStateOfUser } from './use-state-of-user.ts'
import { FACTORS } from './words.ts'

const TYPES = ['SMS', 'EMAIL', 'OTP', 'FACE'] as const satisfies readonly MfaFactorType[]

/** A part that cannot be read, as `warnings`, must not hide a change that was made. */
const OPTIONS = { errorPolicy: 'all' } as const

type Draft = Pick<PreviewChangeMutationVariables, 'enable' | 'disable' | 'triggerData' | 'reason'>

/** Previews a change of one user, and makes exactly the change that was previewed. */
export function Change({ id }: { id: string }) {
  const state = useStateOfUser(id)
  const [preview, { loading: isPreviewing }] = useMutation(PreviewChangeDocument, OPTIONS)
  const [apply, { loading: isApplying }] = useMutation(SwitchFactorsDocument, OPTIONS)
  const [last, setLast] = useState<{ draft: Draft; answer: Answer }>()
  const form = useRef<HTMLFormElement>(null)
  const status = useRef<HTMLDivElement>(null)
  if (state === undefined) return null

  function show(draft: Draft, answer: Answer) {
    setLast({ draft, answer })
    status.current?.focus()
  }

  async function sendPreview(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (state === undefined) return
    const draft = readDraft(new FormData(event.currentTarget))
    const { revision: expectedRevision } = state
    const { data, error } = await preview({ variables: { userId: id, expectedRevision, ...draft } })
    show(draft, { asked: 'preview', result: data?.setUserMfaStatus, error })
  }

  async function sendChange(draft: Draft, of: { userId: string; expectedRevision: string }) {
    const { userId, expectedRevision } = of
    const { data, error } = await apply({ variables: { userId, expectedRevision, ...draft } })
    const result = data?.setUserMfaStatus
    if (result?.__typename === 'SetUserMfaStatusSuccess') form.current?.reset()
    show(draft, { asked: 'change', result, error })
  }

  const result = last?.answer.result
  const faults = result?.__typename === 'MfaInvalidInputError' ? result.fieldErrors : []
  const isBusy = isPreviewing || isApplying

  return (
    <section aria-labelledby="change">
      <h2 id="change">Change</h2>
      <form id="change-form" ref={form} onSubmit={sendPreview} onChange={() => setLast(undefined)}>
        {TYPES.map(type => (
          <div className="field" key={type}>
            <label htmlFor={type}>{FACTORS[type]}</label>
            <select id={type} name={type}>
              <option value="">leave as it is</option>
              <option value="enable">switch on</option>
              <option value="disable">switch off</option>
            </select>
          </div>
        ))}
        <TextField name="mfaEmail" label="New e-mail address for codes" faults={faults} />
        <TextField name="reason" label="Reason, for the journal" faults={faults} />
        <button type="submit" disabled={isBusy}>
          Preview
        </button>
      </form>
      <div className="outcome" role="status" tabIndex={-1} ref={status} aria-busy={isBusy}>
        {isBusy && <p>Asking GenAuth …</p>}
        {!isBusy && last !== undefined && <Outcome answer={last.answer} />}
      </div>
      {!isBusy && result?.__typename === 'SetUserMfaStatusPreview' && last !== undefined && (
        <div className="row">
          <button type="button" onClick={() => sendChange(last.draft, result)}>
            Apply
          </button>
          <button type="button" onClick={() => setLast(undefined)}>
            Discard
          </button>
        </div>
      )}
      {!isBusy && result?.__typename === 'MfaRevisionConflictError' && (
        <button type="submit" form="change-form">
          Preview again
        </button>
      )}
    </section>
  )
}

/** Reads the form. A field that it does not name is left as it is. */
function readDraft(form: FormData): Draft {
  const textOf = (field: string) => String(form.get(field) ?? '')
  const enable = TYPES.filter(type => form.get(type) === 'enable')
  const disable = TYPES.filter(type => form.get(type) === 'disable')
  return {
    ...(enable.length > 0 && { enable }),
    ...(disable.length > 0 && { disable }),
    ...(textOf('mfaEmail') !== '' && { triggerData: { mfaEmail: textOf('mfaEmail') } }),
    ...(textOf('reason') !== '' && { reason: textOf('reason') }),
  }
}
