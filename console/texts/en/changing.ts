/** Words of changes that concern many people. */
export const changing = {
  apply: 'Apply',
  back: 'Back',
  leave: 'leave as it is',
  switchOf: (factor: string, isOn: boolean) => `${factor}: switch ${isOn ? 'on' : 'off'}`,
  nothingChosen: 'Choose at least one factor to switch.',
  typeNumber: (count: number) => `Type ${count} to confirm`,
  typeText: (text: string) => `Type “${text}” to confirm`,
  wrongConfirmation: 'This does not match. Nothing was sent.',
  isBack: 'You are back. The change waits as a preview: it was not sent.',
}
