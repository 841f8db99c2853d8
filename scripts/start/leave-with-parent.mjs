// Loaded into every process that `npm start` starts: when the starter dies without a word (kill -9), they end too.
if (process.channel) {
  process.channel.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
