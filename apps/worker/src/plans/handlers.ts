import type { StepHandlers } from './step-handler'
import { awaitRunning } from './steps/await-running'
import { awaitStopped } from './steps/await-stopped'
import { cordon, uncordon } from './steps/cordon'
import { place } from './steps/place'
import { start } from './steps/start'
import { stop } from './steps/stop'

/** Exhaustive: a new kind of step fails the build here. */
export const handlers: StepHandlers = {
  'place-workload': place,
  'start-replicas': start,
  'await-running': awaitRunning,
  'stop-workload': stop,
  'await-stopped': awaitStopped,
  'cordon-node': cordon,
  'uncordon-node': uncordon,
}
