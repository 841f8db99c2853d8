import { listRoutes } from './list-routes'
import { exposeService } from './not-yet'

export const tools = [exposeService, listRoutes]
