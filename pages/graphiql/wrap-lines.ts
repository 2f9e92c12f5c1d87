/**
 * Breaks lines that are longer than an editor is wide. The comment above each ready operation says what it is for, and
 * GraphiQL's query editor would show half of it. Has to be called before GraphiQL makes its editors.
 */
export async function wrapLines(): Promise<void> {
  const { editor } = await import('monaco-graphql/esm/monaco-editor.js')
  editor.onDidCreateEditor(made => made.updateOptions({ wordWrap: 'on', wrappingIndent: 'indent' }))
}
