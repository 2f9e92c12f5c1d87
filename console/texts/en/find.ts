export const find = {
  title: 'Find a person',
  label: 'Name, e-mail, phone or user name',
  labelExact: (kind: string) => kind.replace('exact', 'Exact'),
  kindLabel: 'Search by',
  kinds: {
    ANY: 'a part of it',
    USER_ID: 'exact user id',
    EMAIL: 'exact e-mail',
    PHONE: 'exact phone',
    USERNAME: 'exact user name',
    EXTERNAL_ID: 'exact external id',
  },
  button: 'Find',
  help: 'Type a part of a name, and press Enter. Arrow keys move through the results.',
  emptyTitle: 'Nobody is shown until you search',
  emptyHelp:
    'A part of a name, phone or e-mail address is enough. If you know an identifier exactly, choose it: GenAuth then looks for that person alone.',
  found: (count: number) => (count === 1 ? '1 person found' : `${count} people found`),
  more: (count: number) => `The first ${count} are shown, and there are more. Type more of the name.`,
  nobodyTitle: 'Nobody was found',
  nobodyHelp:
    'A search finds parts of names, phones and e-mail addresses as GenAuth stores them. Try another part, or an exact identifier.',
  columns: {
    name: 'Name',
    username: 'User name',
    email: 'E-mail',
    phone: 'Phone',
    status: 'Status',
    lastMfaAt: 'Last second factor',
  },
  noName: 'no name',
  tooShort: 'Type at least 2 characters.',
}
