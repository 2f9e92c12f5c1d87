import { useMemo } from 'preact/hooks'
import { useLanguage } from '../../texts/texts.ts'

/** Returns what writes figures in the language of the person. */
export function useNumbers() {
  const { language } = useLanguage()
  return useMemo(() => {
    const plain = new Intl.NumberFormat(language)
    const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
    return {
      toNumber: (value: number) => plain.format(value),
      /** A share of nothing is a dash. */
      toShare: (part: number, whole: number) => (whole === 0 ? '–' : percent.format(part / whole)),
    }
  }, [language])
}
