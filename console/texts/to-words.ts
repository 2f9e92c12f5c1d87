/** Returns the words for a value of an enum of the schema. A value of a later version has its own name. */
export function toWords(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value
}
