/** A sentence of a page, or a cell of a table, with the line at which its paragraph begins. */
export interface Sentence {
  readonly line: number
  readonly text: string
  readonly kind: 'HEADING' | 'CELL' | 'TEXT'
}

/** Words and turns of phrase that the project's prose does without, each with what to write instead. */
export const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\bfor ever\b/i, 'always, or a time'],
  [/\bbesides\b/i, 'also'],
  [/\bmeanwhile\b/i, 'in the time between'],
  [/\bat once\b/i, 'immediately'],
  [/\bin vain\b/i, 'without success'],
  [/\bas good as\b/i, 'almost'],
  [/\bis nobody's\b/i, 'belongs to no one that you name'],
  [/\bor else\b/i, 'otherwise'],
  [/\bmend(s|ed|ing)?\b/i, 'repair, correct, or the step to take'],
  [/\bshall\b/i, 'must, or the present tense'],
  [/\b(whoever|whomever|whom)\b/i, 'name the actor'],
  [/\bthat is none\b/i, 'say what it is instead'],
  [/\b(a|each|every|such a|the|that|this) set\b(?! of)/i, 'change, write'],
  [/\baskers?\b/i, 'caller'],
  [/\bgovernors?\b/i, 'throttle'],
  [/\b(departures?|depart)\b/i, 'send, attempt'],
  [/\bpace\b/i, 'rate, rate limiter'],
  [/\blanes?\b/i, 'bulkhead, circuit breaker'],
  [/(?<!guard )\brails?\b/i, 'guard rails'],
  [/\b(a|no|its|their|whose) turns?\b/i, 'permit'],
  [/\bsettl(e|es|ing)\b/i, 'resolve, reconcile'],
  [/\bloop delay\b/i, 'event loop lag'],
]

/** Counts words. A run of code, numbers or names between commas counts as one, because it is read as one. */
export function countWords(sentence: string): number {
  return sentence
    .replaceAll(/§(?:(?:,| or| and|, or|, and)? §)+/g, '§')
    .split(/\s+/)
    .filter(word => /[\p{L}\p{N}§]/u.test(word)).length
}

/**
 * Reads the sentences of a Markdown text. Code blocks are left out, `§` stands for inline code, and a link is its text.
 */
export function readSentences(markdown: string): readonly Sentence[] {
  return readBlocks(markdown).flatMap(({ line, kind, text }) => {
    const plain = toPlain(text)
    const parts = kind === 'CELL' ? plain.split('|') : [plain]
    return parts
      .flatMap(part => part.split(/(?<=[.!?][)"”]*)\s+(?=[\p{Lu}\d§"“(])/u))
      .map(part => ({ line, kind, text: part.trim() }))
      .filter(sentence => sentence.text !== '')
  })
}

/** Returns `true` if a sentence that is not a question begins with a relative pronoun as its subject. */
export function isRelativeSubject({ text }: Sentence): boolean {
  return /^[("“]?(Who|Whoever|Whom|Whose|What)\b/.test(text) && !/\?[)"”]*$/.test(text)
}

/** Returns the anchor of a heading of Markdown. */
export function toAnchor(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}

/** Reads headings, rows of tables, and paragraphs or list items, each with the line at which it begins. */
function readBlocks(markdown: string): readonly Sentence[] {
  const blocks: Sentence[] = []
  let open: { line: number; lines: string[] } | null = null
  const close = () => {
    if (open !== null) blocks.push({ line: open.line, kind: 'TEXT', text: open.lines.join(' ') })
    open = null
  }
  let inCode = false
  for (const [index, row] of markdown.split('\n').entries()) {
    const line = index + 1
    if (/^\s*```/.test(row)) {
      close()
      inCode = !inCode
    } else if (inCode) {
      // Code is not prose.
    } else if (row.trim() === '' || /^\|[-:|]+\|$/.test(row)) {
      close()
    } else if (row.startsWith('#')) {
      close()
      blocks.push({ line, kind: 'HEADING', text: row.replace(/^#+ /, '') })
    } else if (row.startsWith('|')) {
      close()
      blocks.push({ line, kind: 'CELL', text: row })
    } else if (open === null || /^\s*(?:[-*>]|\d+\.) /.test(row)) {
      close()
      open = { line, lines: [row.replace(/^\s*(?:[-*>]|\d+\.) /, '')] }
    } else {
      open.lines.push(row.trim())
    }
  }
  close()
  return blocks
}

function toPlain(text: string): string {
  return text
    .replaceAll(/``.+?``|`[^`]*`/g, '§')
    .replaceAll(/\[[\w./-]+\.\w+\]\([^)]*\)/g, '§')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\([\w/-]+\.md\)/g, '')
    .replaceAll(/\*\*|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])/g, '')
    .replaceAll(/<https?:[^>]*>/g, '§')
}
