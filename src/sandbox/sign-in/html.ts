/** Markup that may stand in a page as it is. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Makes markup of a template. Texts in it are escaped, for elements and for attributes in quotation marks. */
export function html(
  { raw }: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return new Html(raw.map((part, place) => part + toMarkup(values[place] ?? '')).join(''))
}

function toMarkup(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, character => ESCAPES[character] ?? '')
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('')
}
