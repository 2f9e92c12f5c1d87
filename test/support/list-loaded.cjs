// Names what was loaded when the process ends: packages that are CommonJS, as the one that speaks to Redis is.
process.on('exit', () => process.stdout.write(`${Object.keys(require.cache).join('\n')}\n`))
