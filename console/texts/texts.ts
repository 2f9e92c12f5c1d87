import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Texts } from './en.ts'
import type { ScreenTexts } from './en-screens.ts'

/** The languages of the page, by the tags of the document's `lang`. */
export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const
export type Language = keyof typeof LANGUAGES

export interface ChosenLanguage {
  readonly language: Language
  readonly texts: Texts
  /** Shows the page in another language. Nothing of it is stored. */
  choose(language: Language): void
}

export const LanguageContext = createContext<ChosenLanguage | null>(null)

/** Returns the first known language of a browser. Any Chinese is `zh-CN`, and what is unknown is English. */
export function toLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split('-')
    if (primary === 'zh') return 'zh-CN'
    if (primary === 'en') return 'en'
  }
  return 'en'
}

/** All texts, once another screen than the first ones was opened. */
export const AllTextsContext = createContext<(Texts & ScreenTexts) | null>(null)

/** Loads the texts of the first screens in one language. */
export async function loadTexts(language: Language): Promise<Texts> {
  switch (language) {
    case 'en':
      return (await import('./en.ts')).en
    case 'zh-CN':
      return (await import('./zh-cn.ts')).zhCn
  }
}

/** Loads the texts of the other screens in one language. */
export async function loadScreenTexts(language: Language): Promise<ScreenTexts> {
  switch (language) {
    case 'en':
      return (await import('./en-screens.ts')).enScreens
    case 'zh-CN':
      return (await import('./zh-cn-screens.ts')).zhCnScreens
  }
}

/** @throws outside of the page */
export function useLanguage(): ChosenLanguage {
  const language = useContext(LanguageContext)
  if (language === null) throw new Error('There is no language here')
  return language
}

/** Returns the texts of the first screens in the language of the person. */
export function useTexts(): Texts {
  return useLanguage().texts
}

/**
 * Returns all texts in the language of the person.
 *
 * @throws outside of a screen of `screens/other-screens.ts`
 */
export function useScreenTexts(): Texts & ScreenTexts {
  const texts = useContext(AllTextsContext)
  if (texts === null) throw new Error('The texts of this screen are not loaded')
  return texts
}
