/** Takes phones and addresses as they are written. */
export const readContacts = () => (fields: unknown) => ({ fields, faults: [] })
