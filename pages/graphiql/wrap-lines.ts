import type { editor as Editors } from 'monaco-graphql/esm/monaco-editor.js'

/**
 * Breaks lines that are longer than an editor is wide. Otherwise GraphiQL's query editor would show half of the comment
 * above each ready operation. GraphiQL loads the same module and may have created editors before.
 */
export async function wrapLines(): Promise<void> {
  const { editor } = await import('monaco-graphql/esm/monaco-editor.js')
  const wrapIn = (made: Editors.ICodeEditor) =>
    made.updateOptions({ wordWrap: 'on', wrappingIndent: 'indent' })
  editor.onDidCreateEditor(wrapIn)
  for (const made of editor.getEditors()) wrapIn(made)
}
