import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { CheckField, SelectField } from './parts/field.tsx'
import { BASE, toHref } from './session/base.ts'
import { LANGUAGES, type Language, useLanguage } from './texts/texts.ts'
import { isShortcutOn, setShortcutOn } from './use-search-shortcut.ts'

const OPTIONS = [
  { value: 'en', label: LANGUAGES.en },
  { value: 'zh-CN', label: LANGUAGES['zh-CN'] },
] as const satisfies readonly { value: Language; label: string }[]

/** Shows the page in another language. */
export function LanguageChoice() {
  const { language, texts, choose } = useLanguage()
  const { path, query, route } = useLocation()
  return (
    <SelectField
      label={texts.common.language}
      value={language}
      options={OPTIONS}
      onChange={chosen => {
        choose(chosen)
        route(toHref(path.slice(BASE.length), query), true)
      }}
    />
  )
}

/** Switches the shortcut of the search, because a single key may be pressed by mistake. */
export function ShortcutChoice() {
  const { texts } = useLanguage()
  const [isOn, setOn] = useState(isShortcutOn())
  return (
    <CheckField
      label={texts.common.shortcut}
      isChecked={isOn}
      onChange={next => {
        setShortcutOn(next)
        setOn(next)
      }}
    />
  )
}
