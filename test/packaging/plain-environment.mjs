/** Nothing of this environment, npm's own settings for this project above all, but where programs and its cache are. */
export function plainEnvironment() {
  const { PATH, HOME, npm_config_cache: cache } = process.env
  const ofCache = cache === undefined ? {} : { npm_config_cache: cache }
  // What `npm ci` fetched a moment ago need not be asked for again.
  return { PATH, HOME, npm_config_prefer_offline: 'true', ...ofCache }
}
