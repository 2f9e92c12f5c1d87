import type { Authentication } from './authentication.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { DEMO_PEOPLE } from './demo-people.ts'
import { type Html, html } from './html.ts'
import type { IssuedResponse } from './issued-response.ts'
import type { Language } from './language.ts'
import { toPageResponse } from './page-response.ts'
import { PATHS } from './paths.ts'
import { TEXTS } from './texts.ts'

/** Returns the page that lets a person choose who to be. The person of `login_hint` comes first. */
export function toSignInPage(language: Language, request: AuthorizationRequest): IssuedResponse {
  const texts = TEXTS[language]
  const { loginHint } = request
  const people = DEMO_PEOPLE.toSorted((a, b) => Number(b.id === loginHint) - Number(a.id === loginHint))
  const entries = people.map(({ id }) => {
    const { name, may } = texts.people[id]
    return html`<li>
<button name="person" value="${id}" aria-describedby="may-${id}">${name}</button>
<p id="may-${id}">${may}</p>
</li>
`
  })
  const content = html`<p>${texts.signInHint}</p>
<form method="post" action="${PATHS.signIn}">
${toHiddenInputs(request.values)}<ul>
${entries}</ul>
</form>`
  const { redirectUri: returnsTo } = request
  return toPageResponse({ status: 200, language, title: texts.signIn, content, returnsTo })
}

/** Returns the page that lets the same person sign in once more, with a second factor. */
export function toSignInAgainPage(
  language: Language,
  request: AuthorizationRequest,
  { person: { id }, authTimeS }: Authentication,
): IssuedResponse {
  const texts = TEXTS[language]
  const { name } = texts.people[id]
  const prompt = [...request.prompt.filter(one => one !== 'select_account'), 'select_account'].join(' ')
  const other = new URLSearchParams({ ...request.values, prompt })
  const since = new Date(authTimeS * 1000).toISOString().replace('.000', '')
  const content = html`<p>${texts.signedInSince(name, since)} ${texts.signInAgainHint}</p>
<form method="post" action="${PATHS.signIn}">
${toHiddenInputs(request.values)}<button name="person" value="${id}">${texts.signInAgainAs(name)}</button>
</form>
<p><a href="${PATHS.authorize}?${other.toString()}">${texts.chooseAnother}</a></p>
<p><a href="${PATHS.endSession}">${texts.signOut}</a></p>`
  const { redirectUri: returnsTo } = request
  return toPageResponse({ status: 200, language, title: texts.signInAgain, content, returnsTo })
}

/** Returns the page that asks whether to sign out. `values` are the parameters that its form repeats. */
export function toSignOutPage(
  language: Language,
  values: Readonly<Record<string, string>>,
  returnsTo: string | null,
): IssuedResponse {
  const { signOut, signOutHint } = TEXTS[language]
  const content = html`<p>${signOutHint}</p>
<form method="post" action="${PATHS.signOut}">
${toHiddenInputs(values)}<button>${signOut}</button>
</form>`
  return toPageResponse({ status: 200, language, title: signOut, content, returnsTo })
}

export function toSignedOutPage(language: Language): IssuedResponse {
  const { signOut, signedOut } = TEXTS[language]
  const content = html`<p>${signedOut}</p>`
  return toPageResponse({ status: 200, language, title: signOut, content, returnsTo: null })
}

/** Returns the page of a fault that must not send the browser anywhere. */
export function toRefusedPage(
  language: Language,
  fault: { readonly parameter: string } | 'FORM',
): IssuedResponse {
  const { refused, badForm, badParameter } = TEXTS[language]
  const content = html`<p>${fault === 'FORM' ? badForm : badParameter(fault.parameter)}</p>`
  const status = fault === 'FORM' ? 403 : 400
  return toPageResponse({ status, language, title: refused, content, returnsTo: null })
}

function toHiddenInputs(values: Readonly<Record<string, string>>): readonly Html[] {
  return Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">
`,
  )
}
