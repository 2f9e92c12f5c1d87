/** Each name may be in capital or in small letters. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']

/**
 * Finds variables of a shared environment that name a proxy, which this program does not use. An empty variable counts
 * as unset.
 */
export function findUnusedProxies(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter(name => PROXY_VARIABLES.includes(name.toUpperCase()) && env[name])
    .sort()
}
