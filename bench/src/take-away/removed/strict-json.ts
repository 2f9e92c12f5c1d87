/** Parses JSON without looking for deep nesting, many values, and keys that stand twice. */
export const parseJson = () => (text: string) => ({ value: JSON.parse(text) })
