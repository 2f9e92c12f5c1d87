/**
 * Returns the tag by which dates are written. It is the browser's first one of the page's language and script, because
 * only that one knows the region. Without one, it is the page's.
 */
export function toDateLanguage(language: string, wanted: readonly string[]): string {
  const own = toScript(language)
  return wanted.find(tag => toScript(tag) === own) ?? language
}

/** Returns the language and its script, such as `zh-Hans`. */
function toScript(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch {
    // Some browsers name the language of their system, such as `en-US@posix`.
    return tag
  }
}
