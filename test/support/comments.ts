import ts from 'typescript'

/**
 * Returns the comments of a TypeScript text as Markdown, each at its line. All other lines are empty.
 *
 * A tag such as `@param name` becomes an item of a list.
 */
export function toCommentText(source: string): string {
  const lines = source.split('\n').map(() => '')
  for (const { pos, end } of findComments(source)) {
    const first = source.slice(0, pos).split('\n').length - 1
    for (const [index, row] of source.slice(pos, end).split('\n').entries()) lines[first + index] = toRow(row)
  }
  return lines.join('\n')
}

function toRow(row: string): string {
  return row
    .trim()
    .replace(/^(?:\/\*\*?|\/\/|\*(?!\/)) ?/, '')
    .replace(/ ?\*\/$/, '')
    .replace(/^@(?:param \S+|\w+) ?/, '- ')
    .replaceAll(/\{@link (\S+?)\}/g, '`$1`')
}

/** The parser finds them, because a scanner alone takes a part of a template for a comment. */
function findComments(source: string): readonly ts.CommentRange[] {
  const file = ts.createSourceFile('read.ts', source, ts.ScriptTarget.Latest)
  const found = new Map<number, ts.CommentRange>()
  const visit = (node: ts.Node) => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(file)
    children.forEach(visit)
    if (children.length > 0) return
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
    ]
    for (const range of ranges) found.set(range.pos, range)
  }
  visit(file)
  return [...found.values()]
}
