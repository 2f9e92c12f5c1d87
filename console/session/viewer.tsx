import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ResultOf } from '../api/document.ts'
import { useRead } from '../api/use-read.ts'
import { ShowRightsDocument } from '../generated/documents.ts'
import { RequestFailureNote } from '../parts/failure-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'

/** The rights of the person, by the server's own judgement. */
export type Viewer = ResultOf<typeof ShowRightsDocument>['mfaViewer']

const ViewerContext = createContext<Viewer | null>(null)

/** Reads once what the person may do, and shows its children then. */
export function ViewerProvider({ children }: { children: ComponentChildren }) {
  const { reading, again } = useRead(ShowRightsDocument, {})
  switch (reading.kind) {
    case 'READ':
      return <ViewerContext.Provider value={reading.data.mfaViewer}>{children}</ViewerContext.Provider>
    case 'FAILED':
      return <RequestFailureNote failure={reading.failure} onAgain={again} />
    case 'IDLE':
    case 'LOADING':
      return <Skeleton lines={4} />
  }
}

/** @throws outside of the app, where nobody is signed in */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (viewer === null) throw new Error('Nobody is signed in here')
  return viewer
}
