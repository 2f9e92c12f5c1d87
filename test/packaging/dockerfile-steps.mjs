/** The steps of a Dockerfile, with lines that go on joined and comments left out. */
export function toSteps(dockerfile) {
  return dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(text => {
      const [instruction, ...words] = text.trim().split(/\s+/)
      const flags = Object.fromEntries(
        words.filter(word => word.startsWith('--')).map(word => word.slice(2).split('=')),
      )
      const keepsFlags = instruction === 'RUN' || instruction === 'CMD' || instruction === 'HEALTHCHECK'
      const args = keepsFlags ? words : words.filter(word => !word.startsWith('--'))
      return { text, instruction, args, flags }
    })
}
