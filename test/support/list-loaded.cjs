// When the process ends, prints the loaded CommonJS packages. The Redis client is one of them.
process.on('exit', () => process.stdout.write(`${Object.keys(require.cache).join('\n')}\n`))
