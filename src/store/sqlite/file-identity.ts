import { rmSync, statSync } from 'node:fs'

/** Names a file by what stays the same while it is open, whatever happens to its path. */
export interface FileIdentity {
  /** Returns `true` if the path still leads to the file. */
  isThere(): boolean
  /** Removes the file if the path still leads to it. */
  remove(): void
}

/** @throws the error of the system if there is no such file */
export function identifyFile(path: string): FileIdentity {
  const { dev, ino } = statSync(path)
  const isThere = () => {
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.dev === dev && found.ino === ino
  }
  return {
    isThere,
    remove() {
      if (isThere()) rmSync(path)
    },
  }
}
