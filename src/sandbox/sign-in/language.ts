export type Language = 'en' | 'zh-CN'

/**
 * Returns the language that a reader wants most of the two, or English.
 *
 * @param uiLocales the page's own wish, the most wanted first
 * @param acceptLanguage the browser's wish, as `zh-CN,zh;q=0.9,en;q=0.8`
 */
export function pickLanguage(uiLocales: readonly string[], acceptLanguage = ''): Language {
  const wanted = acceptLanguage
    .split(',')
    .map(part => {
      const [tag = '', quality] = part.trim().split(/\s*;\s*q=/i)
      return { tag, weight: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag)
  return [...uiLocales, ...wanted].map(toLanguage).find(language => language !== undefined) ?? 'en'
}

function toLanguage(tag: string): Language | undefined {
  switch (tag.toLowerCase().split('-')[0]) {
    case 'zh':
      return 'zh-CN'
    case 'en':
      return 'en'
    default:
      return undefined
  }
}
