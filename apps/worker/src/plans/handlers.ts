import type { StepHandlers } from './step-handler'
import { awaitNodeEmpty } from './steps/await-node-empty'
import { awaitRunning } from './steps/await-running'
import { awaitStopped } from './steps/await-stopped'
import { checkpoint } from './steps/checkpoint'
import { cordon, uncordon } from './steps/cordon'
import { remove } from './steps/delete'
import { isolate, returnToService } from './steps/gpu-service'
import { deleteSecret } from './steps/delete-secret'
import { changeRole, invite, makeKey, revokeKey } from './steps/identity'
import { label } from './steps/label'
import { begin, finish, startInNewPlace, stopOld } from './steps/move'
import { place, revive } from './steps/place'
import { start } from './steps/start'
import { stop } from './steps/stop'
import { storeSecret } from './steps/store-secret'

/** Exhaustive: a new kind of step fails the build here until it says how it is done and how that is seen. */
export const handlers: StepHandlers = {
  'place-workload': place,
  'start-replicas': start,
  'await-running': awaitRunning,
  'stop-workload': stop,
  'await-stopped': awaitStopped,
  'revive-workload': revive,
  'delete-workload': remove,
  'begin-move': begin,
  'checkpoint-workload': checkpoint,
  'stop-replicas': stopOld,
  'start-moved': startInNewPlace,
  'finish-move': finish,
  'cordon-node': cordon,
  'uncordon-node': uncordon,
  'await-node-empty': awaitNodeEmpty,
  'label-node': label,
  'isolate-gpu': isolate,
  'return-gpu': returnToService,
  'store-secret': storeSecret,
  'delete-secret': deleteSecret,
  'invite-member': invite,
  'set-role': changeRole,
  'create-api-key': makeKey,
  'revoke-api-key': revokeKey,
}
