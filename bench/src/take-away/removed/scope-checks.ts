/** Leaves the resolvers without a check of scopes before each field. */
export const guardFields = () => (schema: unknown) => schema
