/** In capital or in small letters. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']

/** Variables of a shared environment that name a proxy, which this program does not use. Empty ones count as unset. */
export function findUnusedProxies(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter(name => PROXY_VARIABLES.includes(name.toUpperCase()) && env[name])
    .sort()
}
