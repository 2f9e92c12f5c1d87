/** Shows a text that a person has chosen. It may run in either direction, and changes nothing around it. */
export function PersonName({ children }: { children: string }) {
  return <bdi dir="auto">{children}</bdi>
}
