import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from './client.ts'

export const ApiContext = createContext<Api | null>(null)

/** @throws outside of the app, where nobody is signed in */
export function useApi(): Api {
  const api = useContext(ApiContext)
  if (api === null) throw new Error('There is no API here')
  return api
}
