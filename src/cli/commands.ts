/** The name, operands, options and meaning of a command. The help and the parser use only this. */
export interface Command {
  /** `null` for the command that runs when no command is named. */
  readonly name: string | null
  /** The operands as the help shows them. */
  readonly operands: { readonly text: string; readonly min: number; readonly max: number }
  /** The options that only this command has. Each is on or off. */
  readonly options: Readonly<Record<string, string>>
  /** The option that takes the place of all operands. It is left out if there is none. */
  readonly insteadOfOperands?: string
  readonly meaning: string
}

const NONE = { text: '', min: 0, max: 0 }

export const COMMANDS = {
  serve: { name: null, operands: NONE, options: {}, meaning: 'start the GraphQL server' },
  sandbox: {
    name: 'sandbox',
    operands: NONE,
    options: {},
    meaning: 'start the GenAuth stand-in alone, and print how to reach it',
  },
  schema: {
    name: 'schema',
    operands: NONE,
    options: {
      api: 'the plain schema, for tools of front ends',
      'possible-types': 'the types of each union and interface as JSON, for the caches of clients',
    },
    meaning: 'print the published SDL, for gateways',
  },
  'trusted-documents': {
    name: 'trusted-documents',
    operands: { text: '[FILE...]', min: 0, max: Number.POSITIVE_INFINITY },
    options: {},
    meaning: 'print the manifest of these documents, or of those that come with this package',
  },
  'audit-verify': {
    name: 'audit-verify',
    operands: { text: 'FOLDER|FILE', min: 1, max: 1 },
    options: { store: 'the journal in the store that STORE_URL (or STORE_URL_FILE) names' },
    insteadOfOperands: 'store',
    meaning:
      'check a journal with all its segments, with AUDIT_KEY or GENAUTH_ACCESS_KEY_SECRET (or their _FILE) as it was written',
  },
  'history-index': {
    name: 'history-index',
    operands: { text: 'FOLDER|FILE...', min: 1, max: Number.POSITIVE_INFINITY },
    options: { store: 'the journal in the store that STORE_URL (or STORE_URL_FILE) names' },
    insteadOfOperands: 'store',
    meaning:
      'bring the changes of journals into the history in the store that STORE_URL names, with the keys as for audit-verify',
  },
} as const satisfies Record<string, Command>

export type CommandKey = keyof typeof COMMANDS

/** The options that every command has. Each is on or off. */
export const COMMON_OPTIONS = {
  help: { short: 'h', meaning: 'print this help' },
  version: { short: 'v', meaning: 'print the version' },
  dotenv: {
    short: null,
    meaning: 'take what the environment lacks from .env in this folder, if it is there',
  },
} as const
