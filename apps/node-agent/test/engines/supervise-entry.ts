import { supervise } from '../../src/runtime/process/supervise'

await supervise(process.argv.slice(2))
