export { freePort } from '@clawbernetes/db/free-port'
