import type { StoreFault } from './store-fault.ts'

/** The log text of each fault, with the step to take. Reads and changes of MFA go on without the store. */
export const FAULT_TEXTS: Readonly<Record<StoreFault, string>> = {
  LOCKED:
    'STORE_URL: another process uses this store: stop it, or name another store; only replicas with REDIS_URL share one',
  NO_FOLDER: 'STORE_URL: the folder of the file does not exist: make it, or name a file in another one',
  REMOVED:
    'STORE_URL: the file of the store was removed or replaced: the server opens what is there, or makes a new one',
  FOREIGN: 'STORE_URL: this file is not a store: name another one, or move it away',
  DAMAGED: 'STORE_URL: the store is damaged: move it away, and scan again',
  NOT_UTF8: 'STORE_URL: the encoding of this database is not UTF8: make one that is',
  OTHER_POOL: 'STORE_URL: this store belongs to another user pool: name another one',
  NEWER:
    'STORE_URL: a newer version of this program has changed this store: start that version, or name another store',
  FULL: 'STORE_URL: the disk of the store is full: make room',
  UNREACHABLE: 'STORE_URL: PostgreSQL does not answer: start it, or free a connection',
  REFUSED:
    'STORE_URL: the rights or the certificates do not suffice: docs/store.md says what the server needs',
  FAILED: 'STORE_URL: the store cannot be used',
}
